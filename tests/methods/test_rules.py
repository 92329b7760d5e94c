"""The rules by name, and how a file and texts become options."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from participation.methods.pabulib import Election, read
from participation.methods.tally import (
    RULES,
    Candidate,
    GreedyOptions,
    Profile,
    SettingError,
    UnknownRuleError,
    UnsupportedRuleError,
    ballot_rule_of,
    compare,
    count,
    oddities,
    plan_of,
    profile_of,
    rule_named,
)
from participation.methods.tally.comparison import voters_without_winner
from participation.methods.tally.settings import split
from participation.methods.validity import check_ballot


@pytest.fixture
def election(village: bytes) -> Election:
    return read(village)


def with_meta(election: Election, **meta: str) -> Election:
    return replace(election, meta={**election.meta, **meta})


def plan(election: Election, *options: str, **named: Any) -> Any:
    return plan_of(election, settings=split(options), **named)


def test_a_name_settles_its_options() -> None:
    lot = {"A": 1}
    assert rule_named("greedy-no-skip").options(lot=lot).as_dict()["on_misfit"] == "stop"
    with pytest.raises(ValueError, match="greedy-no-skip means on_misfit=stop"):
        rule_named("greedy-no-skip").options(lot=lot, on_misfit="skip")
    with pytest.raises(ValueError, match="greedy-no-skip means"):
        count(
            rule="greedy-no-skip",
            candidates=[Candidate("A", 1)],
            profile=Profile(()),
            budget=1,
            options=GreedyOptions(lot=lot),
        )


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownRuleError, match="greedy-no-skip"):
        rule_named("geedy")


def test_published_options_count_again_under_every_name(election: Election) -> None:
    for name in RULES:
        options = ("exclusive=bench,well",) if name == "greedy-exclusive" else ()
        if name == "greedy-threshold":
            options = ("minimum_votes=2",)
        first = plan(election, *options, rule=name)
        result = first.count(election)
        assert result.rule == name
        again = count(
            rule=result.rule,
            candidates=[Candidate(item.id, item.cost_cents) for item in election.projects],
            profile=profile_of(election),
            budget=election.budget_cents,
            options=json.loads(result.to_json())["options"],
        )
        assert again.to_json() == result.to_json()


def test_every_option_can_be_written(election: Election) -> None:
    found = plan(
        election,
        "group_by=district",
        "group_budgets=Les Essarts:200.50,Bourg:300",
        "on_misfit=stop",
        "remainder=city-wide",
        "remainder_on_misfit=skip",
        "minimum_winners=1",
        "minimum_votes=2",
        "minimum_share=12.5%",
        "minimum_cost_share=1/3",
        "exclusive=bench,well",
        "exclusive=swing,hedge",
        "tie_chain=higher_cost,lot",
        "lot=arch,hedge,swing,well,bench",
    )

    assert found.options == GreedyOptions(
        group_budgets={"Bourg": 30_000, "Les Essarts": 20_050},
        on_misfit="stop",
        remainder="pooled",
        remainder_on_misfit="skip",
        minimum_winners={"Bourg": 1, "Les Essarts": 1},
        minimum_votes=2,
        minimum_share=Fraction(1, 8),
        minimum_cost_share=Fraction(1, 3),
        exclusive=(("bench", "well"), ("swing", "hedge")),
        tie_chain=("higher_cost", "lot"),
        lot={"arch": 1, "hedge": 2, "swing": 3, "well": 4, "bench": 5},
    )
    assert list(found.options.group_budgets) == ["Bourg", "Les Essarts"]
    assert found.reading() == {"group_by": "district", "rank_points": None, "lot_seed": None}


def test_one_amount_is_for_each_group(election: Election) -> None:
    found = plan(election, "group_by=district", "group_budget=400")
    assert found.options.group_budgets == {"Bourg": 40_000, "Les Essarts": 40_000}
    pairs = 'group_budgets={"Bourg": 12.5}'
    assert plan(election, "group_by=district", pairs).options.group_budgets == {"Bourg": 1_250}


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ("on_misfit", "not_key_value"),
        ("=stop", "not_key_value"),
        ("on_misfits=stop", "unknown_option"),
        ("on_misfit=jump", "bad_choice"),
        ("minimum_votes=-1", "bad_whole"),
        ("minimum_votes=many", "bad_whole"),
        ("minimum_share=half", "bad_ratio"),
        ("minimum_share=1/0", "bad_ratio"),
        ("tie_chain=lowest,lot", "bad_choice"),
        ("tie_chain=lower_cost,,lot", "bad_list"),
        ("lot=bench,well", "bad_lot"),
        ("group_by=colour", "bad_choice"),
        ("group_by=category", "empty_column"),
        ("group_budget=100", "no_groups"),
        ("rank_points=3,2,1", "not_ranked"),
    ],
)
def test_an_option_that_cannot_be_read_is_named(election: Election, option: str, code: str) -> None:
    with pytest.raises(SettingError) as caught:
        plan(election, option)
    assert caught.value.code == code
    assert str(caught.value)


@pytest.mark.parametrize(
    ("option", "code"),
    [
        ("group_budgets=Bourg:lots", "bad_amount"),
        ("group_budgets=Bourg", "bad_pairs"),
        ("group_budgets={Bourg}", "bad_pairs"),
        ("group_budgets=Ailleurs:3", "unknown_group"),
        ("group_budgets=Bourg:1,Bourg:2", "bad_pairs"),
    ],
)
def test_groups_that_cannot_be_read_are_named(election: Election, option: str, code: str) -> None:
    with pytest.raises(SettingError) as caught:
        plan(election, "group_by=district", option)
    assert caught.value.code == code


def test_an_option_is_given_once(election: Election) -> None:
    with pytest.raises(SettingError) as caught:
        plan(election, "on_misfit=skip", "on_misfit=stop")
    assert caught.value.code == "option_twice"
    with pytest.raises(SettingError) as caught:
        plan(election, "on_misfit=skip", rule="greedy-no-skip")
    assert caught.value.code == "settled_by_name"


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        ({"rule": "unknown"}, "rule_unknown"),
        ({"rule": "greedy-custom"}, "rule_of_its_own"),
        ({"rule": "greedy-exclusive"}, "exclusions_missing"),
        ({"rule": "greedy-threshold"}, "threshold_missing"),
        ({"rule": "greedy", "min_project_score_threshold": "a few"}, "bad_threshold"),
        ({"rule": "Unknown"}, "rule_unknown"),
        ({"rule": "plurality"}, "no_such_rule"),
        ({"rule": ""}, "no_such_rule"),
    ],
)
def test_a_rule_that_the_file_does_not_settle_is_refused_by_name(
    election: Election, meta: dict[str, str], code: str
) -> None:
    with pytest.raises(UnsupportedRuleError) as caught:
        plan_of(with_meta(election, **meta))
    assert (caught.value.rule, caught.value.code) == (meta["rule"], code)


@pytest.mark.parametrize("name", ["greedy", "greedy-no-skip", "equalshares/add1", "phragmen"])
def test_capitals_and_blanks_do_not_hide_a_rule(election: Election, name: str) -> None:
    written = plan_of(with_meta(election, rule=f" {name.upper()} "))

    assert written == plan_of(with_meta(election, rule=name))


def test_what_the_file_leaves_unsaid_may_be_said(election: Election) -> None:
    exclusive = with_meta(election, rule="greedy-exclusive")
    assert plan(exclusive, "exclusive=bench,well").options.exclusive == (("bench", "well"),)
    threshold = with_meta(election, rule="greedy-threshold")
    assert plan(threshold, "minimum_votes=4").options.minimum_votes == 4
    stated = with_meta(threshold, min_project_score_threshold="4.0")
    assert plan(stated).options.minimum_votes == 4
    assert plan(with_meta(election, rule="unknown"), rule="greedy").rule == "greedy"


def test_the_lot_is_drawn_from_the_seed(election: Election) -> None:
    default, other = plan(election), plan(election, seed="2026")
    assert (default.seed, other.seed) == ("parvis", "2026")
    assert default.options.lot != other.options.lot


def test_envelopes_of_categories_are_those_of_the_file(election: Election) -> None:
    categories = ("green", "green", "play", "play", "green")
    projects = tuple(
        replace(project, category=category)
        for project, category in zip(election.projects, categories, strict=True)
    )
    stated = with_meta(
        replace(election, projects=projects),
        categories="green,play",
        budget_per_category="300,400",
    )
    found = plan(stated)

    assert found.group_by == "category"
    assert found.options.group_budgets == {"green": 30_000, "play": 40_000}
    assert found.options.remainder == "pooled"
    assert plan(stated, "group_budgets=none").options.group_budgets is None
    assert plan(stated, "group_by=district").options.group_budgets is None


def test_rankings_take_the_points_that_are_given(election: Election) -> None:
    votes = tuple(vote._replace(points=None) for vote in election.votes)
    ranked = with_meta(replace(election, votes=votes), vote_type="ordinal")

    assert plan(ranked).rank_points == (3, 2, 1)
    chosen = plan(ranked, "rank_points=5,1")
    assert chosen.rank_points == (5, 1)
    # bench: first on v1, v2, v3 and v8, third on v5.
    assert chosen.count(ranked).outcome("bench").score == 20
    scored = replace(
        ranked, projects=tuple(replace(item, score=item.votes) for item in ranked.projects)
    )
    assert dict(oddities(scored, plan(scored)))["scores_differ"] > 0


def test_ranks_that_no_ballot_can_use_have_no_points(election: Election) -> None:
    votes = tuple(vote._replace(points=None) for vote in election.votes)
    ranked = with_meta(replace(election, votes=votes), vote_type="ordinal")

    endless = with_meta(ranked, max_length="99999999999")
    assert plan(endless).rank_points == tuple(range(99_999_999_999, 99_999_999_994, -1))
    assert plan(with_meta(ranked, max_length="four")).rank_points == (3, 2, 1)


def test_ballots_are_judged_by_the_bounds_of_the_file(election: Election) -> None:
    rule = ballot_rule_of(election)
    assert (rule.kind, rule.min_choices, rule.max_choices) == ("approval", 1, 3)
    knapsack = with_meta(election, max_sum_cost="700")
    assert check_ballot(("bench", "well"), ballot_rule_of(knapsack)) == ("over_budget",)
    # v1 and v5 chose the bench and the well, v4, v6 and v7 more than 700 as well, v2 too.
    assert oddities(knapsack, plan(knapsack)) == [("ballots_over_budget", 6)]
    assert oddities(election, plan(election)) == []


def test_a_comparison_says_who_gets_nothing(election: Election) -> None:
    compared = {row.label: row for row in compare(election)}

    greedy = compared["greedy"]
    assert set(greedy.result.winners) == {"bench", "swing", "hedge"}
    assert (greedy.without, greedy.ballots) == (0, 8)
    assert (greedy.empty_districts, greedy.districts) == (0, 2)
    stopped = compared["greedy-no-skip"]
    assert stopped.result.winners == ("bench", "swing")
    assert (stopped.without, stopped.empty_districts) == (0, 0)
    by_district = compared["greedy by district"].plan.options
    assert by_district.group_budgets == {"Bourg": 50_025, "Les Essarts": 50_025}
    assert voters_without_winner(profile_of(election), ["arch"]) == 7
    assert voters_without_winner(Profile.from_ballots([((), None)]), []) == 0


def test_toulouse_by_its_two_rules(election_of: Callable[[str], Election]) -> None:
    by_district = ("group_by=district", "remainder=pooled")
    election = election_of("France_Toulouse_2022")
    result = plan(election, *by_district, "group_budget=300000", "on_misfit=stop").count(election)
    assert len(result.winners) == 83
    election = election_of("France_Toulouse_2024")
    result = plan(election, *by_district, "group_budget=400000", "on_misfit=skip").count(election)
    assert len(result.winners) == 114
