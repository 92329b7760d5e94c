"""The voting board of a budget: the ceremony of its keys, its file, its fingerprints, their end."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin import messages

from participation.budgets import policies
from participation.budgets.choices import BoardOrigin
from participation.budgets.models import Board
from participation.budgets.office.forms import ConfirmForm
from participation.budgets.office.shared import BudgetScreen, add_refusals
from participation.budgets.office.voting_forms import (
    RANKS,
    BoardFileForm,
    MembersForm,
    RetypeForm,
)
from participation.budgets.policies.board import (
    challenge_ends,
    may_destroy_keys,
    may_make_board,
)
from participation.budgets.services.vote import destroy_keys, record_board
from participation.budgets.services.vote.boards import Member, ceremony, read_board_file
from participation.budgets.services.vote.ceremony import (
    BadSecretError,
    SealedKey,
    member_public_key,
    new_secret,
)
from participation.core.verdict import Refused
from participation.methods.digest import sha256_hex


class BoardPage(BudgetScreen):
    """Who holds the keys, and the fingerprints to compare with those of the members' sheets."""

    policy = staticmethod(policies.may_run_vote)
    template_name = "budgets_admin/board_keys.html"
    page_title = _("Voting board")
    header_icon = "key"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.board: Board | None = getattr(self.budget, "board", None)

    @property
    def here(self) -> str:
        return reverse("poll:keys", args=[self.budget.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        board, user = self.board, self.request.user
        members = board.members.order_by("rank") if board else []
        return super().get_context_data(
            budget=self.budget,
            board=board,
            members=[(member, sha256_hex(bytes(member.public_key))) for member in members],
            may_make=may_make_board(budget=self.budget, user=user),
            may_destroy=may_destroy_keys(board=board, user=user, at=timezone.now())
            if board
            else None,
            challenge_ends=challenge_ends(board=board) if board else None,
            here=self.here,
            **kwargs,
        )

    def record(
        self, members: Sequence[Member], key: SealedKey, origin: str, form: Any
    ) -> HttpResponse:
        """Give the budget this board, then show it."""
        record_board(
            budget=self.budget,
            members=members,
            key=key,
            origin=origin,
            observers=form.cleaned_data["observers"],
            challenge_days=form.cleaned_data["challenge_days"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(
            self.request,
            gettext("The board is recorded. Compare its fingerprint with that of the sheets."),
        )
        return HttpResponseRedirect(self.here)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class HoldCeremony(BoardPage):
    """Make the three secrets one after the other; each member alone sees theirs, once.

    A browser that can makes them itself, and sends the public part alone. Without JavaScript the
    server makes them: nothing of a secret is kept between two steps, pages carry public keys only.
    """

    template_name = "budgets_admin/ceremony.html"
    page_title = _("Ceremony of the keys")

    def trail(self) -> list[tuple[str, str]]:
        return [*super().trail(), (self.here, str(BoardPage.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", MembersForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MembersForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        verdict = may_make_board(budget=self.budget, user=request.user)
        if not verdict:
            add_refusals(form, Refused(verdict))
            return self.show(form=form)
        known = self._known_keys()
        asked = request.POST.get("step", "")
        if not asked:
            return self._show_secret(form, known[:0])
        if asked == "browser":
            return self._show_sheets(form)
        if asked == "made":
            return self._record_made(form)
        if asked == "again":
            return self._show_secret(form, known[:-1])
        retyped = RetypeForm(request.POST)
        if not retyped.is_valid() or not known:
            return self._ask_again(form, known, retyped)
        try:
            right = member_public_key(retyped.cleaned_data["secret"]) == known[-1]
        except BadSecretError:
            right = False
        if not right:
            retyped.add_error(
                "secret",
                _("This is not the secret that was shown. Read the sheet again, group by group."),
            )
            return self._ask_again(form, known, retyped)
        if len(known) < len(RANKS):
            return self._show_secret(form, known)
        members = [
            Member(form.cleaned_data[f"name_{rank}"], form.cleaned_data[f"email_{rank}"], key)
            for rank, key in zip(RANKS, known, strict=True)
        ]
        try:
            return self.record(members, ceremony(members), BoardOrigin.SERVER, form)
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(form=form)

    def _show_sheets(self, form: MembersForm) -> HttpResponse:
        """The page where the browser makes the three secrets, one sheet after the other."""
        self.template_name = "budgets_admin/ceremony_browser.html"
        data = form.cleaned_data
        sheets = [
            {"rank": rank, "name": data[f"name_{rank}"], "email": data[f"email_{rank}"]}
            for rank in RANKS
        ]
        return self.render_to_response(
            self.get_context_data(form=form, sheets=sheets, carried=list(form.hidden()))
        )

    def _record_made(self, form: MembersForm) -> HttpResponse:
        """Record the public part that the browser made: what the file of a board holds."""
        try:
            members, key = read_board_file(self.request.POST.get("board", "").encode())
            return self.record(members, key, BoardOrigin.BROWSER, form)
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(form=form)

    def _known_keys(self) -> list[bytes]:
        """The public keys of the members who have their secret, in the order of ranks."""
        keys = []
        for text in self.request.POST.getlist("public_key")[: len(RANKS)]:
            try:
                key = bytes.fromhex(text)
            except ValueError:
                break
            if len(key) != 32:
                break
            keys.append(key)
        return keys

    def _show_secret(self, form: MembersForm, known: list[bytes]) -> HttpResponse:
        """Make the next member's secret, and show it this once."""
        secret = new_secret()
        return self._secret_page(
            form, [*known, member_public_key(secret)], secret=secret, retyped=RetypeForm()
        )

    def _ask_again(self, form: MembersForm, known: list[bytes], retyped: Any) -> HttpResponse:
        if not known:
            return self.show(form=form)
        return self._secret_page(form, known, secret="", retyped=retyped, status=422)

    def _secret_page(
        self,
        form: MembersForm,
        keys: list[bytes],
        *,
        secret: str,
        retyped: Any,
        status: int = 200,
    ) -> HttpResponse:
        rank = len(keys)
        self.template_name = "budgets_admin/ceremony_secret.html"
        return self.render_to_response(
            self.get_context_data(
                form=form,
                rank=rank,
                name=form.cleaned_data[f"name_{rank}"],
                secret=secret,
                retyped=retyped,
                carried=[*form.hidden(), *(("public_key", key.hex()) for key in keys)],
                is_last=rank == len(RANKS),
            ),
            status=status,
        )


class UploadBoard(BoardPage):
    """Record a board whose ceremony was held on a computer apart, from its file."""

    template_name = "budgets_admin/board_file.html"
    page_title = _("Board made on a computer apart")

    def trail(self) -> list[tuple[str, str]]:
        return [*super().trail(), (self.here, str(BoardPage.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", BoardFileForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = BoardFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        try:
            members, key = read_board_file(form.cleaned_data["file"].read())
            return self.record(members, key, BoardOrigin.OFFLINE, form)
        except Refused as refused:
            add_refusals(form, refused)
            return self.show(form=form)


class DestroyKeys(BoardPage):
    """Destroy the sealed keys at the end of the challenge period."""

    template_name = "budgets_admin/destroy_keys.html"
    page_title = _("Destroy the keys")

    def trail(self) -> list[tuple[str, str]]:
        return [*super().trail(), (self.here, str(BoardPage.page_title))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ConfirmForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        board = self.board
        if board is None:
            return self.show()
        return self.attempt(
            lambda: destroy_keys(board=board, actor=request.user, at=timezone.now()),
            form=ConfirmForm(request.POST),
            done=gettext("The keys are destroyed. Print the minutes and have them signed."),
            to=self.here,
        )
