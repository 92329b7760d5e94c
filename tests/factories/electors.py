"""Real rows of electorates. Names are invented."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from participation.accounts.models import User
from participation.core.choices import Step
from participation.electors.choices import Way
from participation.electors.models import Elector, Electorate
from participation.electors.services import (
    draw_codes,
    electorate_of,
    hold_roll_file,
    import_roll,
    plan_letters,
)
from tests.factories.accounts import make_user
from tests.factories.core import make_open_activity

HEADINGS = "numéro;nom;nom d’usage;prénoms;date de naissance;adresse;code postal;ville"


def make_clerk(**fields: Any) -> User:
    """Somebody of the town hall who decides who votes."""
    return make_user(
        is_staff=True,
        permissions=("electors.run_electorate", "wagtailadmin.access_admin"),
        **fields,
    )


def make_electorate(*, ways: Sequence[str] = (Way.ACCOUNT,), **fields: Any) -> Electorate:
    """The electorate of a published activity whose vote is open now; nothing is asked of anyone.

    `activity__…` fields go to the activity.
    """
    activity_fields = {
        name.removeprefix("activity__"): fields.pop(name)
        for name in list(fields)
        if name.startswith("activity__")
    }
    activity = fields.pop("activity", None) or make_open_activity(Step.DECIDE, **activity_fields)
    electorate = electorate_of(activity=activity)
    for name, value in {"ways": list(ways), **fields}.items():
        setattr(electorate, name, value)
    electorate.full_clean()
    electorate.save()
    return electorate


def roll_file(*lines: str, headings: str = HEADINGS, encoding: str = "utf-8") -> bytes:
    """The bytes of a CSV file."""
    return "\r\n".join([headings, *lines, ""]).encode(encoding)


def load_roll(
    electorate: Electorate, *lines: str, whole: bool = True, headings: str = HEADINGS
) -> Any:
    """Import a file without fault, as an officer does in two steps."""
    clerk, now = make_clerk(), timezone.now()
    held, change = hold_roll_file(
        electorate=electorate,
        name="liste.csv",
        content=roll_file(*lines, headings=headings),
        is_whole_roll=whole,
        actor=clerk,
        at=now,
    )
    assert change.faults == ()
    return import_roll(held=held, actor=clerk, at=now)


def make_roll(electorate: Electorate, people: int = 3) -> list[Elector]:
    """That many people on the roll, each with an address, born on the first days of May 1980."""
    load_roll(
        electorate,
        *(
            f"{number};MODÈLE{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number % 26]};;Dominique;"
            f"{number % 28 + 1:02d}/05/1980;{number} rue des Essais;31000;VILLENEUVE"
            for number in range(1, people + 1)
        ),
    )
    return list(Elector.objects.filter(electorate=electorate).order_by("roll_number"))


def code_for(elector: Elector, *, days: int = 5) -> str:
    """The code of a fresh letter to somebody of the roll."""
    clerk, now = make_clerk(), timezone.now()
    (batch,) = plan_letters(
        electorate=elector.electorate,
        electors=[elector],
        expires_at=now + datetime.timedelta(days=days),
        actor=clerk,
        at=now,
    )
    ((_elector, code),) = draw_codes(batch=batch, actor=clerk, at=now)
    return code
