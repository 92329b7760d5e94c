"""Paris: the real follow-up of 1,341 winning projects, 2014-2024 (ODbL, Ville de Paris)."""

import csv
import datetime
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from participation.accounts.models import User
from participation.budgets.choices import DeliveryStep, ProjectState
from participation.budgets.models import (
    Budget,
    Category,
    Delivery,
    DeliveryUpdate,
    Envelope,
    Project,
)
from participation.core.choices import EngagementLevel, Step
from participation.core.models import Activity, Directorate, Phase, Process

SLUG = "paris-2014-2024"
NOTE = (
    "Données réelles de la Ville de Paris : jeu « bp_projets_gagnants », opendata.paris.fr, licence "
    "ODbL 1.0. Démonstration : ce site n’est pas celui de la Ville de Paris."
)
_STEPS = {
    "NON DEMARRE": DeliveryStep.NOT_STARTED,
    "PROCEDURES": DeliveryStep.PROCEDURES,
    "ETUDES": DeliveryStep.STUDIES,
    "TRAVAUX": DeliveryStep.WORKS,
    "LIVRAISON": DeliveryStep.HANDOVER,
    "FIN": DeliveryStep.COMPLETED,
    "ABANDONNÉ": DeliveryStep.ABANDONED,
}
_DATED = (
    ("lancement_procedure_projet", DeliveryStep.PROCEDURES, "Procédures engagées"),
    ("debut_etudes_projet", DeliveryStep.STUDIES, "Études engagées"),
    ("lancement_travaux_projet", DeliveryStep.WORKS, "Travaux engagés"),
    ("ouverture_projet", DeliveryStep.COMPLETED, "Ouverture au public"),
)
_ICONS = {
    "Cadre de vie": "home",
    "Education et jeunesse": "school",
    "Environnement": "trees",
    "Culture et patrimoine": "palette",
    "Solidarités": "heart",
    "Sport": "ball-football",
    "Mobilités": "bike",
}
# The data gives winners and amounts, no vote: the phases are those of the whole decade.
_SINCE = datetime.datetime(2014, 1, 1, tzinfo=datetime.UTC)


@transaction.atomic
def followed_up(officer: User, at: datetime.datetime) -> Budget:
    """The delivery board at size; made once."""
    known = Budget.objects.filter(activity__slug=SLUG).first()
    if known:
        return known
    with (Path(settings.DEMO_DATA_DIR) / "paris" / "paris_bp_projets_gagnants.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        rows = list(csv.DictReader(stream))
    budget = _make_budget(at)
    envelopes = _make_envelopes(budget, rows)
    categories = _named(Category, {row["thematique"] for row in rows}, budget=budget)
    for category in categories.values():
        category.icon = _ICONS.get(category.name, "tag")
        category.save(update_fields=["icon"])
    directorates = {
        name: Directorate.objects.get_or_create(name=f"{name} (Paris)")[0]
        for name in sorted({row["direction_pilote_projet"] for row in rows} - {""})
    }
    projects = Project.objects.bulk_create(
        [_project(row, envelopes[row["edition"]], categories) for row in rows]
    )
    deliveries = Delivery.objects.bulk_create(
        [_delivery(row, project, directorates) for row, project in zip(rows, projects, strict=True)]
    )
    DeliveryUpdate.objects.bulk_create(
        update
        for row, delivery in zip(rows, deliveries, strict=True)
        for update in _updates(row, delivery, at)
    )
    budget.results_published_at = at
    budget.save(update_fields=["results_published_at"])
    return budget


def _make_budget(at: datetime.datetime) -> Budget:
    process = Process.objects.create(
        title="Budget participatif de Paris : suivi des projets 2014-2024",
        slug=SLUG,
        summary="1 341 projets lauréats, 768 millions d’euros : où en est leur réalisation ?",
        owner=Directorate.objects.get_or_create(name="Ville de Paris (données ouvertes)")[0],
        engagement_level=EngagementLevel.CO_DECIDE,
        terms=NOTE,
        contact_email="participation@demo.example",
        published_at=at,
    )
    activity = Activity.objects.create(
        process=process, kind="budget", title=process.title, slug=SLUG
    )
    Phase.objects.create(
        activity=activity,
        step=Step.FOLLOW,
        title="Réalisation",
        period=DateTimeTZRange(_SINCE, None),
    )
    return Budget.objects.create(
        activity=activity, edition=2024, comments_open=False, source_note=NOTE
    )


def _make_envelopes(budget: Budget, rows: list[dict[str, str]]) -> dict[str, Envelope]:
    editions = sorted({row["edition"] for row in rows})
    made = {}
    for position, edition in enumerate(editions):
        amount = sum(_cents(row) for row in rows if row["edition"] == edition)
        made[edition] = Envelope.objects.create(
            budget=budget,
            name=f"Édition {edition}",
            slug=f"edition-{edition}",
            amount_cents=amount,
            position=position,
        )
    return made


def _named(model: type[Category], names: set[str], *, budget: Budget) -> dict[str, Category]:
    made = model.objects.bulk_create(
        [model(budget=budget, name=name, position=n) for n, name in enumerate(sorted(names - {""}))]
    )
    return {category.name: category for category in made}


def _cents(row: dict[str, str]) -> int:
    return int(row["budget_global_projet_gagnant"]) * 100


def _project(row: dict[str, str], envelope: Envelope, categories: dict[str, Category]) -> Project:
    number = int(row["arrondissement_projet_gagnant"] or 0)
    district = ""
    if 1 <= number <= 20:
        district = "1er arrondissement" if number == 1 else f"{number}e arrondissement"
    if row["echelle_bp"].endswith("parisien"):
        district = "Tout Paris"
    return Project(
        envelope=envelope,
        reference=row["identifiant_projet_gagnant"],
        title=row["titre_projet_gagnant"][:250],
        category=categories.get(row["thematique"]),
        district=district,
        address=row["adresse_projet_gagnant"][:250],
        cost_cents=_cents(row),
        state=ProjectState.WINNER,
    )


def _delivery(
    row: dict[str, str], project: Project, directorates: dict[str, Directorate]
) -> Delivery:
    step = _STEPS[row["avancement_projet"]]
    return Delivery(
        project=project,
        step=step,
        directorate=directorates.get(row["direction_pilote_projet"]),
        expected_on=_month(row["livraison_prev_projet"]),
        completed_on=_month(row["ouverture_projet"]) if step == DeliveryStep.COMPLETED else None,
        abandonment_reason="Motif non publié dans les données ouvertes."
        if step == DeliveryStep.ABANDONED
        else "",
    )


def _updates(row: dict[str, str], delivery: Delivery, at: datetime.datetime) -> Any:
    for column, step, title in _DATED:
        if (day := _month(row[column])) and day <= at.date():
            yield DeliveryUpdate(
                delivery=delivery, step=step, happened_on=day, title=title, created_at=at
            )


def _month(text: str) -> datetime.date | None:
    """`2018-04` as the first day of that month; None for anything else ("NON PRÉVUE", empty)."""
    return datetime.date.fromisoformat(f"{text}-01") if re.fullmatch(r"\d{4}-\d\d", text) else None
