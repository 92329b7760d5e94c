"""Vector tiles of any rows that have a place, straight from PostGIS."""

from maps.tiles.answers import tile_response
from maps.tiles.encoding import MEDIA_TYPE, encode
from maps.tiles.grid import NoSuchTile, Tile, tile_at
from maps.tiles.sources import CellSource, FeatureSource

__all__ = [
    "MEDIA_TYPE",
    "CellSource",
    "FeatureSource",
    "NoSuchTile",
    "Tile",
    "encode",
    "tile_at",
    "tile_response",
]
