"""Amounts, dates, shares, and the tone of each state."""

from django.utils.formats import number_format
from django.utils.translation import gettext, npgettext, pgettext

from participation.budgets.choices import DeliveryStep
from participation.budgets.queries import BudgetFigures

TONES = {
    "received": "neutral",
    "eligible": "info",
    "ineligible": "danger",
    "in_study": "info",
    "feasible": "success",
    "infeasible": "danger",
    "merged": "success",
    "draft": "neutral",
    "pending": "warning",
    "rejected": "danger",
    "hidden": "danger",
    "withdrawn": "neutral",
    "on_ballot": "info",
    "winner": "success",
    "not_selected": "neutral",
    "not_started": "neutral",
    "procedures": "info",
    "studies": "info",
    "works": "warning",
    "handover": "info",
    "completed": "success",
    "abandoned": "danger",
}
"""Tone of the badge of each state of an idea, a contribution, a project or a delivery."""


DELIVERY_PATH = (
    DeliveryStep.NOT_STARTED,
    DeliveryStep.PROCEDURES,
    DeliveryStep.STUDIES,
    DeliveryStep.WORKS,
    DeliveryStep.HANDOVER,
    DeliveryStep.COMPLETED,
)
"""The steps in the order of a delivery that goes well."""


def step_number(step: str) -> int:
    """How far a delivery is, from 0 (not started, or given up) to 5 (completed)."""
    return DELIVERY_PATH.index(DeliveryStep(step)) if step in DELIVERY_PATH else 0


TONE_COUNT = 8
"""Tones of categories; the design system has that many."""


def tone_of(position: int) -> int:
    """The tone of the category at that place, from 1."""
    return position % TONE_COUNT + 1


def euros(cents: int | None) -> str:
    """`12 500 €`, or `12 500,50 €` when there are cents; empty for None."""
    if cents is None:
        return ""
    whole, rest = divmod(cents, 100)
    amount = number_format(whole, use_l10n=True, force_grouping=True)
    if rest:
        amount = number_format(
            f"{whole}.{rest:02d}", decimal_pos=2, use_l10n=True, force_grouping=True
        )
    return gettext("€%(amount)s") % {"amount": amount}


def short_euros(cents: int | None) -> str:
    """An amount for a headline: `8 M€` or `1,25 M€` when it is round enough, else in full."""
    if cents is None:
        return ""
    ten_thousands, rest = divmod(cents, 1_000_000)
    if cents < 100_000_000 or rest:
        return euros(cents)
    millions = f"{ten_thousands // 100}.{ten_thousands % 100:02d}".rstrip("0").rstrip(".")
    decimals = len(millions.partition(".")[2])
    amount = number_format(millions, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return gettext("€%(amount)sM") % {"amount": amount}


def share(part: int, whole: int) -> int:
    """`part` of `whole` as a whole percentage between 0 and 100; never 100 short of the whole."""
    if whole <= 0:
        return 0
    return max(0, min(100, part * 100 // whole))


def grouped(number: int) -> str:
    """A whole number as one reads it: `1 341`."""
    return number_format(number, use_l10n=True, force_grouping=True)


def key_figures(figures: BudgetFigures) -> list[dict[str, str]]:
    """What a budget's page says in numbers, those that are not zero: value and label."""
    counted = [
        (figures.ideas, npgettext("key figure", "idea", "ideas", figures.ideas)),
        (figures.supports, npgettext("key figure", "support", "supports", figures.supports)),
        (
            figures.projects,
            npgettext(
                "key figure", "project on the ballot", "projects on the ballot", figures.projects
            ),
        ),
        (figures.voters, npgettext("key figure", "voter", "voters", figures.voters)),
        (
            figures.winners,
            npgettext("key figure", "winning project", "winning projects", figures.winners),
        ),
        (
            figures.completed,
            npgettext(
                "key figure", "project carried out", "projects carried out", figures.completed
            ),
        ),
    ]
    money = pgettext("key figure", "to share out")
    return [
        {"value": short_euros(figures.money_cents), "label": money},
        *({"value": grouped(number), "label": label} for number, label in counted if number),
    ]
