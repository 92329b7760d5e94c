"""The form of a contribution to a map."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from maps.forms import Drawing, GeometryField
from participation.core.forms import PictureWordsField
from participation.core.models import Attachment
from participation.mapping.choices import QuestionKind
from participation.mapping.forms.questions import (
    PICTURE_TYPES,
    field_for,
    initial_of,
    name_of,
    reply_of,
)
from participation.mapping.models import MapCategory, MapContribution, ParticipatoryMap, Question
from participation.mapping.services import Photo, Wish

PHOTOS = 3


class WishForm(forms.Form):
    """A contribution as its author writes and draws it; `wish()` gives what the services take."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("In a few words. 120 characters at most."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-counter": ""}),
        error_messages={"required": _("Give your contribution a title.")},
    )
    body = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=8000,
        help_text=_("What is there, what is missing, what would you like?"),
        widget=forms.Textarea(attrs={"rows": 5, "data-counter": ""}),
    )
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        map: ParticipatoryMap,
        category: MapCategory,
        as_draft: bool = False,
        with_files: bool = True,
        joined: Mapping[int, Attachment] | None = None,
        **kwargs: Any,
    ) -> None:
        """`category` comes with its questions; `as_draft` asks for nothing but a title; `joined`:
        the photos already sent, by the key of their question."""
        super().__init__(*args, **kwargs)
        self.category = category
        self.with_files = with_files
        leaving = self._ticked()
        self.joined = {
            key: photo for key, photo in (joined or {}).items() if str(photo.pk) not in leaving
        }
        self.fields["place"] = _place_field(map, category, required=not as_draft)
        self.questions: list[Question] = [
            question
            for question in category.questions.all()
            if with_files or question.kind != QuestionKind.PHOTO
        ]
        for question in self.questions:
            self.fields[name_of(question)] = field_for(
                question,
                required=question.is_required and not as_draft,
                has_photo=question.pk in self.joined,
            )
        for number in range(PHOTOS if with_files else 0):
            self.fields[f"photo_{number}"] = forms.FileField(
                label=_("Photo"),
                required=False,
                allow_empty_file=True,  # the service says what is wrong with a file
                widget=forms.FileInput(attrs={"accept": PICTURE_TYPES}),
            )
            self.fields[f"photo_{number}_alt"] = PictureWordsField(
                label=_("What does this photo show?"),
                help_text=_("Needed with a photo, for people who cannot see it."),
            )

    def clean_submission_key(self) -> uuid.UUID:
        """A key that was tampered with is replaced: nobody could mend a hidden field."""
        return read_key(self.cleaned_data["submission_key"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(PHOTOS if self.with_files else 0):
            if cleaned.get(f"photo_{number}") and not cleaned.get(f"photo_{number}_alt"):
                self.add_error(
                    f"photo_{number}_alt",
                    _("Describe the photo in a few words, for people who cannot see it."),
                )
        return cleaned

    def show_as_typed(self) -> None:
        """Show what was typed without judging it."""
        self.full_clean()
        self._errors = ErrorDict()

    @property
    def question_fields(self) -> list[dict[str, Any]]:
        """The questions' bound fields, in order, each with the photo `joined` before."""
        return [
            {"field": self[name_of(each)], "joined": self.joined.get(each.pk), "question": each}
            for each in self.questions
        ]

    @property
    def slots(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Pairs of bound fields (photo, what it shows), for the template."""
        if not self.with_files:
            return []
        return [(self[f"photo_{number}"], self[f"photo_{number}_alt"]) for number in range(PHOTOS)]

    @property
    def uploads(self) -> list[UploadedFile]:
        """The pictures received, whether or not the rest of the form is right."""
        names = [f"photo_{number}" for number in range(PHOTOS)]
        names += [name_of(each) for each in self.questions if each.kind == QuestionKind.PHOTO]
        received = (self.files.get(name) for name in names)
        return [file for file in received if isinstance(file, UploadedFile)]

    def wish(self) -> Wish:
        """What was typed, for the services; call it after `is_valid()`.

        A field in error is left empty, so that a draft can keep the others.
        """
        cleaned = self.cleaned_data
        place = cleaned.get("place")
        removed = tuple(
            int(key) for key in self._ticked() if key.isascii() and key.isdigit() and len(key) < 16
        )
        return Wish(
            title=cleaned.get("title", ""),
            body=cleaned.get("body", ""),
            category=self.category,
            geometry=place.geometry if place else None,
            territory=place.territory if place else None,
            address=place.address if place else "",
            replies=tuple(
                reply_of(each, cleaned.get(name_of(each)), joined=self.joined.get(each.pk))
                for each in self.questions
            ),
            photos=tuple(self._photos()),
            removed=removed,
        )

    def _ticked(self) -> list[str]:
        return list(self.data.getlist("remove")) if hasattr(self.data, "getlist") else []

    def _photos(self) -> list[Photo]:
        received = []
        for number in range(PHOTOS if self.with_files else 0):
            file = self.files.get(f"photo_{number}")
            if file:
                said = str(self.data.get(f"photo_{number}_alt", "")).strip()[:250]
                received.append(Photo(file=file, alt=said))
        return received


def _place_field(map: ParticipatoryMap, category: MapCategory, *, required: bool) -> GeometryField:
    """Where: what the category lets one draw, or a district, or an address."""
    perimeter = map.activity.process.perimeter
    return GeometryField(
        label=_("Where?"),
        required=required,
        geometry_kinds=category.shapes,
        perimeter=map.drawn_perimeter or perimeter,
        perimeter_name=map.activity.title if map.drawn_perimeter else "",
        kinds=(map.parts,),
        territory_label=_("District"),
    )


def read_key(text: str) -> uuid.UUID:
    """The key of a form, a new one when it means nothing."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()


def initial_for(row: MapContribution, *, category: MapCategory) -> dict[str, Any]:
    """What a contribution holds, as its form shows it. One query."""
    spine = row.contribution
    initial: dict[str, Any] = {
        "title": spine.title,
        "body": spine.body,
        "submission_key": spine.submission_key,
        "place": Drawing(geometry=row.geometry, territory=spine.territory, address=spine.address),
    }
    for answer in row.question_answers.select_related("question").order_by("pk"):
        if answer.question.category_id == category.pk:
            initial[name_of(answer.question)] = initial_of(answer)
    return initial


def joined_photos(row: MapContribution | None) -> dict[int, Attachment]:
    """The photos that answer questions, by the key of the question. One query."""
    if row is None:
        return {}
    answers = row.question_answers.filter(photo__isnull=False).select_related("photo")
    return {
        answer.question_id: answer.photo
        for answer in answers.order_by("pk")
        if answer.photo is not None
    }
