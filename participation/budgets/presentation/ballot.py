"""The sentences that the ballot's script says as one chooses."""

from django.utils.translation import gettext, ngettext


def ballot_texts() -> dict[str, str]:
    """Sentences by name; `{…}` are filled in by the script, amounts written by the browser."""
    return {
        "chosen_of": gettext("{count} chosen out of {max}"),
        "chosen_one": ngettext("{count} chosen", "{count} chosen", 1),
        "chosen_many": ngettext("{count} chosen", "{count} chosen", 2),
        "left": gettext("{money} left"),
        "too_much": gettext("{money} too much"),
        "too_many": gettext("You have already chosen {max}: remove one to choose this one."),
        "too_costly": gettext("It costs {money} more than what is left."),
        "shown_one": ngettext(
            "{count} project out of {all} shown", "{count} projects out of {all} shown", 1
        ),
        "shown_many": ngettext(
            "{count} project out of {all} shown", "{count} projects out of {all} shown", 2
        ),
    }
