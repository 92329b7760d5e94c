"""Write electorates and electors."""

from typing import Any

from django.db import transaction

from participation.core.models import Activity, Process
from participation.electors.choices import Link
from participation.electors.models import Elector, Electorate


def electorate_of(*, activity: Activity) -> Electorate:
    """The electorate of an activity, made on first use from what its process asks."""
    process: Process = activity.process
    return Electorate.objects.get_or_create(
        activity=activity,
        defaults={
            "minimum_age": process.minimum_age,
            "perimeter": process.perimeter,
            "links": [Link.RESIDENT.value] if process.residents_only else [],
        },
    )[0]


@transaction.atomic
def enrol_account(*, electorate: Electorate, account: Any) -> Elector:
    """The elector in whose name this account votes, made on first use. Decides no right to vote."""
    return Elector.objects.get_or_create(electorate=electorate, account=account)[0]
