"""The keys of a board: secrets, seals, the file of the command, the envelope's own suite."""

import hmac
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.files import File
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from participation.budgets.models import Board
from participation.budgets.office.voting_forms import OpenBoxForm
from participation.budgets.services.vote import record_board
from participation.budgets.services.vote.boards import (
    Member,
    board_file,
    ceremony,
    read_board_file,
)
from participation.budgets.services.vote.ceremony import (
    PAIRS,
    BadSecretError,
    make_sealed_key,
    member_public_key,
    new_secret,
    open_sealed_key,
    public_bytes,
)
from participation.budgets.services.vote.envelopes import SUITE
from participation.core.verdict import Refused
from tests.factories.budgets import make_budget, make_officer, make_poll
from tests.participation.budgets.refusals import refusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def open_by_the_book(
    sealed: bytes, private: X25519PrivateKey, info: bytes, *, aead: int, key_bytes: int, aad: bytes
) -> bytes:
    """Sections 4.1, 5.1 and 5.2 of RFC 9180 written a second time, base mode, first message."""
    kem = b"KEM" + (32).to_bytes(2, "big")
    suite = b"HPKE" + (32).to_bytes(2, "big") + (1).to_bytes(2, "big") + aead.to_bytes(2, "big")

    def extract(salt: bytes, label: bytes, material: bytes, suite: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")

    def expand(secret: bytes, label: bytes, of: bytes, length: int, suite: bytes) -> bytes:
        text = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + of + b"\x01"
        return hmac.digest(secret, text, "sha256")[:length]

    enc, cipher = sealed[:32], sealed[32:]
    shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
    secret = extract(b"", b"eae_prk", shared, kem)
    secret = expand(secret, b"shared_secret", enc + public_bytes(private), 32, kem)
    context = (
        b"\x00" + extract(b"", b"psk_id_hash", b"", suite) + extract(b"", b"info_hash", info, suite)
    )
    secret = extract(secret, b"secret", b"", suite)
    key = expand(secret, b"key", context, key_bytes, suite)
    nonce = expand(secret, b"base_nonce", context, 12, suite)
    return AESGCM(key).decrypt(nonce, cipher, aad)


def test_the_suite_is_the_one_of_rfc_9180():
    """The second writing opens the first message of appendix A.1.1, and then what we seal."""
    private = X25519PrivateKey.from_private_bytes(
        bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")
    )
    info = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
    sealed = bytes.fromhex(
        "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
        "6d8770ac83d07bea87e13c512a"
    )
    opened = open_by_the_book(sealed, private, info, aead=1, key_bytes=16, aad=b"Count-0")
    assert opened == b"Beauty is truth, truth beauty"
    ours = SUITE.encrypt(b"un bulletin", private.public_key(), info)
    assert open_by_the_book(ours, private, info, aead=2, key_bytes=32, aad=b"") == b"un bulletin"


def test_a_secret_is_130_bits_and_a_check_in_groups_that_one_can_read_aloud():
    secrets = {new_secret() for _ in range(200)}
    assert len(secrets) == 200
    for secret in secrets:
        assert [len(group) for group in secret.split("-")] == [4, 5, 4, 5, 4, 5]
        assert set(secret[:-1]) <= {*ALPHABET, "-"}


def test_a_secret_typed_in_another_way_is_the_same():
    secret = new_secret()
    key = member_public_key(secret)
    for typed in (
        secret.lower(),
        secret.replace("-", ""),
        f"  {secret.replace('-', ' ')} ",
        secret.replace("0", "O").replace("1", "l"),
    ):
        assert member_public_key(typed) == key


@given(place=st.integers(0, 25), letter=st.sampled_from(ALPHABET))
def test_a_wrong_letter_is_always_found(place, letter):
    plain = new_secret().replace("-", "")
    typed = plain[:place] + letter + plain[place + 1 :]
    if typed == plain:
        return
    with pytest.raises(BadSecretError, match="typo"):
        member_public_key(typed)


@given(place=st.integers(0, 24))
def test_two_letters_in_each_others_place_are_always_found(place):
    plain = new_secret().replace("-", "")
    typed = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if typed == plain:
        return
    with pytest.raises(BadSecretError, match="typo"):
        member_public_key(typed)


def test_any_two_open_and_one_alone_does_not():
    secrets = [new_secret() for _ in range(3)]
    key = make_sealed_key([member_public_key(secret) for secret in secrets])
    for (first, second), sealed in key.seals.items():
        one, two = secrets[first - 1], secrets[second - 1]
        assert public_bytes(open_sealed_key(sealed=sealed, first=one, second=two)) == key.public_key
        for wrong in ((one, one), (two, two), (two, one), (one, new_secret())):
            with pytest.raises(ValueError, match="does not open"):
                open_sealed_key(sealed=sealed, first=wrong[0], second=wrong[1])
    assert set(key.seals) == {*PAIRS}


def a_board() -> tuple[list[Member], str]:
    members = [
        Member(name, f"bureau-{rank}@ville.example", member_public_key(new_secret()))
        for rank, name in enumerate(("Aïcha", "Benoît", "Chloé"), start=1)
    ]
    return members, board_file(members=members, key=ceremony(members))


def test_the_file_of_a_board_is_read_back():
    members, text = a_board()
    assert read_board_file(text.encode())[0] == members


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("empty", "board_file_wrong"),
        ("truncated", "board_file_wrong"),
        ("not_json", "board_file_wrong"),
        ("a_list", "board_file_wrong"),
        ("two_members", "board_file_wrong"),
        ("one_twice", "board_file_wrong"),
        ("seal_missing", "board_file_wrong"),
        ("short_seal", "board_file_wrong"),
        ("bad_address", "board_file_wrong"),
        ("other_key", "board_file_altered"),
    ],
)
def test_a_file_that_is_not_a_whole_board_is_refused_in_words(fault, code):
    _members, text = a_board()
    held = json.loads(text)
    match fault:
        case "empty":
            text = ""
        case "truncated":
            text = text[: len(text) // 2]
        case "not_json":
            text = "\ufffd\x00"
        case "a_list":
            text = "[]"
        case "two_members":
            del held["members"][2]
        case "one_twice":
            held["members"][2] = held["members"][0]
        case "seal_missing":
            del held["seals"][0]
        case "short_seal":
            held["seals"][0]["sealed"] = held["seals"][0]["sealed"][:-2]
        case "bad_address":
            held["members"][0]["email"] = "nulle part"
        case "other_key":
            held["public_key"] = "00" * 32
    if fault not in ("empty", "truncated", "not_json", "a_list"):
        text = json.dumps(held)
    with pytest.raises(Refused) as refused:
        read_board_file(text.encode())
    assert refused.value.verdict.codes == (code,)


def test_the_command_makes_a_board_offline(tmp_path):
    """Without any database: the address leads nowhere."""
    output = tmp_path / "board.json"
    done = subprocess.run(
        [
            sys.executable,
            "site/manage.py",
            "key_ceremony",
            "Aïcha Ndiaye:a@ville.example",
            "Benoît Roux",
            "Chloé Le Gall:c@ville.example",
            "--output",
            str(output),
        ],
        cwd=settings.ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": "site:.",
            "DJANGO_SETTINGS_MODULE": "config.settings.demo",
            "DATABASE_URL": "postgis://nobody@127.0.0.1:1/nothing",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    members, key = read_board_file(output.read_bytes())
    assert [member.name for member in members] == ["Aïcha Ndiaye", "Benoît Roux", "Chloé Le Gall"]
    secrets = [
        line.strip()
        for line in done.stdout.splitlines()
        if line.count("-") == 5 and "─" not in line
    ]
    assert [member_public_key(secret) for secret in secrets] == [m.public_key for m in members]
    assert done.stdout.count(key.fingerprint) == 4  # the three sheets, and the last line
    held = output.read_text()
    assert not [secret for secret in secrets if secret in held or secret.replace("-", "") in held]


def test_the_command_overwrites_nothing(tmp_path):
    output = tmp_path / "board.json"
    output.write_text("avant")
    with pytest.raises(Exception, match="existe déjà"):
        call_command("key_ceremony", "A", "B", "C", output=str(output))
    assert Path(output).read_text() == "avant"


def test_each_member_has_a_sheet_of_their_own_that_opens_the_box(tmp_path, capsys):
    output = tmp_path / "board.json"
    call_command("key_ceremony", "Aïcha", "Benoît", "Chloé", output=str(output), sheets=tmp_path)
    members, key = read_board_file(output.read_bytes())
    sheets = [tmp_path / f"membre-{rank}.txt" for rank in (1, 2, 3)]
    assert [sheet.stat().st_mode & 0o777 for sheet in sheets] == [0o600] * 3
    form = OpenBoxForm(
        {}, {f"file_{n}": File(io.BytesIO(sheets[n].read_bytes()), "f") for n in (1, 2)}
    )
    assert form.is_valid()
    first, second = form.secrets
    assert [member_public_key(each) for each in form.secrets] == [m.public_key for m in members[1:]]
    opened = open_sealed_key(sealed=key.seals[2, 3], first=first, second=second)
    assert public_bytes(opened) == key.public_key
    shown = capsys.readouterr().out
    assert first not in shown
    assert key.fingerprint in shown


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        ("Mon secret :\n  7ABC-12345-7ABC-12345-7ABC-12345\n", "7ABC-12345-7ABC-12345-7ABC-12345"),
        ("7ABC 12345 7ABC 12345 7ABC 12345", "7ABC 12345 7ABC 12345 7ABC 12345"),
        ("Membre 3 du bureau du scrutin : Chloé\n\nVotre secret :\n\n   7ABC-12345-7ABC", None),
        ("\x00\x01" * 900, None),
        (" ", None),
    ],
)
def test_a_file_without_a_whole_secret_is_told(content, secret):
    form = OpenBoxForm(
        {"secret_1": "AAAA"}, {"file_2": File(io.BytesIO(content.encode()), "feuille.txt")}
    )
    if secret is None:
        assert not form.is_valid()
        assert list(form.errors) == ["file_2"]
    else:
        assert form.is_valid()
        assert form.secrets == ["AAAA", secret]


@pytest.mark.parametrize(
    ("members", "more", "said"),
    [
        (("A", "B", "a"), {}, "deux portent le même nom"),
        (("A", "B", " :c@ville.example"), {}, "Chaque membre a un nom"),
        (("A", "B", "C:ville"), {}, "Ce n’est pas une adresse électronique : ville"),
        (("A", "B", "C" * 121), {}, "120 signes au plus"),
        (("A", "B", "C"), {"output": "ailleurs/board.json"}, "ailleurs n’existe pas"),
        (("A", "B", "C"), {"sheets": "ailleurs"}, "ailleurs n’existe pas"),
        (("A", "B", "C"), {"sheets": "."}, "membre-2.txt existe déjà"),
    ],
)
def test_what_the_back_office_would_refuse_is_said_before_any_secret_is_drawn(
    tmp_path, monkeypatch, capsys, members, more, said
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "membre-2.txt").write_text("avant")
    with pytest.raises(CommandError, match=re.escape(said)):
        call_command("key_ceremony", *members, **more)
    assert [path.name for path in tmp_path.iterdir()] == ["membre-2.txt"]
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_a_board_is_made_again_until_a_vote_is_sealed_with_it():
    budget, officer = make_budget("decide"), make_officer()
    members, _text = a_board()

    def record():
        return record_board(
            budget=budget,
            members=members,
            key=ceremony(members),
            origin="server",
            actor=officer,
            at=timezone.now(),
        )

    first = record().fingerprint
    assert record().fingerprint != first
    assert Board.objects.get().members.count() == 3
    budget.refresh_from_db()
    budget.board = Board.objects.get()
    make_poll(budget, officer=officer)
    assert refusal(record) == ("board_in_use",)
