"""Vocabularies of participatory budgets (domain §6.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BallotKind(models.TextChoices):
    APPROVAL = "approval", _("A number of projects")
    KNAPSACK = "knapsack", _("Projects within the money of the envelope")
    CUMULATIVE = "cumulative", _("Points to share between projects")
    ORDINAL = "ordinal", _("Projects in order of preference")
    CHOOSE_ONE = "choose_one", _("One project")


class CountingRule(models.TextChoices):
    """The rules that `participation.methods.tally` counts by."""

    GREEDY = "greedy", _("The most voted first, as long as money lasts")
    EQUAL_SHARES = "equal_shares", _("Equal shares")
    PHRAGMEN = "phragmen", _("Sequential Phragmén")


class Satisfaction(models.TextChoices):
    COST = "cost", _("The money of the projects that a voter chose")
    CARDINALITY = "cardinality", _("The number of projects that a voter chose")


class Completion(models.TextChoices):
    """What equal shares do with the money that they leave."""

    NONE = "none", _("It is not spent")
    ADD1 = "add1", _("Shares are increased little by little")
    ADD1U = "add1u", _("Shares are increased, then the most voted that fit are added")
    GREEDY = "greedy", _("The most voted that fit are added")


class Grouping(models.TextChoices):
    DISTRICT = "district", _("Neighbourhood")
    CATEGORY = "category", _("Category")


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
