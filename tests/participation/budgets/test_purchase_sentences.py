"""Who paid a project, in French, from the exact details of a round."""

import pytest
from django.utils.translation import override

from participation.budgets.presentation.counting import purchase_sentence

CASES = [
    (
        {"payment": "1500000/103", "payers": 1030, "full_payers": 1030},
        "1030 personnes l’ont payé ensemble, 145,63 € chacune.",
    ),
    (
        {"payment": "2550", "payers": 12, "full_payers": 9},
        "12 personnes l’ont payé ensemble : 9 d’entre elles 25,50 € chacune, les autres tout ce "
        "qui leur restait.",
    ),
    ({"payment": "100", "payers": 1, "full_payers": 1}, "1 personne l’a payé, 1 €."),
    ({"load": "7/2"}, "Chaque votant avait alors économisé 0,04 € depuis le début."),
    ({}, ""),
]


@pytest.mark.parametrize(("details", "sentence"), CASES)
def test_a_purchase_is_told_to_the_cent(details, sentence):
    with override("fr"):
        assert purchase_sentence(details).replace("\xa0", " ").replace("\u202f", " ") == sentence
