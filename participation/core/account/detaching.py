"""Authors' names leave what they published, some years after the end of its process.

The site promises it on its page about personal data; how many years is a setting of the site. The
texts stay as the record of the process: each author becomes a former member, one a process, so that
a discussion stays readable and two processes can't be joined to find somebody again.
"""

import datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Upper

from participation.accounts.services import former_member, make_former_member
from participation.core import audit, registry
from participation.core.models import Comment, Contribution, Phase, Process


def detach_authors(*, years: int, at: datetime.datetime) -> int:
    """Detach the names of the processes that ended `years` ago or more; how many names went."""
    limit = at - relativedelta(years=years)
    phases = Phase.objects.filter(activity__process=OuterRef("pk")).annotate(end=Upper("period"))
    ended = Process.objects.filter(Exists(phases)).exclude(
        Exists(phases.filter(Q(end__isnull=True) | Q(end__gt=limit)))
    )
    return sum(_detach(process, at) for process in ended.order_by("pk"))


@transaction.atomic
def _detach(process: Process, at: datetime.datetime) -> int:
    """Authors whose accounts are emptied already have no name to lose."""
    contributions = Contribution.objects.filter(activity__process=process)
    comments = Comment.objects.filter(contribution__activity__process=process)
    named = {"author__isnull": False, "author__erased_at": None}
    authors = {
        *contributions.filter(**named).order_by().values_list("author", flat=True),
        *comments.filter(**named).order_by().values_list("author", flat=True),
    }
    for author in sorted(authors):
        nobody = make_former_member(at=at)
        contributions.filter(author=author).update(author=nobody)
        comments.filter(author=author).update(author=nobody)
    labelled = contributions.exclude(author_label__in=("", former_member()))
    count = len(authors) + labelled.update(author_label=former_member())
    for instrument in registry.all_instruments():
        if instrument.detached is not None:
            instrument.detached(process)
    if count:
        audit.record(action="parvis.process.detach", instance=process, actor=None, names=count)
    return count
