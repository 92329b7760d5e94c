"""What several screens ask alike: a text, a reason, a confirmation."""

from django import forms
from django.utils.translation import gettext_lazy as _


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReasonForm(forms.Form):
    """A decision on several ideas at once."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=8000,
        widget=text_area(),
        help_text=_("Public, and mailed to the author of each idea."),
    )


class RefusalForm(ReasonForm):
    """A refusal of several ideas at once, which is never without its reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=8000,
        widget=text_area(),
        help_text=_("Public, and mailed to the author of each idea."),
    )


class ConfirmForm(forms.Form):
    """A decision that cannot be undone."""

    understood = forms.BooleanField(
        label=_("I have read the above and I understand that this can't be undone."),
        error_messages={"required": _("Tick the box to confirm.")},
    )
