"""What the administration sets up: a map, its categories and questions, its zones and layers."""

from participation.mapping.services.setup.categories import (
    CategoryPlan,
    QuestionPlan,
    remove_category,
    remove_question,
    save_category,
    save_question,
)
from participation.mapping.services.setup.creation import MapPlan, ProcessPlan, create_map
from participation.mapping.services.setup.places import (
    LayerPlan,
    ZonePlan,
    attach_layers,
    remove_zone,
    save_zone,
    save_zones,
)
from participation.mapping.services.setup.settings import save_perimeter, save_settings
from participation.mapping.services.setup.templates import TEMPLATES, MapTemplate

__all__ = [
    "TEMPLATES",
    "CategoryPlan",
    "LayerPlan",
    "MapPlan",
    "MapTemplate",
    "ProcessPlan",
    "QuestionPlan",
    "ZonePlan",
    "attach_layers",
    "create_map",
    "remove_category",
    "remove_question",
    "remove_zone",
    "save_category",
    "save_perimeter",
    "save_question",
    "save_settings",
    "save_zone",
    "save_zones",
]
