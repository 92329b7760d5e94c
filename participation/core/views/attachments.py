"""Opening the pictures and documents joined to contributions."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from participation.core import policies, registry
from participation.core.choices import AttachmentKind, Visibility
from participation.core.files import CONTENT_TYPES
from participation.core.models import Attachment


@require_safe
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """The file, for those who may read its contribution; 404 for everybody else.

    Pictures show in the page; documents are only downloaded. Nothing in either can run.
    """
    found = get_object_or_404(
        Attachment.objects.select_related("contribution__activity__process"), pk=pk
    )
    contribution = found.contribution
    if not policies.may_read(contribution=contribution, user=request.user):
        raise Http404
    if not registry.may_open_file(found, request.user):
        raise Http404
    public = policies.may_report(subject=contribution)  # readable by everyone
    public &= registry.may_open_file(found, None)
    return served(
        found.file,
        title=found.title,
        shows=found.kind == AttachmentKind.IMAGE,
        is_public=bool(public) and contribution.visibility == Visibility.PUBLISHED,
    )


def served(file: FieldFile, *, title: str, shows: bool, is_public: bool) -> FileResponse:
    """A file that somebody sent; what `shows` is shown in the page, the rest is downloaded.

    404 for a file that is gone or of no known kind.
    """
    suffix = str(file.name).rsplit(".", 1)[-1]
    if suffix not in CONTENT_TYPES:
        raise Http404
    try:
        content = file.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(
        content,
        as_attachment=not shows,
        filename=f"{slugify(title)[:80] or 'fichier'}.{suffix}",
        content_type=CONTENT_TYPES[suffix],
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "public, max-age=300" if is_public else "private, no-store"
    return response
