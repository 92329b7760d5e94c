"""Addresses of the back office of maps."""

from django.urls import reverse


def at(name, *args) -> str:
    space = "participatory_map" if name in MAP_NAMES else "map_contribution"
    return reverse(f"{space}:{name}", args=args)


MAP_NAMES = {
    "board", "settings", "perimeter", "categories", "category", "category_remove", "questions",
    "question", "question_remove", "zones", "zone", "zones_file", "zone_remove", "layers", "import",
    "synthesis", "synthesis_file",
}  # fmt: skip
