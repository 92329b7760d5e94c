"""What every query needs: the pages' models, addresses, and the words for states."""

from typing import Any

from django.apps import apps
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from participation.core import registry
from participation.core.choices import Step
from participation.core.models import Activity

# A budget that only follows its works is finished for whoever wants to take part.
ONGOING_STEPS = (Step.COLLECT, Step.EXAMINE, Step.DECIDE, Step.REPORT)
ACTING_STEPS = (Step.COLLECT, Step.DECIDE)

OPEN, COMING, FINISHED, CANCELLED = "open", "coming", "finished", "cancelled"
STATE_LABELS = {
    OPEN: _("Under way"),
    COMING: _("Coming soon"),
    FINISHED: _("Finished"),
    CANCELLED: _("Cancelled"),
}


def cms_model(name: str) -> Any:
    """A model of this package, late: the pages' modules read these queries."""
    return apps.get_model("cms", name)


def landing(activity: Activity) -> str:
    """Where one takes part in an activity; the home page when its instrument is not installed."""
    try:
        return registry.get(activity.kind).landing(activity)
    except KeyError:
        return "/"


def front_door(*, process_id: int, locale_id: int) -> Any:
    """The live page of a process, in that language if there is one; else None."""
    return (
        cms_model("ProcessPage")
        .objects.live()
        .filter(process_id=process_id)
        .order_by(
            Case(When(locale_id=locale_id, then=Value(0)), default=Value(1)),
            "pk",
        )
        .first()
    )
