"""Draft events from files of other calendars (.ics) and from tables (CSV, XLSX): read line by
line, judged line by line, written all at once."""

from participation.agenda.services.imports.lines import EventPlan, Fault
from participation.agenda.services.imports.writing import ImportReport, import_events

__all__ = ["EventPlan", "Fault", "ImportReport", "import_events"]
