"""What a new site starts with. Everything here may be run again at any time."""

from cms.setup.site import set_up_site

__all__ = ["set_up_site"]
