"""Forms of the geographic floor: where something is, what it draws, files to import."""

from maps.forms.boundaries import BoundaryImportForm
from maps.forms.geometry import Drawing, GeometryField, GeometryWidget
from maps.forms.layers import LayerForm, LayerImportForm
from maps.forms.location import Location, LocationField, LocationWidget

__all__ = [
    "BoundaryImportForm",
    "Drawing",
    "GeometryField",
    "GeometryWidget",
    "LayerForm",
    "LayerImportForm",
    "Location",
    "LocationField",
    "LocationWidget",
]
