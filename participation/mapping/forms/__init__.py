"""Forms of participatory maps."""

from participation.mapping.forms.alerts import USUAL_RADIUS, AlertForm, VisitorForm
from participation.mapping.forms.contribution import (
    PHOTOS,
    WishForm,
    initial_for,
    joined_photos,
    read_key,
)
from participation.mapping.forms.guests import GuestForm

__all__ = [
    "PHOTOS",
    "USUAL_RADIUS",
    "AlertForm",
    "GuestForm",
    "VisitorForm",
    "WishForm",
    "initial_for",
    "joined_photos",
    "read_key",
]
