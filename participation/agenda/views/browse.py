"""The agenda itself: one filtered set, shown in several ways."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from participation.agenda.models import AgendaEntry


def home(request: HttpRequest) -> HttpResponse:
    """What comes next, by date."""
    coming = AgendaEntry.objects.filter(starts_at__gte=timezone.now())
    page = Paginator(coming, 20).get_page(request.GET.get("page"))
    return render(request, "agenda/home.html", {"page": page})
