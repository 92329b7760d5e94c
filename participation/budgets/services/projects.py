"""Projects before the vote: write them, put them on the ballot."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.budgets import policies
from participation.budgets.choices import ProjectState
from participation.budgets.models import Category, Envelope, Poll, Project
from participation.budgets.services.pictures import clean_picture
from participation.core import audit
from participation.core.verdict import ALLOWED, Verdict, refuse


@dataclass(frozen=True, slots=True)
class ProjectData:
    """A project as its officer writes it. The cost in integer cents."""

    title: str
    description: str
    cost_cents: int
    category: Category | None = None
    territory: Territory | None = None
    point: Point | None = None
    address: str = ""
    image_alt: str = ""


@transaction.atomic
def create_project(
    *,
    envelope: Envelope,
    data: ProjectData,
    actor: Any,
    at: datetime.datetime,
    reference: str = "",
    image: UploadedFile | None = None,
) -> Project:
    """Write a project that comes from no idea; it gets the next number unless one is given.

    Codes: `not_allowed`, `envelope_sealed`, `title_missing`, `cost_missing`,
    `cost_over_envelope`, `number_taken`, `other_budget`.
    """
    envelope = Envelope.objects.select_for_update(of=("self",), no_key=True).get(pk=envelope.pk)
    verdict = policies.may_study(user=actor) & _unsealed(envelope) & _complete(envelope, data)
    if reference and envelope.projects.filter(reference=reference).exists():
        verdict &= refuse(
            "number_taken", _("The number %(number)s is already taken."), number=reference
        )
    verdict.or_refuse()
    project = Project(envelope=envelope, reference=reference or next_reference(envelope=envelope))
    _fill(project, data)
    if image is not None:
        project.image = clean_picture(image)
    project.save()
    audit.record(action="parvis.project.create", instance=project, actor=actor)
    return project


@transaction.atomic
def edit_project(
    *,
    project: Project,
    data: ProjectData,
    actor: Any,
    at: datetime.datetime,
    image: UploadedFile | None = None,
    remove_image: bool = False,
) -> Project:
    """Change a project. Once its ballot is sealed only its picture and place may change.

    Codes: `not_allowed`, `project_sealed`, `title_missing`, `cost_missing`,
    `cost_over_envelope`, `other_budget`.
    """
    locked = (
        Project.objects.select_for_update(of=("self",), no_key=True)
        .select_related("envelope")
        .get(pk=project.pk)
    )
    verdict = policies.may_study(user=actor) & _complete(locked.envelope, data)
    before = (locked.title, locked.description, locked.cost_cents, locked.territory_id)
    _fill(locked, data)
    after = (locked.title, locked.description, locked.cost_cents, locked.territory_id)
    if before != after and locked.state != ProjectState.DRAFT and not _unsealed(locked.envelope):
        verdict &= refuse(
            "project_sealed",
            _(
                "The ballot is sealed: the title, the description, the cost and the neighbourhood "
                "of its projects can't change any more."
            ),
        )
    verdict.or_refuse()
    if image is not None:
        locked.image = clean_picture(image)
    elif remove_image:
        locked.image = ""
    locked.save()
    audit.record(action="parvis.project.edit", instance=locked, actor=actor)
    return locked


@transaction.atomic
def put_on_ballot(
    *, projects: Iterable[Project], actor: Any, at: datetime.datetime
) -> list[Project]:
    """Put drafts on the ballot of their envelope. Codes: `not_allowed`, `envelope_sealed`,
    `not_a_draft`, `cost_over_envelope`."""
    return _move(projects, ProjectState.DRAFT, ProjectState.ON_BALLOT, actor)


@transaction.atomic
def take_off_ballot(
    *, projects: Iterable[Project], actor: Any, at: datetime.datetime
) -> list[Project]:
    """Take projects back into preparation, before the sealing. Codes: `not_allowed`,
    `envelope_sealed`, `not_on_ballot`."""
    return _move(projects, ProjectState.ON_BALLOT, ProjectState.DRAFT, actor)


def next_reference(*, envelope: Envelope) -> str:
    """The next free number of an envelope, `001` and so on; hold the envelope's lock."""
    taken = set(envelope.projects.values_list("reference", flat=True))
    number = len(taken) + 1
    while f"{number:03d}" in taken:
        number += 1
    return f"{number:03d}"


def _move(projects: Iterable[Project], before: str, after: str, actor: Any) -> list[Project]:
    policies.may_study(user=actor).or_refuse()
    keys = {project.pk for project in projects}
    # The envelope first: a sealing under way locks it, and we then see its poll.
    envelopes = {
        envelope.pk: envelope
        for envelope in Envelope.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=Project.objects.filter(pk__in=keys).order_by().values("envelope"))
        .order_by("pk")
    }
    locked = list(
        Project.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=keys)
        .order_by("pk")
    )
    verdict = ALLOWED
    for envelope in envelopes.values():
        verdict &= _unsealed(envelope)
    for project in locked:
        if project.state != before:
            code = "not_a_draft" if before == ProjectState.DRAFT else "not_on_ballot"
            verdict &= refuse(
                code,
                _("“%(title)s” is “%(state)s”."),
                title=project.title,
                state=ProjectState(project.state).label,
            )
        if project.cost_cents > envelopes[project.envelope_id].amount_cents:
            verdict &= _too_expensive()
    verdict.or_refuse()
    for project in locked:
        project.state = after
        project.save(update_fields=["state"])
        audit.record(action=f"parvis.project.{after}", instance=project, actor=actor)
    return locked


def _fill(project: Project, data: ProjectData) -> None:
    project.title = data.title.strip()
    project.description = data.description.strip()
    project.cost_cents = data.cost_cents
    project.category = data.category
    project.territory = data.territory
    project.point = data.point
    project.address = data.address.strip()
    project.image_alt = data.image_alt.strip()


def _unsealed(envelope: Envelope) -> Verdict:
    if Poll.objects.filter(pk=envelope.pk).exists():
        return refuse("envelope_sealed", _("The ballot of this envelope is sealed."))
    return ALLOWED


def _complete(envelope: Envelope, data: ProjectData) -> Verdict:
    verdict = ALLOWED
    if not data.title.strip():
        verdict &= refuse("title_missing", _("Give the project a title."))
    if data.cost_cents <= 0:
        verdict &= refuse("cost_missing", _("Give the project its cost."))
    elif data.cost_cents > envelope.amount_cents:
        verdict &= _too_expensive()
    if data.category is not None and data.category.budget_id != envelope.budget_id:
        verdict &= refuse("other_budget", _("This category is not one of this budget."))
    return verdict


def _too_expensive() -> Verdict:
    return refuse(
        "cost_over_envelope",
        _("This project costs more than its whole envelope: it could never be selected."),
    )
