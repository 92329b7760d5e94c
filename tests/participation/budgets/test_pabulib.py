"""Whole elections in and out: what is exported recounts and imports to the same election."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from participation.budgets.models import Ballot, Budget, Project, Tally, VoterRecord
from participation.budgets.services.pabulib import (
    ImportPlan,
    NamedElection,
    export_election,
    import_elections,
)
from participation.core.models import Process
from participation.methods import pabulib
from tests.factories.accounts import make_territory
from tests.factories.budgets import cast, close_and_count, make_envelope, make_poll, make_project
from tests.factories.core import make_directorate

pytestmark = pytest.mark.django_db

TOULOUSE = Path(__file__).parents[3] / "site" / "demo" / "data" / "toulouse"
SMALL = """\
META
key;value
description;Un petit budget
country;France
unit;Villeneuve
instance;2025
num_projects;3
num_votes;4
budget;1000
vote_type;approval
rule;greedy
date_begin;01.06.2025
date_end;30.06.2025
min_length;1
max_length;2
PROJECTS
project_id;cost;votes;name;category;district
1;600.50;3;"Un banc; deux tables";Cadre de vie;1 - La Gare
2;500;2;Un arbre;Nature;2 - Le Port
3;300;1;Une fontaine;Nature;2 - Le Port
VOTES
voter_id;vote
a;1,2
b;1
c;1,3
d;2
"""


def plan(**fields: object) -> ImportPlan:
    values: dict[str, object] = {
        "title": "Un petit budget",
        "slug": "petit",
        "edition": 2025,
        "owner": make_directorate(),
        "contact_email": "participation@example.org",
        "source_note": "Fichier d’essai",
    }
    return ImportPlan(**{**values, **fields})


def read(text: str) -> pabulib.Election:
    return pabulib.read(text.encode())


def import_one(text: str, **fields: object) -> Budget:
    return import_elections(
        plan=plan(**fields),
        elections=[NamedElection("Villeneuve", read(text))],
        actor=None,
        at=timezone.now(),
    )


def test_a_small_election_is_counted_and_its_ballots_stay_anonymous():
    budget = import_one(SMALL)
    tally = Tally.objects.get(poll__envelope__budget=budget)
    # 600.50 for the first; 500 no longer fits in the 399.50 left, 300 does.
    assert tally.result["winners"] == ["1", "3"]
    assert (tally.voters, tally.ballots, tally.spent_cents) == (4, 4, 90_050)
    assert sorted(Ballot.objects.values_list("code", flat=True)) == ["a", "b", "c", "d"]
    assert not VoterRecord.objects.exists()


def test_import_export_import_gives_the_same_election():
    first = import_one(SMALL)
    exported = "".join(export_election(envelope=first.envelopes.get()))
    original, again = read(SMALL), read(exported)
    assert again.budget_cents == original.budget_cents
    assert (again.vote_type, again.rule) == (original.vote_type, original.rule)
    assert dict(again.meta) == dict(original.meta)
    assert [
        (project.id, project.cost_cents, project.name, project.category, project.district)
        for project in again.projects
    ] == [
        (project.id, project.cost_cents, project.name, project.category, project.district)
        for project in original.projects
    ]
    assert {(vote.voter_id, vote.choices) for vote in again.votes} == {
        (vote.voter_id, vote.choices) for vote in original.votes
    }
    second = import_one(exported, slug="encore", title="Encore")
    tallies = [
        Tally.objects.get(poll__envelope__budget=budget).result for budget in (first, second)
    ]
    assert tallies[0]["winners"] == tallies[1]["winners"]
    assert tallies[0]["votes"] == tallies[1]["votes"]


def test_points_survive_the_round_trip():
    text = (
        SMALL.replace("vote_type;approval", "vote_type;cumulative")
        .replace("voter_id;vote", "voter_id;vote;points")
        .replace("a;1,2", "a;1,2;3,1")
        .replace("b;1\n", "b;1;2\n")
        .replace("c;1,3", "c;1,3;1,1")
        .replace("d;2\n", "d;2;3\n")
    )
    budget = import_one(text)
    again = read("".join(export_election(envelope=budget.envelopes.get())))
    assert {(vote.voter_id, vote.choices, vote.points) for vote in again.votes} == {
        ("a", ("1", "2"), (3, 1)),
        ("b", ("1",), (2,)),
        ("c", ("1", "3"), (1, 1)),
        ("d", ("2",), (3,)),
    }


def test_toulouse_2024_gives_the_winners_that_the_city_announced():
    out = io.StringIO()
    call_command(
        "import_pabulib",
        str(TOULOUSE / "France_Toulouse_2024.pb"),
        "--quota",
        "400000",
        "--slug",
        "toulouse",
        stdout=out,
    )
    assert out.getvalue().strip().endswith("183 projects, 7260 ballots. /budget/toulouse/")
    tally = Tally.objects.get(poll__envelope__budget__activity__slug="toulouse")
    assert len(tally.result["winners"]) == 114
    assert Project.objects.filter(state="winner").count() == 114


def test_districts_are_matched_by_their_number():
    city = make_territory("Villeneuve", code="99001")
    port = make_territory("Le Vieux Port", kind="neighbourhood", parent=city, code="99001-02")
    budget = import_one(SMALL, perimeter=city, districts=[port])
    matched = {
        project.reference: project.territory
        for project in Project.objects.filter(envelope__budget=budget)
    }
    assert matched == {"1": None, "2": port, "3": port}


def test_a_vote_held_here_is_exported_and_recounts_to_the_same_winners():
    envelope = make_envelope(name="Ville", amount_cents=2_500_000)
    first, second, third = (
        make_project(envelope, reference=reference, cost_cents=cost)
        for reference, cost in (("A", 2_000_000), ("B", 1_000_000), ("C", 500_000))
    )
    from tests.factories.budgets import move_to

    move_to(envelope.budget, "decide")
    poll = make_poll(envelope=envelope)
    for choices in ([first, second], [first], [first, third], [second], [third]):
        cast(poll, choices)
    tally = close_and_count(poll)
    exported = "".join(export_election(envelope=envelope))
    again = import_one(exported, slug="encore", title="Encore")
    recounted = Tally.objects.get(poll__envelope__budget=again)
    assert recounted.result["votes"] == tally.result["votes"] == {"A": 3, "B": 2, "C": 2}
    assert recounted.result["winners"] == tally.result["winners"] == ["A", "C"]


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("d;2", "d;9"), 26, "not in PROJECTS"),
        (("2;500;2", "1;500;2"), 19, "already on line 18"),
        (("2;500;2", "2;-500;2"), 19, "negative"),
        (("key;value", "key,value"), 2, ""),
    ],
)
def test_a_bad_file_says_the_line_and_the_reason_and_nothing_is_written(
    tmp_path: Path, change: tuple[str, str], line: int, said: str
):
    file = tmp_path / "mauvais.pb"
    file.write_text(SMALL.replace(*change), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        call_command("import_pabulib", str(file))
    assert f"mauvais.pb:{line}: " in str(refused.value)
    assert said in str(refused.value)
    assert not Process.objects.exists()


def test_bytes_that_are_not_text_are_refused(tmp_path: Path):
    file = tmp_path / "latin.pb"
    file.write_bytes(SMALL.replace("Un arbre", "Été").encode("latin-1"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("import_pabulib", str(file))
    assert not Process.objects.exists()
