"""Forms of the geographic floor: where something is, boundaries and layers to import."""

from maps.forms.boundaries import BoundaryImportForm
from maps.forms.layers import LayerForm, LayerImportForm
from maps.forms.location import Location, LocationField, LocationWidget

__all__ = [
    "BoundaryImportForm",
    "LayerForm",
    "LayerImportForm",
    "Location",
    "LocationField",
    "LocationWidget",
]
