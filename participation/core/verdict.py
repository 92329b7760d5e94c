"""Answers to "may I?" that carry their reasons."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why not: a stable `code` for programs, a sentence for people.

    `message` is a lazy translation or a string; it may be interpolated with `params`.
    """

    code: str
    message: Any = field(compare=False)
    params: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of a policy: allowed when there is no refusal."""

    refusals: tuple[Refusal, ...] = ()

    def __bool__(self) -> bool:
        return not self.refusals

    def __and__(self, other: "Verdict") -> "Verdict":
        """Both must allow; reasons add up, each once."""
        known = {refusal.code for refusal in self.refusals}
        return Verdict(self.refusals + tuple(r for r in other.refusals if r.code not in known))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(refusal.code for refusal in self.refusals)

    def or_refuse(self) -> None:
        """Raise `Refused` unless allowed: the first line of every service."""
        if self.refusals:
            raise Refused(self)


ALLOWED = Verdict()


def refuse(code: str, message: Any, **params: Any) -> Verdict:
    """A verdict with one refusal."""
    return Verdict((Refusal(code, message, params),))


class Refused(Exception):
    """A service was asked for something its policy refuses."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__("; ".join(str(refusal) for refusal in verdict.refusals))
