"""FranceConnect against a local issuer that behaves so, and against one that does not."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from participation.accounts.models import User
from participation.electors.choices import Way
from participation.electors.models import Elector, ElectorIdentity
from tests.factories.electors import make_electorate
from tests.participation.electors.issuer import CLIENT, SECRET, running

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]
BACK = "/voter/franceconnect/retour/"


@pytest.fixture
def issuer(settings):
    with running() as found:
        settings.FRANCECONNECT_ISSUER = found.address
        settings.FRANCECONNECT_CLIENT_ID = CLIENT
        settings.FRANCECONNECT_CLIENT_SECRET = SECRET
        settings.SITE_URL = "http://testserver"
        yield found


@pytest.fixture
def electorate():
    return make_electorate(ways=[Way.FRANCECONNECT])


def start(client, electorate, **data):
    url = reverse("electors:franceconnect", args=[electorate.activity.slug])
    return client.post(url, {"next": "/aide/", **data})


def come(client, electorate, issuer, **changes):
    """From the button to the page where FranceConnect sends back."""
    query = issuer.authorize(start(client, electorate).url)
    return client.get(BACK, {**query, **changes})


def is_unknown(client, response):
    assert Elector.objects.count() == 0
    page = client.get(response.url, follow=True)
    assert "FranceConnect n’a pas pu vous reconnaître" in page.content.decode()
    return True


def test_what_is_asked_is_openid_alone_at_eidas1(client, electorate, issuer):
    sent = urlsplit(start(client, electorate).url)
    query = {name: values[0] for name, values in parse_qs(sent.query).items()}
    assert f"{sent.scheme}://{sent.netloc}{sent.path}" == f"{issuer.address}/authorize"
    assert len(query.pop("state")) > 40
    assert len(query.pop("nonce")) > 40
    assert query == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": "http://testserver" + BACK,
        "scope": "openid",
        "acr_values": "eidas1",
    }


def test_one_person_votes_without_account_and_their_session_there_is_closed(
    client, electorate, issuer
):
    leaving = urlsplit(come(client, electorate, issuer).url)
    query = {name: values[0] for name, values in parse_qs(leaving.query).items()}
    assert leaving.path == "/api/v2/session/end"
    assert query["post_logout_redirect_uri"] == "http://testserver/voter/franceconnect/sortie/"
    assert query["id_token_hint"].count(".") == 2
    left = client.get("/voter/franceconnect/sortie/", {"state": query["state"]})
    assert client.get(left.url).status_code == 200
    assert Elector.objects.count() == 0  # a GET enters nobody
    assert client.post(left.url).url == "/aide/"
    (elector,) = Elector.objects.all()
    assert elector.ways == ["franceconnect"]
    assert (elector.account, User.objects.count()) == (None, 0)
    assert issuer.sub not in str(list(ElectorIdentity.objects.values()))
    assert issuer.sub not in str(dict(client.session))


def test_the_same_person_on_another_device_is_the_same_elector(client, electorate, issuer):
    for device in (client, type(client)()):
        come(device, electorate, issuer)
        arrival = reverse("electors:arrival", args=[electorate.activity.slug])
        assert device.post(arrival, {"next": "/aide/"}).status_code == 302
    assert Elector.objects.count() == 1


@pytest.mark.parametrize(
    ("claims", "value"),
    [
        ("nonce", "autre"),
        ("nonce", None),
        ("aud", "une-autre-commune"),
        ("iss", "https://ailleurs.example"),
        ("exp", 1_700_000_000),
        ("acr", "eidas0"),
        ("acr", None),
        ("sub", "quelqu-un-d-autre"),
        ("sub", None),
    ],
)
def test_an_id_token_that_does_not_hold_is_refused(client, electorate, issuer, claims, value):
    issuer.id_claims = {claims: value}
    assert is_unknown(client, come(client, electorate, issuer))


@pytest.mark.parametrize(
    ("claims", "value"),
    [
        ("aud", "une-autre-commune"),
        ("iss", "https://ailleurs.example"),
        ("exp", 1_700_000_000),
        ("sub", "quelqu-un-d-autre"),
    ],
)
def test_a_userinfo_that_does_not_hold_is_refused(client, electorate, issuer, claims, value):
    issuer.userinfo_claims = {claims: value}
    assert is_unknown(client, come(client, electorate, issuer))


@pytest.mark.parametrize("name", ["id_key", "userinfo_key"])
def test_a_wrong_signature_is_refused(client, electorate, issuer, name):
    setattr(issuer, name, issuer.forger)
    assert is_unknown(client, come(client, electorate, issuer))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_another_algorithm_is_refused(client, electorate, issuer, algorithm):
    issuer.algorithm = algorithm
    assert is_unknown(client, come(client, electorate, issuer))


def test_an_unsigned_userinfo_is_refused(client, electorate, issuer):
    issuer.as_json = True
    assert is_unknown(client, come(client, electorate, issuer))


def test_a_state_serves_once_and_in_its_own_browser(client, electorate, issuer):
    query = issuer.authorize(start(client, electorate).url)
    assert type(client)().get(BACK, query).url == "/"
    assert "/session/end" in client.get(BACK, query).url
    replayed = client.get(BACK, query)
    assert replayed.url == "/"


def test_a_forged_state_is_refused_and_asks_nothing_of_the_issuer(client, electorate, issuer):
    assert come(client, electorate, issuer, state="autre").url == "/"
    assert issuer.token_requests == []


def test_giving_up_there_leads_back_to_the_other_ways(client, electorate, issuer):
    query = issuer.authorize(start(client, electorate).url)
    back = client.get(BACK, {"state": query["state"], "error": "access_denied"})
    assert back.url.startswith(f"/voter/{electorate.activity.slug}/")


def test_an_issuer_that_is_down_is_told_in_words(client, electorate, settings, issuer):
    settings.FRANCECONNECT_ISSUER = "http://127.0.0.1:1/api/v2"
    assert is_unknown(client, start(client, electorate))


def form_targets(page):
    """Where the forms of a page may lead, by its policy, whose directives have no order."""
    policy = dict(each.strip().split(" ", 1) for each in page["Content-Security-Policy"].split(";"))
    return policy["form-action"]


def test_the_button_is_there_only_when_it_can_serve(client, electorate, issuer, settings):
    url = reverse("electors:entry", args=[electorate.activity.slug])
    page = client.get(url)
    assert "Continuer avec FranceConnect" in page.content.decode()
    origin = issuer.address.removesuffix("/api/v2")
    assert form_targets(page) == f"'self' {origin}"
    settings.FRANCECONNECT_ISSUER = ""
    page = client.get(url)
    assert "FranceConnect" not in page.content.decode()
    assert form_targets(page) == "'self'"
    assert start(client, electorate).status_code == 404


def test_a_vote_that_asks_who_people_are_asks_it_next(client, issuer):
    electorate = make_electorate(ways=[Way.FRANCECONNECT], minimum_age=16)
    come(client, electorate, issuer)
    arrival = reverse("electors:arrival", args=[electorate.activity.slug])
    statement = client.post(arrival, {"next": "/aide/"}).url
    assert "/identite/" in statement
    done = client.post(
        statement,
        {
            "family_name": "Essai",
            "given_names": "Nour",
            "birth_date": "29/02/1992",
            "honour": "on",
        },
    )
    assert done.url == "/aide/"
    assert ElectorIdentity.objects.filter(kind="franceconnect").count() == 1
