"""Who votes in the demonstration: an invented roll, letters, and two codes to try."""

import csv
import datetime
import io

from django.core.mail import EmailMessage

from participation.accounts.models import User
from participation.core.models import Activity
from participation.electors.choices import Way
from participation.electors.codes import grouped
from participation.electors.models import Elector, Electorate
from participation.electors.queries import close_of_vote
from participation.electors.services import (
    draw_codes,
    electorate_of,
    hold_roll_file,
    import_roll,
    plan_letters,
    save_electorate,
)

_FAMILIES = (
    "Exemple",
    "Fictif",
    "Inventé",
    "Imaginaire",
    "Spécimen",
    "Gabarit",
    "Maquette",
    "Essai",
)
_GIVEN = ("Camille", "Dominique", "Charlie", "Yaël", "Noé")


def prepare(activity: Activity, officer: User, at: datetime.datetime) -> Electorate:
    """Accounts, letters, text messages and desks; forty people who do not exist; two letters.

    The two codes arrive in the mailbox of the demonstration, where a letter would be on paper.
    """
    electorate = electorate_of(activity=activity)
    save_electorate(
        electorate=electorate,
        settings={"ways": [Way.ACCOUNT, Way.LETTER, Way.SMS, Way.DESK]},
        actor=officer,
    )
    held, _change = hold_roll_file(
        electorate=electorate,
        name="liste-inventee.csv",
        content=_roll(),
        is_whole_roll=True,
        actor=officer,
        at=at,
    )
    import_roll(held=held, actor=officer, at=at)
    first_two = list(Elector.objects.filter(electorate=electorate).order_by("roll_number")[:2])
    (batch,) = plan_letters(
        electorate=electorate,
        electors=first_two,
        expires_at=close_of_vote(electorate=electorate) or at + datetime.timedelta(days=30),
        actor=officer,
        at=at,
    )
    for elector, code in draw_codes(batch=batch, actor=officer, at=at):
        EmailMessage(
            subject=f"Courrier de démonstration : le code de vote de {elector}",
            body=(
                f"Sur papier, {elector} recevrait ce code :\n\n{grouped(code)}\n\n"
                f"À saisir sur la page « Venir voter » : /voter/{activity.slug}/code/"
            ),
            to=["courrier@demo.example"],
        ).send()
    return electorate


def _roll() -> bytes:
    """A file as a town hall would send it. Two lines share names and birth date on purpose."""
    text = io.StringIO()
    sheet = csv.writer(text, delimiter=";")
    sheet.writerow(
        ["numéro", "nom", "prénoms", "date de naissance", "adresse", "code postal", "ville"]
    )
    for number in range(40):
        family, given = _FAMILIES[number % 8], _GIVEN[number // 8]
        born = datetime.date(1950 + number, 1 + number % 12, 1 + number % 28)
        address = f"{number + 1} rue de la Démonstration"
        sheet.writerow(
            [f"D{number + 1:03d}", family, given, f"{born:%d/%m/%Y}", address, "31000", "TOULOUSE"]
        )
    sheet.writerow(
        [
            "D041",
            "Exemple",
            "Camille",
            "01/01/1950",
            "41 rue de la Démonstration",
            "31000",
            "TOULOUSE",
        ]
    )
    return text.getvalue().encode()
