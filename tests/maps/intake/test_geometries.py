"""Shapes from outside: what is checked, repaired and refused."""

import math
import random
import time

import pytest

from maps import intake
from maps.intake import Limits, Refused, Rules
from tests.maps.intake.files import SQUARE, TOULOUSE, geojson, kept, read

pytestmark = pytest.mark.usefixtures("english")


class TestGeometries:
    def test_a_large_outline_is_simplified_within_ten_centimetres_and_said(self):
        count = 100_000
        circle = [
            [1.4 + 0.05 * math.cos(2 * math.pi * step / count),
             43.6 + 0.05 * math.sin(2 * math.pi * step / count)]
            for step in range(count)
        ]  # fmt: skip
        circle.append(circle[0])
        (row,) = kept(geojson({"type": "Polygon", "coordinates": [circle]}))
        assert "simplified within 10 cm: 100001 positions, now" in row.repair
        assert row.geometry.num_coords <= 20_000
        assert row.geometry.area == pytest.approx(math.pi * 0.05**2, rel=1e-5)

    def test_an_outline_that_stays_too_large_is_refused(self):
        ring = [[1 + step / 1000, 43 + (step % 2) / 10] for step in range(3000)]
        ring += [[4, 42], [1, 42], ring[0]]
        (row,) = read(
            geojson({"type": "Polygon", "coordinates": [ring]}),
            limits=Limits(kept_positions_of_one=1000),
        )
        assert isinstance(row, Refused)
        assert "3003 positions, 1000 at most" in row.reason

    def test_knots_are_refused_before_they_cost_minutes(self):
        """Every edge crosses every other: mending would make millions of pieces."""
        draw = random.Random(1)
        ring = [[draw.random(), draw.random()] for _step in range(20_000)]
        ring.append(ring[0])
        began = time.process_time()
        (row,) = read(geojson({"type": "Polygon", "coordinates": [ring]}))
        assert time.process_time() - began < 2
        assert isinstance(row, Refused)
        assert "too intricate" in row.reason or "crosses itself too many times" in row.reason

    def test_repairs_are_sentences(self):
        bow_tie = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
        (row,) = kept(geojson({"type": "Polygon", "coordinates": [bow_tie]}))
        assert row.repair == (
            "its outline crossed itself: only the areas were kept (near 1.45000, 43.55000)"
        )
        assert row.geometry.valid

    def test_only_the_kinds_asked_for(self):
        rules = Rules(kinds=frozenset({intake.POINT}))
        (row,) = read(geojson({"type": "Polygon", "coordinates": [SQUARE]}), rules=rules)
        assert "is a Polygon; expected: a point" in str(row)

    def test_swapped_coordinates_are_told_by_the_perimeter(self):
        rules = Rules(perimeter=TOULOUSE, perimeter_name="Toulouse")
        line = {"type": "LineString", "coordinates": [[43.6, 1.44], [43.61, 1.45]]}
        (row,) = kept(geojson(line), rules=rules)
        assert row.geometry.coords == ((1.44, 43.6), (1.45, 43.61))
        assert "swapped" in row.repair

    def test_at_sea_is_outside(self):
        rules = Rules(perimeter=TOULOUSE, perimeter_name="Toulouse")
        points = [{"type": "Point", "coordinates": place} for place in ([-5, 45], [0, 0])]
        reasons = [str(row) for row in read(geojson(*points), rules=rules)]
        assert all("outside Toulouse" in reason for reason in reasons)
