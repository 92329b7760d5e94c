"""What each role may do with pages, pictures and documents."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
)

ADMINISTRATION = "Administration du site"
EDITION = "Édition"
PARTICIPATION = "Participation"

_PAGE_RIGHTS = {
    EDITION: ("add", "change", "publish", "lock", "unlock"),
    PARTICIPATION: ("add", "change", "publish"),
    ADMINISTRATION: ("add", "change", "publish", "bulk_delete", "lock", "unlock"),
}
_MEDIA_RIGHTS = {
    "wagtailimages": ("add_image", "change_image", "choose_image"),
    "wagtaildocs": ("add_document", "change_document", "choose_document"),
}
_SETTINGS = {
    EDITION: ("change_navigation",),
    ADMINISTRATION: ("change_navigation", "change_sitesettings"),
}


def grant_editorial_rights() -> None:
    """Give the editorial roles their rights on the whole tree; take away none."""
    root = Page.get_first_root_node()
    collection = Collection.get_first_root_node()
    access = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    for name, rights in _PAGE_RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(access)
        for permission in _of("wagtailcore", [f"{right}_page" for right in rights]):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
        for app, codenames in _MEDIA_RIGHTS.items():
            for permission in _of(app, list(codenames)):
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=collection, permission=permission
                )
        group.permissions.add(*_of("cms", list(_SETTINGS.get(name, ()))))
    _retire_defaults()


def _of(app: str, codenames: list[str]) -> list[Permission]:
    return list(
        Permission.objects.filter(content_type__app_label=app, codename__in=codenames).order_by(
            "pk"
        )
    )


def _retire_defaults() -> None:
    """Wagtail's two English groups and their approval step give way to our roles."""
    for workflow in Workflow.objects.filter(active=True, name="Moderators approval").order_by("pk"):
        workflow.deactivate()
    Group.objects.filter(name__in=("Editors", "Moderators"), user=None).delete()
