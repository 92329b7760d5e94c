"""`manage.py tally`: what it prints, and what it says of files that cannot be counted.

No test here may touch the database: pytest-django refuses it to tests that do not ask for it.
"""

import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from participation.methods.digest import canonical_json

REPOSITORY = Path(__file__).parents[3]
VILLAGE = REPOSITORY / "tests" / "methods" / "fixtures" / "village.pb"
KEYS = {
    "rule",
    "options",
    "budget",
    "winners",
    "spent",
    "rounds",
    "ties",
    "input_sha256",
    "method_version",
}


@pytest.fixture(autouse=True)
def _in_french() -> object:
    with translation.override("fr"):
        yield


def tally(file: Path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("tally", str(file), *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def refusal(file: Path, *arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        tally(file, *arguments)
    return str(caught.value)


def edited(folder: Path, old: str, new: str) -> Path:
    text = VILLAGE.read_text(encoding="utf-8")
    assert old in text
    file = folder / "edited.pb"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def test_the_json_has_its_keys_and_nothing_of_the_machine() -> None:
    text = tally(VILLAGE, "--json")
    content = json.loads(text)

    assert content.keys() >= KEYS
    assert content["rule"] == "greedy"
    assert content["winners"] == ["bench", "swing", "hedge"]
    assert (content["budget"], content["spent"]) == (100_050, 90_000)
    assert content["reading"] == {"group_by": None, "lot_seed": "parvis", "rank_points": None}
    assert text == canonical_json(content) + "\n"


def test_the_order_of_the_file_changes_no_byte(tmp_path: Path) -> None:
    head, votes = VILLAGE.read_text(encoding="utf-8").split("voter_id;vote;voting_method\n")
    rows = votes.splitlines()
    random.Random(7).shuffle(rows)
    rows = [row.replace("bench,well", "well,bench") for row in rows]
    shuffled = tmp_path / "shuffled.pb"
    shuffled.write_text(
        head + "voter_id;vote;voting_method\n" + "\n".join(rows) + "\n", encoding="utf-8"
    )

    assert tally(shuffled, "--json") == tally(VILLAGE, "--json")
    assert tally(shuffled, "--compare", "--json") == tally(VILLAGE, "--compare", "--json")


def test_it_runs_alone_without_a_database() -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": "postgis://nobody@//nowhere/nothing",
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "site/manage.py", "tally", *arguments],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    counted = run(str(VILLAGE), "--json")
    assert counted.returncode == 0, counted.stderr
    assert "arch" in counted.stderr  # it costs more than the whole budget
    assert counted.stdout == tally(VILLAGE, "--json")
    refused = run("nothing-here.pb")
    assert refused.returncode != 0
    assert "nothing-here.pb" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_warnings_end_by_saying_that_there_are_more(tmp_path: Path) -> None:
    head, votes = VILLAGE.read_text(encoding="utf-8").split("v1;bench,well")
    blank = "".join(f"x{number};;\n" for number in range(30))
    file = tmp_path / "short.pb"
    file.write_text(
        head.replace("num_votes;8", "num_votes;38") + blank + "v1;bench,well" + votes,
        encoding="utf-8",
    )
    out, told = io.StringIO(), io.StringIO()
    call_command("tally", str(file), "--json", stdout=out, stderr=told)

    assert json.loads(out.getvalue())["blank"] == 30
    lines = told.getvalue().splitlines()
    assert len(lines) == 21
    assert lines[-1].endswith("(…)")


def test_the_report_tells_the_rule_and_each_reason() -> None:
    told = tally(VILLAGE)

    assert "3 lauréats" in told
    assert "graine « parvis »" in told.replace("\N{NO-BREAK SPACE}", " ")
    assert "il coûte 2 000 €" in told.replace("\N{NARROW NO-BREAK SPACE}", " ").replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_the_comparison_is_a_table() -> None:
    told = tally(VILLAGE, "--compare")

    rows = [line.split() for line in told.splitlines()]
    assert any(row[1:2] == ["greedy-no-skip"] and "2" in row for row in rows)
    assert any(row[0:1] == ["hedge"] for row in rows)
    assert not any(row[0:1] == ["arch"] for row in rows)
    assert "--compare" in refusal(VILLAGE, "--compare", "--rule", "greedy")


def test_options_are_counted_and_their_mistakes_named() -> None:
    by_district = ("--option", "group_by=district", "--option", "group_budget=400")
    content = json.loads(tally(VILLAGE, *by_district, "--json"))

    assert content["winners"] == ["bench", "swing"]
    assert content["options"]["group_budgets"] == [["Bourg", 40_000], ["Les Essarts", 40_000]]
    assert "on_misfits" in refusal(VILLAGE, "--option", "on_misfits=stop")
    assert "skip, stop" in refusal(VILLAGE, "--option", "on_misfit=jump")
    assert "budget" in refusal(VILLAGE, *by_district[:2], "--option", "group_budget=600")
    assert "greedy-no-skip" in refusal(VILLAGE, "--rule", "perfect")


@pytest.mark.parametrize("rule", ["unknown", "greedy-custom", "greedy-exclusive", "plurality"])
def test_an_unsupported_rule_is_refused_by_name(tmp_path: Path, rule: str) -> None:
    said = refusal(edited(tmp_path, "rule;greedy", f"rule;{rule}"))

    assert rule in said
    assert len(said) > len(rule) + 30


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("vote_type;approval", "vote_type;hand-raising", "hand-raising"),
        ("budget;1000.50", "budget;0", "budget"),
        ("budget;1000.50", "budget;-5", "budget"),
        ("budget;1000.50", "budget;1e6", "budget"),
        ("budget;1000.50", "budget;", "budget"),
        ("bench;300.0;5", "bench;0;5", "bench"),
        ("bench;300.0;5", "bench;-300;5", "bench"),
        ("bench;300.0;5", "bench;NaN;5", "NaN"),
        ("well;500.25;4", "bench;500.25;4", "bench"),
        ("v1;bench,well", "v1;bench,bench", "bench"),
        ("v1;bench,well", "v1;bench,castle", "castle"),
        ("v1;bench,well", "v2;bench,well", "v2"),
        ("v1;bench,well", "v1;bench,well,swing,hedge", "3"),
        ("v1;bench,well;internet", "v1;bench,well;internet;more", "columns"),
        ("num_votes;8", "num_votes;9", "num_votes"),
        ("VOTES\n", "", "VOTES"),
        ("PROJECTS\n", "", "PROJECTS"),
        ("META\n", "", "META"),
        ("key;value", "key,value", "semicolon"),
        ("rule;greedy\n", "", "rule"),
        ('by its author"', "by its author", "columns"),
        ("v8;bench;internet", "v8;bench;internet\n\0", "NUL"),
    ],
)
def test_a_file_that_lies_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    file = edited(tmp_path, old, new)
    said = refusal(file)

    assert told in said
    assert said.startswith(f"{file}:")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b"\xff\xfe\x00",
        b"%PDF-1.7",
        b"PK\x03\x04" + bytes(200),
        b"META",
        b"META\nkey;value\n",
        b"META;\r\nkey;value\rPROJECTS",
        VILLAGE.read_bytes()[:400],
        VILLAGE.read_bytes()[:-30].replace(b"VOTES", b"VOTE"),
        VILLAGE.read_bytes().decode().encode("utf-16"),
        VILLAGE.read_bytes().decode().encode("latin-1"),
        b'"' * 100_001,
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd.pb"
    file.write_bytes(content)

    assert refusal(file).startswith(str(file))


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    assert str(tmp_path) in refusal(tmp_path)
    assert "none.pb" in refusal(tmp_path / "none.pb")


def test_nothing_affordable_gives_no_winner_and_each_reason(tmp_path: Path) -> None:
    content = json.loads(tally(edited(tmp_path, "budget;1000.50", "budget;1"), "--json"))

    assert (content["winners"], content["spent"]) == ([], 0)
    assert {outcome["reasons"][0]["code"] for outcome in content["outcomes"]} == {
        "costs_more_than_envelope"
    }
