"""The form of an idea."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from maps.forms import LocationField
from participation.budgets.forms.money import EuroField
from participation.budgets.models import Budget, Category
from participation.budgets.services.ideas import IdeaData
from participation.core.forms import PictureWordsField

PICTURES = 3
DOCUMENTS = 3
PICTURE_TYPES = "image/jpeg,image/png,image/webp,image/gif"
DOCUMENT_TYPES = ".pdf,.odt,.docx"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file received with its title and, for a picture, its description."""

    file: UploadedFile[bytes]
    title: str
    alt: str


class IdeaForm(forms.Form):
    """An idea as its author writes it; `idea_data()` gives what the services take."""

    title = forms.CharField(
        label=_("Title of your idea"),
        max_length=120,
        help_text=_("In a few words, what you propose. 120 characters at most."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-counter": ""}),
        error_messages={"required": _("Give your idea a title.")},
    )
    body = forms.CharField(
        label=_("Description"),
        max_length=8000,
        help_text=_("What is it about, who is it for, what would it change?"),
        widget=forms.Textarea(attrs={"rows": 8, "data-counter": ""}),
        error_messages={"required": _("Describe your idea.")},
    )
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=Category.objects.none(),
        empty_label=_("Choose a category"),
        error_messages={"required": _("Choose the category that fits best.")},
    )
    location = LocationField(label=_("Where?"), required=False)
    estimated_cost = EuroField(
        label=_("Estimated cost"),
        required=False,
        help_text=_("If you have an idea of it. The services will estimate it in any case."),
    )
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        budget: Budget,
        with_files: bool = True,
        as_draft: bool = False,
        **kwargs: Any,
    ) -> None:
        """`as_draft` asks for nothing but a title: the rest may come later."""
        super().__init__(*args, **kwargs)
        self.budget = budget
        self.with_files = with_files
        category = self.fields["category"]
        assert isinstance(category, forms.ModelChoiceField)  # noqa: S101 -- narrows the type
        category.queryset = budget.categories.all()
        category.required = not as_draft and bool(budget.categories.all())
        self.fields["body"].required = not as_draft
        location = self.fields["location"]
        assert isinstance(location, LocationField)  # noqa: S101 -- narrows the type
        location.perimeter = budget.activity.process.perimeter
        cost = self.fields["estimated_cost"]
        assert isinstance(cost, EuroField)  # noqa: S101 -- narrows the type
        cost.max_cents = budget.idea_max_cost_cents
        if with_files:
            self._add_file_fields()

    def _add_file_fields(self) -> None:
        for number in range(PICTURES):
            self.fields[f"picture_{number}"] = forms.FileField(
                label=_("Picture"),
                required=False,
                allow_empty_file=True,  # the service says what is wrong with a file
                widget=forms.FileInput(attrs={"accept": PICTURE_TYPES}),
            )
            self.fields[f"picture_{number}_alt"] = PictureWordsField(
                label=_("What does this picture show?"),
                help_text=_("Needed with a picture, for people who cannot see it."),
            )
        for number in range(DOCUMENTS):
            self.fields[f"document_{number}"] = forms.FileField(
                label=_("Document"),
                required=False,
                allow_empty_file=True,
                widget=forms.FileInput(attrs={"accept": DOCUMENT_TYPES}),
            )
            self.fields[f"document_{number}_title"] = forms.CharField(
                label=_("Title of the document"), required=False, max_length=150
            )

    def clean_submission_key(self) -> uuid.UUID:
        """A key that was tampered with is replaced: nobody could mend a hidden field."""
        try:
            return uuid.UUID(self.cleaned_data["submission_key"])
        except ValueError:
            return uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(PICTURES if self.with_files else 0):
            if cleaned.get(f"picture_{number}") and not cleaned.get(f"picture_{number}_alt"):
                self.add_error(
                    f"picture_{number}_alt",
                    _("Describe the picture in a few words, for people who cannot see it."),
                )
        return cleaned

    def show_as_typed(self) -> None:
        """Show what was typed without judging it."""
        self.full_clean()
        self._errors = ErrorDict()

    def hand_over_pictures(self) -> None:
        """Their descriptions are asked beside the pictures, which were kept meanwhile."""
        for number in range(PICTURES):
            if self.files.get(f"picture_{number}"):
                self.errors.pop(f"picture_{number}_alt", None)

    @property
    def uploads(self) -> list[Upload]:
        """The files received, whether or not the rest of the form is right."""
        if not self.with_files:
            return []
        kinds = [("picture", PICTURES, "alt"), ("document", DOCUMENTS, "title")]
        received = []
        for kind, slots, text in kinds:
            for number in range(slots):
                file = self.files.get(f"{kind}_{number}")
                if file:
                    said = str(self.data.get(f"{kind}_{number}_{text}", "")).strip()
                    received.append(
                        Upload(
                            file=file,
                            title=(said or str(file.name))[:150],
                            alt=said[:250] if kind == "picture" else "",
                        )
                    )
        return received

    @property
    def slots(self) -> dict[str, list[tuple[forms.BoundField, forms.BoundField]]]:
        """Pairs of bound fields (file, its text), for the template."""
        if not self.with_files:
            return {"pictures": [], "documents": []}
        return {
            "pictures": [
                (self[f"picture_{number}"], self[f"picture_{number}_alt"])
                for number in range(PICTURES)
            ],
            "documents": [
                (self[f"document_{number}"], self[f"document_{number}_title"])
                for number in range(DOCUMENTS)
            ],
        }

    def idea_data(self) -> IdeaData:
        """What was typed, for the services; call it after `is_valid()`.

        A field in error is left empty, so that a draft can keep the others.
        """
        location = self.cleaned_data.get("location")
        return IdeaData(
            title=self.cleaned_data.get("title", ""),
            body=self.cleaned_data.get("body", ""),
            category=self.cleaned_data.get("category"),
            territory=location.territory if location else None,
            point=location.point if location else None,
            address=location.address if location else "",
            estimated_cost_cents=self.cleaned_data.get("estimated_cost"),
        )
