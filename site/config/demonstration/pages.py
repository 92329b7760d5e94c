"""The demonstration's editorial pages: front doors of each process in French and in English, and a
few news items."""

import datetime
import uuid

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
from config.demonstration.stories import (
    ENGLISH_WORDS,
    MAP_HEADING,
    MAPPED,
    NEWS,
    STORIES,
    WELCOMES,
    Block,
    Words,
)
from participation.agenda.models import Event
from participation.core.models import Process
from participation.mapping.models import ParticipatoryMap

_AUTHORITY = "Toulouse, démonstration"
_RESTITUTION = "Plan vélo : ce que vous avez dit, ce que nous en faisons"
_CITED = "Réunion publique : le plan vélo, premières cartes"
_TAKE_PART = {"fr": "participer", "en": "take-part"}


def publish(at: datetime.datetime) -> None:
    """Make and publish what is missing; pages that editors changed are left alone."""
    homes = {
        code: HomePage.objects.get(locale=Locale.objects.get(language_code=code))
        for code in WELCOMES
    }
    _introduce(homes["fr"])
    for code, home in homes.items():
        _welcome(home, code)
    processes = Process.objects.public().order_by("-pk").prefetch_related("activities")
    for process in processes:
        for code, home in homes.items():
            _process_pages(ProcessIndexPage.objects.child_of(home).get(), process, code)
    news = NewsIndexPage.objects.child_of(homes["fr"]).get()
    _news(news, at)
    _restitution(news, at)


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


def _welcome(home: HomePage, language: str) -> None:
    words = WELCOMES[language]
    if home.hero_title == words.title:
        return
    home.hero_title = words.title
    home.hero_text = words.text
    home.hero_links = [("link", {"label": label, "url": url}) for label, url in words.links]
    home.save_revision().publish()


def _story(process: Process, language: str) -> list[Block]:
    """The blocks of a process's page; a map of its own is shown on it, after the first words."""
    blocks = STORIES[language].get(process.slug, [])
    map = ParticipatoryMap.objects.filter(activity__process=process).order_by("pk").first()
    if map is None or process.slug not in MAPPED:
        return blocks
    shown: Block = ("map", {"heading": MAP_HEADING[language], "map": map, "height": "medium"})
    latest: Block = (
        "map_contributions",
        {"heading": MAPPED[process.slug][language], "map": map, "order": "soutiens", "limit": 3},
    )
    return [*blocks, shown, latest]


def _process_pages(index: ProcessIndexPage, process: Process, language: str) -> None:
    if ProcessPage.objects.child_of(index).filter(process=process).exists():
        return
    words = _words(process, language)
    if words is None:
        return
    sisters = ProcessPage.objects.filter(process=process).order_by("pk")
    page = ProcessPage(
        title=words.title,
        slug=process.slug,
        summary=words.summary,
        process=process,
        body=_story(process, language),
        **_translation_of(sisters.first()),
    )
    _add(index, page)
    for activity in process.activities.all():
        told = ActivityPage.objects.filter(activity=activity).order_by("pk")
        _add(
            page,
            ActivityPage(
                title=words.title if activity.title == process.title else activity.title,
                slug=_TAKE_PART[language],
                summary=words.summary,
                activity=activity,
                **_translation_of(told.first()),
            ),
        )


def _words(process: Process, language: str) -> Words | None:
    """What a page calls its process; None when nothing is written of it in that language."""
    if language == "fr":
        return Words(process.title, process.summary)
    return ENGLISH_WORDS.get(process.slug)


def _translation_of(page: Page | None) -> dict[str, uuid.UUID]:
    return {"translation_key": page.translation_key} if page else {}


def _news(index: NewsIndexPage, at: datetime.datetime) -> None:
    if NewsPage.objects.child_of(index).exists():
        return
    for title, summary, text, days_ago, process in NEWS:
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


def _restitution(index: NewsIndexPage, at: datetime.datetime) -> None:
    """What a meeting changed, told with its minutes."""
    meeting = Event.objects.filter(title=_CITED).first()
    if meeting is None or NewsPage.objects.child_of(index).filter(title=_RESTITUTION).exists():
        return
    _add(
        index,
        NewsPage(
            title=_RESTITUTION,
            slug="plan-velo-restitution",
            summary="La route de Blagnac d’abord, de l’ombre aux carrefours, et une réponse à chaque "
            "question : la restitution de la première réunion publique (exemple).",
            date=(at - datetime.timedelta(days=17)).date(),
            process=Process.objects.get(slug="velo-et-fraicheur"),
            body=[
                (
                    "text",
                    "<h2>Ce que vous avez dit</h2><p>Trois choses sont revenues toute la soirée : les "
                    "pistes qui s’arrêtent d’un coup route de Blagnac, l’attente en plein soleil aux "
                    "carrefours, et le temps que prennent nos réponses.</p>",
                ),
                (
                    "meeting",
                    {"heading": "La réunion, et ce qui y a été décidé", "meeting": meeting},
                ),
                (
                    "text",
                    "<h2>Ce que nous en faisons</h2><p>Les coupes de la route de Blagnac ont été "
                    "dessinées avec vous en atelier une semaine plus tard. Les carrefours les plus chauds "
                    "sont sur la carte : ajoutez ceux qui manquent. Ce texte est un exemple, comme les "
                    "rencontres qu’il cite.</p>",
                ),
            ],
        ),
    )


def _add(parent: Page, page: Page) -> None:
    parent.add_child(instance=page)
    page.save_revision().publish()
