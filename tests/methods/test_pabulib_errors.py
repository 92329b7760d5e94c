"""Malformed files: each code, on the exact line, and nothing else."""

import pickle

import pytest

from participation.methods.pabulib import MESSAGES, PabulibError, check, inspect, read

Params = dict[str, str | int]

# (code, line, params, text of the village to replace, replacement)
IN_THE_VILLAGE: list[tuple[str, int, Params, str, str]] = [
    ("wrong_delimiter", 2, {"found": "comma"}, "key;value", "key,value"),
    ("wrong_delimiter", 2, {"found": "tab"}, "key;value", "key\tvalue"),
    ("wrong_delimiter", 2, {"found": "pipe"}, "key;value", "key|value"),
    (
        "wrong_delimiter",
        20,
        {"found": "comma"},
        "project_id;cost;votes;name;district;selected;wheelbarrows",
        "project_id,cost,votes,name,district,selected,wheelbarrows",
    ),
    ("missing_section", 1, {"section": "META"}, "META\n", ""),
    ("missing_section", 19, {"section": "PROJECTS"}, "PROJECTS\nproject_id", "project_id"),
    ("missing_section", 19, {"section": "PROJECTS"}, "PROJECTS\n", "VOTES\n"),
    ("missing_section", 26, {"section": "VOTES"}, "VOTES\n", ""),
    ("unexpected_section", 35, {"section": "VOTES"}, "v8;bench;internet", "VOTES"),
    ("bad_meta_header", 2, {"found": "value;key"}, "key;value", "value;key"),
    ("missing_column", 2, {"section": "META", "column": "key"}, "key;value", "clef;value"),
    ("missing_column", 20, {"section": "PROJECTS", "column": "cost"}, ";cost;", ";price;"),
    ("missing_column", 27, {"section": "VOTES", "column": "vote"}, ";vote;", ";choice;"),
    ("duplicate_column", 20, {"section": "PROJECTS", "column": "name"}, ";district;", ";name;"),
    ("unnamed_column", 20, {"section": "PROJECTS", "position": 5}, ";district;", ";;"),
    ("too_few_columns", 30, {"found": 2, "expected": 3}, "v3;bench;internet", "v3;bench"),
    ("too_many_columns", 30, {"found": 4, "expected": 3}, "v3;bench;", "v3;bench;;"),
    ("too_many_columns", 3, {"found": 3, "expected": 2}, "participatif de", "participatif;de"),
    ("too_few_columns", 24, {"found": 6, "expected": 7}, "Essarts;1;4", "Essarts;1"),
    ("missing_meta_key", 1, {"key": "instance"}, "instance;", "vintage;"),
    ("missing_meta_key", 1, {"key": "rule"}, "rule;greedy\n", ""),
    ("duplicate_meta_key", 16, {"key": "unit", "first_line": 5}, "currency;", "unit;"),
    ("bad_number", 8, {"key": "num_votes", "value": "eight"}, "num_votes;8", "num_votes;eight"),
    ("bad_number", 7, {"key": "num_projects", "value": "-5"}, "projects;5", "projects;-5"),
    ("bad_budget", 9, {"value": "8 000"}, "1000.50", "8 000"),
    ("bad_budget", 9, {"value": "0"}, "1000.50", "0"),
    (
        "unknown_vote_type",
        10,
        {"value": "shouting", "expected": "approval, choose-1, cumulative, ordinal, scoring"},
        "vote_type;approval",
        "vote_type;shouting",
    ),
    (
        "count_mismatch",
        8,
        {"key": "num_votes", "declared": 9, "found": 8},
        "num_votes;8",
        "num_votes;9",
    ),
    (
        "count_mismatch",
        7,
        {"key": "num_projects", "declared": 4, "found": 5},
        "num_projects;5",
        "num_projects;4",
    ),
    ("missing_project_id", 25, {}, "arch;2000", ";2000"),
    ("bad_project_id", 25, {"project": "a,b"}, "arch;2000", "a,b;2000"),
    (
        "duplicate_project",
        25,
        {"project": "bench", "first_line": 21},
        "arch;2000",
        "bench;2000",
    ),
    ("bad_cost", 22, {"project": "well", "value": "8 000"}, "500.25", "8 000"),
    ("bad_cost", 22, {"project": "well", "value": "1,5"}, "500.25", "1,5"),
    ("bad_cost", 22, {"project": "well", "value": ""}, "500.25", ""),
    ("bad_cost", 22, {"project": "well", "value": "500.255"}, "500.25", "500.255"),
    ("negative_cost", 22, {"project": "well", "value": "-500.25"}, "500.25", "-500.25"),
    ("zero_cost", 22, {"project": "well", "value": "0.00"}, "500.25", "0.00"),
    (
        "bad_value",
        21,
        {"project": "bench", "column": "votes", "value": "five"},
        "300.0;5",
        "300.0;five",
    ),
    (
        "bad_value",
        21,
        {"project": "bench", "column": "selected", "value": "4"},
        "Bourg;1;2",
        "Bourg;4;2",
    ),
    ("missing_voter_id", 30, {}, "v3;bench", ";bench"),
    ("duplicate_voter", 30, {"voter": "v1", "first_line": 28}, "v3;bench", "v1;bench"),
    (
        "unknown_project",
        30,
        {"voter": "v3", "project": "ghost"},
        "v3;bench",
        "v3;ghost",
    ),
    (
        "unknown_project",
        31,
        {"voter": "v4", "project": " swing"},
        "v4;well,swing",
        "v4;well, swing",
    ),
    (
        "repeated_choice",
        30,
        {"voter": "v3", "project": "bench"},
        "v3;bench",
        "v3;bench,bench",
    ),
    (
        "too_many_choices",
        30,
        {"voter": "v3", "found": 4, "maximum": 3},
        "v3;bench",
        "v3;bench,well,swing,hedge",
    ),
    ("unclosed_quote", 34, {}, "v7;hedge", '"v7;hedge'),
    ("unclosed_quote", 25, {}, "Un arc de triomphe", '"Un arc de triomphe'),
    ("null_character", 21, {}, "sous le tilleul", "sous\0le tilleul"),
    ("bad_line_ending", 30, {}, "v3;bench;internet\nv4", "v3;bench;internet\rv4"),
]

# The same for the election with points.
WITH_POINTS: list[tuple[str, int, Params, str, str]] = [
    ("missing_column", 22, {"section": "VOTES", "column": "points"}, "vote;points", "vote;age"),
    ("bad_points", 24, {"voter": "b", "value": "many"}, "5,5", "5,many"),
    ("bad_points", 24, {"voter": "b", "value": "2.5"}, "5,5", "5,2.5"),
    ("points_mismatch", 24, {"voter": "b", "choices": 2, "points": 1}, "5,5", "5"),
    ("points_mismatch", 26, {"voter": "d", "choices": 1, "points": 0}, "d;path;5", "d;path;"),
]


def replaced(text: bytes, old: str, new: str) -> bytes:
    """The file with one piece of text replaced, which must be there once and only once."""
    assert text.decode().count(old) == 1, f"{old!r} is not there exactly once"
    return text.replace(old.encode(), new.encode())


def assert_only_error(content: bytes, expected: PabulibError) -> None:
    assert check(content) == [expected]
    with pytest.raises(PabulibError) as caught:
        read(content)
    assert caught.value == expected
    assert str(caught.value).startswith(f"line {expected.line}: ")
    assert inspect(content).election is None


@pytest.mark.parametrize(("code", "line", "params", "old", "new"), IN_THE_VILLAGE)
def test_one_fault_is_told_once_with_its_line(
    village: bytes, code: str, line: int, params: Params, old: str, new: str
) -> None:
    if code == "missing_project_id" or (code, new[:3]) in IDS_THAT_LEAVE_A_VOTE_ALONE:
        village = replaced(village, "v6;swing,arch;", "v6;swing;")
    assert_only_error(replaced(village, old, new), PabulibError(line, code, params))


IDS_THAT_LEAVE_A_VOTE_ALONE = {("bad_project_id", "a,b"), ("duplicate_project", "ben")}


@pytest.mark.parametrize(("code", "line", "params", "old", "new"), WITH_POINTS)
def test_one_fault_in_points_is_told_once_with_its_line(
    points_file: bytes, code: str, line: int, params: Params, old: str, new: str
) -> None:
    assert_only_error(replaced(points_file, old, new), PabulibError(line, code, params))


def test_choosing_more_than_one_where_only_one_is_asked(village: bytes) -> None:
    errors = check(village.replace(b"approval", b"choose-1"), limit=1)

    assert errors == [
        PabulibError(28, "too_many_choices", {"voter": "v1", "found": 2, "maximum": 1})
    ]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(content: bytes) -> None:
    errors = check(content)

    assert [error.code for error in errors] in (["empty_file"], ["missing_section"])
    with pytest.raises(PabulibError):
        read(content)


def test_a_file_of_another_kind() -> None:
    assert [(error.line, error.code) for error in check(b"%PDF-1.7\nobj\n")] == [
        (1, "missing_section")
    ]
    assert [(error.line, error.code) for error in check(b"PK\x03\x04\xff\xfe\x00")] == [
        (1, "not_utf8"),
        (1, "null_character"),
        (1, "missing_section"),
    ]


def test_bytes_that_are_not_utf8_are_located(village: bytes) -> None:
    latin = village.decode().replace("Médor", "Medor").encode()
    latin = latin.replace(b"Planter une haie", "Planter à côté".encode("latin-1"))

    assert_only_error(latin, PabulibError(24, "not_utf8", {"byte": "0xe0", "position": 21}))


def test_no_project_and_no_vote(village: bytes) -> None:
    text = village.decode()
    projects = text.index("bench;300.0")
    votes = text.index("v1;bench")
    no_vote = text[:votes].encode()
    no_project = (text[:projects] + text[text.index("VOTES") :]).encode()

    assert_only_error(no_vote, PabulibError(26, "no_votes"))
    assert_only_error(no_project, PabulibError(19, "no_projects"))


@pytest.mark.parametrize(
    ("last_line", "expected"),
    [
        (1, PabulibError(1, "missing_header", {"section": "META"})),
        (5, PabulibError(5, "missing_section", {"section": "PROJECTS"})),
        (19, PabulibError(19, "missing_header", {"section": "PROJECTS"})),
        (24, PabulibError(24, "missing_section", {"section": "VOTES"})),
        (26, PabulibError(26, "missing_header", {"section": "VOTES"})),
        (27, PabulibError(26, "no_votes")),
        (31, PabulibError(8, "count_mismatch", {"key": "num_votes", "declared": 8, "found": 4})),
    ],
)
def test_a_file_cut_after_any_line_says_so(
    village: bytes, last_line: int, expected: PabulibError
) -> None:
    cut = b"".join(village.splitlines(keepends=True)[:last_line])
    errors = check(cut)

    # A cut inside META also loses the keys that were to come, each told on its own.
    assert [error for error in errors if error.code != "missing_meta_key"] == [expected]
    assert any(error.code == "missing_meta_key" for error in errors) == (last_line == 5)


def test_a_file_cut_anywhere_is_never_taken_for_whole(village: bytes) -> None:
    whole = village.rstrip(b"\n")
    last_cell = whole.rindex(b";") + 1  # cut inside the last word, nothing can tell
    for length in range(last_cell):
        assert check(whole[:length]), f"cut after {length} bytes"


def test_every_bad_row_is_listed_up_to_the_limit(village: bytes) -> None:
    content = village
    for old, new in (
        ("bench;300.0", "bench;free"),
        ("arch;2000", "arch;-2000"),
        ("v1;bench,well", "v1;bench,ghost"),
        ("v3;bench", "v1;bench"),
        ("v8;bench", "v8;well,well"),
    ):
        content = replaced(content, old, new)
    everything = [
        (21, "bad_cost"),
        (25, "negative_cost"),
        (28, "unknown_project"),
        (30, "duplicate_voter"),
        (35, "repeated_choice"),
    ]

    assert [(error.line, error.code) for error in check(content)] == everything
    assert [(error.line, error.code) for error in check(content, limit=3)] == everything[:3]
    with pytest.raises(PabulibError) as caught:
        read(content)
    assert (caught.value.line, caught.value.code) == everything[0]


def test_every_message_can_be_written() -> None:
    cases = [*IN_THE_VILLAGE, *WITH_POINTS]
    for code, line, params, _, _ in cases:
        assert "{" not in str(PabulibError(line, code, params))
    seen = {code for code, *_ in cases}
    elsewhere = {"empty_file", "not_utf8", "missing_header", "no_projects", "no_votes"}
    warnings = {
        "bound_ignored",
        "too_few_choices",
        "points_out_of_bounds",
        "sum_of_points_out_of_bounds",
        "votes_column_differs",
        "score_column_differs",
        "cost_over_budget",
    }
    assert seen | elsewhere | warnings == set(MESSAGES)


def test_errors_survive_a_change_of_process() -> None:
    error = PabulibError(3, "bad_budget", {"value": "x"})
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes, just written
    assert (copy, copy.line, copy.params) == (error, 3, {"value": "x"})
