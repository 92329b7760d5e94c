"""What a visitor does with a drawing field: press, tap, drag, read, send."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visitor

FORM = "/essai/dessin/"


def ready(visitor: Visitor, path: str = FORM) -> Page:
    page = visitor.open(path)
    expect(page.locator(".drawing.is-ready")).to_be_visible()
    return page


def choose(page: Page, kind: str) -> None:
    page.get_by_role("radio", name=kind, exact=True).check()


def points(page: Page) -> list[str]:
    """The lines that will be posted."""
    return page.locator("[data-part=vertices]").input_value().splitlines()


def status(page: Page) -> Locator:
    return page.locator("[data-map-status]")


def corner(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place on the map, as shares of its width and height, in the window."""
    box = page.locator(".drawing .map__canvas").bounding_box()
    assert box
    return box["x"] + box["width"] * x, box["y"] + box["height"] * y


def press(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        page.mouse.click(*corner(page, *place))
        page.wait_for_timeout(400)  # two fast presses would be a double press


def tap(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        page.touchscreen.tap(*corner(page, *place))
        page.wait_for_timeout(400)


def drag(page: Page, *path: tuple[float, float]) -> None:
    page.mouse.move(*corner(page, *path[0]))
    page.mouse.down()
    for place in path[1:]:
        page.mouse.move(*corner(page, *place), steps=6)
    page.mouse.up()


def send(visitor: Visitor) -> Locator:
    visitor.press(visitor.page.get_by_role("button", name="Envoyer"))
    return visitor.page.locator("#received")


def act(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)
