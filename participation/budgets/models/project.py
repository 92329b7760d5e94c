"""Projects: what is put to the vote, made from one or several ideas."""

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.budgets.choices import ProjectState
from participation.budgets.models.budget import Category, Envelope
from participation.budgets.models.idea import Idea
from participation.budgets.querysets import ProjectQuerySet

# Once a poll is sealed, what stands on its ballot is what was published: nothing joins, leaves
# or changes it. Only the count may then turn `on_ballot` into its result, and a count after a
# judgment change this result, once.
_FROZEN_ONCE_SEALED = """
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft'
           AND EXISTS (SELECT 1 FROM budgets_poll WHERE envelope_id = NEW.envelope_id) THEN
            RAISE EXCEPTION 'no project may join a sealed ballot' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft'
           AND EXISTS (SELECT 1 FROM budgets_poll WHERE envelope_id = OLD.envelope_id) THEN
            RAISE EXCEPTION 'no project may leave a sealed ballot'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (OLD.state <> 'draft' OR NEW.state <> 'draft')
       AND EXISTS (
           SELECT 1 FROM budgets_poll WHERE envelope_id IN (OLD.envelope_id, NEW.envelope_id)
       )
       AND (
           ROW(OLD.envelope_id, OLD.reference, OLD.title, OLD.description, OLD.cost_cents,
               OLD.territory_id, OLD.exclusive_set)
           IS DISTINCT FROM
           ROW(NEW.envelope_id, NEW.reference, NEW.title, NEW.description, NEW.cost_cents,
               NEW.territory_id, NEW.exclusive_set)
           OR (OLD.state <> NEW.state
               AND NOT (OLD.state = 'on_ballot' AND NEW.state IN ('winner', 'not_selected'))
               AND NOT (OLD.state IN ('winner', 'not_selected')
                        AND NEW.state IN ('winner', 'not_selected')
                        AND EXISTS (SELECT 1 FROM budgets_addedballot
                                    WHERE poll_id = NEW.envelope_id)
                        AND NOT EXISTS (SELECT 1 FROM budgets_revision
                                        WHERE poll_id = NEW.envelope_id)))
       ) THEN
        RAISE EXCEPTION 'the project is frozen: its poll is sealed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Project(models.Model):
    """An item of the ballot. `votes`, `points` and `rank` are filled by the tally."""

    envelope = models.ForeignKey(
        Envelope, verbose_name=_("envelope"), on_delete=models.PROTECT, related_name="projects"
    )
    reference = models.CharField(_("number"), max_length=40)
    title = models.CharField(_("title"), max_length=250)
    description = models.TextField(_("description"), blank=True)
    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
    )
    territory = models.ForeignKey(
        Territory,
        verbose_name=_("neighbourhood"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    point = models.PointField(_("place on the map"), srid=4326, null=True, blank=True)
    address = models.CharField(_("address or place"), max_length=250, blank=True)
    cost_cents = models.PositiveBigIntegerField(_("cost (cents)"))
    image = models.ImageField(_("picture"), upload_to="projects/", blank=True)
    image_alt = models.CharField(_("description of the picture"), max_length=250, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ProjectState.choices, default=ProjectState.DRAFT
    )
    votes = models.PositiveIntegerField(_("votes"), null=True, blank=True, editable=False)
    points = models.PositiveIntegerField(_("points"), null=True, blank=True, editable=False)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True, editable=False)
    district = models.CharField(
        _("neighbourhood, as its source names it"), max_length=200, blank=True
    )
    # Projects of one envelope that bear the same word here exclude one another.
    exclusive_set = models.CharField(_("excludes the projects of"), max_length=40, blank=True)
    source = models.JSONField(default=dict, blank=True, editable=False)
    ideas = models.ManyToManyField(Idea, through="ProjectIdea", related_name="projects")
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="parvis_fr")
        + SearchVector("description", weight="B", config="parvis_fr"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["envelope", "reference"]
        indexes = [
            GinIndex(fields=["search"], name="project_search"),
            models.Index(fields=["envelope", "state", "rank"], name="project_result"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["envelope", "reference"], name="project_number_once"),
            models.CheckConstraint(
                condition=Q(cost_cents__gt=0),
                name="project_has_cost",
                violation_error_message=_("The cost must be above zero."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ProjectState.values), name="project_state_known"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="project_frozen_once_sealed",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_FROZEN_ONCE_SEALED,
            )
        ]

    def __str__(self) -> str:
        return self.title


class ProjectIdea(models.Model):
    """The trail of a merge: an idea goes into one project, for good."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sources")
    idea = models.OneToOneField(Idea, on_delete=models.PROTECT, related_name="merge")
    merged_at = models.DateTimeField(_("merged"))

    class Meta:
        verbose_name = _("idea of a project")
        verbose_name_plural = _("ideas of projects")
        ordering = ["merged_at", "pk"]

    def __str__(self) -> str:
        return f"{self.idea} → {self.project}"
