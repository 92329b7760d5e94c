"""What every query needs: the pages' models, addresses, and the words for states."""

from typing import Any

from django.apps import apps
from django.db.models import Case, CharField, Exists, ExpressionWrapper, F, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction

from participation.core import registry
from participation.core.choices import Step
from participation.core.models import Activity

# A budget that only follows its works is finished for whoever wants to take part.
ONGOING_STEPS = (Step.COLLECT, Step.EXAMINE, Step.DECIDE, Step.REPORT)
ACTING_STEPS = (Step.COLLECT, Step.DECIDE)

CARD = "fill-640x360|format-webp"
SOCIAL = "fill-1200x630|format-jpeg"

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


def visible(pages: Any) -> Any:
    """Live pages without a view restriction on them or above them, in the same query."""
    restrictions = PageViewRestriction.objects.annotate(
        asked=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(asked__startswith=F("page__path"))
    return pages.filter(~Exists(restrictions), live=True)


def with_pictures(*lists: list[Any], sizes: tuple[str, ...] = (CARD,)) -> None:
    """Give each page its `image` with the renditions of these sizes; two queries for all."""
    pages = [page for pages in lists for page in pages if page.image_id]
    images = (
        {
            image.pk: image
            for image in get_image_model()
            .objects.filter(pk__in={page.image_id for page in pages})
            .prefetch_renditions(*sizes)
            .order_by("pk")
        }
        if pages
        else {}
    )
    for page in pages:
        page.image = images.get(page.image_id)


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
