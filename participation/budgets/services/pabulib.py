"""Whole elections in and out in Pabulib's format: what is exported recounts to the same result."""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.text import slugify

from maps.models import Territory
from participation.budgets.choices import BallotKind, OnMisfit, ProjectState, Remainder
from participation.budgets.models import Ballot, Budget, Category, Envelope, Poll, Project
from participation.budgets.services.vote import count, freeze
from participation.core import audit
from participation.core.choices import EngagementLevel, Step
from participation.core.models import Activity, Directorate, Phase, Process
from participation.core.queries import database_for_exports
from participation.methods import pabulib
from participation.methods.digest import sha256_hex

_BALLOT_COLUMNS = "COPY budgets_ballot (poll_id, code, choices, points, channel) FROM STDIN"


@dataclass(frozen=True, slots=True)
class NamedElection:
    """One file: the name its envelope will have, and what it holds."""

    name: str
    election: pabulib.Election


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """How the activity made out of Pabulib files is called and counted. Amounts in cents."""

    title: str
    slug: str
    edition: int
    owner: Directorate
    contact_email: str
    process: Process | None = None
    perimeter: Territory | None = None
    districts: Sequence[Territory] = ()
    summary: str = ""
    terms: str = ""
    source_note: str = ""
    district_quota_cents: int | None = None
    on_misfit: str = OnMisfit.SKIP
    remainder: str = Remainder.POOLED
    minimum_votes: int = 1
    category_icons: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def import_elections(
    *, plan: ImportPlan, elections: Sequence[NamedElection], actor: Any, at: datetime.datetime
) -> Budget:
    """Make one counted, published participatory budget; each election is one of its envelopes.

    Ballots stay anonymous: no roll is made, a ballot's code is the file's voter identifier.
    All or nothing: an error anywhere leaves the database as it was.
    """
    budget = _make_budget(plan, elections, at)
    categories = _make_categories(budget, plan, elections)
    districts = _DistrictFinder(plan.districts)
    for position, named in enumerate(elections):
        envelope = _make_envelope(budget, named, position, districts)
        keys = _make_projects(envelope, named.election, categories, districts)
        poll = freeze(
            envelope=envelope,
            public_key=b"",
            tie_seed=sha256_hex(f"{plan.slug}|{envelope.slug}"),
            at=at,
        )
        _copy_ballots(poll, named.election, keys)
        count(poll=poll, at=at)
    budget.results_published_at = at
    budget.save(update_fields=["results_published_at"])
    audit.record(
        action="parvis.budget.import", instance=budget.activity, actor=actor, files=len(elections)
    )
    return budget


def export_election(*, envelope: Envelope) -> Iterator[str]:
    """The lines of the `.pb` file of one counted envelope: anyone recounts from it."""
    database = database_for_exports()
    projects = list(
        envelope.projects.using(database)
        .exclude(state=ProjectState.DRAFT)
        .select_related("category", "territory")
        .order_by("pk")
    )
    references = {project.pk: project.reference for project in projects}
    ballots = Ballot.objects.using(database).filter(poll_id=envelope.pk).order_by("code")
    with_points = ballots.filter(points__isnull=False).exists()
    votes = tuple(
        pabulib.Vote(
            voter_id=code,
            choices=tuple(references[key] for key in choices),
            points=tuple(points) if points is not None else None,
        )
        for code, choices, points in ballots.values_list("code", "choices", "points").iterator(
            chunk_size=5000
        )
    )
    election = pabulib.Election(
        meta=_meta(envelope, len(projects), len(votes), with_points=with_points),
        projects=tuple(_exported(project) for project in projects),
        votes=votes,
    )
    return pabulib.lines(election)


def _make_budget(
    plan: ImportPlan, elections: Sequence[NamedElection], at: datetime.datetime
) -> Budget:
    first = elections[0].election
    process = plan.process or Process.objects.create(
        title=plan.title,
        slug=plan.slug,
        summary=plan.summary,
        owner=plan.owner,
        engagement_level=EngagementLevel.CO_DECIDE,
        perimeter=plan.perimeter,
        terms=plan.terms or plan.source_note,
        contact_email=plan.contact_email,
        published_at=at,
    )
    activity = Activity.objects.create(
        process=process, kind="budget", title=plan.title, slug=plan.slug
    )
    begins, ends = vote_period(first)
    Phase.objects.bulk_create(
        [
            Phase(activity=activity, step=step, title=title, period=DateTimeTZRange(start, end))
            for step, title, start, end in (
                (Step.DECIDE, "Vote", begins, ends),
                (Step.FOLLOW, "Réalisation", ends, None),
            )
        ]
    )
    return Budget.objects.create(
        activity=activity,
        edition=plan.edition,
        ballot_kind=BallotKind.APPROVAL,
        min_choices=max(1, _whole(first.meta.get("min_length")) or 1),
        max_choices=_whole(first.meta.get("max_length")),
        on_misfit=plan.on_misfit,
        district_quota_cents=plan.district_quota_cents,
        remainder=plan.remainder,
        minimum_votes=plan.minimum_votes,
        comments_open=False,
        source_note=plan.source_note,
    )


def _make_categories(
    budget: Budget, plan: ImportPlan, elections: Sequence[NamedElection]
) -> dict[str, Category]:
    names = dict.fromkeys(
        project.category
        for named in elections
        for project in named.election.projects
        if project.category
    )
    made = Category.objects.bulk_create(
        [
            Category(
                budget=budget,
                name=name[:80],
                icon=plan.category_icons.get(name, "tag"),
                position=position,
            )
            for position, name in enumerate(sorted(names))
        ]
    )
    return dict(zip(sorted(names), made, strict=True))


def _make_envelope(
    budget: Budget, named: NamedElection, position: int, districts: "_DistrictFinder"
) -> Envelope:
    election = named.election
    return Envelope.objects.create(
        budget=budget,
        name=named.name[:120],
        slug=slugify(named.name)[:80] or f"enveloppe-{position + 1}",
        territory=districts.find(named.name),
        amount_cents=election.budget_cents,
        position=position,
        source={"meta": dict(election.meta)},
    )


def _make_projects(
    envelope: Envelope,
    election: pabulib.Election,
    categories: dict[str, Category],
    districts: "_DistrictFinder",
) -> dict[str, int]:
    made = Project.objects.bulk_create(
        [
            Project(
                envelope=envelope,
                reference=project.id[:40],
                title=(project.name or project.id)[:250],
                category=categories.get(project.category),
                district=(project.district or project.neighborhood)[:200],
                territory=districts.find(project.district or project.neighborhood)
                or envelope.territory,
                cost_cents=project.cost_cents,
                state=ProjectState.ON_BALLOT,
                source=_beyond_our_columns(project),
            )
            for project in election.projects
        ]
    )
    return {project.reference: project.pk for project in made}


def _beyond_our_columns(project: pabulib.Project) -> dict[str, Any]:
    kept = {
        "neighborhood": project.neighborhood,
        "latitude": str(project.latitude) if project.latitude is not None else "",
        "longitude": str(project.longitude) if project.longitude is not None else "",
        "extra": dict(project.extra),
    }
    return {name: value for name, value in kept.items() if value}


def _copy_ballots(poll: Poll, election: pabulib.Election, keys: dict[str, int]) -> None:
    """Fill the box with COPY, in the order of codes: nothing of the file's order remains."""
    with connection.cursor() as cursor, cursor.copy(_BALLOT_COLUMNS) as copy:
        copy.set_types(["int8", "varchar", "int8[]", "int4[]", "varchar"])
        for vote in sorted(election.votes, key=lambda vote: vote.voter_id):
            paper = vote.extra.get("voting_method") == "paper"
            copy.write_row(
                (
                    poll.pk,
                    vote.voter_id[:64],
                    [keys[choice] for choice in vote.choices],
                    list(vote.points) if vote.points is not None else None,
                    "paper" if paper else "web",
                )
            )


def vote_period(election: pabulib.Election) -> tuple[datetime.datetime, datetime.datetime]:
    """The half-open period of the vote; `date_begin` and `date_end` are days, or only years.

    Raises `ValueError` when neither form is there or the end comes before the beginning.
    """
    begins = _first_day(election.meta["date_begin"])
    ends = _day_after(election.meta["date_end"])
    if ends <= begins:
        raise ValueError("date_end comes before date_begin")
    return begins, ends


def _first_day(text: str) -> datetime.datetime:
    if re.fullmatch(r"\d{4}", text):
        return _midnight(datetime.date(int(text), 1, 1))
    return _midnight(_parse_day(text))


def _day_after(text: str) -> datetime.datetime:
    if re.fullmatch(r"\d{4}", text):
        return _midnight(datetime.date(int(text) + 1, 1, 1))
    return _midnight(_parse_day(text) + datetime.timedelta(days=1))


def _parse_day(text: str) -> datetime.date:
    for pattern in ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.datetime.strptime(text, pattern).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a date")


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), ZoneInfo(settings.TIME_ZONE))


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


class _DistrictFinder:
    """Match "19 - Casselardit / …" to a territory: by its number, or else by its name."""

    def __init__(self, territories: Iterable[Territory]) -> None:
        self._by_number: dict[int, Territory] = {}
        self._by_name: dict[str, Territory] = {}
        for territory in territories:
            self._by_name[_plain(territory.name)] = territory
            if number := re.search(r"(\d+)$", territory.code):
                self._by_number[int(number[1])] = territory

    def find(self, label: str) -> Territory | None:
        if numbered := re.match(r"(\d+)\s*-", label):
            return self._by_number.get(int(numbered[1]))
        return self._by_name.get(_plain(label))


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _exported(project: Project) -> pabulib.Project:
    source = project.source
    neighborhood = source.get("neighborhood", "")
    district = project.district or (project.territory.name if project.territory else "")
    return pabulib.Project(
        id=project.reference,
        cost_cents=project.cost_cents,
        votes=project.votes,
        name=project.title,
        category=project.category.name if project.category else "",
        district="" if neighborhood == district else district,
        neighborhood=neighborhood,
        selected=None if project.rank is None else int(project.state == ProjectState.WINNER),
        extra=source.get("extra", {}),
    )


def _meta(envelope: Envelope, projects: int, votes: int, *, with_points: bool) -> dict[str, str]:
    """META of an export: an imported file's own, or ours; counts are always those of the rows."""
    budget = envelope.budget
    counts = {"num_projects": str(projects), "num_votes": str(votes)}
    if imported := envelope.source.get("meta"):
        return {**imported, **counts}
    vote_phase = budget.activity.phases.filter(step=Step.DECIDE).order_by("period").first()
    zone = ZoneInfo(settings.TIME_ZONE)
    begins = vote_phase.opens_at.astimezone(zone) if vote_phase else None
    ends = vote_phase.closes_at.astimezone(zone) if vote_phase and vote_phase.closes_at else None
    perimeter = budget.activity.process.perimeter
    meta = {
        "description": budget.activity.title,
        "country": "France",
        "unit": perimeter.name if perimeter else budget.activity.process.title,
        "subunit": envelope.territory.name if envelope.territory else "",
        "instance": str(budget.edition),
        **counts,
        "budget": pabulib.format_amount(envelope.amount_cents),
        "vote_type": "cumulative" if with_points else "approval",
        "rule": "greedy" if budget.on_misfit == OnMisfit.SKIP else "greedy-no-skip",
        "date_begin": f"{begins:%d.%m.%Y}" if begins else str(budget.edition),
        "date_end": f"{ends - datetime.timedelta(seconds=1):%d.%m.%Y}"
        if ends
        else str(budget.edition),
        "min_length": str(budget.min_choices),
        "max_length": str(budget.max_choices or ""),
        "currency": "EUR",
    }
    return {name: value for name, value in meta.items() if value}
