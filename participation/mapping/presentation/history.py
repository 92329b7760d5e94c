"""The life of a contribution as its page tells it."""

from collections.abc import Iterable

from participation.core.queries import HistoryEntry
from participation.mapping.choices import TraceKind, WishState
from participation.mapping.models import Trace

# The answer itself is told by the spine; who is in charge inside is nobody else's affair.
_SILENT = (TraceKind.ANSWERED, TraceKind.ASSIGNED)


def history(entries: Iterable[HistoryEntry], traces: Iterable[Trace]) -> list[HistoryEntry]:
    """The spine's entries and the map's traces, oldest first; reasons given inside stay inside."""
    told = [
        HistoryEntry(trace.happened_at, trace.kind, TraceKind(trace.kind).label, _detail(trace))
        for trace in traces
        if trace.kind not in _SILENT
    ]
    return sorted([*entries, *told], key=lambda entry: entry.at)


def _detail(trace: Trace) -> str:
    if trace.other is not None:
        other = trace.other.contribution
        return other.title if other.visibility == "published" else ""
    if trace.state_after and trace.state_after != trace.state_before:
        return str(WishState(trace.state_after).label)
    return ""
