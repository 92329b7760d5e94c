"""Blocks show what they say, and nothing that an attacker says (abuse cases 13 to 18)."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.blocks import RawHTMLBlock, StreamValue
from wagtail.models import Site
from wagtail.rich_text import RichText

from cms.blocks import BODY_BLOCKS, BodyBlock, CallToActionBlock, LinkBlock, TextBlock, VideoBlock
from cms.rich_text import sanitise
from cms.video import recognise
from tests.cms.making import make_content, make_picture, soup, texts, words

HOSTILE = (
    '<p>Bonjour</p><script>alert(1)</script><svg onload="alert(1)"></svg>'
    '<img src=x onerror="alert(1)"><iframe src="https://evil.example"></iframe>'
    '<a href="javascript:alert(1)">un</a><a href="JaVa\tScript:alert(1)">deux</a>'
    '<a href="data:text/html,<script>alert(1)</script>">trois</a>'
    '<p style="position:fixed" onclick="alert(1)" class="x">fin</p>'
    '<form action="https://evil.example"><input name="password"></form>'
)


def body_of(client: Any, *blocks: tuple[str, Any]) -> Any:
    page = make_content(body=list(blocks))
    return client.get(page.url)


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>Un <b>gras</b></p>", "<p>Un <b>gras</b></p>"),
        ('<a linktype="page" id="3">ici</a>', '<a linktype="page" id="3">ici</a>'),
        ('<a href="https://a.example">ici</a>', '<a href="https://a.example">ici</a>'),
        ("<script>alert(1)</script>", ""),
        ('<svg onload="alert(1)">x</svg>', "x"),
        ('<img src="x" onerror="alert(1)">', ""),
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href="data:text/html,x">x</a>', "<a>x</a>"),
        ('<p style="a" class="b" onclick="c">x</p>', "<p>x</p>"),
        ('<embed embedtype="media" url="https://evil.example">', ""),
    ],
)
def test_rich_text_keeps_structure_and_drops_the_rest(html: str, clean: str) -> None:
    assert sanitise(html) == clean


def test_what_goes_past_the_editor_is_cleaned_when_stored_and_when_shown(
    site: Site, client: Any
) -> None:
    block = TextBlock()
    assert "script" not in block.get_prep_value(RichText(HOSTILE))
    page = make_content()
    raw = [{"type": "text", "value": HOSTILE, "id": "00000000-0000-4000-8000-000000000001"}]
    # As a forged import would write it: straight into the column.
    type(page).objects.filter(pk=page.pk).update(body=StreamValue(BodyBlock(), raw, is_lazy=True))
    shown = soup(client.get(page.url)).select_one(".page-body")
    assert [tag.name for tag in shown.select(".prose *")] == ["p", "a", "a", "a", "p"]
    assert all(not tag.attrs for tag in shown.select(".prose *"))


def test_a_hostile_title_stays_text(site: Site, client: Any) -> None:
    name = '"><svg onload=alert(1)>'
    page = make_content(title=name, slug="hostile", summary=name, search_description=name)
    response = client.get(page.url)
    assert texts(response, "h1") == [name]
    assert b"<svg onload" not in response.content
    assert soup(response).select_one('meta[name="description"]')["content"] == name


def test_no_block_takes_raw_html() -> None:
    def leaves(block: Any) -> list[Any]:
        children = getattr(block, "child_blocks", None)
        if children is not None:
            return [leaf for child in children.values() for leaf in leaves(child)]
        child = getattr(block, "child_block", None)
        return leaves(child) if child is not None else [block]

    every = leaves(BodyBlock())
    assert len(every) > len(BODY_BLOCKS)
    assert not [block for block in every if isinstance(block, RawHTMLBlock)]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "ftp://a.example",
        "a.example",
    ],
)
def test_links_go_nowhere_odd(url: str) -> None:
    with pytest.raises(ValidationError):
        LinkBlock().clean(LinkBlock().to_python({"label": "Aller", "page": None, "url": url}))


def test_a_link_needs_one_target() -> None:
    for value in ({"page": None, "url": ""},):
        with pytest.raises(ValidationError):
            LinkBlock().clean(LinkBlock().to_python({"label": "Aller", **value}))
    cleaned = LinkBlock().clean(
        LinkBlock().to_python({"label": "Aller", "page": None, "url": "/budget/x/"})
    )
    assert cleaned["url"] == "/budget/x/"


def test_a_stored_bad_link_shows_no_button(site: Site, client: Any) -> None:
    link = {"label": "Gagner", "page": None, "url": "javascript:alert(1)"}
    response = body_of(client, ("call_to_action", {"heading": "Venez", "text": "", "link": link}))
    assert texts(response, ".call-to-action") == []
    assert b"javascript:" not in response.content
    assert CallToActionBlock().name == ""


@pytest.mark.parametrize(
    ("url", "embed"),
    [
        (
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        ),
        ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        (
            "https://www.dailymotion.com/video/x8abcde",
            "https://geo.dailymotion.com/player.html?video=x8abcde",
        ),
        (
            "https://tube.numerique.gouv.fr/w/abcdEFGH1234",
            "https://tube.numerique.gouv.fr/videos/embed/abcdEFGH1234?p2p=0",
        ),
    ],
)
def test_known_videos_are_recognised(url: str, embed: str) -> None:
    video = recognise(url)
    assert video is not None
    assert video.embed_url == embed


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://youtu.be/dQw4w9WgXcQ",
        "https://evil.example/watch?v=dQw4w9WgXcQ",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com:8443/watch?v=dQw4w9WgXcQ",
        'https://youtu.be/"><script>',
        "https://www.youtube.com/redirect?q=https://evil.example",
        "https://[::1",
    ],
)
def test_other_videos_are_refused(url: str) -> None:
    assert recognise(url) is None
    with pytest.raises(ValidationError):
        VideoBlock().clean(VideoBlock().to_python({"title": "T", "url": url, "transcript": ""}))


def test_a_video_asks_nothing_before_consent(site: Site, client: Any) -> None:
    video = {"title": "Le projet", "url": "https://youtu.be/dQw4w9WgXcQ", "transcript": "<p>A</p>"}
    response = body_of(client, ("video", video))
    page = soup(response)
    assert page.select("iframe, video, embed, object") == []
    assert not [
        tag for tag in page.select("[src]") if not tag["src"].startswith(("/static/", "/_/"))
    ]
    link = page.select_one(".video a")
    assert (link["href"], words(link)) == (
        "https://youtu.be/dQw4w9WgXcQ",
        "La voir sur YouTube",
    )
    assert page.select_one("[data-video-consent]").has_attr("hidden")
    assert texts(response, ".video summary") == ["Transcription de la vidéo"]
    policy = response["Content-Security-Policy"]
    assert "https://www.youtube-nocookie.com" in policy
    assert "https://www.youtube-nocookie.com" not in client.get("/")["Content-Security-Policy"]


def test_a_picture_has_a_description_or_is_decorative(site: Site, client: Any) -> None:
    picture = make_picture()
    block = dict(BODY_BLOCKS)["image"]
    for alt, decorative, sound in (
        ("", False, False),
        ("Une place", False, True),
        ("", True, True),
    ):
        value = block.to_python(
            {
                "image": {"image": picture.pk, "alt_text": alt, "decorative": decorative},
                "caption": "",
                "credit": "",
            }
        )
        if sound:
            assert block.clean(value)
        else:
            with pytest.raises(ValidationError):
                block.clean(value)


def test_every_block_shows_its_words(site: Site, client: Any) -> None:
    picture = make_picture()
    image = {"image": picture, "alt_text": "Une place", "decorative": False}
    response = body_of(
        client,
        ("quote", {"text": "Enfin de l’ombre", "author": "Ada", "role": "habitante"}),
        ("figures", {"heading": "Chiffres", "figures": [{"value": "12", "label": "arbres"}]}),
        ("image", {"image": image, "caption": "La place", "credit": "Ada, CC BY"}),
        (
            "people",
            {
                "heading": "L’équipe",
                "people": [
                    {"name": "Ada", "role": "cheffe", "photo": None, "email": "ada@example.org"}
                ],
            },
        ),
        (
            "timeline",
            {
                "heading": "Étapes",
                "milestones": [{"date": "mars", "title": "Début", "text": "On commence."}],
            },
        ),
        (
            "faq",
            {"heading": "FAQ", "questions": [{"question": "Quand ?", "answer": "<p>Demain.</p>"}]},
        ),
        ("documents", {"heading": "Fichiers", "documents": []}),
        (
            "call_to_action",
            {
                "heading": "Venez",
                "text": "Tous",
                "link": {"label": "Participer", "page": None, "url": "/demarches/"},
            },
        ),
        ("next_dates", {"heading": "", "process": None, "limit": 3}),
    )
    assert [words(block) for block in soup(response).select(".page-body > .block")] == [
        "Enfin de l’ombre Ada , habitante",
        "Chiffres arbres 12",
        "La place Crédit : Ada, CC BY",
        "L’équipe A Ada cheffe ada@example.org",
        "Étapes mars Début On commence.",
        "FAQ Quand ? Demain.",
        "Fichiers",
        "Venez Tous Participer",
        "",
    ]
    assert soup(response).select_one(".picture img")["alt"] == "Une place"


def test_stored_streams_are_plain_json(site: Site) -> None:
    page = make_content(body=[("text", HOSTILE)])
    stored = json.dumps(page.body.get_prep_value())
    assert "alert" not in stored.replace("alert(1)</p>", "")
    assert "onclick" not in stored
