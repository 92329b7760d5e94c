"""What every page of one map starts from: the map, its moment, what its reader may see."""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from participation.core import queries as core_queries
from participation.core.models import Phase
from participation.core.verdict import Verdict
from participation.mapping import policies, queries
from participation.mapping.models import MapCategory, ParticipatoryMap


@dataclass
class MapPage:
    """One map as a visitor sees it at one moment (`at`, aware)."""

    map: ParticipatoryMap
    user: Any
    at: datetime.datetime
    is_preview: bool
    path: str

    @property
    def slug(self) -> str:
        return self.map.activity.slug

    @cached_property
    def phases(self) -> list[tuple[Phase, str]]:
        return core_queries.phases(activity=self.map.activity, at=self.at)

    @cached_property
    def categories(self) -> list[MapCategory]:
        """In order, each with its questions; two queries."""
        return queries.categories_with_questions(map=self.map)

    @cached_property
    def collecting(self) -> Verdict:
        return policies.collecting(self.map.activity, self.at)

    @cached_property
    def sees_others(self) -> Verdict:
        return policies.may_see_others(map=self.map, user=self.user, at=self.at)

    @property
    def is_for_everybody(self) -> bool:
        """Whether others' contributions may be seen by anyone: only then may caches keep them."""
        nobody = policies.may_see_others(map=self.map, user=None, at=self.at)
        return bool(nobody) and not self.is_preview

    def category(self, key: Any) -> MapCategory | None:
        """The category of that key (a text of the address), if it is one of this map."""
        return next((each for each in self.categories if str(each.pk) == str(key)), None)

    def context(self, section: str, **more: Any) -> dict[str, Any]:
        """What the templates of this map need; `section` is the current tab."""
        process = self.map.activity.process
        return {
            "page": self,
            "back": self.path,
            "map": self.map,
            "activity": self.map.activity,
            "process": process,
            "map_parts": self.map.parts if process.perimeter_id else "",
            "is_open": bool(self.collecting),
            "sections": self.sections(section),
            **more,
        }

    def sections(self, current: str) -> list[dict[str, Any]]:
        """The tabs of the map's pages."""
        tabs = [
            ("home", gettext("Contributions")),
            ("new", gettext("Contribute")),
            ("about", pgettext("sections of a map", "About")),
        ]
        return [
            {
                "name": name,
                "label": label,
                "url": reverse(f"mapping:{name}", args=[self.slug]),
                "is_current": name == current,
            }
            for name, label in tabs
            if name != "new" or self.collecting
        ]


def open_map(request: HttpRequest, slug: str) -> MapPage:
    """The map of that address, in two queries.

    Raises `Http404` when it is not published, except for staff, who see it as a preview.
    """
    found = (
        ParticipatoryMap.objects.select_related("activity__process__perimeter")
        .defer("activity__process__perimeter__geometry", "drawn_perimeter")
        .prefetch_related(Prefetch("activity__phases", Phase.objects.order_by("period")))
        .filter(activity__slug=slug)
        .order_by("pk")
        .first()
    )
    is_public = found is not None and found.activity.process.published_at is not None
    if found is None or (not is_public and not request.user.is_staff):
        raise Http404(gettext("No map has this address."))
    return MapPage(
        map=found,
        user=request.user,
        at=timezone.now(),
        is_preview=not is_public,
        path=request.get_full_path(),
    )
