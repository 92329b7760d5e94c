"""Forms of the geographic floor: where something is, and boundaries to import."""

from maps.forms.location import Location, LocationField, LocationWidget

__all__ = ["Location", "LocationField", "LocationWidget"]
