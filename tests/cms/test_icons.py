"""Every icon that a template or an instrument names is in the sprite."""

import re
from pathlib import Path

from cms.states import STATES
from config.demonstration import paris, toulouse
from participation.core import registry

ROOT = Path(__file__).resolve().parents[2]
NAMES = {
    line.strip()
    for line in (ROOT / "site/assets/icons/names.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
}
_BY_NAME = re.compile(r'\{% icon name="([a-z0-9-]+)"')
_AS_INPUT = re.compile(r'\{% (?:link_button|button|badge|card)\b[^%]*\bicon="([a-z0-9-]+)"')
# Wagtail has its own icons.
_IN_OFFICE = (
    "admin",
    "agenda_admin",
    "budgets_admin",
    "core_admin",
    "electors_admin",
    "mapping_admin",
    "wagtailadmin",
)


def used_in_templates() -> set[str]:
    found: set[str] = set()
    for template in (ROOT / "templates").rglob("*.html"):
        if not any(part in _IN_OFFICE for part in template.parts):
            text = template.read_text(encoding="utf-8")
            found.update(_BY_NAME.findall(text), _AS_INPUT.findall(text))
    return found


def test_every_icon_is_in_the_sprite():
    used = used_in_templates()
    assert "search" in used  # the search itself finds something
    used.update(icon for _tone, icon in STATES.values())
    used.update(instrument.icon for instrument in registry.all_instruments())
    used.update(toulouse.ICONS.values(), paris._ICONS.values(), ["tag"])
    assert used - NAMES == set()
