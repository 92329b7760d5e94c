"""The back office of the citizen agenda."""
