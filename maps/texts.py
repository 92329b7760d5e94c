"""What the map says: written here, in the page's language, and handed to its scripts."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maps.choices import GeometryKind


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


def tiled_map_texts(*, count_one: str = "", count_many: str = "") -> dict[str, object]:
    """Texts of a map read tile by tile; `{count}` and `{id}` are filled in by the script."""
    return {
        **map_texts(count_one=count_one, count_many=count_many),
        "clusterOne": _("1 place: zoom in"),
        "noneHere": _("Nothing in this part of the map."),
        "unnamed": _("Place no. {id}"),
        "several": _("{count} things here: choose one."),
        "loading": _("Loading…"),
        "cardFailed": _("This could not be loaded. The list on this page holds the same places."),
        "tilesFailed": _(
            "Part of the map could not be loaded. The list on this page holds the same places."
        ),
        "layerFailed": _("This layer could not be loaded."),
        "deepest": _("The map can't zoom further. The list on this page holds the same places."),
        "locating": _("Looking for your position…"),
        "noPositionHere": _("Your position could not be read."),
        "farAway": _("You are outside this map."),
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


def drawing_texts() -> dict[str, object]:
    """Texts of the drawing tools; `{…}` are filled in by the script."""
    return {
        **location_texts(),
        "kinds": {
            "point": {"one": GeometryKind.POINT.label, "many": GeometryKind.POINT.label},
            "line": {
                "one": ngettext("Line of {count} point", "Line of {count} points", 1),
                "many": ngettext("Line of {count} point", "Line of {count} points", 2),
            },
            "area": {
                "one": ngettext("Area of {count} point", "Area of {count} points", 1),
                "many": ngettext("Area of {count} point", "Area of {count} points", 2),
            },
        },
        "nothing": _("Nothing drawn yet."),
        "units": {"m": _("{value} m"), "km": _("{value} km"), "m2": _("{value} m²")}
        | {"ha": _("{value} ha"), "km2": _("{value} km²")},
        "outline": _("outline: {length}"),
        "already": _("This point is already there: move the map first."),
        "added": _("Point {number} added."),
        "moved": _("Point {number} moved."),
        "deleted": _("Point {number} removed."),
        "chosen": _("Point {number} chosen."),
        "noneChosen": _("Choose a point first, on the map or in the list."),
        "undone": _("Undone."),
        "redone": _("Redone."),
        "nothingToUndo": _("Nothing to undo."),
        "nothingToRedo": _("Nothing to redo."),
        "cleared": _("All cleared. “Undo” brings the drawing back."),
        "finished": _("Drawing finished."),
        "isFinished": _("The drawing is finished: choose “Resume” to add points."),
        "resumed": _("You can add points again."),
        "finishLine": _("Finish the line"),
        "finishArea": _("Close the area"),
        "resume": _("Resume"),
        "tooFewLine": _("A line needs at least two different points."),
        "tooFewArea": _("An area needs at least three different points."),
        "tooMany": _("{limit} points at most."),
        "crossing": _("Beware: the outline crosses itself."),
        "trace": _("Trace with the finger or the mouse held down."),
        "traceOff": _("Tracing stopped: one press adds one point."),
        "traced": _("Traced."),
        "moveAll": _("Drag to move the whole drawing, or use the arrows on the map."),
        "moveAllOff": _("The map moves again."),
        "movedAll": _("The whole drawing has moved."),
        "movedOut": _("Not there: the drawing would leave {perimeter}."),
        "kindChanged": _("You now draw: {kind}."),
        "pointOf": _("Point {number}"),
        "before": _("Add a point before point {number}"),
        "after": _("Add a point after point {number}"),
        "up": _("Move point {number} up in the list"),
        "down": _("Move point {number} down in the list"),
        "remove": _("Remove point {number}"),
        "closed": _("Back to the form. {summary}"),
        "opened": _("Map in full screen. Escape or “Done” goes back to the form."),
        "severalFound": _("{count} places answer to “{text}”: choose one."),
        "centred": _("Map centred on “{place}”: add a point at the centre, or press on the map."),
        "windowed": _("{shown} points of {count} are listed, around the chosen one."),
        "draw": _("Draw on the map"),
        "change": _("Change the drawing"),
        "show": _("Points and other tools"),
        "hide": _("Only the map"),
    }
