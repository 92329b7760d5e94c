"""The demonstration's editorial pages: one front door for each process, and a few news items."""

import datetime
from typing import Any

from django.utils.text import slugify
from wagtail.models import Locale, Page

from cms.models import (
    ActivityPage,
    HomePage,
    NewsIndexPage,
    NewsPage,
    ProcessIndexPage,
    ProcessPage,
    SiteSettings,
)
from participation.core.models import Process
from participation.mapping.models import ParticipatoryMap

Block = tuple[str, Any]

_AUTHORITY = "Toulouse, démonstration"
_WELCOME = "Toulouse se décide avec vous"

_STORIES: dict[str, list[Block]] = {
    "toulouse-2027": [
        (
            "text",
            "<h2>Votre idée, votre quartier</h2><p>Un banc à l’ombre, une traversée plus sûre, un "
            "verger partagé : vous connaissez mieux que personne ce qui manque près de chez vous. "
            "Déposez votre idée en quelques minutes, avec un titre, une description et un lieu.</p>",
        ),
        (
            "faq",
            {
                "heading": "Questions fréquentes",
                "questions": [
                    {
                        "question": "Qui peut déposer une idée ?",
                        "answer": "<p>Toute personne de 16 ans et plus qui habite Toulouse, sans "
                        "condition de nationalité.</p>",
                    },
                    {
                        "question": "Combien peut coûter un projet ?",
                        "answer": "<p>400 000 euros au plus. Vous n’avez pas à chiffrer votre idée : "
                        "les services s’en chargent.</p>",
                    },
                    {
                        "question": "Que devient mon idée ?",
                        "answer": "<p>Les services l’étudient et publient leur réponse, motivée. Vous "
                        "recevez un courriel à chaque étape.</p>",
                    },
                ],
            },
        ),
    ],
    "toulouse-2026": [
        (
            "text",
            "<h2>Trois choix, un seul vote</h2><p>Choisissez de un à trois projets. Votre bulletin est "
            "scellé avant d’être enregistré : personne ne peut le lire avant la clôture, et personne "
            "ne pourra le rattacher à vous après. Vous pouvez revoter jusqu’à la fermeture du scrutin, "
            "seul le dernier bulletin compte.</p>",
        ),
    ],
    "toulouse-2024": [
        (
            "figures",
            {
                "heading": "L’édition 2024 en chiffres",
                "figures": [
                    {"value": "183", "label": "projets soumis au vote"},
                    {"value": "7 260", "label": "votants"},
                    {"value": "114", "label": "projets retenus"},
                ],
            },
        ),
        (
            "text",
            "<p>Chaque quartier disposait de 400 000 euros ; les sommes restantes ont été mises en "
            "commun. Le décompte publié ici est refait à partir des bulletins anonymes : chacun peut "
            "le vérifier.</p>",
        ),
    ],
    "toulouse-2022": [
        (
            "text",
            "<p>Vingt quartiers, vingt enveloppes : suivez chaque projet, des premières études à "
            "l’ouverture au public.</p>",
        ),
    ],
    "velo-et-fraicheur": [
        (
            "text",
            "<h2>Montrez-nous où</h2><p>La piste qui s’arrête d’un coup, le carrefour où l’on ne se "
            "voit pas, la place où il fait trop chaud l’été : posez un point, tracez une ligne ou "
            "entourez une zone. Vous pouvez aussi donner une adresse, sans carte.</p><p>Les services "
            "répondent à chaque contribution : à l’étude, prévue, faite, ou non retenue, avec ses "
            "raisons.</p>",
        ),
    ],
    "guingamp-paimpol": [
        (
            "text",
            "<p>De Guingamp à Paimpol, les habitantes et habitants de 57 communes ont montré sur la "
            "carte ce qui leur manque et ce qu’ils veulent protéger. Les services étudient "
            "aujourd’hui leurs propositions.</p>",
        ),
    ],
    "paris-2014-2024": [
        (
            "text",
            "<p>La Ville de Paris publie l’avancement de chacun des projets choisis par ses habitants "
            "depuis 2014. Ces données ouvertes montrent les écrans de suivi à grande taille.</p>",
        ),
    ],
}
_MAPPED = {
    "velo-et-fraicheur": "Les contributions les plus soutenues",
    "guingamp-paimpol": "Ce qui a été le plus soutenu",
}
"""Processes whose page shows their map, and what is said above its list."""
_NEWS: tuple[tuple[str, str, str, int, str], ...] = (
    (
        "Le vote du budget participatif 2026 est ouvert",
        "Jusqu’à trois projets à choisir, en ligne, en cinq minutes.",
        "<p>Les projets étudiés par les services sont en ligne, avec leur coût et leur lieu. Prenez le "
        "temps de les lire : l’ordre d’affichage change d’une personne à l’autre, pour que chaque "
        "projet ait sa chance.</p>",
        3,
        "toulouse-2026",
    ),
    (
        "Vous avez jusqu’au mois prochain pour déposer vos idées",
        "L’édition 2027 démarre : quartier par quartier, dites ce qui manque près de chez vous.",
        "<p>Une idée tient en quelques lignes. Vous pouvez l’enregistrer comme brouillon, y revenir, "
        "ajouter des photos, et la placer sur la carte ou simplement en donner l’adresse.</p>",
        10,
        "toulouse-2027",
    ),
    (
        "Budget participatif 2024 : le décompte, bulletin par bulletin",
        "114 projets retenus : comment ils l’ont été, et comment le vérifier soi-même.",
        "<p>Les bulletins anonymes sont publiés dans un format ouvert. Le même calcul, refait par "
        "n’importe qui, donne les mêmes lauréats.</p>",
        24,
        "toulouse-2024",
    ),
)


def publish(at: datetime.datetime) -> None:
    """Make and publish what is missing; pages that editors changed are left alone."""
    locale = Locale.objects.get(language_code="fr")
    home = HomePage.objects.get(locale=locale)
    _introduce(home)
    _welcome(home)
    index = ProcessIndexPage.objects.child_of(home).get()
    processes = Process.objects.public().order_by("-pk")
    for process in processes.prefetch_related("activities"):
        _process_pages(index, process)
    _news(NewsIndexPage.objects.child_of(home).get(), at)


def _introduce(home: HomePage) -> None:
    """The demonstration's own name and contacts, so that no town is mistaken for it."""
    site = home.get_site()
    site_settings = SiteSettings.for_site(site)
    if site_settings.authority_name == _AUTHORITY:
        return
    site_settings.authority_name = _AUTHORITY
    site_settings.site_name = "Toulouse participe"
    site_settings.tagline = "Participation citoyenne – données réelles, ville imaginée"
    site_settings.tagline_en = "Citizen participation – real data, imagined town"
    site_settings.primary_color = "#55217f"
    site_settings.accent_color = "#b23a2b"
    site_settings.contact_name = "Mission participation (démonstration)"
    site_settings.contact_email = "participation@demo.example"
    site_settings.save()


def _welcome(home: HomePage) -> None:
    if home.hero_title == _WELCOME:
        return
    home.hero_title = _WELCOME
    home.hero_text = (
        "Proposez vos idées, votez pour les projets de votre quartier et suivez leur réalisation."
    )
    home.hero_links = [
        ("link", {"label": "Voter pour les projets 2026", "url": "/budget/toulouse-2026/"}),
        ("link", {"label": "Déposer une idée", "url": "/budget/toulouse-2027/idees/proposer/"}),
    ]
    home.save_revision().publish()


def _story(process: Process) -> list[Block]:
    """The blocks of a process's page; a map of its own is shown on it, after the first words."""
    blocks = _STORIES.get(process.slug, [])
    map = ParticipatoryMap.objects.filter(activity__process=process).order_by("pk").first()
    if map is None or process.slug not in _MAPPED:
        return blocks
    shown: Block = ("map", {"heading": "Sur la carte", "map": map, "height": "medium"})
    latest: Block = (
        "map_contributions",
        {"heading": _MAPPED[process.slug], "map": map, "order": "soutiens", "limit": 3},
    )
    return [*blocks, shown, latest]


def _process_pages(index: ProcessIndexPage, process: Process) -> None:
    if ProcessPage.objects.child_of(index).filter(process=process).exists():
        return
    page = ProcessPage(
        title=process.title,
        slug=process.slug,
        summary=process.summary,
        process=process,
        body=_story(process),
    )
    _add(index, page)
    for activity in process.activities.all():
        _add(
            page,
            ActivityPage(
                title=activity.title, slug="participer", summary=process.summary, activity=activity
            ),
        )


def _news(index: NewsIndexPage, at: datetime.datetime) -> None:
    if NewsPage.objects.child_of(index).exists():
        return
    for title, summary, text, days_ago, process in _NEWS:
        _add(
            index,
            NewsPage(
                title=title,
                slug=slugify(title)[:60],
                summary=summary,
                date=(at - datetime.timedelta(days=days_ago)).date(),
                process=Process.objects.get(slug=process),
                body=[("text", text)],
            ),
        )


def _add(parent: Page, page: Page) -> None:
    parent.add_child(instance=page)
    page.save_revision().publish()
