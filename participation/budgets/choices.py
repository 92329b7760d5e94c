"""Vocabularies of participatory budgets (domain §6.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BallotKind(models.TextChoices):
    APPROVAL = "approval", _("A number of projects")
    KNAPSACK = "knapsack", _("Projects within the money of the envelope")


class OnMisfit(models.TextChoices):
    """What counting does at the first project that no longer fits in the money left."""

    SKIP = "skip", _("Skip it and go on")
    STOP = "stop", _("Stop there")


class Remainder(models.TextChoices):
    """What becomes of money left in the districts' quotas."""

    LOST = "lost", _("It is not spent")
    POOLED = "pooled", _("It is pooled for the whole envelope")
    NEXT_EDITION = "next_edition", _("It goes to the next edition")


class ProjectOrder(models.TextChoices):
    RANDOM = "random", _("Random, different for each voter")
    FIXED = "fixed", _("The same for all")


class IdeaState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("idea", "Received")
    ELIGIBLE = "eligible", _("Eligible")
    INELIGIBLE = "ineligible", _("Not eligible")
    IN_STUDY = "in_study", _("Under study")
    FEASIBLE = "feasible", _("Feasible")
    INFEASIBLE = "infeasible", _("Not feasible")
    MERGED = "merged", _("Merged into a project")


class FeasibilityVerdict(models.TextChoices):
    PENDING = "pending", _("Pending")
    FEASIBLE = "feasible", _("Feasible")
    INFEASIBLE = "infeasible", _("Not feasible")


class ProjectState(models.TextChoices):
    DRAFT = "draft", _("In preparation")
    ON_BALLOT = "on_ballot", _("On the ballot")
    WINNER = "winner", _("Selected")
    NOT_SELECTED = "not_selected", _("Not selected")


class DeliveryStep(models.TextChoices):
    """Steps of delivery, after the wording of Paris's open data."""

    NOT_STARTED = "not_started", _("Not started")
    PROCEDURES = "procedures", _("Procedures")
    STUDIES = "studies", _("Studies")
    WORKS = "works", _("Works")
    HANDOVER = "handover", _("Handover")
    COMPLETED = "completed", _("Completed")
    ABANDONED = "abandoned", _("Abandoned")


class Channel(models.TextChoices):
    WEB = "web", _("Online")
    PAPER = "paper", _("Paper")
