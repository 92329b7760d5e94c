"""Writes of the geographic floor."""

from maps.services.layers import (
    LayerRefused,
    LayerReport,
    ThirdPartiesRefused,
    add_external_layer,
    add_uploaded_layer,
    change_layer,
    import_layer,
)
from maps.services.left_files import forget_left_files
from maps.services.territories import (
    ImportPlan,
    ImportRefused,
    ImportReport,
    import_territories,
    kind_of_code,
)

__all__ = [
    "ImportPlan",
    "ImportRefused",
    "ImportReport",
    "LayerRefused",
    "LayerReport",
    "ThirdPartiesRefused",
    "add_external_layer",
    "add_uploaded_layer",
    "change_layer",
    "forget_left_files",
    "import_layer",
    "import_territories",
    "kind_of_code",
]
