"""What the journals of the site may not hold."""

import pytest
from django.http import HttpResponseServerError
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils.log import log_response


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("agenda:feed_private", {"secret": "s3cr3t"}),
        ("agenda:registration", {"slug": "une-rencontre", "token": "s3cr3t"}),
    ],
)
def test_an_error_at_a_secret_address_is_told_without_its_secret(caplog, name, parts):
    request = RequestFactory().get(reverse(name, kwargs=parts))
    request.resolver_match = resolve(request.path)
    log_response(
        "%s: %s",
        "Internal Server Error",
        request.path,
        response=HttpResponseServerError(),
        request=request,
        exception=ValueError("something else"),
    )
    (line,) = caplog.messages
    assert line.startswith("Internal Server Error: /agenda/")
    assert "s3cr3t" not in caplog.text


def test_other_addresses_are_told_whole(client, caplog, db):
    client.get("/agenda/rencontres/aucune/")
    assert "/agenda/rencontres/aucune/" in caplog.text
