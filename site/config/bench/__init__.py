"""Measures of speed and size, printed as tables. They inform; they never fail on a time."""
