"""What the rest of the platform may know of participatory maps, as data."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from participation.core import queries as core_queries
from participation.core.choices import Step
from participation.core.models import Activity, Attachment, Contribution, Process
from participation.core.registry import Instrument, Watched
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping import policies, queries, services

KIND = "map"
_DISCUSSED = (Step.COLLECT, Step.EXAMINE)


def landing(activity: Activity) -> str:
    """The map itself: its contributions, and how to add one."""
    return reverse("mapping:home", args=[activity.slug])


def contribution_url(contribution: Contribution) -> str:
    """The page of a contribution."""
    return reverse("mapping:contribution", args=[contribution.activity.slug, contribution.pk])


def summary(activity: Activity, moment: datetime.datetime) -> dict[str, Any]:
    """A map in short: `figures` (`value`, `label`), and the act that fits the moment: `title`,
    `text`, `label` and `url`."""
    total, answered = queries.counts(map=activity.map)
    figures = [
        {"value": str(total), "label": ngettext("contribution", "contributions", total)},
        {"value": str(answered), "label": ngettext("answer", "answers", answered)},
    ]
    if policies.collecting(activity, moment):
        title = gettext("The map is open")
        text = gettext("Show on the map what matters to you, or support what others showed.")
        label, url = gettext("Contribute"), reverse("mapping:new", args=[activity.slug])
    else:
        title = gettext("The map")
        text = gettext("See what was contributed and what the administration answers.")
        label, url = gettext("See the map"), landing(activity)
    return {"figures": figures, "title": title, "text": text, "label": label, "url": url}


def takes_comments(contribution: Contribution, moment: datetime.datetime) -> Verdict:
    """Comments are taken until the end of the study, where the map takes any."""
    if not contribution.activity.map.comments_open:
        return refuse("comments_closed", _("Comments are closed."))
    return _during(contribution.activity, moment, _("Comments are closed at this step."))


def takes_supports(contribution: Contribution, moment: datetime.datetime) -> Verdict:
    """Supports are taken until the end of the study."""
    return _during(contribution.activity, moment, _("Supports are closed at this step."))


def _during(activity: Activity, moment: datetime.datetime, sentence: Any) -> Verdict:
    states = core_queries.phases(activity=activity, at=moment)
    if any(state == "current" and phase.step in _DISCUSSED for phase, state in states):
        return ALLOWED
    return refuse("phase_closed", sentence)


def personal_data(user: Any) -> Iterator[dict[str, Any]]:
    """Contributions of a person with their drawings and answers, and their alerts."""
    yield from queries.personal_records(user=user)


def forget(keys: list[int]) -> None:
    """Empty the drawings and answers of contributions whose author leaves."""
    services.forget_contributions(keys=keys)


def visibility_changed(contribution: Contribution) -> None:
    """Low zooms count it, or no longer; who follows the place is told."""
    services.recount_cells_later(contribution.activity_id)
    services.match_alerts_later(contribution.pk)


def opens_file(attachment: Attachment, user: Any) -> Verdict:
    """Photos that answer questions whose answers are not public stay with author and staff."""
    return policies.may_open_file(attachment=attachment, user=user, at=timezone.now())


def shows(contribution: Contribution, user: Any) -> Verdict:
    """Others' contributions are kept back while some maps are open."""
    return policies.may_see_others(map=contribution.activity.map, user=user, at=timezone.now())


def withheld() -> list[int]:
    """The maps that keep contributions back now; one query."""
    return queries.keeping_back(at=timezone.now())


def watched(user: Any) -> list[Watched]:
    """The area alerts of a person."""
    return [
        Watched(
            label=alert.label,
            context=" · ".join(
                [str(alert.get_frequency_display()), *([str(alert.map)] if alert.map else [])]
            ),
            path=reverse("mapping:alerts", args=[alert.map.activity.slug]) if alert.map else "",
            since=alert.created_at,
            stop_path=reverse("mapping:alert_stop_own", args=[alert.pk]),
        )
        for alert in queries.alerts_of(user=user)
    ]


def left(user: Any, moment: datetime.datetime) -> None:
    """Nothing more is sent to a member who leaves."""
    services.forget_alerts(user=user)


def detached(process: Process) -> None:
    """The addresses of guests go when the names of members do."""
    services.forget_guests(process=process)


MAP = Instrument(
    kind=KIND,
    label=_("Participatory map"),
    icon="map-2",
    steps=(Step.COLLECT, Step.EXAMINE, Step.REPORT, Step.FOLLOW),
    landing=landing,
    summary=summary,
    contribution_url=contribution_url,
    personal_data=personal_data,
    takes_comments=takes_comments,
    takes_supports=takes_supports,
    forget=forget,
    visibility_changed=visibility_changed,
    opens_file=opens_file,
    shows=shows,
    withheld=withheld,
    watched=watched,
    left=left,
    detached=detached,
)
