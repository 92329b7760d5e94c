"""Forms of the voting board: its members, their secrets, its file."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from participation.budgets.choices import Channel

RANKS = (1, 2, 3)
_LONGEST_SHEET = 4096
_LONGEST_SECRET = 60
"""Signs of a secret with its dashes, blanks between all of them included."""
PUBLIC_IN_THE_MINUTES = _(
    "What you write is public: the minutes publish it as it is. Name nobody, and nothing that "
    "tells who voted what."
)


class EmailListField(forms.CharField):
    """E-mail addresses, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[str]:
        addresses = super().clean(value).replace(",", "\n").split()
        for address in addresses:
            validate_email(address)
        return list(dict.fromkeys(addresses))


class MembersForm(forms.Form):
    """The three members of a board, who watches with them, and for how long keys are kept."""

    observers = EmailListField(
        label=_("Observers"),
        required=False,
        help_text=_(
            "Addresses, one a line, that receive every day the signed head of the journal: an "
            "opposition group, an association, the press."
        ),
    )
    challenge_days = forms.IntegerField(
        label=_("Days to challenge a result"),
        initial=60,
        min_value=1,
        max_value=365,
        help_text=_("The keys are destroyed once they are over."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rank in RANKS:
            self.fields[f"name_{rank}"] = forms.CharField(
                label=_("Member %(rank)s: first and last name") % {"rank": rank}, max_length=120
            )
            self.fields[f"email_{rank}"] = forms.EmailField(
                label=_("Member %(rank)s: e-mail address") % {"rank": rank}, required=False
            )
        self.order_fields([name for rank in RANKS for name in (f"name_{rank}", f"email_{rank}")])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = [data.get(f"name_{rank}", "").casefold() for rank in RANKS]
        if all(names) and len(set(names)) < len(RANKS):
            raise forms.ValidationError(_("A board has three different members."))
        return data

    def hidden(self) -> Iterator[tuple[str, str]]:
        """What was typed, to carry from one step of the ceremony to the next."""
        for name in self.fields:
            yield name, self.data.get(name, "")


class SecretField(forms.CharField):
    """A member's secret as it is typed from its sheet."""

    widget = forms.TextInput(
        attrs={
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "class": "parvis-secret",
        }
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)


class RetypeForm(forms.Form):
    secret = SecretField(
        label=_("Type this secret from the sheet"),
        help_text=_(
            "It proves that the sheet is right: this page is the only one that shows it. Capital "
            "letters and dashes do not matter."
        ),
    )


class BoardFileForm(forms.Form):
    """The public part of a ceremony held on a computer apart."""

    file = forms.FileField(label=_("The file “board.json”"))
    observers = MembersForm.base_fields["observers"]
    challenge_days = MembersForm.base_fields["challenge_days"]


class OpenBoxForm(forms.Form):
    """The secrets of two members, typed or in files, and the explanation of a difference."""

    def __init__(self, *args: Any, has_paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, label, of_file in (
            (1, _("Secret of the first member"), _("or the file of the first member")),
            (2, _("Secret of the second member"), _("or the file of the second member")),
        ):
            self.fields[f"secret_{place}"] = SecretField(label=label, required=False)
            self.fields[f"file_{place}"] = forms.FileField(label=of_file, required=False)
        if has_paper:
            self.fields["explanation"] = forms.CharField(
                label=_("Explanation, when people marked at a desk left no ballot"),
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
                help_text=PUBLIC_IN_THE_MINUTES,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place in (1, 2):
            file = data.get(f"file_{place}")
            if file is not None and not data.get(f"secret_{place}"):
                data[f"secret_{place}"] = _secret_in(file)
                if not data[f"secret_{place}"]:
                    self.add_error(
                        f"file_{place}",
                        _(
                            "There is no whole secret in this file: it is cut short, or it is not "
                            "the sheet of a member. Choose the sheet, or type the secret."
                        ),
                    )
                    continue
            if not data.get(f"secret_{place}") and f"secret_{place}" not in self.errors:
                self.add_error(f"secret_{place}", _("Type this secret, or choose its file."))
        return data

    @property
    def secrets(self) -> list[str]:
        return [self.cleaned_data["secret_1"], self.cleaned_data["secret_2"]]

    @property
    def explanation(self) -> str:
        return self.cleaned_data.get("explanation", "")


class RevisionForm(OpenBoxForm):
    """The judgment, why it makes what was set aside count, and the secrets of two members."""

    def __init__(self, *args: Any, is_small: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"] = forms.CharField(
            label=_("Reference of the judgment"),
            max_length=200,
            help_text=_("The court, the date, the number. Published."),
        )
        self.fields["reason"] = forms.CharField(
            label=_("Why these ballots are to be counted"),
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("Published with the result and in the minutes. Name nobody."),
        )
        if is_small:
            self.fields["accepts_small_group"] = forms.BooleanField(
                label=_("I have weighed that the choices of this small group will be known"),
            )
        self.order_fields(["reference", "reason"])


def _secret_in(file: Any) -> str:
    """The secret that a member's file holds, on a sheet or alone; empty when it holds none."""
    text = file.read(_LONGEST_SHEET).decode("utf-8", errors="replace")
    lines = [line.strip() for line in text.splitlines()]
    written = [line for line in lines if line.count("-") == len(RANKS) + 2]
    alone = " ".join(text.split())
    return (written or [alone if len(alone) <= _LONGEST_SECRET else ""])[0]


def has_paper(poll: Any) -> bool:
    """Whether somebody was marked at a desk, so that a difference may need its explanation."""
    return bool(poll.roll.filter(channel=Channel.PAPER).exists())
