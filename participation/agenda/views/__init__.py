"""Public pages of the citizen agenda."""
