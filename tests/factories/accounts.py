"""Real rows: places and people."""

import datetime
import itertools
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.contrib.gis.geos import MultiPolygon, Polygon

from maps.models import Territory
from participation.accounts.models import User

_numbers = itertools.count(1)


def make_territory(
    name: str = "",
    *,
    kind: str = "municipality",
    code: str = "",
    parent: Territory | None = None,
    bounds: tuple[float, float, float, float] = (1.3, 43.5, 1.6, 43.7),
    **fields: Any,
) -> Territory:
    """A rectangular territory; `bounds` is (west, south, east, north) in degrees."""
    number = next(_numbers)
    return Territory.objects.create(
        kind=kind,
        code=code or f"T{number:05d}",
        name=name or f"Territoire {number}",
        parent=parent,
        geometry=MultiPolygon(Polygon.from_bbox(bounds), srid=4326),
        **fields,
    )


def make_user(
    email: str = "",
    *,
    verified: bool = True,
    password: str | None = None,
    permissions: tuple[str, ...] = (),
    birth_date: datetime.date | None = datetime.date(1985, 5, 17),
    **fields: Any,
) -> User:
    """A person with a verified address; `permissions` are names such as
    `core.moderate_contribution`."""
    number = next(_numbers)
    email = email or f"personne{number}@example.org"
    fields.setdefault("public_name", f"Personne {number}")
    user = User.objects.create_user(email, password, birth_date=birth_date, **fields)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=verified)
    for permission in permissions:
        app_label, codename = permission.split(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app_label, codename=codename)
        )
    return user


def make_moderator(**fields: Any) -> User:
    """A member of staff who moderates and enters the back office."""
    return make_user(
        is_staff=True,
        permissions=("core.moderate_contribution", "wagtailadmin.access_admin"),
        **fields,
    )
