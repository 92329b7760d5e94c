"""Forms of the discussion around contributions."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.core.choices import ModerationGround


class CommentForm(forms.Form):
    """A comment, or a reply when `parent` is given. `submission_key` makes a resend harmless."""

    body = forms.CharField(
        label=_("Your comment"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-counter": True}),
        error_messages={
            "required": _("Write your comment."),
            "max_length": _("A comment holds %(limit_value)d characters at most."),
        },
    )
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)
    submission_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission_key"].initial = uuid.uuid4


class ReportForm(forms.Form):
    """A notice under article 16: what is wrong and why; who sends it, for visitors."""

    ground = forms.ChoiceField(
        label=_("What is wrong?"), choices=ModerationGround.choices, widget=forms.RadioSelect
    )
    explanation = forms.CharField(
        label=_("Explain in a few words"),
        help_text=_("Say which passage, and why it breaks the rules or the law."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    reporter_name = forms.CharField(label=_("Your name"), max_length=120)
    reporter_email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("To confirm receipt and tell you the decision. It is not published."),
    )
    good_faith = forms.BooleanField(
        label=_("I believe in good faith that what I write here is accurate and complete.")
    )

    def __init__(self, *args: Any, is_member: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_member:
            del self.fields["reporter_name"], self.fields["reporter_email"]
        else:
            self.fields["reporter_name"].widget.attrs["autocomplete"] = "name"
            self.fields["reporter_email"].widget.attrs["autocomplete"] = "email"
