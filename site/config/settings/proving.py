"""A site put to the proof where static files were not collected: it names them plainly."""

from .demo import *  # noqa: F403 -- settings modules extend one another this way
from .demo import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
