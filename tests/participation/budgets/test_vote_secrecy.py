"""Nothing relates a voter to a ballot: neither columns, nor keys, nor order, nor transactions."""

import random
import shutil
import subprocess
from pathlib import Path

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from participation.budgets.models import AddedBallot, Ballot, VoterRecord
from participation.electors.models import Elector
from tests.factories.accounts import make_user
from tests.factories.budgets import cast, close_and_count, elector_of, make_budget, make_poll

VOTERS = 60
PROJECTS = 12


def counted_with_known_choices():
    """A counted vote where each voter chose one project, and what each chose."""
    budget = make_budget("decide", max_choices=None)
    poll = make_poll(budget, projects=PROJECTS)
    projects = list(poll.envelope.projects.order_by("reference"))
    rng = random.Random(7)
    chosen = {}
    for _ in range(VOTERS):
        voter = make_user()
        picks = rng.sample(projects, 3)
        elector = elector_of(poll, voter)
        cast(poll, picks, elector)
        chosen[elector.pk] = sorted(project.pk for project in picks)
    close_and_count(poll)
    return poll, chosen


def fetch(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def guessed_right(pairs, chosen) -> int:
    return sum(chosen[voter] == sorted(choices) for voter, choices in pairs)


def test_no_join_links_voters_to_ballots_beyond_chance(committed):
    """On committed rows: transactions, physical order, keys, codes, digests, dates."""
    poll, chosen = counted_with_known_choices()
    by_order = "SELECT voter_id FROM budgets_voterrecord ORDER BY {}"
    ballots_by_order = "SELECT choices FROM budgets_ballot ORDER BY {}"
    voters = {
        order: [voter for (voter,) in fetch(by_order.format(order))]
        for order in ("ctid", "voter_id", "deposit_code", "xmin::text, ctid", "voted_on, voter_id")
    }
    ballots = {
        order: [choices for (choices,) in fetch(ballots_by_order.format(order))]
        for order in ("ctid", "id", "code", "xmin::text, ctid")
    }
    for one, people in voters.items():
        for other, choices in ballots.items():
            right = guessed_right(zip(people, choices, strict=True), chosen)
            # 220 possible choices: one or two by chance; an order kept would give 60.
            assert right <= 5, (one, other, right)
    # Every ballot has the same transaction, so that a join on it says nothing.
    assert fetch("SELECT count(DISTINCT xmin::text) FROM budgets_ballot") == [(1,)]
    assert fetch("SELECT count(DISTINCT xmin::text) FROM budgets_voterrecord") == [(1,)]
    linked = fetch(
        "SELECT count(*) FROM budgets_voterrecord r JOIN budgets_ballot b"
        " ON b.code = r.deposit_code OR b.code = r.cast_digest OR b.id = r.voter_id"
        " AND b.poll_id = r.poll_id AND r.cast_digest <> ''"
    )
    assert linked == [(0,)]
    assert poll.ballots.count() == VOTERS


def test_the_roll_keeps_nothing_of_the_ballots_once_the_box_is_open(committed):
    counted_with_known_choices()
    assert set(
        VoterRecord.objects.order_by("voter_id").values_list(
            "sealed_ballot", "cast_digest", "casts"
        )
    ) == {(None, "", 1)}
    assert all(not keys for (keys,) in VoterRecord.objects.values_list("cast_keys"))


def test_ballots_are_in_the_order_of_their_random_codes(committed):
    counted_with_known_choices()
    codes = [code for (code,) in fetch("SELECT code FROM budgets_ballot ORDER BY id")]
    assert codes == sorted(codes)
    assert len(set(codes)) == VOTERS
    assert {len(code) for code in codes} == {24}


def test_no_code_of_a_ballot_is_anywhere_else_in_the_database(committed):
    counted_with_known_choices()
    codes = set(Ballot.objects.order_by("code").values_list("code", flat=True))
    tables = fetch(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        " AND table_type = 'BASE TABLE' AND table_name <> 'budgets_ballot'"
        " AND table_name <> 'spatial_ref_sys' AND table_name <> 'maps_territory'"
    )
    for (table,) in tables:
        text = "\n".join(row for (row,) in fetch(f"SELECT t::text FROM {table} t"))  # noqa: S608 -- the catalogue's own names
        assert not [code for code in codes if code in text], table


def test_a_dump_of_the_database_holds_no_envelope_and_each_code_once(committed):
    """What a thief of a backup made after the count would read, table by table."""
    poll = make_poll(projects=4)
    projects = list(poll.envelope.projects.order_by("reference"))
    for number in range(20):
        cast(poll, [projects[number % 4]])
    sealed = [bytes(one).hex() for (one,) in VoterRecord.objects.values_list("sealed_ballot")]
    before = dump()
    assert all(one in before for one in sealed)  # the search does find what is there
    close_and_count(poll)
    after = dump()
    assert not [one for one in sealed if one in after]
    codes = [code for (code,) in fetch("SELECT code FROM budgets_ballot")]
    assert [after.count(code) for code in codes] == [1] * 20
    assert not [code for code in codes if code in before]
    keys = [key for (key,) in fetch("SELECT unnest(cast_keys) FROM budgets_voterrecord")]
    assert keys == []


def dump() -> str:
    settings = connection.settings_dict
    (newest,) = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1:] or [
        Path(shutil.which("pg_dump") or "pg_dump")
    ]
    command = [str(newest), "--data-only", "--schema=public", f"--dbname={settings['NAME']}"]
    for option, value in (("host", "HOST"), ("port", "PORT"), ("username", "USER")):
        if settings[value]:
            command.append(f"--{option}={settings[value]}")
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env={"PGPASSWORD": settings["PASSWORD"] or "", "PATH": "/usr/bin:/bin"},
    ).stdout


KEYED_BY_AGENTS = {
    "PaperEntry": "PaperEntry.keyed_by",
    "PaperArbitration": "PaperArbitration.decided_by",
}


def test_no_table_has_both_a_person_and_choices():
    voters = (get_user_model(), Elector, VoterRecord)

    def has_choices(model) -> bool:
        return any(
            isinstance(field, ArrayField) and isinstance(field.base_field, models.BigIntegerField)
            for field in model._meta.local_fields
        )

    with_choices = {model for model in apps.get_models() if has_choices(model)}
    people = {
        f"{model.__name__}.{field.name}"
        for model in with_choices
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model in voters
    }
    # What a paper ballot says is keyed by agents, who are not those who voted with it.
    anonymous = {"Ballot", "AddedBallot"}
    assert {model.__name__ for model in with_choices} == {*anonymous, *KEYED_BY_AGENTS}
    assert people == set(KEYED_BY_AGENTS.values())
    assert not [
        relation.name
        for relation in VoterRecord._meta.get_fields()
        if relation.related_model is Ballot
    ]
    assert {field.name for field in Ballot._meta.get_fields()} == {
        "id",
        "poll",
        "code",
        "choices",
        "points",
        "channel",
    }
    assert {field.name for field in AddedBallot._meta.get_fields()} == {
        "id",
        "poll",
        "code",
        "choices",
        "points",
    }
