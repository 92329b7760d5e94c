"""Reads of the agenda that span tables."""
