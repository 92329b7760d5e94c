"""What the public draws: read from plain text, checked, measured. No form and no HTML here."""

from maps.drawing.errors import DrawingErrors, Problem
from maps.drawing.notations import position_in, position_text
from maps.drawing.reading import Vertex, read
from maps.drawing.shapes import MAX_VERTICES, Shape, shape_of, vertices_text

__all__ = [
    "MAX_VERTICES",
    "DrawingErrors",
    "Problem",
    "Shape",
    "Vertex",
    "position_in",
    "position_text",
    "read",
    "shape_of",
    "vertices_text",
]
