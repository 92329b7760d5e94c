"""A ballot of a published box, by its code."""

from dataclasses import dataclass

from participation.budgets.models import Ballot, Poll, VoidBallot
from participation.methods.proof import plain_code


@dataclass(frozen=True, slots=True)
class FoundBallot:
    """What a ballot holds: titles with their points, if any, best first when ranked.

    `void_reason` says in words why it was not counted; it is empty for a ballot that was.
    """

    code: str
    choices: tuple[tuple[str, int | None], ...] = ()
    void_reason: str = ""


def published_ballot(*, poll: Poll, code: str) -> FoundBallot | None:
    """The ballot of a poll with that code, however it was copied; two queries at most.

    Only for a poll whose results are public.
    """
    plain = plain_code(code)
    if not plain or len(plain) > 64 or "\0" in code:
        return None
    typed = code.strip()  # an imported file's own identifiers are of any form
    ballot = Ballot.objects.filter(poll=poll, code__in=(plain, typed)).first()
    if ballot is not None:
        titles = {project["id"]: project["title"] for project in poll.options["projects"]}
        named = [titles[key] for key in ballot.choices]
        points: list[int | None] = [*ballot.points] if ballot.points else [None] * len(named)
        return FoundBallot(ballot.code, tuple(zip(named, points, strict=True)))
    void = VoidBallot.objects.filter(poll=poll, code__in=(plain, typed.lower())).first()
    if void is not None:
        return FoundBallot(void.code, void_reason=void.get_reason_display())
    return None
