"""Verbs of the citizen agenda: keyword-only, atomic, audited; each raises `Refused`."""
