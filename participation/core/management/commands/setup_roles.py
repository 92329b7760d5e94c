"""Make the groups of staff, or bring them back to what they should be."""

from fnmatch import fnmatchcase
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from participation.core.roles import ROLES, Role

_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
_FILES = Q(content_type__app_label="wagtailimages", codename__in=("add_image", "change_image")) | Q(
    content_type__app_label="wagtaildocs", codename__in=("add_document", "change_document")
)


class Command(BaseCommand):
    help = "Make the groups of staff and give each its permissions. Safe to run again."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        permissions = list(Permission.objects.select_related("content_type").order_by("pk"))
        for role in ROLES:
            group, _created = Group.objects.get_or_create(name=role.name)
            wanted = [permission for permission in permissions if _matches(role, permission)]
            group.permissions.set(wanted)
            if role.edits_pages:
                _open_pages(group)
            self.stdout.write(f"{role.name}: {len(wanted)}")


def _matches(role: Role, permission: Permission) -> bool:
    name = f"{permission.content_type.app_label}.{permission.codename}"
    return any(fnmatchcase(name, pattern) for pattern in role.permissions)


def _open_pages(group: Group) -> None:
    root = Page.objects.filter(depth=1).first()
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=_PAGES
    ).order_by("pk"):
        if root is not None:
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    files = Collection.get_first_root_node()
    for permission in Permission.objects.filter(_FILES).order_by("pk"):
        if files is not None:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=files, permission=permission
            )
