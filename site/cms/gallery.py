"""Every component of the design system in its states, for those who build with it."""

import datetime
from types import SimpleNamespace
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cms.states import STATES
from maps.choices import TerritoryKind
from maps.forms import GeometryField
from maps.models import Territory


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(
        label="Titre",
        max_length=80,
        help_text="Une phrase courte qui dit l’idée.",
        widget=forms.TextInput(attrs={"data-counter": ""}),
    )
    body = forms.CharField(label="Description", widget=forms.Textarea, required=False)
    category = forms.ChoiceField(
        label="Thème", choices=[("", "Choisir"), ("nature", "Nature"), ("cadre", "Cadre de vie")]
    )
    place = forms.ChoiceField(
        label="Où ?",
        choices=[("map", "Sur la carte"), ("address", "Une adresse")],
        widget=forms.RadioSelect,
    )
    photo = forms.FileField(label="Photo", required=False, help_text="JPEG ou PNG, 10 Mo au plus.")
    agree = forms.BooleanField(label="J’accepte les règles de modération")


class DrawingForm(forms.Form):
    """A drawing, in the largest town whose neighbourhoods are known."""

    where = GeometryField(label="Dessiner", required=False)

    def __init__(self) -> None:
        super().__init__()
        field = cast(GeometryField, self.fields["where"])
        towns = Territory.objects.light().filter(children__kind=TerritoryKind.NEIGHBOURHOOD)
        field.perimeter = towns.order_by(F("population").desc(nulls_last=True), "pk").first()


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """The gallery; staff only, unless the site is a demonstration."""
    if not (settings.DEMO_MODE or settings.DEBUG or request.user.is_staff):
        raise Http404
    return render(request, "cms/gallery.html", _samples())


def _samples() -> dict[str, Any]:
    now = timezone.now()
    month = datetime.timedelta(days=30)
    phases = [
        (
            SimpleNamespace(
                title=title, opens_at=now + month * start, closes_at=end and now + month * end
            ),
            state,
        )
        for title, start, end, state in (
            ("Dépôt des idées", -3, -1, "past"),
            ("Vote", -1, 1, "current"),
            ("Réalisation", 1, None, "future"),
        )
    ]
    return {
        "phases": phases,
        "states": [{"state": state, "label": state} for state in STATES],
        "tones": ["neutral", "info", "success", "warning", "danger", "brand", "accent"],
        "meta": [
            {"icon": "map-pin", "text": "Saint-Cyprien", "label": "Lieu :"},
            {"icon": "thumb-up", "text": "41 soutiens"},
        ],
        "figures": [
            {"value": "183", "label": "projets"},
            {"value": "7 260", "label": "votants"},
            {"value": "114", "label": "lauréats"},
        ],
        "rows": [
            {"label": "Capitole", "value": 420, "text": "420 voix"},
            {"label": "Saint-Cyprien", "value": 310, "text": "310 voix"},
        ],
        "page": Paginator(range(200), 10).page(7),
        "tabs": [
            {"label": "Cartes", "url": "#tabs", "current": True, "icon": "layout-grid"},
            {"label": "Liste", "url": "#tabs", "current": False, "icon": "list"},
        ],
        "chips": [{"label": "Nature", "remove_url": "#chips"}],
        "steps": ["Choisir", "Vérifier", "Confirmer"],
        "events": [
            {"date": now.date(), "title": "Les travaux commencent", "text": "Rue des Fontaines."},
            {"date": (now - month).date(), "title": "Études engagées"},
        ],
        "facts": [
            {"term": "Coût", "value": "100 000 €", "icon": "coin-euro"},
            {"term": "Lieu", "value": "Saint-Cyprien", "icon": "map-pin"},
        ],
        "crumbs": [("Accueil", "/"), ("Démarches", "/demarches/")],
        "form": SampleForm(),
        "drawing": DrawingForm(),
        "wrong": SampleForm({"title": "", "place": "elsewhere"}),
    }
