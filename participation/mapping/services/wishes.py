"""What somebody sends to a map, and whether it is complete."""

import decimal
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from maps.models import Territory
from participation.core.models import Attachment
from participation.core.verdict import ALLOWED, Verdict, refuse
from participation.mapping.choices import GEOMETRY_OF, QuestionKind
from participation.mapping.models import MapCategory, ParticipatoryMap, Question


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it was received, to be joined; `alt` says what it shows."""

    file: UploadedFile
    alt: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered to one question; which member counts depends on the question's kind.

    `photo` is a picture just received, or one that is joined already.
    """

    question: Question
    text: str = ""
    number: decimal.Decimal | None = None
    chosen: tuple[str, ...] = ()
    photo: Attachment | Photo | None = None

    def __bool__(self) -> bool:
        return bool(self.text or self.chosen or self.photo) or self.number is not None


@dataclass(frozen=True, slots=True)
class Wish:
    """What its author writes and draws. `geometry` (WGS 84) may be missing: then a territory or
    an address says where. `photos` are added to those joined already; `removed` are keys of files
    to take away."""

    title: str
    body: str
    category: MapCategory
    geometry: GEOSGeometry | None = None
    territory: Territory | None = None
    address: str = ""
    replies: tuple[Reply, ...] = field(default=())
    photos: tuple[Photo, ...] = field(default=())
    removed: tuple[int, ...] = field(default=())


def complete(map: ParticipatoryMap, wish: Wish) -> Verdict:
    """What the form also checks; the service does not trust it. All reasons at once."""
    verdict = ALLOWED
    if not wish.title.strip():
        verdict &= refuse("title_missing", _("Give your contribution a title."))
    if wish.category.map_id != map.pk:
        return verdict & refuse("unknown_category", _("This category is not one of this map."))
    if wish.geometry is None and wish.territory is None and not wish.address.strip():
        verdict &= refuse("place_missing", _("Say where: on the map, in the list or in words."))
    if wish.geometry is not None:
        verdict &= _drawing(map, wish.category, wish.geometry)
    return verdict & _replies(wish)


def _drawing(map: ParticipatoryMap, category: MapCategory, geometry: GEOSGeometry) -> Verdict:
    kinds = [GEOMETRY_OF[shape] for shape in category.shapes]  # type: ignore[index]  # its values
    if geometry.geom_type not in kinds:
        return refuse(
            "shape_not_taken",
            _("“%(category)s” does not take this kind of drawing."),
            category=category.name,
        )
    if not geometry.valid:
        return refuse("drawing_crosses_itself", _("This drawing crosses itself."))
    perimeter = perimeter_of(map)
    if perimeter is not None and not perimeter.covers(geometry):
        return refuse("outside_perimeter", _("This drawing leaves the perimeter of the map."))
    return ALLOWED


def perimeter_of(map: ParticipatoryMap) -> MultiPolygon | None:
    """Where one may draw: the map's own perimeter, else that of its process."""
    if map.drawn_perimeter is not None:
        return map.drawn_perimeter
    process = map.activity.process.perimeter
    return process.geometry if process is not None else None


def _replies(wish: Wish) -> Verdict:
    verdict = ALLOWED
    given = {reply.question.pk: reply for reply in wish.replies if reply}
    for question in wish.category.questions.all():
        reply = given.pop(question.pk, None)
        if reply is None and question.is_required:
            verdict &= refuse(
                f"answer_missing_{question.pk}",
                _("Answer the question “%(question)s”."),
                question=question.label,
            )
        elif reply is not None and not _fits(question, reply):
            verdict &= refuse(
                f"answer_wrong_{question.pk}",
                _("This answer does not fit the question “%(question)s”."),
                question=question.label,
            )
    if given:
        verdict &= refuse("unknown_question", _("This question is not one of this category."))
    return verdict


def _fits(question: Question, reply: Reply) -> bool:
    match question.kind:
        case QuestionKind.TEXT | QuestionKind.LONG_TEXT:
            return bool(reply.text)
        case QuestionKind.CHOICE:
            return len(reply.chosen) == 1 and reply.chosen[0] in question.options
        case QuestionKind.CHOICES:
            return bool(reply.chosen) and set(reply.chosen) <= set(question.options)
        case QuestionKind.NUMBER:
            number = reply.number
            return (
                number is not None
                and number.is_finite()
                and (question.minimum is None or number >= question.minimum)
                and (question.maximum is None or number <= question.maximum)
            )
        case QuestionKind.PHOTO:
            return reply.photo is not None
    return False


def point_on(geometry: GEOSGeometry | None) -> Point | None:
    """A point of the drawing, for distances and for lists; `None` when nothing is drawn."""
    if geometry is None:
        return None
    inside: Any = geometry if geometry.geom_type == "Point" else geometry.point_on_surface
    x, y = inside.coords
    return Point(round(x, 6), round(y, 6), srid=4326)
