"""Who may vote here, and why not; who runs electorates."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from participation.core import policies as core_policies
from participation.core import queries as core_queries
from participation.core.verdict import ALLOWED, Refusal, Verdict, refuse
from participation.electors import queries
from participation.electors.choices import Link, Way
from participation.electors.models import Elector, Electorate

# Said to whoever would count twice: it tells nothing of the first time.
ALREADY_KNOWN = Refusal(
    "already_known",
    _(
        "We cannot register you in this vote in this way. If you have already come another way, "
        "come by that one again. Otherwise write to us: an agent will look at it with you."
    ),
)
NOT_ON_ROLL = Refusal(
    "not_on_roll",
    _("This vote is for the people of its roll. Say who you are, so that we find you there."),
)


def may_run_electorates(*, user: Any) -> Verdict:
    """Decide who may vote, import the roll, print letters, recognise people."""
    if core_policies.known(user) and user.has_perm("electors.run_electorate"):
        return ALLOWED
    return refuse("not_allowed", _("Your role does not give you this right."))


def may_change_electorate(*, electorate: Electorate, user: Any) -> Verdict:
    """Codes: `not_allowed`, `electorate_frozen`."""
    verdict = may_run_electorates(user=user)
    if electorate.frozen_at is not None:
        verdict &= refuse(
            "electorate_frozen",
            _("The vote is sealed: what voters were told about who may vote can't change."),
        )
    return verdict


def needs_statement(electorate: Electorate) -> bool:
    """Whether somebody whom only a telephone or FranceConnect vouches for must say who they are."""
    return bool(electorate.minimum_age is not None or electorate.links or electorate.is_roll_closed)


def admission(
    *, electorate: Electorate, elector: Elector | None, account: Any, at: datetime.datetime
) -> Verdict:
    """May this person vote in this electorate? The one answer, whatever the way they came by.

    `elector` is the person as the electorate knows them (None when they have not come yet) and
    `account` who is signed in, if anybody. All reasons at once, with codes `process_not_public`,
    `process_cancelled`, `anonymous`, `come_first`, `email_unverified`, `already_known`,
    `attestation_missing`, `way_not_accepted`, `not_on_roll`, `birth_date_missing`, `too_young`,
    `residence_missing`, `tie_missing`, `not_resident`, `not_tied`.
    """
    verdict = core_policies.process_open(electorate.activity.process)
    if elector is None and not core_policies.known(account):
        return verdict & _come_first(electorate)
    account = account if core_policies.known(account) else None
    by_account = account is not None and (elector is None or elector.account_id == account.pk)
    ways = _ways(elector, by_account)
    return (
        verdict
        & _assured(electorate, ways, account if by_account else None)
        & _counted_once(electorate, elector, account)
        & _on_roll(electorate, elector)
        & _old_enough(electorate, elector, account if by_account else None, at)
        & _tied(electorate, elector, account if by_account else None)
    )


def _come_first(electorate: Electorate) -> Verdict:
    if {Way.ACCOUNT, Way.ATTESTATION}.issuperset(electorate.ways):
        return Verdict((core_policies.ANONYMOUS,))
    return refuse("come_first", _("Say how you come to vote: it takes a minute."))


def _ways(elector: Elector | None, by_account: bool) -> set[str]:
    ways = set(elector.ways) if elector is not None else set()
    return ways | {Way.ACCOUNT.value} if by_account else ways


def _assured(electorate: Electorate, ways: set[str], account: Any) -> Verdict:
    """The way by which this person came is one of those that the vote accepts."""
    if ways.intersection(electorate.ways):
        by_mail_alone = ways.intersection(electorate.ways) == {Way.ACCOUNT.value}
        if by_mail_alone and not core_queries.has_verified_email(account):
            return refuse(
                "email_unverified",
                _("Confirm your e-mail address with the link that we sent you."),
            )
        return ALLOWED
    if Way.ACCOUNT in ways and Way.ATTESTATION in electorate.ways:
        return refuse(
            "attestation_missing", _("This vote asks you to state who you are, on your honour.")
        )
    return refuse(
        "way_not_accepted",
        _("This vote is open to those who come this way: %(ways)s."),
        ways=_in_words(electorate.ways),
    )


def _in_words(ways: list[str]) -> str:
    labels = [str(Way(way).label) for way in Way.values if way in ways]
    return get_text_list([label[0].lower() + label[1:] for label in labels], _now("or"))


def _counted_once(electorate: Electorate, elector: Elector | None, account: Any) -> Verdict:
    if elector is None and account is not None and queries.mailbox_is_taken(electorate, account):
        return Verdict((ALREADY_KNOWN,))
    return ALLOWED


def _on_roll(electorate: Electorate, elector: Elector | None) -> Verdict:
    if not electorate.is_roll_closed or (elector is not None and elector.is_on_roll):
        return ALLOWED
    return Verdict((NOT_ON_ROLL,))


def _old_enough(
    electorate: Electorate, elector: Elector | None, account: Any, at: datetime.datetime
) -> Verdict:
    if electorate.minimum_age is None:
        return ALLOWED
    birth_date = getattr(elector, "birth_date", None) or getattr(account, "birth_date", None)
    if birth_date is None:
        if elector is not None and elector.is_on_roll:
            return ALLOWED  # the authority who wrote the roll has checked it
        if account is not None:
            return refuse("birth_date_missing", _("Give your date of birth in your profile."))
        return _say_who_you_are()
    day = electorate.age_on or timezone.localdate(at)
    if core_policies.age_on(birth_date, day) < electorate.minimum_age:
        return refuse(
            "too_young",
            _("One must be at least %(age)d years old to take part."),
            age=electorate.minimum_age,
        )
    return ALLOWED


def _tied(electorate: Electorate, elector: Elector | None, account: Any) -> Verdict:
    """Lives, works or studies in the perimeter, as the regulation says."""
    perimeter = electorate.perimeter
    if not electorate.links or perimeter is None:
        return ALLOWED
    if elector is not None and (elector.is_on_roll or elector.link in electorate.links):
        return ALLOWED
    if elector is not None and elector.link:
        return refuse(
            "not_tied",
            _("This vote is for people tied to %(perimeter)s: %(ties)s."),
            perimeter=perimeter.name,
            ties=_ties(electorate),
        )
    if account is None:
        return _say_who_you_are()
    if Link.RESIDENT not in electorate.links:
        return _say_who_you_are()
    if account.home_territory_id is None:
        return refuse("residence_missing", _("Say in your profile where you live."))
    if core_queries.lives_in(home_id=account.home_territory_id, perimeter=perimeter):
        return ALLOWED
    if len(electorate.links) > 1:
        return _say_who_you_are()  # lives elsewhere, but may work or study here
    return refuse(
        "not_resident",
        _("This process is for people who live in %(perimeter)s."),
        perimeter=perimeter.name,
    )


def _say_who_you_are() -> Verdict:
    return refuse(
        "tie_missing", _("Say when you were born and what ties you here: it takes a minute.")
    )


def _ties(electorate: Electorate) -> str:
    labels = [str(Link(link).label) for link in Link.values if link in electorate.links]
    return get_text_list([label[0].lower() + label[1:] for label in labels], _now("or"))
