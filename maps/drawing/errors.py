"""What is wrong with a drawing, in sentences."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

MAX_NAMED = 8  # a sentence that names more points than this helps nobody


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence for the person who draws, and its stable code."""

    code: str
    text: str


class DrawingErrors(Exception):
    """The drawing can't be kept; `problems` says why, in the order of its points."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(problem.text for problem in problems))
        self.problems = problems


def enumerate_numbers(numbers: Iterable[int]) -> str:
    """“2”, “2 and 5”, “2, 5 and 9”; the first few only when there are many."""
    named = [str(number) for number in numbers]
    if len(named) > MAX_NAMED:
        rest = len(named) - MAX_NAMED
        return _("%(numbers)s and %(count)s others") % {
            "numbers": ", ".join(named[:MAX_NAMED]),
            "count": rest,
        }
    if len(named) < 2:
        return "".join(named)
    return _("%(numbers)s and %(last)s") % {"numbers": ", ".join(named[:-1]), "last": named[-1]}
