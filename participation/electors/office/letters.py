"""Letters: plan batches, print each one, print one person's letter again."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from participation.core.verdict import Refused
from participation.core.viewsets import screens
from participation.electors import policies, queries
from participation.electors.codes import read_letter_number
from participation.electors.letters_pdf import letters_pdf
from participation.electors.models import LetterBatch
from participation.electors.office.forms import (
    AnonymousLettersForm,
    CancelForm,
    LettersForm,
    NumberForm,
    moment,
)
from participation.electors.office.lookups import (
    batch_or_404,
    elector_or_404,
    electorate_trail,
)
from participation.electors.office.shared import ElectorateScreen
from participation.electors.services import (
    cancel_letter,
    draw_codes,
    electorate_of,
    plan_anonymous_letters,
    plan_letters,
    replace_letter,
)


class ListLetters(ElectorateScreen):
    """The batches of an electorate, and the two ways to plan more."""

    page_title = _("Letters with codes")
    header_icon = "mail"
    template_name = "electors_admin/letters.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        initial = moment(queries.close_of_vote(electorate=self.electorate))
        kwargs.setdefault("form", LettersForm(initial=initial))
        kwargs.setdefault("anonymous", AnonymousLettersForm(initial=initial, prefix="anonymous"))
        return super().get_context_data(
            electorate=self.electorate,
            to_write=queries.without_letter(electorate=self.electorate).count(),
            without_address=queries.without_address(electorate=self.electorate).count(),
            batches=list(
                LetterBatch.objects.filter(electorate_id=self.electorate.pk)
                .select_related("made_by")
                .order_by("rank")
            ),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_anonymous = request.POST.get("kind") == "anonymous"
        form: LettersForm = (
            AnonymousLettersForm(request.POST, prefix="anonymous")
            if is_anonymous
            else LettersForm(request.POST)
        )
        electorate = electorate_of(activity=self.electorate.activity)

        def act() -> None:
            asked = {
                "electorate": electorate,
                "expires_at": form.cleaned_data["expires_at"],
                "actor": request.user,
                "at": timezone.now(),
            }
            if is_anonymous:
                plan_anonymous_letters(count=form.cleaned_data["count"], **asked)
            else:
                plan_letters(**asked)

        return self.attempt(
            act,
            form=form,
            done=gettext("The letters are planned. Print each batch: its codes are drawn then."),
            to=request.path,
            name="anonymous" if is_anonymous else "form",
        )


class CancelLetter(ElectorateScreen):
    """One letter found by its number: what became of it, then cancel its code with a reason."""

    page_title = _("Cancel a letter")
    header_icon = "mail"
    template_name = "electors_admin/cancel_letter.html"

    def trail(self) -> list[tuple[str, str]]:
        return [
            *electorate_trail(self.electorate),
            (
                reverse("electorate:letters", args=[self.electorate.pk]),
                gettext("Letters with codes"),
            ),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("number")
        search = NumberForm(None if asked is None else self.request.GET)
        letter = self._letter(asked or "")
        if asked and letter is None and search.is_valid():
            search.add_error(
                "number", gettext("No letter of this vote was printed with this number.")
            )
        if letter is not None:
            has_account = letter.elector.account_id is not None
            kwargs.setdefault("form", CancelForm(has_account=has_account))
        return super().get_context_data(
            electorate=self.electorate,
            search=search,
            letter=letter,
            has_ballot=letter is not None and queries.has_ballot(elector=letter.elector),
            **kwargs,
        )

    def _letter(self, text: str) -> queries.PrintedLetter | None:
        number = read_letter_number(text)
        if number is None:
            return None
        return queries.printed_letter(electorate_id=self.electorate.pk, number=number)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("number", "")
        form = CancelForm(request.POST, has_account=True)
        return self.attempt(
            lambda: cancel_letter(
                electorate=electorate_of(activity=self.electorate.activity),
                number=asked,
                reason=form.cleaned_data["reason"],
                drops_account=form.cleaned_data["drops_account"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            done=gettext("The letter is cancelled: its code no longer opens the vote."),
            to=request.get_full_path(),
        )


class PrintBatch(screens.Screen):
    """Draw the codes of a batch and give its PDF at once: it is kept nowhere."""

    policy = staticmethod(policies.may_run_electorates)
    page_title = _("Print a batch")
    header_icon = "download"
    template_name = "electors_admin/print.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.batch = batch_or_404(kwargs["pk"])

    def trail(self) -> list[tuple[str, str]]:
        electorate = self.batch.electorate
        return [
            *electorate_trail(electorate),
            (self._back(), gettext("Letters with codes")),
        ]

    def _back(self) -> str:
        return reverse("electorate:letters", args=[self.batch.electorate_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(batch=self.batch, back_url=self._back(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return print_letters(request, self.batch, back=self._back())


class PrintAgain(screens.Screen):
    """One person's letter, anew: the code that they had stops working."""

    policy = staticmethod(policies.may_run_electorates)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        elector = elector_or_404(kwargs["pk"])
        electorate = elector.electorate
        back = reverse("elector:read", args=[elector.pk])
        now = timezone.now()
        close = queries.close_of_vote(electorate=electorate)
        try:
            batch = replace_letter(
                elector=elector,
                expires_at=close or now,
                drops_account="drops_account" in request.POST,
                actor=request.user,
                at=now,
            )
        except Refused as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(back)
        return print_letters(request, batch, back=back)


def print_letters(request: HttpRequest, batch: LetterBatch, *, back: str) -> HttpResponse:
    """The PDF of a batch with fresh codes; a page that no cache keeps."""
    try:
        drawn = draw_codes(batch=batch, actor=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(back)
    content = letters_pdf(batch=batch, drawn=drawn)
    name = gettext("letters-%(slug)s-batch-%(rank)s.pdf") % {
        "slug": batch.electorate.activity.slug,
        "rank": batch.rank,
    }
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
