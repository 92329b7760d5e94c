"""Words for the ways by which one comes, and what mends a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from participation.accounts import franceconnect
from participation.core.models import Activity
from participation.core.verdict import Refusal, Verdict
from participation.electors import text_messages
from participation.electors.choices import Way
from participation.electors.models import Electorate


@dataclass(frozen=True, slots=True)
class Door:
    """One way to come, as it is offered. `posts` when its button sends a form."""

    way: str
    icon: str
    title: str
    text: str
    label: str
    url: str = ""
    posts: bool = False
    second_label: str = ""
    second_url: str = ""


@dataclass(frozen=True, slots=True)
class Mending:
    """The link that mends a refusal."""

    label: str
    url: str


def address(name: str, activity: Activity, back: str) -> str:
    """A page of the entrance that leads to `back` in the end."""
    url = reverse(f"electors:{name}", args=[activity.slug])
    return f"{url}?{urlencode({'next': back})}" if back else url


def doors(electorate: Electorate, *, back: str, is_signed_in: bool) -> list[Door]:
    """The ways that the vote accepts and that this site can offer, the simplest first."""
    activity = electorate.activity
    makers = (
        (Way.LETTER, _letter),
        (Way.SMS, _text_message),
        (Way.FRANCECONNECT, _franceconnect),
    )
    found = [
        make(activity, back) for way, make in makers if way in electorate.ways and _is_offered(way)
    ]
    if {Way.ACCOUNT, Way.ATTESTATION}.intersection(electorate.ways):
        found.append(_account(electorate, back, is_signed_in))
    if Way.DESK in electorate.ways:
        found.append(
            Door(
                Way.DESK,
                "building-community",
                gettext("In person"),
                gettext(
                    "At a desk, with your papers. Agents help you there, on paper or on screen."
                ),
                "",
            )
        )
    return found


def _is_offered(way: str) -> bool:
    if way == Way.SMS:
        return text_messages.is_configured()
    if way == Way.FRANCECONNECT:
        return franceconnect.is_configured()
    return True


def _letter(activity: Activity, back: str) -> Door:
    return Door(
        Way.LETTER,
        "mail",
        gettext("With the code of a letter"),
        gettext("You have received a letter with a code of 16 signs."),
        gettext("I have a code"),
        address("code", activity, back),
    )


def _text_message(activity: Activity, back: str) -> Door:
    return Door(
        Way.SMS,
        "device-mobile",
        gettext("With a mobile telephone"),
        gettext("We send you a code by text message. Your number is not kept."),
        gettext("Receive a code"),
        address("phone", activity, back),
    )


def _franceconnect(activity: Activity, back: str) -> Door:
    return Door(
        Way.FRANCECONNECT,
        "shield-check",
        gettext("With FranceConnect"),
        gettext("It tells us only that you are one person: neither your name nor your address."),
        gettext("Continue with FranceConnect"),
        address("franceconnect", activity, back),
        posts=True,
    )


def _account(electorate: Electorate, back: str, is_signed_in: bool) -> Door:
    activity = electorate.activity
    states = Way.ACCOUNT not in electorate.ways
    target = address("statement", activity, back) if states else back
    if is_signed_in:
        label = gettext("State who I am") if states else gettext("Continue with my account")
        return Door(Way.ACCOUNT, "user", gettext("With my account"), "", label, target)
    query = urlencode({"next": target})
    return Door(
        Way.ACCOUNT,
        "user",
        gettext("With an account on this site"),
        gettext("An e-mail address is enough to make one."),
        gettext("Sign in"),
        f"{reverse('account_login')}?{query}",
        second_label=gettext("Create an account"),
        second_url=f"{reverse('account_signup')}?{query}",
    )


def mending(refusal: Refusal, *, activity: Activity, back: str) -> Mending | None:
    """What mends a refusal of `policies.admission`, leading to `back` afterwards."""
    query = urlencode({"next": back})
    match refusal.code:
        case "anonymous" | "come_first" | "way_not_accepted":
            return Mending(gettext("Choose how to come"), address("entry", activity, back))
        case "attestation_missing" | "tie_missing" | "not_on_roll":
            return Mending(gettext("Say who I am"), address("statement", activity, back))
        case "email_unverified":
            return Mending(gettext("My e-mail address"), reverse("account_email"))
        case "birth_date_missing" | "residence_missing":
            return Mending(gettext("Complete my profile"), f"{reverse('accounts:profile')}?{query}")
        case "not_resident":
            return Mending(gettext("Check where I live"), f"{reverse('accounts:profile')}?{query}")
    return None


def mendings(
    verdict: Verdict, *, activity: Activity, back: str
) -> Sequence[tuple[Refusal, Mending | None]]:
    """Every refusal with what mends it."""
    return [
        (refusal, mending(refusal, activity=activity, back=back)) for refusal in verdict.refusals
    ]
