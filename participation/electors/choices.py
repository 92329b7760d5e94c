"""Vocabularies of electors."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How a person may come to vote; each says how much is known of who comes."""

    ACCOUNT = "account", _("With an account and its confirmed e-mail address")
    ATTESTATION = "attestation", _("With an account and a signed statement of identity")
    SMS = "sms", _("With a code received by text message")
    LETTER = "letter", _("With a code received by letter")
    FRANCECONNECT = "franceconnect", _("With FranceConnect")
    DESK = "desk", _("In person, at a desk")


class Link(models.TextChoices):
    """What ties a person to the territory."""

    RESIDENT = "resident", _("Lives there")
    WORKER = "worker", _("Works there")
    PUPIL = "pupil", _("Studies there")


class MatchState(models.TextChoices):
    """Where a second look stands."""

    PENDING = "pending", _("To look at")
    ACCEPTED = "accepted", _("Recognised")
    REFUSED = "refused", _("Refused")


class IdentityKind(models.TextChoices):
    """What a person was recognised by. One person has at most one elector for each of them."""

    ACCOUNT = "account", _("Account")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Telephone number")
    CIVIL = "civil", _("Name and date of birth")
    FRANCECONNECT = "franceconnect", _("FranceConnect")
    ROLL_NUMBER = "roll_number", _("Number in the roll")


class PaperPolicy(models.TextChoices):
    """What a voter who already voted online may do at a desk."""

    PAPER_PREVAILS = "paper_prevails", _("The paper ballot replaces the online one")
    FIRST_COUNTS = "first_counts", _("The online ballot stays: no paper ballot is given")
