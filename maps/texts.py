"""What the map says: written here, in the page's language, and handed to its scripts."""

from django.utils.translation import gettext as _


def _controls() -> dict[str, str]:
    return {
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "whole": _("See the whole territory"),
        "wheel": _("Ctrl + wheel to zoom"),
        "touch": _("Two fingers to move the map"),
    }


def map_texts(*, count_one: str = "", count_many: str = "") -> dict[str, object]:
    """Texts of a map of things; `{count}` and `{total}` are filled in by the script."""
    one = count_one or _("{count} place shown")
    many = count_many or _("{count} places shown")
    out_of = _("out of {total}")
    return {
        **_controls(),
        "all": {"one": one, "many": many},
        "some": {"one": f"{one} {out_of}", "many": f"{many} {out_of}"},
        "none": _("Nothing to show on the map."),
        "cluster": _("{count} places close together: zoom in"),
        "close": _("Close"),
    }


def location_texts() -> dict[str, str]:
    """Texts of the map in a location field."""
    return {
        **_controls(),
        "outside": _("This point is outside {perimeter}."),
        "placed": _("Point placed."),
        "placedIn": _("Point placed in “{territory}”."),
        "removed": _("Point removed."),
        "locating": _("Looking for your position…"),
        "noPosition": _(
            "Your position could not be read. Place the point on the map, or choose in the list."
        ),
        "typeFirst": _("Type an address or the name of a place first."),
        "nothingFound": _(
            "Nothing found. Your text will be kept as it is; you can also place a point on the map."
        ),
        "searchDown": _(
            "The search does not answer for now. Your text will be kept as it is; you can also "
            "place a point on the map."
        ),
        "found": _("{count} place(s) found: choose one."),
        "shownIn": _("Map centred on “{territory}”. Place the point to be more precise."),
    }
