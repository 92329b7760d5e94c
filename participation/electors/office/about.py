"""What the screens about one electorate share."""

from typing import Any

from django.http import HttpRequest

from participation.core.viewsets import screens
from participation.electors import policies
from participation.electors.models import Electorate
from participation.electors.office.lookups import electorate_or_404, electorate_trail


class ElectorateScreen(screens.Screen):
    """A page about one electorate; its key is in the address."""

    policy = staticmethod(policies.may_run_electorates)
    header_icon = "group"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.electorate: Electorate = electorate_or_404(kwargs["activity"])

    def trail(self) -> list[tuple[str, str]]:
        return electorate_trail(self.electorate)
