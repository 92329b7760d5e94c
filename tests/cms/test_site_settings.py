"""What an authority says of itself, and the files made from it."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Site

from cms import contrast
from cms.models import SiteSettings
from participation.core import mails
from tests.cms.making import make_staff, soup, texts


@pytest.fixture
def facts(site: Site) -> SiteSettings:
    return SiteSettings.for_site(site)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_wcag_s(one: str, other: str, ratio: float) -> None:
    assert round(contrast.ratio(one, other), 2) == ratio
    assert contrast.ratio(one, other) == contrast.ratio(other, one)


def test_the_nearest_readable_colour_reads() -> None:
    for colour in ("#ffdd00", "#ff6600", "#7fbfff"):
        assert contrast.ratio(contrast.readable_on(colour, "#ffffff"), "#ffffff") >= 4.5
        assert contrast.ratio(contrast.readable_on(colour, "#16121c"), "#16121c") >= 4.5


def test_a_pale_colour_is_refused_with_its_ratio(facts: SiteSettings, french: None) -> None:
    facts.primary_color = "#777777"
    with pytest.raises(ValidationError) as refused:
        facts.full_clean()
    [sentence] = refused.value.message_dict["primary_color"]
    assert "4,47 pour 1" in sentence or "4,48 pour 1" in sentence
    assert "4,5 pour 1" in sentence


@pytest.mark.parametrize(
    "colour", ["red", "#fff", "#12345g", "#123456;}body{display:none", "url(//evil.example)"]
)
def test_a_colour_is_six_digits(facts: SiteSettings, colour: str) -> None:
    facts.accent_color = colour
    with pytest.raises(ValidationError):
        facts.full_clean()


def test_colours_become_a_cacheable_sheet(facts: SiteSettings, client: Any) -> None:
    assert client.get("/_/theme.css").content == b""
    facts.primary_color, facts.accent_color = "#0B5C50", "#a3182d"
    facts.full_clean()
    facts.save()
    response = client.get(f"/_/theme.css?v={facts.theme_version}")
    assert response.content.decode() == ":root { --brand: #0b5c50; --accent: #a3182d; }\n"
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000"
    assert client.get("/_/theme.css?v=old")["Cache-Control"] == "public, max-age=300"
    assert f"/_/theme.css?v={facts.theme_version}" in {
        link["href"] for link in soup(client.get("/")).select("link[rel=stylesheet]")
    }


def test_a_colour_written_past_the_form_never_reaches_the_sheet(
    facts: SiteSettings, client: Any
) -> None:
    SiteSettings.objects.update(primary_color="}*{x")
    assert client.get("/_/theme.css").content == b""


@pytest.mark.parametrize(
    ("status", "rate", "sound"),
    [
        ("none", None, True),
        ("none", "40", True),
        ("partial", None, False),
        ("partial", "49.99", False),
        ("partial", "50", True),
        ("full", "99", False),
        ("full", "100", True),
        ("partial", "101", False),
    ],
)
def test_the_accessibility_status_matches_the_audit(
    facts: SiteSettings, status: str, rate: str | None, sound: bool
) -> None:
    facts.accessibility_status = status
    facts.accessibility_rate = Decimal(rate) if rate else None
    if sound:
        facts.full_clean()
    else:
        with pytest.raises(ValidationError):
            facts.full_clean()


def test_the_office_refuses_a_pale_colour_and_keeps_what_was_typed(
    facts: SiteSettings, roles: None, client: Any
) -> None:
    client.force_login(make_staff("Administration du site", language="fr"))
    url = f"/gestion/settings/cms/sitesettings/{facts.site_id}/"
    form = soup(client.get(url))
    data = {
        field["name"]: field.get("value", "")
        for field in form.select("form input[name], form textarea[name]")
        if field.get("type") not in ("checkbox", "file", "submit")
    }
    for area in form.select("form textarea[name]"):
        data[area["name"]] = area.get_text()
    data |= {
        "primary_color": "#ffee00",
        "site_name": "Ma ville participe",
        "accessibility_status": "none",
        "social_links-count": "0",
    }
    response = client.post(url, data)
    assert response.status_code == 200
    assert "4,5 pour 1" in response.content.decode()
    assert soup(response).select_one("[name=site_name]")["value"] == "Ma ville participe"
    facts.refresh_from_db()
    assert (facts.primary_color, facts.site_name) == ("", "Parvis")


def test_security_txt_comes_from_the_settings(facts: SiteSettings, client: Any) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    facts.security_contact = "securite@example.org"
    facts.save()
    response = client.get("/.well-known/security.txt")
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert set(lines) == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
    assert lines["Contact"] == "mailto:securite@example.org"
    assert lines["Expires"].endswith("T00:00:00Z")
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_robots(facts: SiteSettings, client: Any, settings: Any) -> None:
    settings.DEMO_MODE = True
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"
    settings.DEMO_MODE = False
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"
    assert "Disallow: /gestion/" in lines


def test_reading_settings_writes_none(db: None, client: Any) -> None:
    assert client.get("/recherche/").status_code == 200
    assert SiteSettings.objects.count() == 0


def test_the_header_says_the_name(facts: SiteSettings, client: Any) -> None:
    facts.authority_name = "Ville d’Exemple"
    facts.social_links = [
        ("account", {"network": "mastodon", "url": "https://social.example/@ville"})
    ]
    facts.save()
    response = client.get("/")
    assert texts(response, ".brand-name")[0].startswith("Ville d’Exemple")
    assert soup(response).title.get_text().endswith("– Ville d’Exemple")
    assert (
        soup(response).select_one('footer a[rel="me"]')["href"] == "https://social.example/@ville"
    )


def test_mails_are_signed_with_the_name_of_the_site(facts: SiteSettings) -> None:
    facts.site_name = "Villeneuve participe"
    facts.save()
    letter = mails.letter("Bonjour.", name="Alix", language="fr")
    assert "Villeneuve participe" in letter
    facts.site_name = ""
    facts.save()
    assert "\nParvis\n" in mails.letter("Bonjour.", name="Alix", language="fr")
