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


class VoidReason(models.TextChoices):
    """Why a ballot does not count."""

    UNREADABLE = "unreadable", _("The envelope could not be opened or holds no ballot")
    REPEATED_CODE = "repeated_code", _("Its ballot code is that of another ballot")
    REPEATED_PROJECT = "repeated_project", _("A project is chosen twice")
    UNKNOWN_PROJECT = "unknown_project", _("A project of the choice is not on the ballot")
    TOO_FEW = "too_few", _("Not enough projects")
    TOO_MANY = "too_many", _("Too many projects")
    OVER_BUDGET = "over_budget", _("Beyond the money of the envelope")
    WRONG_POINTS = "wrong_points", _("The points do not follow the rule")
    EMPTY = "empty", _("No project chosen")
    LIMIT = "limit", _("Beyond the limits of the ballot")
    UNCLEAR = "unclear", _("The choice cannot be read")
    MARKED = "marked", _("A mark or a name that tells who voted")
    FOREIGN = "foreign", _("Not a ballot of this vote")
    SET_ASIDE = "set_aside", _("Set aside unopened: its voter was asked to confirm and did not")


class JournalKind(models.TextChoices):
    """What happens to a poll, as its public journal says it."""

    OPEN = "open", _("The vote was sealed")
    CAST = "cast", _("A ballot was deposited")
    RECAST = "recast", _("A ballot replaced an earlier one")
    CANCEL = "cancel", _("An online ballot was cancelled by a paper one")
    PAPER = "paper", _("A voter was marked at a desk")
    UNMARK = "unmark", _("A mark at a desk was cancelled")
    CLOSE = "close", _("The vote was closed")
    COUNT = "count", _("The box was opened and counted")
    RECOUNT = "recount", _("Envelopes set aside were opened after a judgment and all was counted")
    DESTROY = "destroy", _("The keys were destroyed")


class BoardOrigin(models.TextChoices):
    """Where the secrets of a board were made, which says who could have copied them."""

    BROWSER = "browser", _("In the browser of the ceremony: the server never had the secrets")
    SERVER = "server", _("On the server, which forgot the secrets at once")
    OFFLINE = "offline", _("On a computer apart, by the command of the ceremony")


class RecordKind(models.TextChoices):
    OPENING = "opening", _("Minutes of the opening")
    COUNT = "count", _("Minutes of the count")
    REVISION = "revision", _("Minutes of the count after a judgment")
    DESTRUCTION = "destruction", _("Minutes of the destruction of the keys")


class LotState(models.TextChoices):
    KEYING = "keying", _("Being keyed")
    DIFFERING = "differing", _("To be arbitrated")
    ACCEPTED = "accepted", _("Accepted")
