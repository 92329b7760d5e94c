"""What the form proposes: dates that leave a reasonable time, themes, terms to adapt."""

import datetime

from django.utils.translation import gettext

WEEKS_BEFORE_IDEAS = 4
WEEKS_OF_IDEAS = 6
WEEKS_OF_STUDY = 14
WEEKS_OF_VOTE = 3
WEEKS_TO_RESULTS = 2


def calendar(today: datetime.date) -> dict[str, datetime.date]:
    """Dates from a Monday at least four weeks away: ideas, study, vote, results.

    "Until" dates are the last day on which one can act.
    """
    soonest = today + datetime.timedelta(weeks=WEEKS_BEFORE_IDEAS)
    ideas_from = soonest + datetime.timedelta(days=-soonest.weekday() % 7)
    ideas_end = ideas_from + datetime.timedelta(weeks=WEEKS_OF_IDEAS)
    vote_from = ideas_end + datetime.timedelta(weeks=WEEKS_OF_STUDY)
    vote_end = vote_from + datetime.timedelta(weeks=WEEKS_OF_VOTE)
    day = datetime.timedelta(days=1)
    return {
        "ideas_from": ideas_from,
        "ideas_until": ideas_end - day,
        "vote_from": vote_from,
        "vote_until": vote_end - day,
        "results_on": vote_end + datetime.timedelta(weeks=WEEKS_TO_RESULTS),
    }


def categories() -> list[str]:
    """Usual themes, to keep, change or remove."""
    return [
        gettext("Streets and public space"),
        gettext("Nature and climate"),
        gettext("Getting around"),
        gettext("Culture and heritage"),
        gettext("Sport and leisure"),
        gettext("Solidarity and health"),
        gettext("Education and youth"),
    ]


def terms() -> str:
    """Terms of participation to adapt; the figures and dates are shown beside them."""
    return gettext(
        "Everybody who lives in the territory may submit ideas, whatever their age or"
        " nationality, alone or as a group.\n\n"
        "An idea is studied when it serves the general interest, concerns an investment within"
        " the authority’s powers and names a place. Each idea receives an answer with its"
        " reasons.\n\n"
        "Ideas that can be done become projects, put to the vote. Each voter has one ballot. The"
        " counting rule is published before the vote opens and the results can be counted"
        " again from the published data.\n\n"
        "The assembly adopts the list of selected projects. Their delivery is followed on this"
        " site, step by step."
    )


def map_terms() -> str:
    """Terms of a map to adapt; its dates and rules are shown beside them."""
    return gettext(
        "Everybody may contribute to the map, whatever their age or nationality.\n\n"
        "A contribution names a place and says what it needs or what one likes there. Those that"
        " insult, advertise or disclose personal data are not published.\n\n"
        "The administration answers every contribution: received, under study, planned, done, or"
        " not retained and why. Contributions that say the same may be joined; none is erased."
    )
