"""The register of personal data: no column that looks personal is left out."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.gis.db import models

from participation.accounts import privacy
from participation.accounts.privacy import Basis, Erasure, PersonalField

# Parts of names that betray a person, and kinds of columns where people write or are placed.
TELLING = (
    "email",
    "phone",
    "birth",
    "first_name",
    "last_name",
    "public_name",
    "author",
    "reporter",
    "address",
    "password",
    "ip",
    "user_agent",
    "voter",
    "login",
    "joined",
    "contact",
)
WRITTEN = (models.TextField, models.FileField, models.PointField, models.EmailField)


def points_at_people(field) -> bool:
    return bool(field.is_relation and field.related_model is get_user_model())


def tells(field) -> bool:
    parts = field.name.split("_")
    return any(
        word in field.name if "_" in word or len(word) > 3 else word in parts for word in TELLING
    )


def ours():
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith(("participation.", "maps."))
    ]


def columns(model):
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def suspects(model):
    about_people = any(points_at_people(field) for field in columns(model))
    return [
        field
        for field in columns(model)
        if points_at_people(field) or tells(field) or (about_people and isinstance(field, WRITTEN))
    ]


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_every_column_that_looks_personal_is_in_the_register(model):
    listed = privacy.listed(model._meta.label)

    missing = [field.name for field in suspects(model) if field.name not in listed]

    assert missing == [], f"{model._meta.label}: list them in a module personal_data"


def test_the_net_catches_something():
    """The control: without the register these columns would be reported."""
    user = {field.name for field in suspects(apps.get_model("accounts", "User"))}
    report = {field.name for field in suspects(apps.get_model("core", "Report"))}

    assert {"email", "birth_date", "first_name", "last_name", "public_name"} <= user
    assert {"reporter", "reporter_name", "reporter_email", "explanation"} <= report


def test_the_register_lists_no_column_that_is_gone():
    for holding in privacy.holdings():
        names = {field.name for field in columns(apps.get_model(holding.model))}
        assert {field.name for field in holding.fields} <= names, holding.model


def test_each_entry_says_why_how_long_and_how_it_goes(french):
    for holding in privacy.holdings():
        assert str(holding.label)
        for field in holding.fields:
            assert isinstance(field, PersonalField)
            assert str(field.purpose)
            assert str(field.retention)
            assert field.erasure in Erasure
            assert field.basis in Basis
