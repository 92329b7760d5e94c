"""What becomes of the winners, told step by step."""

import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from participation.accounts.models import User
from participation.budgets import policies
from participation.budgets.choices import DeliveryStep
from participation.budgets.models import Budget, Delivery, DeliveryUpdate, Idea, Project
from participation.budgets.services.pictures import clean_picture
from participation.core import audit
from participation.core.models import Activity, Contribution, Directorate
from participation.core.services import notify, notify_followers
from participation.core.verdict import refuse


@transaction.atomic
def start_deliveries(*, budget: Budget, actor: Any, at: datetime.datetime) -> list[Delivery]:
    """Open the follow-up of every winner that has none yet; the new ones.

    Codes: `not_allowed`, `results_not_published`.
    """
    verdict = policies.may_manage_delivery(user=actor)
    if budget.results_published_at is None:
        verdict &= refuse("results_not_published", policies.RESULTS_NOT_PUBLISHED)
    verdict.or_refuse()
    winners = Project.objects.winners().filter(envelope__budget=budget, delivery=None)
    deliveries = [Delivery(project=project) for project in winners.order_by("pk")]
    made = Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    audit.record(
        action="parvis.budget.start_deliveries",
        instance=budget.activity,
        actor=actor,
        count=len(made),
    )
    return made


@transaction.atomic
def plan_delivery(
    *,
    delivery: Delivery,
    directorate: Directorate | None,
    expected_on: datetime.date | None,
    actor: Any,
    at: datetime.datetime,
) -> Delivery:
    """Say who leads a delivery and when it should be ready. Codes: `not_allowed`."""
    policies.may_manage_delivery(user=actor).or_refuse()
    locked = Delivery.objects.select_for_update(of=("self",), no_key=True).get(pk=delivery.pk)
    before = locked.expected_on
    locked.directorate = directorate
    locked.expected_on = expected_on
    locked.save(update_fields=["directorate", "expected_on"])
    audit.record(
        action="parvis.delivery.plan",
        instance=locked,
        actor=actor,
        former=before.isoformat() if before else None,
        expected_on=expected_on.isoformat() if expected_on else None,
    )
    return locked


@transaction.atomic
def advance_delivery(
    *,
    delivery: Delivery,
    step: str,
    happened_on: datetime.date,
    title: str,
    body: str,
    image: UploadedFile | None,
    image_alt: str,
    reason: str,
    actor: Any,
    at: datetime.datetime,
) -> DeliveryUpdate:
    """Move a delivery to `step`, or give news within its step; followers and authors are told.

    Raises `Refused`: codes of `policies.may_advance_delivery`, `nothing_new` and those of
    `clean_picture`.
    """
    locked = (
        Delivery.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project__envelope__budget__activity__process")
        .get(pk=delivery.pk)
    )
    verdict = policies.may_advance_delivery(
        delivery=locked,
        step=step,
        reason=reason,
        happened_on=happened_on,
        has_image=image is not None,
        image_alt=image_alt,
        user=actor,
        at=at,
    )
    before = locked.step
    if before == step and image is None and not (title + body + reason).strip():
        verdict &= refuse(
            "nothing_new", _("Nothing is new: choose another step, or write a few words.")
        )
    verdict.or_refuse()
    update = DeliveryUpdate(
        delivery=locked,
        step=step,
        happened_on=happened_on,
        title=title.strip() or str(DeliveryStep(step).label),
        body="\n\n".join(part for part in (body.strip(), reason.strip()) if part),
        image_alt=image_alt.strip(),
        created_by=actor,
        created_at=at,
    )
    if image is not None:
        update.image = clean_picture(image)
    update.save()
    if before != step:  # news within a step leave what is known of the end
        locked.step = step
        locked.completed_on = happened_on if step == DeliveryStep.COMPLETED else None
        locked.abandonment_reason = reason.strip() if step == DeliveryStep.ABANDONED else ""
        locked.save(update_fields=["step", "completed_on", "abandonment_reason"])
    audit.record(
        action="parvis.delivery.advance",
        instance=locked,
        actor=actor,
        before=before,
        after=str(step),
    )
    _tell(locked, update, at)
    return update


def _tell(delivery: Delivery, update: DeliveryUpdate, at: datetime.datetime) -> None:
    """Authors of the ideas it comes from, then who follows these ideas or the budget."""
    project = delivery.project
    activity = project.envelope.budget.activity
    kind, key = "delivery-news", f"{update.pk}"
    path = reverse("budgets:delivery", args=[activity.slug, project.pk])
    ideas = list(
        Idea.objects.filter(projects=project).select_related("contribution").order_by("pk")
    )
    authors = User.objects.filter(contributions__idea__in=ideas, is_active=True)
    for author in authors.order_by("pk").distinct():
        with override(author.language):
            subject, body = _news(delivery, update)
            body = "\n\n".join(
                [gettext("This project comes from an idea that you submitted."), body]
            )
            notify(
                recipient=author, kind=kind, key=key, subject=subject, body=body, path=path, at=at
            )
    with override(settings.LANGUAGE_CODE):
        subject, body = _news(delivery, update)
        subjects: list[Contribution | Activity] = [idea.contribution for idea in ideas]
        for followed in (*subjects, activity):
            notify_followers(
                subject=followed,
                kind=kind,
                key=key,
                subject_line=subject,
                body=body,
                path=path,
                at=at,
            )


def _news(delivery: Delivery, update: DeliveryUpdate) -> tuple[str, str]:
    subject = gettext("“%(project)s”: %(news)s") % {
        "project": delivery.project.title,
        "news": update.title,
    }
    body = gettext("Step: %(step)s") % {"step": DeliveryStep(update.step).label}
    return subject, "\n\n".join(part for part in (body, update.body) if part)
