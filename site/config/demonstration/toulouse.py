"""Toulouse: 2024 finished, 2022 in delivery, 2026 open for votes, 2027 collecting ideas."""

import datetime
import itertools
import random
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from config.demonstration import electors
from config.demonstration import ideas as example_ideas
from config.demonstration.board import forget_former_poll, hold_vote
from maps.models import Territory
from participation.accounts.models import User
from participation.budgets.choices import (
    BallotKind,
    DeliveryStep,
    OnMisfit,
    ProjectState,
    Remainder,
)
from participation.budgets.models import (
    Budget,
    Category,
    Envelope,
    Project,
)
from participation.budgets.services.delivery import advance_delivery, start_deliveries
from participation.budgets.services.ideas import IdeaData, submit_idea
from participation.budgets.services.pabulib import ImportPlan, NamedElection, import_elections
from participation.budgets.services.setup import EnvelopePlan, create_budget
from participation.core.choices import Step, Visibility
from participation.core.models import Directorate, Support
from participation.core.services import add_comment, publish
from participation.core.services.calendar import PhasePlan
from participation.methods import pabulib

SOURCE = (
    "Données réelles : bulletins anonymes et projets du budget participatif de Toulouse, réunis par "
    "Pabulib (pabulib.org ; arXiv 2012.06539). Démonstration : ce site n’est pas celui de la Ville."
)
ICONS = {
    "Nature en ville": "trees",
    "Nature en ville et biodiversité": "trees",
    "Cadre de vie": "home",
    "Éco-mobilité et transports": "bike",
    "Adaptation au changement climatique": "sun",
    "Solidarités": "heart",
}
TERMS = (
    "Le budget participatif est ouvert à toute personne de 16 ans et plus qui habite Toulouse, sans "
    "condition de nationalité. Chaque personne vote une fois par édition et peut changer d’avis "
    "jusqu’à la clôture.\n\n"
    "Une idée est recevable si elle sert l’intérêt général, relève des compétences de la commune, "
    "concerne l’investissement et respecte le plafond de coût. Les services étudient chaque idée et "
    "publient leur réponse, motivée."
)
CONTACT = "participation@demo.example"
EURO = 100


def _owner() -> Directorate:
    return Directorate.objects.get_or_create(
        name="Direction de la participation citoyenne", defaults={"email": CONTACT}
    )[0]


def _elections(pattern: str) -> list[NamedElection]:
    folder = Path(settings.DEMO_DATA_DIR) / "toulouse"
    found = []
    for file in sorted(folder.glob(pattern)):
        with file.open("rb") as stream:
            election = pabulib.read(stream)
        found.append(NamedElection(election.meta.get("subunit") or "Toulouse", election))
    return sorted(
        found, key=lambda named: int(named.name.split(" - ")[0]) if named.name[0].isdigit() else 0
    )


def _import(
    city: Territory,
    officer: User,
    at: datetime.datetime,
    *,
    edition: int,
    pattern: str,
    **plan: Any,
) -> Budget:
    slug = f"toulouse-{edition}"
    known = Budget.objects.filter(activity__slug=slug).first()
    if known:
        return known
    return import_elections(
        plan=ImportPlan(
            title=f"Budget participatif de Toulouse {edition}",
            slug=slug,
            edition=edition,
            owner=_owner(),
            contact_email=CONTACT,
            perimeter=city,
            districts=tuple(city.children.order_by("code")),
            terms=TERMS,
            category_icons=ICONS,
            **plan,
        ),
        elections=_elections(pattern),
        actor=officer,
        at=at,
    )


def finished_2024(city: Territory, officer: User, at: datetime.datetime) -> Budget:
    """183 projects, 7,260 ballots; the rule that gives the 114 winners that the city announced."""
    return _import(
        city,
        officer,
        at,
        edition=2024,
        pattern="France_Toulouse_2024.pb",
        summary="183 projets, 8 millions d’euros, 7 260 votants : les résultats de l’édition 2024.",
        source_note=SOURCE,
        district_quota_cents=400_000 * EURO,
        on_misfit=OnMisfit.SKIP,
        remainder=Remainder.POOLED,
    )


def delivered_2022(city: Territory, officer: User, at: datetime.datetime) -> Budget:
    """Twenty districts, one envelope each; winners at invented stages of delivery."""
    budget = _import(
        city,
        officer,
        at,
        edition=2022,
        pattern="France_Toulouse_2022_*.pb",
        summary="199 projets dans 20 quartiers : suivez la réalisation des projets de 2022.",
        source_note=SOURCE
        + " Le décompte affiché donne 400 000 € à chaque quartier et passe au projet suivant quand "
        "un projet ne tient plus dans la somme restante ; la Ville, qui suivait une autre règle, "
        "avait annoncé 83 lauréats. Les étapes de réalisation affichées ici sont des exemples.",
    )
    if not Project.objects.filter(envelope__budget=budget, delivery__isnull=False).exists():
        start_deliveries(budget=budget, actor=officer, at=at)
        _advance(budget, officer, at)
    return budget


_ADVANCES = (
    (),
    (DeliveryStep.PROCEDURES,),
    (DeliveryStep.PROCEDURES, DeliveryStep.STUDIES),
    (DeliveryStep.PROCEDURES, DeliveryStep.STUDIES, DeliveryStep.WORKS),
    (DeliveryStep.STUDIES, DeliveryStep.WORKS, DeliveryStep.HANDOVER, DeliveryStep.COMPLETED),
    (DeliveryStep.STUDIES, DeliveryStep.WORKS, DeliveryStep.HANDOVER, DeliveryStep.COMPLETED),
)
_NEWS = {
    DeliveryStep.PROCEDURES: "Les démarches administratives sont engagées",
    DeliveryStep.STUDIES: "Les études sont lancées avec les services et l’auteur de l’idée",
    DeliveryStep.WORKS: "Les travaux commencent",
    DeliveryStep.HANDOVER: "Les travaux sont finis, la réception est en cours",
    DeliveryStep.COMPLETED: "Le projet est terminé et ouvert à tous",
}


def _advance(budget: Budget, officer: User, at: datetime.datetime) -> None:
    winners = Project.objects.filter(envelope__budget=budget, state=ProjectState.WINNER)
    for number, project in enumerate(winners.select_related("delivery").order_by("pk")):
        steps = _ADVANCES[number % len(_ADVANCES)]
        for place, step in enumerate(steps):
            advance_delivery(
                delivery=project.delivery,
                step=step,
                happened_on=datetime.date(2023, 2, 1)
                + datetime.timedelta(days=150 * place + 3 * number),
                title=_NEWS[step],
                body="Étape d’exemple pour la démonstration.",
                image=None,
                image_alt="",
                reason="",
                actor=officer,
                at=at,
            )


def voting_2026(
    city: Territory, officer: User, residents: list[User], at: datetime.datetime
) -> Budget:
    """The 2024 projects that were not selected, put to a new vote that is open now."""
    known = Budget.objects.filter(activity__slug="toulouse-2026").first()
    if known:
        forget_former_poll(known)
        hold_vote(known, officer, residents, at)
        return known
    budget = create_budget(
        title="Budget participatif de Toulouse 2026",
        slug="toulouse-2026",
        edition=2026,
        owner=_owner(),
        perimeter=city,
        contact_name="Mission budget participatif",
        contact_email=CONTACT,
        terms=TERMS,
        phases=[
            _phase(Step.COLLECT, "Dépôt des idées", at, -200, -140),
            _phase(Step.EXAMINE, "Étude des idées", at, -140, -14),
            _phase(Step.DECIDE, "Vote", at, -14, 21),
            _phase(Step.REPORT, "Résultats", at, 21, 60),
            _phase(Step.FOLLOW, "Réalisation", at, 60, None),
        ],
        envelopes=[EnvelopePlan(name="Toulouse", amount_cents=3_000_000 * EURO, territory=None)],
        categories=sorted(
            Category.objects.filter(budget__edition=2024).values_list("name", flat=True).distinct()
        ),
        ballot_kind=BallotKind.APPROVAL,
        min_choices=1,
        max_choices=3,
        actor=officer,
        at=at,
    )
    _publish(budget, at, "Votez pour vos projets : 3 millions d’euros, jusqu’à trois choix.", 16)
    budget.source_note = SOURCE + (
        " L’édition 2026 est imaginée pour la démonstration à partir des projets de 2024 non retenus."
    )
    budget.save(update_fields=["source_note"])
    _set_icons(budget)
    _copy_projects(budget, budget.envelopes.get())
    electors.prepare(budget.activity, officer, at)
    hold_vote(budget, officer, residents, at)
    return budget


def _copy_projects(budget: Budget, envelope: Envelope) -> None:
    categories = {category.name: category for category in budget.categories.all()}
    past: QuerySet[Project] = Project.objects.filter(
        envelope__budget__edition=2024, state=ProjectState.NOT_SELECTED
    ).select_related("category")
    Project.objects.bulk_create(
        [
            Project(
                envelope=envelope,
                reference=project.reference,
                title=project.title,
                description="Ce projet, étudié par les services en 2024, n’avait pas été retenu au "
                "vote. Il est de nouveau proposé.",
                category=categories.get(project.category.name) if project.category else None,
                territory=project.territory,
                district=project.district,
                point=project.territory.geometry.point_on_surface if project.territory else None,
                cost_cents=project.cost_cents,
                state=ProjectState.ON_BALLOT,
            )
            for project in past.select_related("territory").order_by("pk")
        ]
    )


def collecting_2027(
    city: Territory, officer: User, residents: list[User], at: datetime.datetime
) -> Budget:
    """An edition that takes ideas now."""
    known = Budget.objects.filter(activity__slug="toulouse-2027").first()
    if known:
        return known
    budget = create_budget(
        title="Budget participatif de Toulouse 2027",
        slug="toulouse-2027",
        edition=2027,
        owner=_owner(),
        perimeter=city,
        contact_name="Mission budget participatif",
        contact_email=CONTACT,
        terms=TERMS,
        phases=[
            _phase(Step.COLLECT, "Dépôt des idées", at, -30, 45),
            _phase(Step.EXAMINE, "Étude des idées", at, 45, 160),
            _phase(Step.DECIDE, "Vote", at, 160, 190),
            _phase(Step.REPORT, "Résultats", at, 190, 220),
            _phase(Step.FOLLOW, "Réalisation", at, 220, None),
        ],
        envelopes=[EnvelopePlan(name="Toulouse", amount_cents=8_000_000 * EURO, territory=None)],
        categories=[*sorted(example_ideas.CATEGORIES)],
        ballot_kind=BallotKind.APPROVAL,
        min_choices=1,
        max_choices=3,
        actor=officer,
        at=at,
    )
    _publish(budget, at, "Proposez vos idées pour votre quartier et pour toute la ville.", 16)
    budget.idea_max_cost_cents = 400_000 * EURO
    budget.source_note = (
        "Édition imaginée pour la démonstration : les idées sont inventées, leurs auteurs aussi."
    )
    budget.save(update_fields=["idea_max_cost_cents", "source_note"])
    _set_icons(budget)
    _submit_examples(budget, city, residents, officer, at)
    return budget


def _submit_examples(
    budget: Budget,
    city: Territory,
    residents: list[User],
    officer: User,
    at: datetime.datetime,
) -> None:
    categories = {category.name: category for category in budget.categories.all()}
    districts = {district.code: district for district in city.children.all()}
    rng = random.Random(2027)  # noqa: S311 -- invented supports, not a draw
    authors = itertools.cycle(residents)
    for number, example in enumerate(example_ideas.IDEAS):
        district = districts[example.district]
        idea = submit_idea(
            budget=budget,
            author=next(authors),
            data=IdeaData(
                title=example.title,
                body=example.body,
                category=categories[example.category],
                territory=district,
                point=district.geometry.point_on_surface,
                address=example.address,
                estimated_cost_cents=example.cost and example.cost * EURO,
            ),
            submission_key=uuid.uuid5(uuid.NAMESPACE_URL, f"parvis-demo-idea-{number}"),
            at=at - datetime.timedelta(days=28 - number, hours=number),
        )
        contribution = idea.contribution
        if contribution.visibility != Visibility.PUBLISHED:
            publish(contribution=contribution, actor=officer, at=at)
        fans = rng.sample(residents, min(len(residents), example.supports))
        Support.objects.bulk_create(
            [Support(contribution=contribution, user=fan, created_at=at) for fan in fans]
        )
        contribution.supports_count = len(fans)
        contribution.comments_count = len(example.comments)
        contribution.save(update_fields=["supports_count", "comments_count"])
        for place, text in enumerate(example.comments):
            add_comment(
                contribution=contribution,
                author=residents[(number * 7 + place + 1) % len(residents)],
                body=text,
                parent=None,
                submission_key=uuid.uuid5(
                    uuid.NAMESPACE_URL, f"parvis-demo-comment-{number}-{place}"
                ),
                at=at - datetime.timedelta(days=10 - place),
            )


def _phase(step: Step, title: str, at: datetime.datetime, start: int, end: int | None) -> PhasePlan:
    """A phase from `start` to `end` days around `at`, on whole days."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return PhasePlan(
        step=step,
        title=title,
        opens_at=day + datetime.timedelta(days=start),
        closes_at=None if end is None else day + datetime.timedelta(days=end),
    )


def _publish(budget: Budget, at: datetime.datetime, summary: str, minimum_age: int) -> None:
    process = budget.activity.process
    process.summary = summary
    process.minimum_age = minimum_age
    process.residents_only = True
    process.published_at = at
    process.save()


def _set_icons(budget: Budget) -> None:
    for category in budget.categories.all():
        category.icon = ICONS.get(category.name, "tag")
        category.save(update_fields=["icon"])
