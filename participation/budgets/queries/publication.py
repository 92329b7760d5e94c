"""A ballot of a published box, by its code."""

from dataclasses import dataclass

from participation.budgets.choices import VoidReason
from participation.budgets.models import AddedBallot, Ballot, Poll, VoidBallot
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
    """The ballot of a poll with that code, however it was copied; two queries at most, three
    after a judgment.

    Only for a poll whose results are public.
    """
    plain = plain_code(code)
    if not plain or len(plain) > 64 or "\0" in code:
        return None
    typed = code.strip()  # an imported file's own identifiers are of any form
    ballot: Ballot | AddedBallot | None
    ballot = Ballot.objects.filter(poll=poll, code__in=(plain, typed)).first()
    is_revised = hasattr(poll, "revision")
    if ballot is None and is_revised:
        ballot = AddedBallot.objects.filter(poll=poll, code=plain).first()
    if ballot is not None:
        titles = {project["id"]: project["title"] for project in poll.options["projects"]}
        named = [titles[key] for key in ballot.choices]
        points: list[int | None] = [*ballot.points] if ballot.points else [None] * len(named)
        return FoundBallot(ballot.code, tuple(zip(named, points, strict=True)))
    void = VoidBallot.objects.filter(poll=poll, code__in=(plain, typed.lower()))
    if is_revised:
        void = void.exclude(reason=VoidReason.SET_ASIDE)
    for code, reason in void.values_list("code", "reason")[:1]:
        return FoundBallot(code, void_reason=str(VoidReason(reason).label))
    for code, reason in poll.revision.void_ballots if is_revised else ():
        if code in (plain, typed.lower()):
            return FoundBallot(code, void_reason=str(VoidReason(reason).label))
    return None
