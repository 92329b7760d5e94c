"""The demonstration's two participatory maps: real geography, invented contributions."""

import datetime
import io
import itertools
import random
import uuid
from decimal import Decimal

from django.conf import settings
from django.core.management import call_command

from config.demonstration import map_examples
from config.demonstration.map_drawings import draw
from config.demonstration.map_examples import ExampleCategory, ExampleWish
from config.demonstration.toulouse import CONTACT
from maps.choices import TerritoryKind
from maps.models import Territory
from participation.accounts.models import User
from participation.core.choices import EngagementLevel, ModerationMode, Step, Visibility
from participation.core.models import (
    Activity,
    Comment,
    Contribution,
    Directorate,
    OfficialAnswer,
    Phase,
    Process,
    Support,
)
from participation.mapping.choices import QuestionKind, TraceKind
from participation.mapping.models import (
    MapCategory,
    MapContribution,
    ParticipatoryMap,
    Question,
    QuestionAnswer,
    Trace,
    Zone,
)
from participation.mapping.services import circle, point_on
from participation.mapping.tasks import recount_cells

_INVENTED = (
    "Carte imaginée pour la démonstration : les contours sont réels, les contributions et leurs "
    "auteurs sont inventés."
)
_TERMS = (
    "Toute personne peut contribuer, habitante ou de passage. Les contributions sont lues après "
    "leur publication et reçoivent une réponse motivée des services avant la fin de l’étude. Un "
    "bilan est publié à la clôture."
)
_SOURCE = "IGN Admin Express 2018, INSEE/DGCL 2026"
_STATES = ("received", "received", "received", "under_study", "planned", "done", "not_retained")


def toulouse(
    city: Territory, officer: User, residents: list[User], at: datetime.datetime
) -> ParticipatoryMap:
    """Bike lanes and cool islands in the 20 districts of Toulouse, open now."""
    known = ParticipatoryMap.objects.filter(activity__slug="velo-et-fraicheur").first()
    if known is not None:
        return known
    map = _open_map(
        title="Vélo et fraîcheur : la carte de vos envies",
        slug="velo-et-fraicheur",
        summary="Pistes qui manquent, endroits dangereux, places trop chaudes : montrez-les.",
        owner="Direction des mobilités",
        perimeter=city,
        parts=TerritoryKind.NEIGHBOURHOOD,
        without_account=True,
        at=at,
        days=(-40, 50),
    )
    places = list(city.children.order_by("code"))
    _fill(map, map_examples.TOULOUSE, places, 4, officer, residents, at)
    centre = places[0].geometry.point_on_surface
    Zone.objects.create(
        map=map,
        name="Secteur à l’étude en 2027",
        description="Le plan de circulation de ce secteur sera revu avec ses habitants.",
        geometry=circle(centre, 600),
    )
    return map


def guingamp_paimpol(
    officer: User, residents: list[User], at: datetime.datetime
) -> ParticipatoryMap:
    """What the residents of 57 communes wish, being studied."""
    known = ParticipatoryMap.objects.filter(activity__slug="guingamp-paimpol").first()
    if known is not None:
        return known
    area = _agglomeration()
    map = _open_map(
        title="57 communes, une carte : Guingamp-Paimpol",
        slug="guingamp-paimpol",
        summary="Se déplacer, se retrouver, protéger : ce que proposent les habitants.",
        owner="Conseil citoyen et participation",
        perimeter=area,
        parts=TerritoryKind.MUNICIPALITY,
        without_account=False,
        at=at,
        days=(-120, -20),
    )
    places = list(area.children.order_by("code"))
    _fill(map, map_examples.GUINGAMP_PAIMPOL, places, 2, officer, residents, at)
    return map


def _agglomeration() -> Territory:
    folder = settings.SITE_DIR / "demo" / "territories"
    epci = Territory.objects.filter(kind=TerritoryKind.INTERCOMMUNALITY, code="200067981")
    if not epci.exists():
        call_command(
            "import_territories",
            folder / "epci-guingamp-paimpol.geojson",
            kind=TerritoryKind.INTERCOMMUNALITY,
            population_field="populationMunicipale",
            source=_SOURCE,
            verbosity=0,
            stdout=io.StringIO(),
        )
        call_command(
            "import_territories",
            folder / "communes-guingamp-paimpol.geojson",
            kind=TerritoryKind.MUNICIPALITY,
            parent_code="200067981",
            parent_kind=TerritoryKind.INTERCOMMUNALITY,
            source=_SOURCE,
            verbosity=0,
            stdout=io.StringIO(),
        )
    return epci.get()


def _open_map(
    *,
    title: str,
    slug: str,
    summary: str,
    owner: str,
    perimeter: Territory,
    parts: str,
    without_account: bool,
    at: datetime.datetime,
    days: tuple[int, int],
) -> ParticipatoryMap:
    directorate, _created = Directorate.objects.get_or_create(name=owner)
    process = Process.objects.create(
        title=title,
        slug=slug,
        summary=summary,
        owner=directorate,
        engagement_level=EngagementLevel.INVOLVE,
        perimeter=perimeter,
        terms=_TERMS,
        contact_name="Mission participation",
        contact_email=CONTACT,
        moderation=ModerationMode.AFTER,
        published_at=at - datetime.timedelta(days=-days[0] + 5),
    )
    activity = Activity.objects.create(process=process, kind="map", title=title, slug=slug)
    opens, closes = (at + datetime.timedelta(days=day) for day in days)
    steps = (
        (Step.COLLECT, "Contributions", opens, closes),
        (Step.EXAMINE, "Étude par les services", closes, closes + datetime.timedelta(days=90)),
        (Step.REPORT, "Bilan", closes + datetime.timedelta(days=90), None),
    )
    for step, name, start, end in steps:
        Phase.objects.create(activity=activity, step=step, title=name, period=(start, end))
    return ParticipatoryMap.objects.create(
        activity=activity,
        parts=parts,
        introduction=summary,
        without_account=without_account,
        source_note=_INVENTED,
    )


def _fill(
    map: ParticipatoryMap,
    examples: tuple[ExampleCategory, ...],
    places: list[Territory],
    copies: int,
    officer: User,
    residents: list[User],
    at: datetime.datetime,
) -> None:
    """`copies` contributions in each place, of every category in turn, always the same ones."""
    rng = random.Random(map.activity.slug)  # noqa: S311 -- invented contributions, not a draw
    authors = itertools.cycle(residents)
    choices = itertools.cycle(_spread(map, examples))
    for place in places:
        for number in range(copies):
            category, example = next(choices)
            sent = at - datetime.timedelta(days=rng.randint(1, 35), minutes=rng.randint(0, 1400))
            row = _send(map, category, example, place, next(authors), sent, number, rng)
            _discuss(row, example, residents, sent, at, rng)
            _answer(row, officer, map.activity.process.owner, at, rng)
    recount_cells(map.pk)


def _spread(
    map: ParticipatoryMap, examples: tuple[ExampleCategory, ...]
) -> list[tuple[MapCategory, ExampleWish]]:
    """Every category's examples, one category after the other."""
    made = [(_category(map, position, each), each) for position, each in enumerate(examples)]
    turns = itertools.zip_longest(*([(row, wish) for wish in each.wishes] for row, each in made))
    return [pair for turn in turns for pair in turn if pair is not None]


def _category(map: ParticipatoryMap, position: int, example: ExampleCategory) -> MapCategory:
    row = MapCategory.objects.create(
        map=map,
        name=example.name,
        description=example.description,
        icon=example.icon,
        tone=example.tone,
        pattern=example.pattern,
        shapes=list(example.shapes),
        position=position,
    )
    for order, question in enumerate(example.questions):
        Question.objects.create(
            category=row,
            kind=question.kind,
            label=question.label,
            is_required=question.required,
            options=list(question.options),
            minimum=0 if question.kind == QuestionKind.NUMBER else None,
            maximum=100 if question.kind == QuestionKind.NUMBER else None,
            position=order,
        )
    return row


def _send(
    map: ParticipatoryMap,
    category: MapCategory,
    example: ExampleWish,
    place: Territory,
    author: User,
    sent: datetime.datetime,
    number: int,
    rng: random.Random,
) -> MapContribution:
    drawing = draw(example.shape, place, rng)
    spine = Contribution.objects.create(
        activity=map.activity,
        author=author,
        title=example.title.format(place=place.short_name or place.name)[:120],
        body=example.body,
        territory=place,
        point=point_on(drawing),
        visibility=Visibility.PUBLISHED,
        submission_key=uuid.uuid5(uuid.NAMESPACE_URL, f"{map.activity.slug}-{place.pk}-{number}"),
        created_at=sent,
        submitted_at=sent,
        published_at=sent,
    )
    row = MapContribution.objects.create(
        contribution=spine, map=map, category=category, geometry=drawing
    )
    for question in category.questions.all():
        _reply(row, question, rng)
    return row


def _reply(row: MapContribution, question: Question, rng: random.Random) -> None:
    answer = QuestionAnswer(contribution=row, question=question)
    match question.kind:
        case QuestionKind.CHOICE:
            answer.chosen = [rng.choice(question.options)]
        case QuestionKind.CHOICES:
            answer.chosen = sorted(rng.sample(question.options, rng.randint(1, 2)))
        case QuestionKind.NUMBER:
            answer.number = Decimal(rng.randint(2, 12))
        case _:
            return
    answer.save()


def _discuss(
    row: MapContribution,
    example: ExampleWish,
    residents: list[User],
    sent: datetime.datetime,
    at: datetime.datetime,
    rng: random.Random,
) -> None:
    others = [person for person in residents if person.pk != row.contribution.author_id]
    fans = rng.sample(others, min(len(others), rng.randint(0, 25)))
    Support.objects.bulk_create(
        Support(contribution=row.contribution, user=fan, created_at=sent) for fan in fans
    )
    comments = [
        Comment(
            contribution=row.contribution,
            author=rng.choice(others),
            body=text,
            created_at=min(at, sent + datetime.timedelta(hours=rng.randint(2, 20))),
        )
        for text in example.comments
    ]
    Comment.objects.bulk_create(comments)
    row.contribution.supports_count = len(fans)
    row.contribution.comments_count = len(comments)
    row.contribution.save(update_fields=["supports_count", "comments_count"])


def _answer(
    row: MapContribution,
    officer: User,
    directorate: Directorate,
    at: datetime.datetime,
    rng: random.Random,
) -> None:
    state = rng.choice(_STATES)
    if state == "received":
        return
    answered = at - datetime.timedelta(hours=rng.randint(1, 20))
    OfficialAnswer.objects.create(
        contribution=row.contribution,
        status=state,
        body=rng.choice(map_examples.ANSWERS[state]),
        directorate=directorate,
        answered_by=officer,
        answered_at=answered,
    )
    row.state = state
    row.save(update_fields=["state"])
    Trace.objects.create(
        contribution=row,
        kind=TraceKind.ANSWERED,
        state_before="received",
        state_after=state,
        actor=officer,
        happened_at=answered,
    )
