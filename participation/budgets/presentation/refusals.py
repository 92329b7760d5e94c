"""Why somebody may not act, with the way to mend it."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from participation.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence, and the link that mends it (empty when nothing does)."""

    code: str
    sentence: str
    label: str = ""
    url: str = ""
    second_label: str = ""
    second_url: str = ""


def reasons(verdict: Verdict, *, next_url: str) -> list[Reason]:
    """The refusals of a verdict as sentences; after mending, people come back to `next_url`.

    What one page mends together has its link once, after the last of its sentences.
    """
    back = "?" + urlencode({"next": next_url})
    found = [_reason(refusal, back) for refusal in verdict.refusals]
    last = {reason.url: reason.code for reason in found}
    return [
        reason if last[reason.url] == reason.code else replace(reason, label="", url="")
        for reason in found
    ]


def _reason(refusal: Any, back: str) -> Reason:
    match refusal.code:
        case "anonymous":
            return Reason(
                refusal.code,
                str(refusal),
                gettext("Sign in"),
                reverse("account_login") + back,
                gettext("Create an account"),
                reverse("account_signup") + back,
            )
        case "email_unverified":
            return Reason(
                refusal.code, str(refusal), gettext("My e-mail address"), reverse("account_email")
            )
        case "birth_date_missing" | "residence_missing":
            return Reason(
                refusal.code,
                str(refusal),
                gettext("Complete my profile"),
                reverse("accounts:profile") + back,
            )
        case "not_resident":
            return Reason(
                refusal.code,
                str(refusal),
                gettext("Check where I live"),
                reverse("accounts:profile") + back,
            )
        case _:
            return Reason(refusal.code, str(refusal))
