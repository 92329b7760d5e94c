"""Closed vocabularies of the spine."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EngagementLevel(models.TextChoices):
    """What the public's voice can change (scale after the IAP2 spectrum)."""

    INFORM = "inform", _("Information")
    CONSULT = "consult", _("Consultation")
    INVOLVE = "involve", _("Concertation")
    CO_DECIDE = "co_decide", _("Co-decision")


class LegalType(models.TextChoices):
    """The legal frame of a process; `VOLUNTARY` is CRPA L131-1 alone."""

    VOLUNTARY = "voluntary", _("Voluntary process (CRPA L131-1)")
    OPEN_CONSULTATION = "open_consultation", _("Open consultation (CRPA L132-1)")
    PRIOR_CONCERTATION = "prior_concertation", _("Prior concertation (Env. L121-16)")
    PLANNING_CONCERTATION = "planning_concertation", _("Planning concertation (Urb. L103-2)")


class ModerationMode(models.TextChoices):
    BEFORE = "before", _("Read before publication")
    AFTER = "after", _("Published at once, read afterwards")


class Step(models.TextChoices):
    """What a phase is for; what it allows is each instrument's policy."""

    COLLECT = "collect", pgettext_lazy("step", "Collect")
    EXAMINE = "examine", pgettext_lazy("step", "Examine")
    DECIDE = "decide", pgettext_lazy("step", "Decide")
    REPORT = "report", pgettext_lazy("step", "Report")
    FOLLOW = "follow", pgettext_lazy("step", "Follow up")


class Visibility(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Awaiting moderation")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Not published")
    HIDDEN = "hidden", _("Hidden")
    WITHDRAWN = "withdrawn", _("Withdrawn by its author")


class Source(models.TextChoices):
    ONLINE = "online", _("Online")
    PAPER = "paper", _("Paper")
    EVENT = "event", _("Meeting")
    IMPORT = "import", _("Import")


class ModerationGround(models.TextChoices):
    """Grounds of a restriction: the statement of reasons of DSA article 17 cites one of them."""

    OFF_TOPIC = "off_topic", _("Off the subject of the process")
    PERSONAL_DATA = "personal_data", _("Discloses personal data")
    INSULT = "insult", _("Insulting, defamatory or hateful")
    ILLEGAL = "illegal", _("Contrary to the law")
    ADVERTISING = "advertising", _("Advertising or spam")
    DUPLICATE = "duplicate", _("Already submitted")
    CAMPAIGNING = "campaigning", _("Electoral campaigning")
    OTHER = "other", _("Other breach of the rules")


class ReportState(models.TextChoices):
    OPEN = "open", _("To examine")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class AttachmentKind(models.TextChoices):
    IMAGE = "image", _("Picture")
    DOCUMENT = "document", _("Document")


class AnswerStatus(models.TextChoices):
    RECEIVED = "received", _("Received")
    UNDER_STUDY = "under_study", _("Under study")
    RETAINED = "retained", _("Retained")
    PARTLY = "partly", _("Partly retained")
    PLANNED = "planned", pgettext_lazy("status of an answer", "Planned")
    DONE = "done", pgettext_lazy("status of an answer", "Done")
    NOT_RETAINED = "not_retained", _("Not retained")
