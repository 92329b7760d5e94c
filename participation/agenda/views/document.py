"""Opening the documents and photos of an event."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from participation.agenda import policies
from participation.agenda.choices import DocumentKind
from participation.agenda.models import Event, EventDocument
from participation.core.views.attachments import served


@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    """A file of a public event, for everybody; of a draft, or a photo without the consent of
    those it shows, for who organises events. 404 for everybody else."""
    found = get_object_or_404(EventDocument, pk=pk)
    is_photo = found.kind == DocumentKind.PHOTO
    is_public = (found.consent or not is_photo) and (
        Event.objects.public().filter(pk=found.event_id).exists()
    )
    if not is_public and not policies.may_run_events(user=request.user):
        raise Http404
    return served(found.file, title=found.title, shows=is_photo, is_public=is_public)
