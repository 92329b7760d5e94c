"""The database engine of the site: see `base`, where Django looks for it."""
