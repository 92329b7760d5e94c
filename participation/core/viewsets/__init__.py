"""The back office of the spine: one menu to moderate, one to run processes."""

from participation.core.viewsets.moderation import moderation_group
from participation.core.viewsets.processes import processes_group

__all__ = ["moderation_group", "processes_group"]
