"""Forms of the geographic floor: where something is, and boundaries to import."""

from maps.forms.boundaries import BoundaryImportForm
from maps.forms.location import Location, LocationField, LocationWidget

__all__ = ["BoundaryImportForm", "Location", "LocationField", "LocationWidget"]
