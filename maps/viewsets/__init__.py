"""The back office of territories."""

from maps.viewsets.territories import territories

__all__ = ["territories"]
