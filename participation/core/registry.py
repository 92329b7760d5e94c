"""Instruments declare themselves here, as data; nobody imports them to know them."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from participation.core.models import Activity, Attachment, Contribution, Process
from participation.core.verdict import ALLOWED, Verdict


@dataclass(frozen=True, slots=True)
class Instrument:
    """What the rest of the platform may know of an instrument.

    `landing(activity) -> url`, `voting(activity) -> url` where one votes when there is a vote,
    `summary(activity, moment) -> dict` for cards and CMS blocks: `figures` (each with `value` and
    `label`, in words), `title`, `text`, `label` and `url`,
    `personal_data(user) -> iterable of records` for the personal-data export.
    `takes_comments(contribution, moment) -> Verdict` and `takes_supports` let an instrument
    decide when discussion is open; without them the steps of its activity decide.
    `forget(contribution keys)` empties what the instrument itself holds of people's words and
    places, when their author leaves. `visibility_changed(contribution)` follows moderation and
    publication. `opens_file(attachment, user)` keeps some files from the public that reads their
    contribution. `shows(contribution, user)` and `withheld()` (keys of activities) keep published
    contributions from the public for a while. `destinations` say what may be made of any
    contribution. `watched(user)` says what a person follows there in a way of its own.
    `duties(user, moment)` are pages that somebody needs these days, and has no other way to: those
    of a job, and one's own tickets. `sent(user)` says what a person sent that is no contribution,
    and what became of it.
    `left(user, moment)` forgets what it holds of a member who leaves. `detached(process)` forgets
    who wrote, in a process that ended years ago. `holds_ballot_of(elector key)`: whether a ballot
    of that elector lies in a box, or was counted; never which.
    """

    kind: str
    label: Any
    icon: str
    steps: tuple[str, ...]
    landing: Callable[[Activity], str]
    summary: Callable[[Activity, Any], dict[str, Any]]
    contribution_url: Callable[[Any], str]
    personal_data: Callable[[Any], Iterable[dict[str, Any]]]
    takes_comments: Callable[[Contribution, datetime.datetime], Verdict] | None = None
    takes_supports: Callable[[Contribution, datetime.datetime], Verdict] | None = None
    voting: Callable[[Activity], str] | None = None
    forget: Callable[[list[int]], None] | None = None
    visibility_changed: Callable[[Contribution], None] | None = None
    opens_file: Callable[[Attachment, Any], Verdict] | None = None
    shows: Callable[[Contribution, Any], Verdict] | None = None
    withheld: Callable[[], list[int]] | None = None
    destinations: tuple["Destination", ...] = ()
    watched: Callable[[Any], list["Watched"]] | None = None
    left: Callable[[Any, datetime.datetime], None] | None = None
    duties: Callable[[Any, datetime.datetime], list["Duty"]] | None = None
    sent: Callable[[Any], list["Sent"]] | None = None
    detached: Callable[[Process], None] | None = None
    holds_ballot_of: Callable[[int], bool] | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """What another instrument may make of a contribution: a project, a stop of a visit…

    `places(user, moment)` gives (value, label) of where it may go now; `adopt(contribution=,
    place=, actor=, at=)` makes it and returns its address, or raises `Refused`.
    """

    key: str
    label: Any
    places: Callable[[Any, datetime.datetime], list[tuple[str, str]]]
    adopt: Callable[..., str]


@dataclass(frozen=True, slots=True)
class Watched:
    """What somebody follows in an instrument: its name, where and when in words, its page, and
    the address that stops it when posted to."""

    label: str
    context: str
    path: str
    since: datetime.datetime
    stop_path: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that somebody does these days: its name, its icon and its page."""

    label: str
    icon: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Something that somebody sent: its name, what it is, its state (a key and its words), what was
    answered (or nothing), its page; and the name and page of what came of it, once there is one."""

    title: str
    context: str
    state: str
    state_label: Any
    at: datetime.datetime
    answer: str
    path: str
    outcome_label: str = ""
    outcome_path: str = ""


PersonalData = Callable[[Any], Iterable[dict[str, Any]]]

_instruments: dict[str, Instrument] = {}
_data: dict[str, PersonalData] = {}


def register(instrument: Instrument) -> None:
    """Called once by each instrument's `apps.ready()`; a second kind of one name is a mistake."""
    if _instruments.get(instrument.kind, instrument) != instrument:
        raise ValueError(f"Instrument {instrument.kind!r} is declared twice.")
    _instruments[instrument.kind] = instrument


def gives_personal_data(name: str, provider: PersonalData) -> None:
    """Add to the copy of one's data what a package without an instrument holds about people."""
    _data[name] = provider


def personal_data_of(user: Any) -> dict[str, list[dict[str, Any]]]:
    """What those packages hold about a person, by name."""
    return {name: list(provider(user)) for name, provider in _data.items()}


def get(kind: str) -> Instrument:
    """The instrument of that kind; `KeyError` when none is installed."""
    return _instruments[kind]


def find(kind: str) -> Instrument | None:
    """The instrument of that kind, or `None` when none is installed."""
    return _instruments.get(kind)


def all_instruments() -> tuple[Instrument, ...]:
    return tuple(_instruments.values())


def destinations() -> tuple[Destination, ...]:
    """All that may be made of a contribution, by any instrument."""
    return tuple(each for instrument in _instruments.values() for each in instrument.destinations)


def watched_by(user: Any) -> list[Watched]:
    """What a person follows in the ways of each instrument."""
    return [
        each
        for instrument in _instruments.values()
        if instrument.watched is not None
        for each in instrument.watched(user)
    ]


def duties_of(user: Any, moment: datetime.datetime) -> list[Duty]:
    """What somebody does these days in each instrument."""
    return [
        each
        for instrument in _instruments.values()
        if instrument.duties is not None
        for each in instrument.duties(user, moment)
    ]


def sent_by(user: Any) -> list[Sent]:
    """What a person sent to each instrument that is no contribution."""
    return [
        each
        for instrument in _instruments.values()
        if instrument.sent is not None
        for each in instrument.sent(user)
    ]


def tell_visibility_changed(contribution: Contribution) -> None:
    """Let the instrument of a contribution follow what moderation made of it."""
    instrument = find(contribution.activity.kind)
    if instrument is not None and instrument.visibility_changed is not None:
        instrument.visibility_changed(contribution)


def may_open_file(attachment: Attachment, user: Any) -> Verdict:
    """Whether somebody who reads a contribution opens that file of it."""
    instrument = find(attachment.contribution.activity.kind)
    if instrument is None or instrument.opens_file is None:
        return ALLOWED
    return instrument.opens_file(attachment, user)


def may_see(contribution: Contribution, user: Any) -> Verdict:
    """Whether an instrument shows that published contribution now."""
    instrument = find(contribution.activity.kind)
    if instrument is None or instrument.shows is None:
        return ALLOWED
    return instrument.shows(contribution, user)


def withheld_activities() -> list[int]:
    """Keys of the activities whose published contributions are kept from the public now."""
    return [
        key
        for instrument in _instruments.values()
        if instrument.withheld is not None
        for key in instrument.withheld()
    ]


def contribution_path(contribution: Contribution) -> str:
    """The public address of a contribution; empty when its instrument is not installed."""
    instrument = find(contribution.activity.kind)
    return instrument.contribution_url(contribution) if instrument else ""
