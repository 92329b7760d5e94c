"""Tickets shown to the camera of the door: Chromium plays a small film in the place of a camera."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from participation.agenda import links
from participation.agenda.models import CheckIn, Event, Registration
from tests.cms.making import make_staff
from tests.e2e.conftest import FLAGS, PASSWORD, SCREENS, Visitor, sign_in
from tests.e2e.test_event_door_journey import door_of, line, row_of
from tests.factories.agenda import make_event, make_registration, make_seating

SIZE = (640, 480)
PER_SECOND = 2
AWAY = 8
"""Seconds without a ticket: longer than what the page takes for the same showing."""
Scene = tuple[Image.Image, int]


def film_of(*scenes: Scene) -> bytes:
    """A Y4M film of grey pictures, each shown so many seconds; it begins again at its end."""
    without_colour = bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    held = io.BytesIO()
    held.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{PER_SECOND}:1 Ip A1:1 C420\n".encode())
    for picture, seconds in scenes:
        frame = b"FRAME\n" + picture.convert("L").tobytes() + without_colour
        held.write(frame * (seconds * PER_SECOND))
    return held.getvalue()


def nothing() -> Image.Image:
    """The hall, in half light."""
    return Image.new("L", SIZE, 90)


def shown_by_hand(ticket: Image.Image) -> Image.Image:
    """A ticket on a telephone, a little askew, in a poor light."""
    side = 300
    paper = Image.new("L", (side, side), 255)
    code = ticket.convert("L").resize((side - 40, side - 40))
    paper.paste(code.point(lambda level: 40 + level * 0.75), (20, 20))
    seen = nothing()
    turned = paper.rotate(7, expand=True, fillcolor=90)
    seen.paste(turned, ((SIZE[0] - turned.width) // 2, (SIZE[1] - turned.height) // 2))
    return seen


@dataclass(frozen=True, slots=True)
class Camera:
    """A browser whose camera plays the file `film`; it reads it when a page starts the camera."""

    browser: Browser
    film: Path


@pytest.fixture(scope="module")
def camera(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Camera]:
    film = tmp_path_factory.mktemp("camera") / "film.y4m"
    film.write_bytes(film_of((nothing(), 1)))
    flags = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    running = browser.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
        args=[*FLAGS, *flags],
    )
    yield Camera(running, film)
    running.close()


@pytest.fixture
def phone(camera: Camera, live_server: Any) -> Iterator[Visitor]:
    """A telephone whose owner has said nothing yet of the camera."""
    context = camera.browser.new_context(
        viewport=SCREENS["phone"], locale="fr-FR", reduced_motion="reduce"
    )
    yield Visitor(context, live_server.url)
    context.close()


@pytest.fixture
def greeter(_site: None) -> Any:
    return make_staff("Accueil des rencontres", email="accueil@example.org", password=PASSWORD)


@pytest.fixture
def meeting(_site: None) -> Event:
    """A meeting that begins in half an hour."""
    event = make_event(title="Réunion du plan vélo", slug="plan-velo", in_hours=0.5)
    make_seating(event, capacity=30)
    for name in ("Lou Garonne", "Théo Lot", *(f"Inscrite n° {each}" for each in range(12))):
        make_registration(event, name=name)
    return event


def ticket_of(visitor: Visitor, row: Registration) -> Image.Image:
    """The code that this person shows: the one drawn on the page of their ticket."""
    page = visitor.open(links.ticket_path(row))
    return Image.open(io.BytesIO(page.locator("svg.a-qr").screenshot()))


def said(page: Page) -> Any:
    return page.locator("[data-said]")


def test_a_ticket_shown_to_the_camera_checks_its_holder_in_once(
    camera: Camera, phone: Visitor, visit_phone: Visitor, meeting: Event, greeter: Any
) -> None:
    lou, theo = row_of("Lou Garonne"), row_of("Théo Lot")
    scenes = [
        (shown_by_hand(ticket_of(visit_phone, row)), seconds)
        for row, seconds in ((lou, 4), (theo, 4))
    ]
    camera.film.write_bytes(film_of((nothing(), 1), *scenes, (nothing(), AWAY)))
    phone.context.grant_permissions(["camera"])
    sign_in(phone, greeter.email)
    page = phone.open(door_of(meeting))
    view = page.locator("[data-camera-view]")
    expect(view).to_be_hidden()
    page.get_by_role("button", name="Scanner un billet").click()
    expect(page.get_by_role("button", name="Arrêter l’appareil photo")).to_be_visible()
    expect(said(page)).to_contain_text("Lou Garonne")
    expect(said(page)).to_be_in_viewport()
    expect(view).to_be_in_viewport(ratio=0.99)
    phone.check()
    # The next person, without touching anything.
    expect(said(page)).to_contain_text("Théo Lot")
    expect(line(page, "Théo Lot")).to_contain_text("Arrivée à")
    expect(page.locator("[data-queue]")).to_be_hidden()
    # The film begins again: the same ticket comes back.
    expect(said(page)).to_contain_text("Lou Garonne : arrivée déjà notée", timeout=30_000)
    expect(view).to_be_in_viewport(ratio=0.99)
    came = CheckIn.objects.order_by("arrived_at", "key").values_list("registration", flat=True)
    assert list(came) == [lou.pk, theo.pk]
    page.get_by_role("button", name="Arrêter l’appareil photo").click()
    expect(view).to_be_hidden()
    expect(page.get_by_role("button", name="Scanner un billet")).to_be_visible()


def test_a_camera_that_is_refused_or_goes_leaves_the_other_ways(
    camera: Camera, phone: Visitor, meeting: Event, greeter: Any
) -> None:
    camera.film.write_bytes(film_of((nothing(), 2)))
    sign_in(phone, greeter.email)
    page = phone.open(door_of(meeting))
    scan = page.get_by_role("button", name="Scanner un billet")
    scan.click()
    expect(said(page)).to_contain_text("n’est pas autorisé")
    expect(page.locator("[data-camera-view]")).to_be_hidden()
    expect(scan).to_be_visible()
    phone.check()
    page.get_by_label("Ou taper le code").fill(str(row_of("Lou Garonne").ticket))
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Lou Garonne")
    # Allowed after all; then a call takes the camera.
    phone.context.grant_permissions(["camera"])
    scan.click()
    expect(page.get_by_role("button", name="Arrêter l’appareil photo")).to_be_visible()
    page.locator("[data-camera-view]").evaluate(
        "view => view.srcObject.getTracks()[0].dispatchEvent(new Event('ended'))"
    )
    expect(said(page)).to_contain_text("s’est arrêté")
    expect(page.locator("[data-camera-view]")).to_be_hidden()
    expect(scan).to_be_visible()


def test_two_touches_start_one_camera(
    camera: Camera, phone: Visitor, meeting: Event, greeter: Any
) -> None:
    camera.film.write_bytes(film_of((nothing(), 2)))
    phone.context.grant_permissions(["camera"])
    sign_in(phone, greeter.email)
    page = phone.open(door_of(meeting))
    page.evaluate(
        """() => {
          const devices = navigator.mediaDevices;
          const ask = devices.getUserMedia.bind(devices);
          window.streams = [];
          devices.getUserMedia = async (wanted) => {
            const stream = await ask(wanted);
            window.streams.push(stream);
            return stream;
          };
        }"""
    )
    page.locator("[data-camera]").dblclick()
    page.get_by_role("button", name="Arrêter l’appareil photo").click()
    expect(page.locator("[data-camera-view]")).to_be_hidden()
    assert page.evaluate("window.streams.length") == 1
    states = page.evaluate("window.streams.map((each) => each.getTracks()[0].readyState)")
    assert states == ["ended"]
