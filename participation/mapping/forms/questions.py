"""A map's questions as fields of a form, and what is typed in them as replies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.core.models import Attachment
from participation.mapping.choices import QuestionKind
from participation.mapping.models import Question, QuestionAnswer
from participation.mapping.services import Photo, Reply

PICTURE_TYPES = "image/jpeg,image/png,image/webp,image/gif"
TEXT_LIMIT, LONG_TEXT_LIMIT = 250, 4000
_RADIOS = 6
"""Up to that many answers to choose from are all shown."""


def name_of(question: Question) -> str:
    """The field's name in the form."""
    return f"question_{question.pk}"


def field_for(question: Question, *, required: bool, has_photo: bool = False) -> forms.Field:
    """The field of a question; `has_photo`: one is joined already, so none need be sent."""
    label, help_text = question.label, question.help_text
    common: dict[str, Any] = {
        "label": label,
        "help_text": help_text,
        "required": required,
        "error_messages": {"required": _("Answer this question.")},
    }
    options = [(option, option) for option in question.options]
    match question.kind:
        case QuestionKind.LONG_TEXT:
            area = forms.Textarea(attrs={"rows": 4, "data-counter": ""})
            return forms.CharField(max_length=LONG_TEXT_LIMIT, widget=area, **common)
        case QuestionKind.CHOICE if len(options) <= _RADIOS:
            if not required:
                options = [("", str(_("No answer"))), *options]
            return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)
        case QuestionKind.CHOICE:
            return forms.ChoiceField(choices=[("", str(_("Choose an answer"))), *options], **common)
        case QuestionKind.CHOICES:
            return forms.MultipleChoiceField(
                choices=options, widget=forms.CheckboxSelectMultiple, **common
            )
        case QuestionKind.NUMBER:
            return forms.DecimalField(
                min_value=question.minimum,
                max_value=question.maximum,
                max_digits=18,
                decimal_places=4,
                localize=True,  # a decimal comma is understood
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                **common,
            )
        case QuestionKind.PHOTO:
            widget = forms.FileInput(attrs={"accept": PICTURE_TYPES})
            common["required"] = required and not has_photo
            return forms.FileField(allow_empty_file=True, widget=widget, **common)
        case _:
            return forms.CharField(max_length=TEXT_LIMIT, **common)


def initial_of(answer: QuestionAnswer) -> Any:
    """What was answered, as the field shows it."""
    match answer.question.kind:
        case QuestionKind.NUMBER:
            return answer.number.normalize() if answer.number is not None else None
        case QuestionKind.CHOICE:
            return answer.chosen[0] if answer.chosen else ""
        case QuestionKind.CHOICES:
            return answer.chosen
        case QuestionKind.PHOTO:
            return None
    return answer.text


def reply_of(question: Question, value: Any, *, joined: Attachment | None = None) -> Reply:
    """What was typed, as the services take it; `joined`: the photo sent before, when kept."""
    match question.kind:
        case QuestionKind.NUMBER:
            return Reply(question=question, number=value)
        case QuestionKind.CHOICE:
            return Reply(question=question, chosen=(value,) if value else ())
        case QuestionKind.CHOICES:
            return Reply(question=question, chosen=tuple(value or ()))
        case QuestionKind.PHOTO:
            photo = Photo(file=value, alt=question.label[:250]) if value else joined
            return Reply(question=question, photo=photo)
    return Reply(question=question, text=(value or "").strip())
