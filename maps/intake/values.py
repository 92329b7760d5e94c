"""Properties of a feature from outside: text, numbers, booleans and nothing else."""

import datetime
import json
import math
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from maps.intake.outcomes import FeatureRefused, Limits, printable

_MAX_NAME = 100
# A NUL would be refused by PostgreSQL, half a surrogate pair by UTF-8; tabs and line ends stay.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_MAX_INTEGER = 2**63


def properties_of(written: Mapping[str, Any], limits: Limits) -> tuple[dict[str, Any], str]:
    """The properties to keep and what was mended. Raises `FeatureRefused`.

    A list or an object becomes its JSON text, a date ISO text; control characters are left out.
    """
    if len(written) > limits.fields:
        raise FeatureRefused(_("it has more than %(limit)s properties") % {"limit": limits.fields})
    kept: dict[str, Any] = {}
    emptied: list[str] = []
    cleaned: list[str] = []
    for name, value in written.items():
        key = printable(str(name), _MAX_NAME)
        kept[key] = _value(key, value, limits)
        if isinstance(value, float) and not math.isfinite(value):
            emptied.append(key)
            kept[key] = None
        elif isinstance(value, str) and kept[key] != value:
            cleaned.append(key)
    notes = []
    if emptied:
        names = printable(", ".join(emptied))
        notes.append(_("not a number, left empty: %(names)s") % {"names": names})
    if cleaned:
        names = printable(", ".join(cleaned))
        notes.append(_("control characters left out: %(names)s") % {"names": names})
    return kept, " ; ".join(notes)


def _value(name: str, value: Any, limits: Limits) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < _MAX_INTEGER else str(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if not isinstance(value, str):
        try:
            value = json.dumps(value, ensure_ascii=False, default=str)
        except (ValueError, RecursionError) as error:
            raise FeatureRefused(
                _("its property “%(name)s” can't be read") % {"name": name}
            ) from error
    if len(value) > limits.characters_of_text:
        raise FeatureRefused(
            _("its property “%(name)s” has more than %(limit)s characters")
            % {"name": name, "limit": limits.characters_of_text}
        )
    return _CONTROLS.sub("", value)
