"""What people type in French keeps its two-part signs with their words."""

import pytest
from django.template import Context, Template

from participation.core.typography import kept_together

N = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Réunion publique : rue du Taur", f"Réunion publique{N}: rue du Taur"),
        ("Vraiment ?! Oui ; non !", f"Vraiment{N}?! Oui{N}; non{N}!"),
        ("dit « oui » à tous", f"dit «{N}oui{N}» à tous"),
        ("Une liste\n: deux", "Une liste\n: deux"),
        ("à 18:30, https://exemple.fr/?a=1 :b", "à 18:30, https://exemple.fr/?a=1 :b"),
        (f"Déjà{N}: bien", f"Déjà{N}: bien"),
    ],
)
def test_no_line_begins_with_a_sign(typed, shown):
    assert kept_together(typed) == shown


def test_nothing_changes_on_a_site_in_another_language(settings):
    settings.LANGUAGE_CODE = "en"

    assert kept_together("Why : not ?") == "Why : not ?"


def test_titles_and_texts_are_shown_so_and_stay_escaped():
    page = Template("{% load prose %}{{ title|together }}|{{ title|prose }}")
    shown = page.render(Context({"title": "<b> : https://exemple.fr ?"}))

    assert shown == (
        f"&lt;b&gt;{N}: https://exemple.fr{N}?"
        f'|<p>&lt;b&gt;{N}: <a href="https://exemple.fr" rel="nofollow">https://exemple.fr</a>'
        f"{N}?</p>"
    )
