"""Public pages of participatory maps."""
