"""The proof of a vote: its files, finding one's ballot, checking everything; what is protected."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from participation.budgets import queries
from participation.budgets.models import Poll
from participation.budgets.presentation import FILE_WORDS, check_words, verification_texts
from participation.budgets.services.vote.publication import (
    Publication,
    PublicationLostError,
    publication_of,
)
from participation.budgets.views.budget_page import BudgetPage, open_budget
from participation.methods.digest import sha256_hex
from participation.methods.proof import grouped_code

_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "py": "text/x-python; charset=utf-8",
}
_HOUR = 3600
_LONGEST_CODE = 120  # characters that somebody may type around a code


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def publication(
    request: HttpRequest, slug: str, envelope_slug: str, *, former: bool = False
) -> HttpResponse:
    """What can be checked of one vote, and how. A code comes in a body, never in an address.

    After a judgment: the count in force, or the `former` one.
    """
    page = open_budget(request, slug)
    poll = _published_poll(page, envelope_slug, former=former)
    context = page.context("results", poll=poll, envelope=poll.envelope, is_former=former)
    try:
        published = publication_of(poll, former=former)
    except PublicationLostError:
        return render(request, "budgets/publication_lost.html", context, status=503)
    context.update(_proof(published, former=former), **_search(request, poll))
    response = render(request, "budgets/publication.html", context)
    if request.method == "POST":
        response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def publication_file(
    request: HttpRequest, slug: str, envelope_slug: str, name: str, *, former: bool = False
) -> FileResponse | HttpResponse:
    """One published file. Its digest is its version."""
    poll = _published_poll(open_budget(request, slug), envelope_slug, former=former)
    try:
        file = publication_of(poll, former=former).file(name)
    except PublicationLostError:
        return HttpResponse(gettext("The files of this vote are being restored."), status=503)
    if file is None:
        raise Http404(gettext("This vote has no file of that name."))
    etag = f'"{file.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    suffix = name.rpartition(".")[2]
    response = FileResponse(
        file.path.open("rb"),
        filename=_download_name(slug, envelope_slug, name),
        as_attachment=suffix in ("zip", "py", "pb"),
        content_type=_TYPES.get(suffix, "text/plain; charset=utf-8"),
    )
    response["ETag"] = etag
    response["Last-Modified"] = http_date(file.path.stat().st_mtime)
    response["Cache-Control"] = f"public, max-age={_HOUR}"
    return response


@require_safe
def protection(request: HttpRequest, slug: str) -> HttpResponse:
    """How the vote is protected, and what nothing protects."""
    page = open_budget(request, slug)
    context = page.context("vote" if not page.sees_results else "results")
    return render(request, "budgets/protection.html", context)


def _published_poll(page: BudgetPage, envelope_slug: str, *, former: bool = False) -> Poll:
    """A poll whose results are public: before that, its files exist for nobody.

    There is a `former` count after a judgment only.
    """
    poll = (
        Poll.objects.filter(
            envelope__budget=page.budget, envelope__slug=envelope_slug, tally__isnull=False
        )
        .select_related("tally", "revision", "envelope__territory")
        .defer("envelope__territory__geometry")
        .first()
        if page.results_are_public
        else None
    )
    if poll is None or (former and not hasattr(poll, "revision")):
        raise Http404(gettext("No result is published at this address."))
    poll.envelope.budget = page.budget
    return poll


def _proof(published: Publication, *, former: bool) -> dict[str, Any]:
    envelope = published.poll.envelope
    key = published.file("signing-key.txt")
    key_text = key.path.read_text().strip() if key else ""

    def address(name: str) -> str:
        arguments = [envelope.budget.activity.slug, envelope.slug, name]
        return reverse(f"budgets:publication{'_former' if former else ''}_file", args=arguments)

    files = [
        {
            "name": file.name,
            "url": address(file.name),
            "size": file.size,
            "sha256": file.sha256,
            "words": FILE_WORDS[file.name],
        }
        for file in published.files
    ]
    return {
        "files": files,
        "archive": files[-1],
        "checks": check_words(),
        "texts": verification_texts(),
        "key": key_text,
        "key_sha256": sha256_hex(bytes.fromhex(key_text)),
        "manifest_sha256": published.manifest_sha256,
        "replaces": published.statement.get("replaces", ""),
        "is_imported": not published.poll.options["public_key_sha256"],
    }


def _search(request: HttpRequest, poll: Poll) -> dict[str, Any]:
    """The ballot whose code was sent, if one was."""
    code = request.POST.get("code", "").strip()[:_LONGEST_CODE]
    found = queries.published_ballot(poll=poll, code=code) if code else None
    return {
        "asked": request.method == "POST",
        "code": code,
        "ballot": found,
        "ballot_code": grouped_code(found.code) if found else "",
    }


def _download_name(slug: str, envelope_slug: str, name: str) -> str:
    """The archive says which vote it is of; the files keep the names that the manifest gives."""
    return f"{slug}-{envelope_slug}.zip" if name.endswith(".zip") else name
