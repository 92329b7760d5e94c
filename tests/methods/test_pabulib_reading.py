"""Reading and writing well-formed files, by hand and by hypothesis."""

import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.methods.pabulib import (
    Election,
    Project,
    Vote,
    format_amount,
    inspect,
    lines,
    parse_amount,
    read,
    write,
    write_to,
)


def test_every_part_of_a_file_is_read(village: bytes) -> None:
    election = read(village)

    assert list(election.meta)[:3] == ["description", "country", "unit"]
    assert list(election.meta)[-2:] == ["town hall dog", "comment"]
    assert election.meta["comment"].endswith('#2: said "fair" by its author')
    assert election.budget_cents == 100_050
    assert (election.vote_type, election.rule) == ("approval", "greedy")
    assert election.projects[2] == Project(
        id="swing",
        cost_cents=40_000,
        votes=4,
        name='La balançoire ; et son "portique"',
        district="Les Essarts",
        selected=0,
        extra={"wheelbarrows": "1"},
    )
    assert [project.cost_cents for project in election.projects] == [
        30_000,
        50_025,
        40_000,
        20_000,
        200_000,
    ]
    assert election.projects[1].extra == {}
    assert election.votes[1] == Vote(
        "v2", ("bench", "swing", "hedge"), None, {"voting_method": "paper"}
    )
    assert election.votes[5].extra == {}
    assert election.project_columns[-1] == "wheelbarrows"
    assert election.vote_columns == ("voter_id", "vote", "voting_method")


def test_points_go_with_choices(points_file: bytes) -> None:
    election = read(points_file)

    assert election.votes[2] == Vote("c", ("lamp", "pond"), (6, 4))
    assert election.projects[0].score == Decimal(15)


def test_a_stream_and_its_bytes_give_the_same_election(village: bytes) -> None:
    assert read(io.BytesIO(village)) == read(village)
    assert read(village.splitlines(keepends=True)) == read(village)


def test_what_spreadsheets_do_to_a_file_is_tolerated(village: bytes) -> None:
    text = village.decode()
    padded = text.replace("PROJECTS\n", "PROJECTS;;;;;;\n").replace("key;value", "key;value;;;")
    padded = padded.replace("instance;2026", "instance;2026;;;")
    variants = [
        b"\xef\xbb\xbf" + village,
        village.replace(b"\n", b"\r\n"),
        village.replace(b"PROJECTS\n", b"\nProjects\n").replace(b"VOTES\n", b"votes\n") + b"\n\n",
        padded.encode(),
        village.rstrip(b"\n"),
        village.replace(b"PROJECTS\n", b"  \n;;;;;;\nPROJECTS\n") + b";;\n\t\n",
    ]
    for variant in variants:
        assert read(variant) == read(village)


def test_a_cell_may_hold_line_ends(village: bytes) -> None:
    election = read(village.replace(b"Planter une haie", b'"Planter\nune ""haie""\r\nvive"'))

    assert election.projects[3].name == 'Planter\nune "haie"\r\nvive'
    assert read(write(election).encode()) == election


def test_writing_gives_the_file_back(village: bytes, points_file: bytes) -> None:
    normal = village.replace(b"bench;300.0", b"bench;300")
    assert write(read(village)).encode() == normal
    assert write(read(points_file)).encode() == points_file


def test_writing_by_lines_and_to_a_stream_are_the_same(village: bytes) -> None:
    election = read(village)
    stream = io.StringIO(newline="")
    write_to(election, stream)

    assert stream.getvalue() == write(election) == "".join(lines(election))


def test_columns_follow_what_projects_and_votes_hold() -> None:
    election = Election(
        meta={"vote_type": "cumulative"},
        projects=(
            Project("a", 100, name="A"),
            Project("b", 250, latitude=Decimal("43.60"), extra={"colour": "red"}),
        ),
        votes=(Vote("v", ("a",), (2,)), Vote("w", (), (), {"age": "40"})),
    )

    assert election.project_columns == ("project_id", "cost", "name", "latitude", "colour")
    assert election.vote_columns == ("voter_id", "vote", "points", "age")
    assert "b;2.50;;43.60;red\n" in write(election)


@pytest.mark.parametrize(
    "election",
    [
        Election({}, (Project("a,b", 100),), ()),
        Election({}, (Project("", 100),), ()),
        Election({}, (Project("a", 100),), (Vote("", ("a",)),)),
        Election({}, (Project("a", 100, name="A"),), (), project_columns=("project_id", "cost")),
        Election({}, (), (Vote("v", (), None, {"age": "3"}),), vote_columns=("voter_id", "vote")),
    ],
)
def test_what_the_format_cannot_carry_is_refused(election: Election) -> None:
    with pytest.raises(ValueError, match=r"cannot carry|without a column"):
        write(election)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("100000.0", 10_000_000),
        ("1", 100),
        ("0.07", 7),
        ("12.5", 1250),
        ("12.340", 1234),
        ("-3.10", -310),
        ("999999999999999.99", 99_999_999_999_999_999),
    ],
)
def test_amounts_are_exact(text: str, cents: int) -> None:
    assert parse_amount(text) == cents
    assert parse_amount(format_amount(cents)) == cents


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1", "1 000", "8\u00a0000", "1,5", "1e3", "12.345", "+4", ".5", "5.", "NaN"),
        *("١٢", "1_0", "9" * 16, "€5", "0x10", "--1", "1\n"),
    ],
)
def test_anything_but_a_plain_decimal_is_not_an_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a plain decimal|more precise than a cent"):
        parse_amount(text)


def test_warnings_point_at_what_disagrees_without_refusing_it(points_file: bytes) -> None:
    text = points_file.decode().replace("pond;400;3;15", "pond;800;4;16")
    report = inspect(text.replace("d;path;5", "d;path;7").encode())

    assert report.election is not None
    assert report.errors == ()
    assert [(warning.line, warning.code) for warning in report.warnings] == [
        (18, "cost_over_budget"),
        (26, "points_out_of_bounds"),
        (18, "votes_column_differs"),
        (18, "score_column_differs"),
        (20, "score_column_differs"),
    ]
    assert str(report.warnings[1]) == "line 26: voter 'd' gave 7 points where max_points is 6"


def test_each_ballot_with_too_few_choices_is_read_with_a_warning(village: bytes) -> None:
    short = village.replace(b"v3;bench;", b"v3;;").replace(b"v8;bench;", b"v8;;")
    report = inspect(short)

    assert report.election is not None
    assert report.election.votes[2].choices == ()
    assert [
        (warning.line, warning.params)
        for warning in report.warnings
        if warning.code == "too_few_choices"
    ] == [
        (30, {"voter": "v3", "found": 0, "minimum": 1}),
        (35, {"voter": "v8", "found": 0, "minimum": 1}),
    ]


def test_bounds_may_be_left_unenforced(village: bytes) -> None:
    crowded = village.replace(b"v4;well,swing", b"v4;well,swing,bench,hedge")
    short = village.replace(b"v3;bench;", b"v3;;")

    assert len(read(crowded, enforce_bounds=False).votes[3].choices) == 4
    codes = [warning.code for warning in inspect(short, enforce_bounds=False).warnings]
    assert "too_few_choices" not in codes


def test_what_other_programs_write_for_nothing_or_for_a_whole_number(village: bytes) -> None:
    written = village.replace(b"Bourg;1;2", b"Bourg;None;2").replace(
        b"num_votes;8", b"num_votes;8.0"
    )
    election = read(written)

    assert election.projects[0].selected is None
    assert election.votes == read(village).votes


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
names = texts.filter(bool)
TITLES = ("META", "PROJECTS", "VOTES")
identifiers = texts.filter(
    lambda text: (
        text not in ("", "\ufeff") and "," not in text and text.strip().upper() not in TITLES
    )
)
OWN_COLUMNS = ("colour", "âge ; du capitaine", 'said "x"')
REQUIRED = ("description", "country", "unit", "instance", "rule", "date_begin", "date_end")
coordinates = st.none() | st.decimals(-90, 90, allow_nan=False, places=6)
extras = st.dictionaries(st.sampled_from(OWN_COLUMNS), names, max_size=3)


@st.composite
def elections(draw: st.DrawFn) -> Election:
    ids = draw(st.lists(identifiers, min_size=1, max_size=5, unique=True))
    projects = tuple(
        draw(
            st.builds(
                Project,
                id=st.just(name),
                cost_cents=st.integers(1, 10**15),
                votes=st.none() | st.integers(0, 10**6),
                score=st.none() | st.decimals(-1000, 1000, allow_nan=False, places=2),
                name=texts,
                category=texts,
                district=texts,
                latitude=coordinates,
                longitude=coordinates,
                selected=st.none() | st.integers(0, 3),
                extra=extras,
            )
        )
        for name in ids
    )
    kind = draw(st.sampled_from(["approval", "ordinal", "cumulative", "scoring"]))
    votes = []
    for voter in draw(st.lists(identifiers, min_size=1, max_size=6, unique=True)):
        choices = tuple(draw(st.lists(st.sampled_from(ids), unique=True)))
        points = None
        if kind in ("cumulative", "scoring"):
            points = tuple(draw(st.integers(-5, 20)) for _ in choices)
        votes.append(Vote(voter, choices, points, draw(extras)))
    own_keys = names.filter(lambda key: key not in KNOWN_META and key.upper() not in TITLES)
    meta = {
        **{key: draw(texts) for key in REQUIRED},
        "num_projects": str(len(projects)),
        "num_votes": str(len(votes)),
        "budget": format_amount(draw(st.integers(1, 10**15))),
        "vote_type": kind,
        **draw(st.dictionaries(own_keys, texts, max_size=3)),
    }
    return Election(meta, projects, tuple(votes))


KNOWN_META = (
    *REQUIRED,
    *("num_projects", "num_votes", "budget", "vote_type", "min_length", "max_length"),
)


@given(elections())
def test_reading_what_was_written_gives_the_same_election(election: Election) -> None:
    report = inspect(write(election).encode())

    assert report.errors == ()
    assert report.election == election
    assert report.election is not None
    assert list(report.election.meta) == list(election.meta)
    assert read(io.BytesIO(write(election).encode())) == election
