"""The side menu of the personal space, as data: the layout draws it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# URL name, label, icon, beginnings of other addresses that belong to the same entry.
_ENTRIES: tuple[tuple[str, Any, str, tuple[str, ...]], ...] = (
    ("space:dashboard", _("My space"), "home", ()),
    ("space:contributions", _("My contributions"), "bulb", ()),
    ("space:comments", _("My comments"), "message", ()),
    ("space:votes", _("My votes"), "checklist", ()),
    ("space:follows", _("What I follow"), "bell", ()),
    ("core:notifications", _("My notifications"), "mail", ()),
    ("space:profile", _("My profile"), "user", ()),
    ("account_email", _("My e-mail address"), "id", ()),
    ("account_change_password", _("My password"), "lock", ("account_set_password",)),
    ("mfa_index", _("Signing in safely"), "shield-check", ()),
    ("space:data", _("My data"), "download", ("space:delete",)),
)


def account_nav(path: str) -> list[dict[str, Any]]:
    """Entries `{url, label, icon, current}`; `path` is the address of the present page."""
    entries = []
    for name, label, icon, others in _ENTRIES:
        url = reverse(name)
        exact = name == "space:dashboard"  # the others' addresses begin with it
        current = path == url or (not exact and path.startswith(url))
        current = current or any(path.startswith(reverse(other)) for other in others)
        entries.append({"url": url, "label": label, "icon": icon, "current": current})
    return entries
