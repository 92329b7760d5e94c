"""The ceremony of the keys on a computer apart: no database, no network."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from participation.budgets.services.vote.boards import (
    LONGEST_NAME,
    Member,
    board_file,
    ceremony,
)
from participation.budgets.services.vote.ceremony import member_public_key, new_secret

_SHEET = """
{line}
  Membre {rank} du bureau du scrutin : {name}

  Votre secret :

      {secret}

  Gardez cette feuille sous clé, et n’en donnez de copie à personne. Deux des trois membres du
  bureau ouvriront l’urne en tapant leurs secrets : à eux trois, un seul peut manquer.

  Empreinte de la clé du vote :
      {fingerprint}
{line}
"""


class Command(BaseCommand):
    help = (
        "Make the keys of a board of three, offline: writes the public part to a file to upload "
        "in the back office, and prints one sheet for each member."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "members", nargs=3, metavar="NAME[:EMAIL]", help="the three members of the board"
        )
        parser.add_argument("--output", default="board.json", help="file of the public part")
        parser.add_argument(
            "--sheets",
            metavar="FOLDER",
            help="write one sheet per member there, instead of showing the three one after another",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        output = Path(options["output"])
        folder = Path(options["sheets"]) if options["sheets"] else None
        named = [_named(text) for text in options["members"]]
        if len({name.casefold() for name, _email in named}) != len(named):
            raise CommandError("Un bureau a trois membres différents : deux portent le même nom.")
        sheets = [
            folder / f"membre-{rank}.txt" if folder else None for rank in range(1, len(named) + 1)
        ]
        for path in (output, *sheets):
            _check_free(path)
        secrets = [new_secret() for _member in named]
        members = [
            Member(name, email, member_public_key(secret))
            for (name, email), secret in zip(named, secrets, strict=True)
        ]
        key = ceremony(members)
        output.write_text(board_file(members=members, key=key), encoding="utf-8")
        rows = zip(members, secrets, sheets, strict=True)
        for rank, (member, secret, path) in enumerate(rows, start=1):
            sheet = _SHEET.format(
                line="─" * 78,
                rank=rank,
                name=member.name,
                secret=secret,
                fingerprint=key.fingerprint,
            )
            if path is None:
                self.stdout.write(sheet)
                continue
            path.touch(mode=0o600)
            path.write_text(sheet, encoding="utf-8")
            self.stdout.write(f"Feuille du membre {rank}, {member.name} : {path}.")
        self.stdout.write(
            f"Partie publique : {output}. Empreinte de la clé : {key.fingerprint}.\n"
            "Déposez ce fichier dans l’espace de gestion (Votes, Bureau du scrutin) ; comparez "
            "l’empreinte affichée avec celle des feuilles."
        )
        if folder is not None:
            self.stdout.write("Remettez chaque feuille à son membre seul, puis effacez-la d’ici.")


def _named(text: str) -> tuple[str, str]:
    """The name and the address of a member, as the back office will accept them."""
    name, _colon, email = (part.strip() for part in text.partition(":"))
    if not name:
        raise CommandError("Chaque membre a un nom.")
    if len(name) > LONGEST_NAME:
        raise CommandError(f"Un nom a {LONGEST_NAME} signes au plus : {name[:40]}…")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"Ce n’est pas une adresse électronique : {email}.") from None
    return name, email


def _check_free(path: Path | None) -> None:
    """Before anything is drawn: secrets whose file cannot be written would be lost."""
    if path is None:
        return
    if path.exists():
        raise CommandError(f"{path} existe déjà : donnez un autre nom.")
    if not path.parent.is_dir():
        raise CommandError(f"Le dossier {path.parent} n’existe pas.")
    if not os.access(path.parent, os.W_OK):
        raise CommandError(f"Rien ne peut être écrit dans le dossier {path.parent}.")
