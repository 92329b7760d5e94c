"""Participatory maps at size: tiles, pages, plans, files, and how smooth the map is.

Latencies are ratios to a trivial view asked of the same server in the same run; see `web`.
"""

import io
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from config.bench.tables import table
from config.bench.web import (
    count_queries,
    fetch,
    first_visit,
    latencies,
    measured,
    server,
    settle,
)
from config.demonstration.map_size import CONTRIBUTIONS, grow_map
from maps.geojson import Feature, iter_feature_collection
from maps.models import Territory
from participation.accounts.models import User
from participation.mapping import queries
from participation.mapping.models import MapContribution, ParticipatoryMap
from participation.mapping.services.imports import (
    ImportPlan,
    columns_of,
    guessed,
    import_contributions,
)

SLUG = "velo-et-fraicheur"
_CITY = (1.4442, 43.6045)  # longitude, latitude of its middle, in degrees
_ZOOMS = (8, 11, 12, 13, 14, 15, 16, 18)
_IMPORTED = 10_000


def run() -> Iterator[str]:
    """Grow the map of Toulouse and measure; yields tables."""
    map = ParticipatoryMap.objects.select_related("activity__process").get(activity__slug=SLUG)
    home = f"/carte/{SLUG}/"
    grow_map(map, 1000)
    few = {name: count_queries(path) for name, path in _pages(map, home).items()}
    grow_map(map, CONTRIBUTIONS)
    settle()
    rows = MapContribution.objects.filter(map=map, is_public=True)
    yield table("Données", ("contributions publiques",), [(rows.count(),)])
    pages = _pages(map, home)
    many = {name: count_queries(path) for name, path in pages.items()}
    yield table(
        "Requêtes SQL (la même quantité à 1 000 et à 100 000 contributions ; au plus 15)",
        ("page", "à 1 000", "à 100 000"),
        [(name, few[name], many[name]) for name in pages],
    )
    with server() as port:
        yield latencies("Pages", measured(port, pages))
        yield from _tiles(port, home)
        visited, weight, foreign = first_visit(port, home)
        yield table(
            "Première visite de la carte (au plus 250 kB compressés, hors fond de carte)",
            ("requêtes", "kB compressés", "vers un tiers"),
            [(visited, f"{weight / 1000:.1f}", foreign)],
        )
        yield _smoothness(f"http://127.0.0.1:{port}{home}?vue=carte")
    yield _plans(map)
    yield _export(map)
    yield _import(map)


def _pages(map: ParticipatoryMap, home: str) -> dict[str, str]:
    category = map.categories.order_by("position", "pk").first()
    district = _district(map)
    row = MapContribution.objects.filter(map=map, is_public=True).order_by("pk").first()
    assert category and district and row  # noqa: S101, PT018 -- the demonstration has them
    return {
        "carte": f"{home}?vue=carte",
        "liste": f"{home}?vue=liste",
        "tableau": f"{home}?vue=tableau",
        "liste, texte": f"{home}?vue=liste&q=ombre",
        "liste, catégorie": f"{home}?vue=liste&categorie={category.pk}",
        "liste, quartier": f"{home}?vue=liste&quartier={district.pk}",
        "une contribution": f"{home}{row.pk}/",
    }


def _district(map: ParticipatoryMap) -> Territory | None:
    perimeter = map.activity.process.perimeter_id
    return Territory.objects.light().filter(parent=perimeter).order_by("code").first()


def _tiles(port: int, home: str) -> Iterator[str]:
    """The heaviest tile of each zoom around the middle of the city, and its latency."""
    weights, heaviest = [], {}
    for zoom in _ZOOMS:
        around = {
            f"{home}tuiles/{zoom}/{x}/{y}.mvt": len(_body(port, f"{home}tuiles/{zoom}/{x}/{y}.mvt"))
            for x, y in _squares(zoom)
        }
        path = max(around, key=lambda path: around[path])
        weights.append((zoom, len(around), f"{around[path] / 1000:.1f}"))
        heaviest[f"tuile, zoom {zoom}"] = path
    yield table(
        "Tuiles (la plus lourde : au plus 100 kB, sans compression)",
        ("zoom", "tuiles regardées", "kB"),
        weights,
    )
    yield latencies("Tuiles", measured(port, heaviest))


def _body(port: int, path: str) -> bytes:
    status, body, _headers = fetch(port, path)
    assert status in (200, 204), (path, status)  # noqa: S101 -- a measure of an error would mislead
    return body


def _squares(zoom: int) -> list[tuple[int, int]]:
    """The tile of the middle of the city and its eight neighbours."""
    longitude, latitude = _CITY
    side = 2**zoom
    x = int((longitude + 180) / 360 * side)
    y = int((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2 * side)
    return [(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]


def _plans(map: ParticipatoryMap) -> str:
    """How PostgreSQL finds what each filter asks: the indexes it names."""
    rows = queries.public_contributions(map=map)
    category = map.categories.order_by("position", "pk").first()
    district = _district(map)
    asked: dict[str, QuerySet[Any]] = {
        "texte": rows.filter(contribution__search="fontaine"),
        "catégorie": rows.filter(category=category, state="done"),
        "quartier": rows.filter(contribution__territory=district),
    }
    found = []
    for name, wanted in asked.items():
        plan = wanted.explain(analyze=True, format="json")
        root = json.loads(plan)[0]
        used = sorted(set(_indexes(root["Plan"])))
        found.append((name, f"{root['Execution Time']:.0f}", ", ".join(used) or "aucun"))
    return table("Plans des filtres", ("filtre", "ms", "index"), found)


def _indexes(plan: dict[str, Any]) -> Iterator[str]:
    if "Index Name" in plan:
        yield plan["Index Name"]
    for part in plan.get("Plans", ()):
        yield from _indexes(part)


_EXPORT = """
import resource, sys, time
import django
django.setup()
from django.test import Client
from django.test.utils import override_settings
start = time.perf_counter()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
size = 0
with override_settings(ALLOWED_HOSTS=["*"]), open(sys.argv[2], "wb") as file:
    for part in Client().get(sys.argv[1]).streaming_content:
        file.write(part)
        size += len(part)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"{size / 1e6:.1f};{time.perf_counter() - start:.1f};{peak / 1024:.0f};{before / 1024:.0f}")
"""


def _export(map: ParticipatoryMap) -> str:
    """The whole map as GeoJSON, in a process of its own: its size, time and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contributions.geojson"
        answer = subprocess.run(  # noqa: S603 -- our own code
            [sys.executable, "-c", _EXPORT, f"/carte/{SLUG}/contributions.geojson", str(path)],
            env={**os.environ, "PYTHONPATH": f"{settings.SITE_DIR}:{settings.ROOT}"},
            capture_output=True,
            text=True,
            check=True,
        )
        features = path.read_text().count('"Feature"')
    size, seconds, peak, before = answer.stdout.strip().splitlines()[-1].split(";")
    return table(
        "Export GeoJSON de toute la carte (au plus 150 Mo de mémoire)",
        ("objets", "Mo", "secondes", "mémoire, Mo", "dont au départ"),
        [(features, size, seconds, peak, before)],
    )


def _import(map: ParticipatoryMap) -> str:
    """A file of 10,000 contributions: what it would do, then do it (and take it back)."""
    officer = User.objects.get(email="participation@demo.example")
    rows = MapContribution.objects.filter(map=map, is_public=True, geometry__isnull=False)
    features = (
        Feature(
            number,
            row.geometry,
            {"id": f"bench-{number}", "titre": f"Contribution {number}", "texte": "Pour essayer."}
            | {"categorie": row.category.name},
        )
        for number, row in enumerate(
            rows.select_related("category").order_by("pk")[:_IMPORTED].iterator()
        )
    )
    file = io.BytesIO(b"".join(part.encode() for part in iter_feature_collection(features)))
    found = guessed(columns_of(file))
    plan = ImportPlan(
        source_system="bench",
        title=found["title"],
        body=found["body"],
        category_column=found["category"],
        source_id=found["source_id"],
    )
    told = []
    for what, dry_run in (("essai à blanc", True), ("import", False)):
        file.seek(0)
        start, cpu = time.perf_counter(), time.process_time()
        with transaction.atomic():
            report = import_contributions(
                map=map,
                file=file,
                plan=plan,
                actor=officer,
                at=timezone.now(),
                dry_run=dry_run,
                leave_refused=True,  # some were moved outside the perimeter, on purpose
            )
            transaction.set_rollback(True)
        told.append(
            (
                what,
                report.new,
                len(report.refused),
                f"{time.perf_counter() - start:.1f}",
                f"{time.process_time() - cpu:.1f}",
            )
        )
    return table(
        "Import de 10 000 contributions en GeoJSON (au plus 30 secondes)",
        ("étape", "nouvelles", "refusées", "secondes", "dont processeur"),
        told,
    )


def _smoothness(address: str) -> str:
    """Tasks over 50 ms in Chromium while a map of many points is moved and zoomed."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return "\nFluidité : non mesurée (Playwright vient avec les paquets de ./parvis test)."
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        tiles: list[str] = []
        page.on("request", lambda asked: tiles.append(asked.url) if ".mvt" in asked.url else None)
        page.add_init_script(
            "window.longTasks = []; new PerformanceObserver(list => list.getEntries().forEach("
            "entry => window.longTasks.push(entry.duration))).observe({type: 'longtask'})"
        )
        page.goto(address)
        canvas = page.locator(".leaflet-container").first
        canvas.scroll_into_view_if_needed()
        page.wait_for_timeout(2500)
        box = canvas.bounding_box()
        assert box is not None  # noqa: S101 -- the map is on the page
        page.evaluate("window.longTasks = []")
        shown = len(tiles)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        start = time.perf_counter()
        for step in range(6):
            page.keyboard.down("Control")
            page.mouse.move(x, y)
            page.mouse.wheel(0, -240)
            page.keyboard.up("Control")
            page.wait_for_timeout(400)
            page.mouse.down()
            page.mouse.move(x - 120 + 40 * step, y + 60, steps=8)
            page.mouse.up()
            page.wait_for_timeout(400)
        seconds = time.perf_counter() - start
        tasks = page.evaluate("window.longTasks")
        browser.close()
    return table(
        "Fluidité dans Chromium (tâches de plus de 50 ms pendant les déplacements)",
        (
            "tuiles à l'ouverture",
            "tuiles ensuite",
            "secondes",
            "tâches longues",
            "la plus longue, ms",
        ),
        [(shown, len(tiles) - shown, f"{seconds:.1f}", len(tasks), f"{max(tasks, default=0):.0f}")],
    )
