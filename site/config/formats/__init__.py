"""How dates are written, where Django's own way does not fit; see `FORMAT_MODULE_PATH`."""
