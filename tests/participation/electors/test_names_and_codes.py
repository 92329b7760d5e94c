"""One person, one spelling; one code, many ways to type it."""

import datetime
import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.electors import codes, names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Noël-D’Arc", "NOEL D ARC"),
        ("LE GOFF", "Le  Goff"),
        ("Lefèvre", "LEFE\u0300VRE"),
        ("Cœur", "COEUR"),
        ("Ştefan", "STEFAN"),
        ("O'Neill", "O’NEILL"),
    ],
)
def test_spellings_of_one_name_are_one(one, other):
    assert names.plain_name(one) == names.plain_name(other)


def test_two_names_stay_two():
    assert names.plain_name("Martin") != names.plain_name("Martine")


def test_the_fingerprint_is_what_the_documentation_says():
    found = names.civil_fingerprint(
        family_name="Modèle-Essai", given_names="Éva, Rose", birth_date=datetime.date(1980, 5, 1)
    )
    assert found == hashlib.sha256(b"modele essai|eva|1980-05-01").hexdigest()


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Alix+Vote@Example.ORG", "alix@example.org"),
        ("ａｌｉｘ@example.org", "alix@example.org"),
        ("alix@exämple.org", "alix@xn--exmple-cua.org"),
        ("alix@example.org", "alix@example.org"),
    ],
)
def test_tags_case_and_unicode_forms_of_a_mailbox_are_one(address, mailbox):
    assert names.one_mailbox(address) == mailbox


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033612345678", "+33612345678"),
        ("0692 12 34 56", "+262692123456"),
        ("05 61 22 29 22", None),
        ("08 99 70 00 00", None),
        ("+44 7911 123456", None),
        ("06 12 34", None),
        ("bonjour", None),
    ],
)
def test_only_mobiles_of_the_chosen_countries_receive_codes(typed, number):
    assert names.mobile_number(typed) == number


def test_a_code_is_long_enough_and_easy_to_read():
    code = codes.new_code()
    assert len(codes.ALPHABET) ** (codes.LENGTH - 1) > 2**60
    assert not set("ILOSU") & set(codes.ALPHABET)
    assert [len(part) for part in codes.grouped(code).split()] == [4, 4, 4, 4]


def test_codes_are_read_however_they_are_typed():
    # A body with every sign that people take for another one.
    body = "0001115VVVABCDE"
    code = body + codes._check(body)
    typed = code.replace("0", "o").replace("1", "l").replace("5", "s").replace("V", "u").lower()
    assert codes.read_code(f" {typed[:4]}-{typed[4:9]} {typed[9:]} ") == code
    assert codes.read_code(code.replace("1", "I")) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_never_breaks(text):
    assert codes.read_code(text) is None or len(codes.read_code(text)) == codes.LENGTH


def test_one_wrong_sign_or_two_signs_swapped_are_always_noticed():
    code = codes.new_code()
    for place, sign in itertools.product(range(codes.LENGTH), codes.ALPHABET):
        if sign != code[place]:
            assert codes.read_code(code[:place] + sign + code[place + 1 :]) is None
    for one, other in itertools.combinations(range(codes.LENGTH), 2):
        if code[one] != code[other]:
            signs = list(code)
            signs[one], signs[other] = signs[other], signs[one]
            assert codes.read_code("".join(signs)) is None
