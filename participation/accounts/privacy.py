"""The register of personal data, in code: what is held, why, how long, and how it goes.

Each package lists its fields in a module `personal_data.py`; a test fails when a column that
looks personal is listed nowhere (RGPD articles 5, 13, 17, 20 and 30).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class Erasure(models.TextChoices):
    """What deleting the account does to a field."""

    EMPTIED = "emptied", _("Emptied when the account is deleted")
    DELETED = "deleted", _("Deleted with the account")
    CHOICE = "choice", _("Kept under “a former member”, or erased, as you choose")
    DETACHED = "detached", _("Kept, tied to nobody any more")


class Basis(models.TextChoices):
    """Legal bases of RGPD article 6, paragraph 1."""

    PUBLIC_TASK = "public_task", _("task of public interest (RGPD art. 6.1.e)")
    LEGAL_DUTY = "legal_duty", _("legal obligation (RGPD art. 6.1.c)")
    CONSENT = "consent", _("your consent (RGPD art. 6.1.a)")


@dataclass(frozen=True, slots=True)
class PersonalField:
    """One column that tells something about somebody. `purpose` and `retention` are public."""

    name: str
    purpose: Any
    retention: Any
    erasure: Erasure
    basis: Basis = Basis.PUBLIC_TASK
    exported: bool = True


@dataclass(frozen=True, slots=True)
class Holding:
    """What one table holds about people, in words for them. `model` is `app_label.Model`.

    `staff`: only about people who work for the authority.
    """

    model: str
    label: Any
    fields: tuple[PersonalField, ...]
    staff: bool = False


_holdings: dict[str, Holding] = {}
_impersonal: dict[tuple[str, str], str] = {}


def holds(model: str, label: Any, *fields: PersonalField, staff: bool = False) -> None:
    """List the personal fields of `model`; called by modules `personal_data`."""
    _holdings[model.lower()] = Holding(model, label, fields, staff)


def impersonal(model: str, names: Iterable[str], *, reason: str) -> None:
    """Say why fields that look personal are not, in one sentence."""
    for name in names:
        _impersonal[(model.lower(), name)] = reason


def holdings() -> tuple[Holding, ...]:
    """The whole register, from the account up: accounts, then the spine, then instruments."""
    autodiscover_modules("personal_data")
    floors = [config.label for config in reversed(list(apps.get_app_configs()))]
    return tuple(
        sorted(_holdings.values(), key=lambda holding: floors.index(holding.model.split(".")[0]))
    )


def listed(model: str) -> dict[str, PersonalField | str]:
    """What the register says of each listed field of `app_label.model`: an entry, or why not."""
    autodiscover_modules("personal_data")
    model = model.lower()
    found: dict[str, PersonalField | str] = {
        name: reason for (owner, name), reason in _impersonal.items() if owner == model
    }
    if model in _holdings:
        found |= {field.name: field for field in _holdings[model].fields}
    return found
