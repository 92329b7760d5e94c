"""What a paper ballot says, in words."""

from typing import Any

from django.utils.translation import gettext

from participation.budgets.choices import BallotKind, VoidReason


def reading_words(options: dict[str, Any], reading: Any) -> str:
    """Numbers and titles of the chosen projects, with their points or in their order; or why the
    ballot is void. `reading` has choices, points and void_reason."""
    if reading.void_reason:
        return gettext("void (%(reason)s)") % {
            "reason": str(VoidReason(reading.void_reason).label).lower()
        }
    if not reading.choices:
        return gettext("blank")
    names = {
        project["id"]: f"{project['reference']} {project['title']}"
        for project in options["projects"]
    }
    titles = [names[choice] for choice in reading.choices]
    if reading.points is not None:
        return ", ".join(
            gettext("%(project)s (%(points)s)") % {"project": title, "points": points}
            for title, points in zip(titles, reading.points, strict=True)
        )
    if options["ballot_kind"] == BallotKind.ORDINAL:
        return ", ".join(f"{place}. {title}" for place, title in enumerate(titles, start=1))
    return ", ".join(titles)
