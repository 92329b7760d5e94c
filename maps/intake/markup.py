"""XML from outside, element by element: no document type, no entity, no depth without end."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from maps.intake.outcomes import FileRefused

MAX_DEPTH = 60


def elements(file: BinaryIO, whole: frozenset[str]) -> Iterator[tuple[str, list[str], Element]]:
    """Each element whose name is in `whole`, complete, with the names of those it is inside.

    Names are without namespace. An element inside another of `whole` is not told by itself; what
    was told, and what is not wanted, is forgotten. Raises `FileRefused`.
    """
    path: list[Element] = []
    inside = 0
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                path.append(element)
                inside += name_of(element) in whole
                if len(path) > MAX_DEPTH:
                    raise FileRefused(_("The file is nested too deeply."))
                continue
            path.pop()
            wanted = name_of(element) in whole
            inside -= wanted
            if inside:
                continue
            if wanted:
                yield name_of(element), [name_of(each) for each in path], element
            element.clear()
            if path:
                path[-1].remove(element)
    except DefusedXmlException as error:
        raise FileRefused(_("The file declares a document type or entities: refused.")) from error
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, FileRefused):
            raise
        line, column = getattr(error, "position", (0, 0))
        raise FileRefused(
            _("The file is not XML: line %(line)s, column %(column)s.")
            % {"line": line, "column": column}
        ) from error


def name_of(element: Element) -> str:
    """The element's name without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Element, name: str) -> Element | None:
    """The first child of that name, in any namespace."""
    return next((each for each in element if name_of(each) == name), None)


def text_of(element: Element | None) -> str:
    """The text directly inside, without the blanks around it."""
    return (element.text or "").strip() if element is not None else ""
