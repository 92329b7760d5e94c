"""What a new site starts with, and that asking twice changes nothing."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page, Revision, Site

from cms.models import HomePage, LegalPage, Navigation, SiteSettings
from cms.setup import set_up_site
from tests.cms.making import french, soup, texts, words

PAGES = {
    "fr": {
        "accueil",
        "demarches",
        "actualites",
        "comment-participer",
        "mentions-legales",
        "donnees-personnelles",
        "accessibilite",
        "conditions-d-utilisation",
        "regles-de-moderation",
    },
    "en": {
        "home-en",
        "processes",
        "news",
        "how-to-take-part",
        "legal-notice",
        "personal-data",
        "accessibility",
        "terms-of-use",
        "rules-of-moderation",
    },
}


def slugs(language: str) -> set[str]:
    return set(
        Page.objects.live()
        .filter(depth__gt=1, locale__language_code=language)
        .values_list("slug", flat=True)
    )


def test_it_makes_every_page_in_both_languages(site: Site) -> None:
    assert {language: slugs(language) for language in PAGES} == PAGES
    translated = Page.objects.filter(depth__gt=1).values_list("translation_key", flat=True)
    assert len(set(translated)) == len(PAGES["fr"])


def test_it_makes_nothing_twice(site: Site) -> None:
    before = (Page.objects.count(), Revision.objects.count(), Group.objects.count())
    menus = Navigation.for_site(site)
    menus.main = []
    menus.save()
    set_up_site()
    assert (Page.objects.count(), Revision.objects.count(), Group.objects.count()) == before
    assert Site.objects.count() == 1
    assert SiteSettings.objects.count() == 1
    assert len(Navigation.objects.get().main) == 4


def test_it_leaves_what_an_editor_changed(site: Site) -> None:
    home = french(HomePage)
    home.hero_title, home.slug = "Bienvenue", "la-une"
    home.save_revision().publish()
    notice = LegalPage.objects.get(kind="notice", locale=home.locale)
    notice.body = [("text", "<p>Notre texte.</p>")]
    notice.save_revision().publish()
    notice.unpublish()
    set_up_site()
    home.refresh_from_db()
    assert (home.hero_title, home.slug) == ("Bienvenue", "la-une")
    again = LegalPage.objects.get(kind="notice", locale=home.locale)
    assert (again.pk, again.live, str(again.body[0].value.source)) == (
        notice.pk,
        False,
        "<p>Notre texte.</p>",
    )


def test_the_welcome_page_of_wagtail_is_gone(site: Site) -> None:
    assert not Page.objects.filter(title="Welcome to your new Wagtail site!").exists()
    assert site.root_page.specific == french(HomePage)
    assert not Group.objects.filter(name__in=("Editors", "Moderators")).exists()


@pytest.mark.parametrize("path", ["/mentions-legales/", "/en/legal-notice/"])
def test_legal_pages_say_what_the_settings_say(site: Site, client: Any, path: str) -> None:
    facts = SiteSettings.for_site(site)
    facts.authority_name = "Ville d’Exemple & <b>Cie</b>"
    facts.contact_email = "bonjour@example.org"
    facts.host_name = "Hébergeur public"
    facts.save()
    page = soup(client.get(path))
    text = words(page.select_one("article"))
    assert "Ville d’Exemple & <b>Cie</b>" in text
    assert "Hébergeur public" in text
    assert page.select_one('article a[href="mailto:bonjour@example.org"]') is not None
    assert "[[" not in text
    assert ("(à compléter)" in text) or ("(to be completed)" in text)


def test_legal_pages_link_to_one_another(site: Site, client: Any) -> None:
    page = soup(client.get("/conditions-d-utilisation/"))
    links = {a["href"] for a in page.select("article a")}
    assert {"/regles-de-moderation/"} <= links
    page = soup(client.get("/en/terms-of-use/"))
    assert {"/en/rules-of-moderation/"} <= {a["href"] for a in page.select("article a")}


def test_the_accessibility_statement_has_the_imposed_form(site: Site, client: Any) -> None:
    facts = SiteSettings.for_site(site)
    facts.accessibility_status = "partial"
    facts.accessibility_rate = "72.50"
    facts.accessibility_auditor = "un cabinet"
    facts.accessibility_failures = "La vidéo d’accueil n’a pas de transcription.\n"
    facts.accessibility_environments = "Firefox et NVDA\nSafari et VoiceOver"
    facts.save()
    response = client.get("/accessibilite/")
    assert texts(response, "article h2") == [
        "État de conformité",
        "Contenus non accessibles",
        "Établissement de cette déclaration d’accessibilité",
        "Retour d’information et contact",
        "Voies de recours",
    ]
    assert texts(response, "article h3") == [
        "Résultats des tests",
        "Non-conformités",
        "Dérogations pour charge disproportionnée",
        "Contenus non soumis à l’obligation d’accessibilité",
        "Technologies utilisées pour la réalisation du site",
        "Environnement de test",
        "Outils pour évaluer l’accessibilité",
        "Pages du site ayant fait l’objet de la vérification de conformité",
    ]
    text = words(soup(response).select_one("article"))
    assert "partiellement conforme" in text
    assert "72,50 %" in text.replace("\u00a0", " ") or "72,5 %" in text.replace("\u00a0", " ")
    assert "La vidéo d’accueil n’a pas de transcription." in text
    assert "Libre réponse 71120" in text


def test_every_page_tells_the_accessibility_status(site: Site, client: Any) -> None:
    for path, label in (
        ("/", "Accessibilité : non conforme"),
        ("/actualites/", "Accessibilité : non conforme"),
        ("/en/", "Accessibility: not compliant"),
    ):
        footer = texts(client.get(path), "footer a")
        assert label in [text.replace("\u00a0", " ") for text in footer]
