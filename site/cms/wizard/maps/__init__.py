"""A new participatory map in one gesture."""
