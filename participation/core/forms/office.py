"""Forms of the back office. They gather what a service needs; the service judges it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from participation.core.choices import AnswerStatus, ModerationGround
from participation.core.models import Directorate, Phase, Process


class RestrictionForm(forms.Form):
    """Why a text is refused or hidden: both parts are sent to its author."""

    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[("", "—"), *ModerationGround.choices],
        required=False,
        widget=forms.Select(attrs={"class": "w-w-full"}),
    )
    statement = forms.CharField(
        label=_("Statement of reasons"),
        help_text=_(
            "Sent to the author. Name the passage and the rule, in words that you would say to "
            "their face."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
    )


class AssessmentForm(forms.Form):
    """Why a text is hidden, told to its author, or stays, told to the person who reported it."""

    statement = forms.CharField(
        label=_("Your reasons"),
        help_text=_(
            "If you hide the text, they go to its author; if you dismiss the report, to the person "
            "who reported."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


class AnswerForm(forms.Form):
    """The authority's public answer to a contribution."""

    status = forms.ChoiceField(label=_("Status"), choices=AnswerStatus.choices)
    directorate = forms.ModelChoiceField(
        label=_("Directorate"), queryset=Directorate.objects.all(), required=False
    )
    body = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 8}))


class ReasonForm(forms.Form):
    """The reason of an act that the public will read."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class FactorRemovalForm(forms.Form):
    """How somebody who lost their second factor was recognised."""

    reason = forms.CharField(
        label=_("How did you make sure of who is asking?"),
        max_length=500,
        help_text=_(
            "For instance: “came to the town hall with an identity card”, or “called back on the "
            "number that we already had”. No number or copy of a document. Kept in the history of "
            "the account."
        ),
        error_messages={
            "required": _("Say how you made sure of who is asking: nothing was removed.")
        },
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ProcessForm(WagtailAdminModelForm):
    """A process's own words and rules; its state changes by acts, never here."""

    class Meta:
        model = Process
        fields = [
            "title",
            "slug",
            "summary",
            "owner",
            "engagement_level",
            "legal_type",
            "perimeter",
            "terms",
            "contact_name",
            "contact_email",
            "moderation",
            "minimum_age",
            "residents_only",
            "restitution_due_on",
        ]

    def _get_validation_exclusions(self) -> set[str]:
        # Constraints that read a date of the process are checked too: the terms of a published
        # process cannot be emptied.
        return super()._get_validation_exclusions() - {"published_at", "cancelled_at"}


class PhaseForm(WagtailAdminModelForm):
    """A phase with its two dates; `reason` says why public dates change."""

    opens_at = forms.DateTimeField(label=_("Opens"), widget=AdminDateTimeInput)
    closes_at = forms.DateTimeField(
        label=_("Closes"),
        widget=AdminDateTimeInput,
        required=False,
        help_text=_("The first moment when it is closed. Empty: open until further notice."),
    )
    reason = forms.CharField(
        label=_("Why these dates change"),
        required=False,
        help_text=_("Needed once the process is published; kept in the history."),
    )

    class Meta:
        model = Phase
        fields = ["activity", "step", "title", "summary"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["opens_at"].initial = self.instance.opens_at
            self.fields["closes_at"].initial = self.instance.closes_at
            self.fields["activity"].disabled = True
