"""Why somebody may not act, with the way to mend it, as the pages of a budget say it."""

import pytest

from participation.budgets.presentation.refusals import reasons
from participation.core.verdict import Refusal, Verdict

pytestmark = pytest.mark.usefixtures("french")


def test_what_one_page_mends_together_has_its_button_once():
    verdict = Verdict(
        (
            Refusal("birth_date_missing", "Votre date de naissance ?"),
            Refusal("residence_missing", "Votre adresse ?"),
            Refusal("phase_closed", "C’est fermé."),
        )
    )

    found = reasons(verdict, next_url="/budget/essai/")

    assert [(reason.code, reason.label) for reason in found] == [
        ("birth_date_missing", ""),
        ("residence_missing", "Compléter mon profil"),
        ("phase_closed", ""),
    ]
    assert found[1].url.endswith("?next=%2Fbudget%2Fessai%2F")


def test_who_said_another_town_is_led_to_where_they_say_it():
    (found,) = reasons(Verdict((Refusal("not_resident", "Ailleurs."),)), next_url="/budget/essai/")
    assert found.label == "Vérifier où j’habite"
    assert found.url.endswith("/profil/?next=%2Fbudget%2Fessai%2F")
