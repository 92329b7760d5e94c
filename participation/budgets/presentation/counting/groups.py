"""What the groups of a count are called: neighbourhoods, or the categories of the projects."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, pgettext

from participation.budgets.choices import Grouping


def group_words(options: Mapping[str, Any]) -> dict[str, str]:
    """`each`, `its` and `many`, to be put into a sentence on the groups of these options.

    `options` are those of a poll, or of a file, which says by which column it groups.
    """
    grouping = options.get("grouping") or options.get("group_by")
    if grouping == Grouping.CATEGORY:
        return {
            "each": gettext("each category"),
            "its": gettext("its category"),
            "many": pgettext("all of them", "categories"),
        }
    return {
        "each": gettext("each neighbourhood"),
        "its": gettext("its neighbourhood"),
        "many": pgettext("all of them", "neighbourhoods"),
    }
