"""What a map says as a whole: figures for pictures and tables. Only what anyone may read."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, Point, Polygon
from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncMonth

from maps import queries as map_queries
from maps.models import Territory
from maps.projections import projected_srid, srid_for
from participation.core.models import Contribution
from participation.mapping.choices import WishState
from participation.mapping.models import MapCategory, MapContribution, ParticipatoryMap

CLUSTER_METRES = 150
CLUSTER_LEAST = 3
CLUSTERS_SHOWN = 20
HEAT_SIDES = 32  # squares along the longer side of the perimeter
_TITLES = 200  # read of each cluster, to name it

_SHORT = """
    aux avec car ces cette chez comme contre dans depuis des devant elle elles entre est etre faire
    faut leur leurs les mais mes mettre mon nos notre nous par pas peu plus plusieurs pour pres que
    qui quoi rue sans ses son sont sous sur tous tout toute tres une vers vos votre vous avenue
    place boulevard plutot alors aussi afin non oui the and for
"""


@dataclass(frozen=True, slots=True)
class Cross:
    """Counts per category (columns) and district (rows; `None`: no district known)."""

    categories: tuple[MapCategory, ...]
    rows: tuple[tuple[Territory | None, tuple[int, ...], int], ...]
    totals: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Share:
    """A district and its contributions per 1,000 residents; `None` when nobody counted them."""

    territory: Territory
    count: int
    per_thousand: float | None


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the heat map: its outline (WGS 84) and how many contributions it holds."""

    outline: Polygon
    count: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Contributions close to each other: where (WGS 84), how many, what they talk about."""

    centre: Point
    outline: GEOSGeometry
    count: int
    category: str
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its commonest words, or else its commonest category."""
        return ", ".join(self.words) or self.category


@dataclass(frozen=True, slots=True)
class Counts:
    """All counts that one reading gives."""

    cross: Cross
    states: tuple[tuple[WishState, int], ...]
    shares: tuple[Share, ...]
    total: int
    located: int


def counts(*, map: ParticipatoryMap) -> Counts:
    """Counts by category, district and state; three queries at any size."""
    cells = list(
        _public(map)
        .values_list("category_id", "contribution__territory_id", "state")
        .annotate(number=Count("pk"), drawn=Count("geometry"))
    )
    categories = tuple(map.categories.order_by("position", "pk"))
    districts = list(_districts(map, {territory for _c, territory, *_rest in cells}))
    numbers: Counter[tuple[int, int | None]] = Counter()
    states: Counter[str] = Counter()
    for category, territory, state, number, _drawn in cells:
        numbers[category, territory] += number
        states[state] += number
    rows: list[tuple[Territory | None, tuple[int, ...], int]] = []
    shares = []
    for territory in [*districts, None]:
        key = territory.pk if territory else None
        line = tuple(numbers[category.pk, key] for category in categories)
        here = sum(line)
        if territory is not None:
            shares.append(Share(territory, here, _per_thousand(here, territory)))
        if territory is not None or here:
            rows.append((territory, line, here))
    totals = tuple(
        sum(number for (key, _t), number in numbers.items() if key == category.pk)
        for category in categories
    )
    return Counts(
        cross=Cross(categories, tuple(rows), totals, sum(totals)),
        states=tuple((state, states[state]) for state in WishState),
        shares=tuple(shares),
        total=sum(totals),
        located=sum(drawn for *_key, drawn in cells),
    )


def months(*, map: ParticipatoryMap) -> list[tuple[date, int]]:
    """First day of each month → contributions received, none left out between two; one query."""
    found = dict(
        _public(map)
        .annotate(month=TruncMonth("contribution__submitted_at"))
        .values_list("month")
        .annotate(number=Count("pk"))
    )
    numbers = {moment.date(): number for moment, number in found.items() if moment}
    if not numbers:
        return []
    day, last = min(numbers), max(numbers)
    line = []
    while day <= last:
        line.append((day, numbers.get(day, 0)))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return line


def heat(*, map: ParticipatoryMap, box: map_queries.Box) -> list[Square]:
    """Squares of the perimeter's box that hold contributions, the fullest first; one query.

    Their side, in metres of the projected system, is a whole number of hundreds.
    """
    srid = projected_srid((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    side = square_side(box, srid)
    with connection.cursor() as cursor:
        cursor.execute(_HEAT, {"map": map.pk, "srid": srid, "side": side})
        found = cursor.fetchall()
    return [Square(_read(outline), count) for outline, count in found]


def _read(ewkb: Any) -> Any:
    """A geometry from PostGIS's extended well-known binary."""
    return GEOSGeometry(memoryview(ewkb))


def square_side(box: map_queries.Box, srid: int) -> int:
    """Metres along a square of the heat map of this box."""
    frame = Polygon.from_bbox(box)
    frame.srid = 4326
    west, south, east, north = frame.transform(srid, clone=True).extent
    return max(100, round(max(east - west, north - south) / HEAT_SIDES / 100) * 100)


_SPOT = f"""
    SELECT ST_Transform(spine.point, %(srid)s) AS spot, wish.contribution_id AS key,
           wish.category_id, spine.title
    FROM {MapContribution._meta.db_table} AS wish
    JOIN {Contribution._meta.db_table} AS spine ON spine.id = wish.contribution_id
    WHERE wish.map_id = %(map)s AND wish.is_public AND spine.point IS NOT NULL
"""  # noqa: S608 -- the names of our own tables

_HEAT = f"""
    WITH spots AS ({_SPOT}), squares AS (
        SELECT floor(ST_X(spot) / %(side)s) AS i, floor(ST_Y(spot) / %(side)s) AS j, count(*) AS n
        FROM spots GROUP BY 1, 2
    )
    SELECT ST_AsEWKB(ST_Transform(ST_MakeEnvelope(
               i * %(side)s, j * %(side)s, (i + 1) * %(side)s, (j + 1) * %(side)s, %(srid)s
           ), 4326)), n
    FROM squares ORDER BY n DESC, i, j
"""  # noqa: S608 -- ours, just above

_CLUSTERS = f"""
    WITH spots AS ({_SPOT}), grouped AS (
        SELECT *, ST_ClusterDBSCAN(spot, %(metres)s, %(least)s) OVER (ORDER BY key) AS cluster
        FROM spots
    ), largest AS (
        SELECT cluster, count(*) AS n, ST_Collect(spot) AS spots
        FROM grouped WHERE cluster IS NOT NULL
        GROUP BY cluster ORDER BY n DESC, min(key) LIMIT %(shown)s
    ), ranked AS (
        SELECT *, row_number() OVER (PARTITION BY cluster ORDER BY key DESC) AS rank FROM grouped
    )
    SELECT largest.cluster, largest.n,
           ST_AsEWKB(ST_Transform(ST_Centroid(largest.spots), 4326)),
           ST_AsEWKB(ST_Transform(ST_Buffer(ST_ConvexHull(largest.spots), 40, 4), 4326)),
           (SELECT array_agg(title ORDER BY key) FROM ranked
            WHERE ranked.cluster = largest.cluster AND rank <= %(titles)s),
           (SELECT name FROM ranked JOIN {MapCategory._meta.db_table} AS category
                ON category.id = ranked.category_id
            WHERE ranked.cluster = largest.cluster
            GROUP BY name ORDER BY count(*) DESC, name LIMIT 1)
    FROM largest ORDER BY largest.n DESC, largest.cluster
"""  # noqa: S608 -- ours, just above


def clusters(
    *,
    map: ParticipatoryMap,
    metres: int = CLUSTER_METRES,
    least: int = CLUSTER_LEAST,
    shown: int = CLUSTERS_SHOWN,
) -> list[Cluster]:
    """The largest groups of contributions within `metres` of one another, in metres of the
    projected system; two queries."""
    srid = _srid(map)
    if srid is None:
        return []
    asked = {
        "map": map.pk,
        "srid": srid,
        "metres": metres,
        "least": least,
        "shown": shown,
        "titles": _TITLES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLUSTERS, asked)
        found = cursor.fetchall()
    return [
        Cluster(
            centre=_read(centre),
            outline=_read(outline),
            count=count,
            category=category,
            words=tuple(common_words(titles)),
        )
        for _cluster, count, centre, outline, titles, category in found
    ]


def _short_words() -> frozenset[str]:
    return frozenset(_plain(word) for word in _SHORT.split())


def common_words(titles: Sequence[str], *, most: int = 3) -> list[str]:
    """Words that come in at least two titles and in a third of them, the commonest first.

    Plurals and accents don't matter to count; the commonest spelling is shown.
    """
    short = _short_words()
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    numbers: Counter[str] = Counter()
    for title in titles:
        words = {_plain(word): word.lower() for word in re.findall(r"[^\W\d_]{3,}", title)}
        for plain, word in words.items():
            if plain not in short and len(plain) > 2:
                numbers[plain] += 1
                spellings[plain][word] += 1
    least = max(2, len(titles) / 3)
    ranked = sorted(
        (plain for plain, number in numbers.items() if number >= least),
        key=lambda plain: (-numbers[plain], plain),
    )
    return [
        min(spellings[plain], key=lambda word: (-spellings[plain][word], word))
        for plain in ranked[:most]
    ]


def _plain(word: str) -> str:
    """Without accents nor the `s` or `x` of a plural."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", word.lower()) if letter.isalpha()
    )
    return bare[:-1] if len(bare) > 3 and bare[-1] in "sx" else bare


def box_of(map: ParticipatoryMap) -> map_queries.Box | None:
    """The box of the map's perimeter, in degrees."""
    if map.drawn_perimeter is not None:
        box: map_queries.Box = map.drawn_perimeter.extent
        return box
    perimeter = map.activity.process.perimeter
    return map_queries.extent(perimeter) if perimeter is not None else None


def _srid(map: ParticipatoryMap) -> int | None:
    if map.drawn_perimeter is not None:
        return srid_for(map.drawn_perimeter)
    perimeter = map.activity.process.perimeter
    return map_queries.srid_of(perimeter) if perimeter is not None else None


def _public(map: ParticipatoryMap) -> Any:
    return MapContribution.objects.filter(map=map, is_public=True).order_by()


def _districts(map: ParticipatoryMap, used: Iterable[int | None]) -> Any:
    """The parts of the perimeter, and any other that contributions name."""
    found = Territory.objects.filter(pk__in=[key for key in used if key])
    perimeter = map.activity.process.perimeter
    if perimeter is not None:
        found |= Territory.objects.filter(parent=perimeter, kind=map.parts)
    return found.light().order_by("code", "pk")


def _per_thousand(number: int, territory: Territory) -> float | None:
    residents = territory.population
    return round(number * 1000 / residents, 2) if residents else None
