"""The ceremony of the keys on a computer apart: no database, no network."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from participation.budgets.services.vote.boards import Member, board_file, ceremony
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

    def handle(self, *args: Any, **options: Any) -> None:
        output = Path(options["output"])
        if output.exists():
            raise CommandError(f"{output} existe déjà : donnez un autre nom avec --output.")
        secrets = [new_secret() for _member in options["members"]]
        members = [
            Member(name.strip(), email.strip(), member_public_key(secret))
            for (name, _colon, email), secret in zip(
                (text.partition(":") for text in options["members"]), secrets, strict=True
            )
        ]
        if not all(member.name for member in members):
            raise CommandError("Chaque membre a un nom.")
        key = ceremony(members)
        output.write_text(board_file(members=members, key=key), encoding="utf-8")
        for rank, (member, secret) in enumerate(zip(members, secrets, strict=True), start=1):
            self.stdout.write(
                _SHEET.format(
                    line="─" * 78,
                    rank=rank,
                    name=member.name,
                    secret=secret,
                    fingerprint=key.fingerprint,
                )
            )
        self.stdout.write(
            f"Partie publique : {output}. Déposez ce fichier dans l’espace de gestion "
            "(Votes, Bureau du scrutin) ; comparez l’empreinte affichée avec celle des feuilles."
        )
