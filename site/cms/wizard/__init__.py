"""A new participatory budget in one gesture."""
