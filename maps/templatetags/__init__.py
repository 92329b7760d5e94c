"""Template tags of the geographic floor."""
