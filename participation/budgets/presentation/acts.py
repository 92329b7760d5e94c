"""What a visitor can do now: one clear call to action for each moment of a budget."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from participation.budgets.models import Budget
from participation.core.choices import Step
from participation.core.dates import full_day
from participation.core.models import Phase


@dataclass(frozen=True, slots=True)
class CallToAction:
    """A sentence and one button, with a quieter second link or none (empty texts)."""

    title: str
    text: str
    label: str = ""
    url: str = ""
    second_label: str = ""
    second_url: str = ""


def call_to_action(
    *,
    budget: Budget,
    phases: list[tuple[Phase, str]],
    has_ideas: bool,
    has_results: bool,
    has_deliveries: bool,
) -> CallToAction:
    """The act that fits the moment; `phases` are (phase, past|current|future) in order."""
    slug = budget.activity.slug
    current = next((phase for phase, state in phases if state == "current"), None)
    following = next((phase for phase, state in phases if state == "future"), None)
    if budget.activity.process.cancelled_at is not None:
        return CallToAction(
            title=gettext("This participatory budget was cancelled"),
            text=budget.activity.process.cancellation_reason,
        )
    if current is None:
        return _between(slug, following, has_results, has_deliveries)
    match current.step:
        case Step.COLLECT:
            return CallToAction(
                title=gettext("You have an idea for your neighbourhood?"),
                text=_until(current.closes_at, gettext("Ideas are welcome")),
                label=gettext("Submit an idea"),
                url=reverse("budgets:idea_new", args=[slug]),
                second_label=gettext("See the ideas"),
                second_url=reverse("budgets:ideas", args=[slug]),
            )
        case Step.EXAMINE:
            return CallToAction(
                title=gettext("The ideas are being studied"),
                text=gettext(
                    "The services check that each idea can be carried out and what it costs. "
                    "Follow those that matter to you: you will be told what becomes of them."
                ),
                label=gettext("See the ideas under study") if has_ideas else "",
                url=reverse("budgets:ideas", args=[slug]) if has_ideas else "",
            )
        case Step.DECIDE:
            return CallToAction(
                title=gettext("It is up to you to choose"),
                text=_until(current.closes_at, gettext("The vote is open")),
                label=pgettext("button", "Vote"),
                url=reverse("budgets:vote", args=[slug]),
                second_label=gettext("Discover the projects"),
                second_url=reverse("budgets:projects", args=[slug]),
            )
        case _:
            return _between(slug, following, has_results, has_deliveries)


def _until(closes_at: datetime.datetime | None, opening: str) -> str:
    if closes_at is None:
        return gettext("%(opening)s.") % {"opening": opening}
    # A period that ends at midnight ends, for a reader, the day before.
    last = full_day(closes_at - datetime.timedelta(seconds=1))
    return gettext("%(opening)s until %(day)s included.") % {"opening": opening, "day": last}


def _between(
    slug: str, following: Phase | None, has_results: bool, has_deliveries: bool
) -> CallToAction:
    """Outside the moments when one submits or votes."""
    if has_deliveries:
        return CallToAction(
            title=gettext("The selected projects are coming true"),
            text=gettext("See how far each one has come, with dates and pictures."),
            label=gettext("Follow the deliveries"),
            url=reverse("budgets:deliveries", args=[slug]),
            second_label=gettext("See the results") if has_results else "",
            second_url=reverse("budgets:results", args=[slug]) if has_results else "",
        )
    if has_results:
        return CallToAction(
            title=gettext("The residents have chosen"),
            text=gettext("Discover the selected projects and how the votes were counted."),
            label=gettext("See the results"),
            url=reverse("budgets:results", args=[slug]),
        )
    if following is not None:
        return CallToAction(
            title=gettext("Next step: %(phase)s") % {"phase": following.title},
            text=gettext("It opens on %(day)s. Follow this participatory budget to be told.")
            % {"day": full_day(following.opens_at)},
        )
    return CallToAction(
        title=gettext("The votes are being counted"),
        text=gettext("The results will be published here. Follow this page to be told."),
    )
