"""What every screen of paper ballots has."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from participation.budgets.office.shared import Screen
from participation.budgets.policies import may_run_vote
from participation.budgets.policies import paper as policies
from participation.budgets.queries import paper as reads


class PaperHome(Screen):
    """What waits for this person: lots to key, to arbitrate; the polls for the officer."""

    policy = staticmethod(policies.may_see_paper)
    page_title = _("Paper ballots")
    template_name = "budgets_admin/paper.html"
    header_icon = "doc-full"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        runs = bool(may_run_vote(user=user))
        may_key = bool(policies.may_key_paper(user=user))
        return super().get_context_data(
            may_key=may_key,
            to_key=reads.lots_to_key(user=user) if may_key else [],
            to_settle=reads.lots_to_settle(user=user),
            runs=runs,
            balances=reads.balances_under_way() if runs else [],
            **kwargs,
        )


@method_decorator(never_cache, name="dispatch")
class PaperScreen(Screen):
    policy = staticmethod(policies.may_see_paper)
    header_icon = "doc-full"

    def trail(self) -> list[tuple[str, str]]:
        return [(reverse("paper:index"), str(PaperHome.page_title))]


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
