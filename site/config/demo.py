"""What only a demonstration serves: the local mailbox and uploaded pictures."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, re_path
from django.views.static import serve

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(
        r"^media/(?P<path>(images|original_images|projects|deliveries)/.+)$",
        serve,
        {"document_root": settings.MEDIA_ROOT},
    ),
]
