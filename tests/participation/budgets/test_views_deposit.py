"""Every kind of ballot and every bad one, the sealed envelope, the electors without an account;
how many queries and how many bytes it takes."""

import base64
import gzip
import re
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter

from participation.budgets.models import Poll, Project, VoterRecord
from participation.budgets.policies.board import may_cast
from participation.budgets.queries.casting import door
from participation.budgets.services.vote.envelopes import seal
from participation.core.choices import Step
from participation.core.models import Notification
from participation.electors.choices import Way
from participation.electors.models import Elector, Electorate, VotingCode
from participation.electors.visits import welcome
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    cast,
    make_budget,
    make_category,
    make_envelope,
    make_poll,
    move_to,
)
from tests.factories.electors import code_for
from tests.participation.budgets.reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_is_set_up")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
POINTS = {"ballot_kind": "cumulative", "max_points": 7, "max_points_per_project": 3}
RANKS = {"ballot_kind": "ordinal", "max_choices": 3, "rank_scores": [3, 2, 1]}


@pytest.fixture
def voter(client: Client) -> Any:
    user = make_user()
    client.force_login(user, backend=BACKEND)
    return user


def open_poll(*, projects: int = 4, by_letter: bool = False, **fields: Any) -> Poll:
    fields.setdefault("max_choices", None)
    electorate = {"ways": [Way.LETTER.value]} if by_letter else {}
    return make_poll(make_budget(Step.DECIDE, **fields), projects=projects, **electorate)


def url(poll: Poll, name: str = "ballot") -> str:
    envelope = poll.envelope
    return reverse(f"budgets:{name}", args=[envelope.budget.activity.slug, envelope.slug])


def keys(poll: Poll) -> list[int]:
    return list(poll.envelope.projects.order_by("reference").values_list("pk", flat=True))


def confirm(client: Client, poll: Poll, **marks: Any) -> Any:
    form = {"cle": str(uuid.uuid4()), "action": "confirm"} | marks
    return client.post(url(poll, "ballot_review"), form)


def codes(response: Any) -> list[str]:
    return [refusal.code for refusal in response.context["problems"]]


def marked(response: Any) -> dict[int, int]:
    return {line.project.pk: line.mark for line in response.context["basket"].lines}


def sealed(poll: Poll, choices: list[int], *, length: int | None = None) -> str:
    """What a browser would send."""
    envelope = seal(
        public_key=bytes(poll.public_key),
        poll_id=poll.pk,
        choices=choices,
        points=None,
        code="A" * 24,
        length=length or poll.options["padded_length"],
    )
    return base64.urlsafe_b64encode(envelope).decode().rstrip("=")


def deposit(client: Client, poll: Poll, envelope: str, key: Any = None, **more: Any) -> Any:
    form = {"cle": str(key or uuid.uuid4()), "enveloppe": envelope} | more
    return client.post(url(poll, "ballot_deposit"), form)


def test_points_and_ranks_are_cast_as_they_were_given(client: Client, voter: Any) -> None:
    poll = open_poll(**POINTS)
    first, second = keys(poll)[:2]
    form = {f"points-{first}": "3", f"points-{second}": "1"}
    review = client.post(url(poll, "ballot_review"), form)
    assert marked(review) == {first: 3, second: 1}
    assert confirm(client, poll, **form).context["sheet"].deposit_code
    ranked = open_poll(**RANKS)
    first, second = keys(ranked)[:2]
    form = {f"rang-{first}": "2", f"rang-{second}": "1"}
    review = client.post(url(ranked, "ballot_review"), form)
    assert list(marked(review)) == [second, first]
    assert confirm(client, ranked, **form).context["sheet"].deposit_code


def test_a_report_of_an_error_would_hold_nothing_of_a_ballot(client: Client, voter: Any) -> None:
    """Choices, the form's key and the voter's word make a ballot code: no report repeats them."""
    poll = open_poll()
    form = {"cle": str(uuid.uuid4()), "projets": str(keys(poll)[0]), "mot": "secret"}
    for name in ("ballot", "ballot_review", "ballot_deposit"):
        request = client.post(url(poll, name), form).wsgi_request
        told = SafeExceptionReporterFilter().get_post_parameters(request)
        assert set(told) == set(form)
        assert not set(form.values()) & set(told.values()), name


@pytest.mark.parametrize(
    ("fields", "marks", "code"),
    [
        (POINTS, {"points-0": "4"}, "wrong_points"),
        (POINTS, {"points-0": "3", "points-1": "3", "points-2": "3"}, "wrong_points"),
        (POINTS, {"points-0": "1", "points-1": "-1"}, "points_unreadable"),
        (POINTS, {"points-0": "1", "points-1": "deux"}, "points_unreadable"),
        (RANKS, {"rang-0": "1", "rang-1": "1"}, "repeated_rank"),
        (RANKS, {"rang-0": "1", "rang-1": "x"}, "rank_unreadable"),
        (RANKS, {"rang-0": "1", "rang-1": "2", "rang-2": "3", "rang-3": "4"}, "too_many"),
    ],
)
def test_what_goes_beyond_a_limit_is_said_and_the_choice_kept(
    client: Client, voter: Any, fields: Any, marks: dict[str, str], code: str
) -> None:
    poll = open_poll(**fields)
    form = {}
    for name, value in marks.items():
        prefix, _, place = name.partition("-")
        form[f"{prefix}-{keys(poll)[int(place)]}"] = value
    page = confirm(client, poll, **form)
    assert codes(page) == [code]
    assert len(marked(page)) == sum(value.isdecimal() for value in marks.values())
    assert not VoterRecord.objects.exists()


def test_a_kept_choice_gives_way_to_the_radio_button(client: Client, voter: Any) -> None:
    poll = open_poll(ballot_kind="choose_one", max_choices=1)
    first, second = keys(poll)[:2]
    review = client.post(url(poll, "ballot_review"), {"choix": [first, second]})
    assert marked(review) == {second: 1}


@pytest.mark.parametrize(("fields", "name"), [(POINTS, "points"), (RANKS, "rang")])
def test_filtering_keeps_points_and_ranks(
    client: Client, voter: Any, fields: Any, name: str
) -> None:
    poll = open_poll(**fields)
    first = poll.envelope.projects.order_by("reference")[0]
    form = {f"{name}-{first.pk}": "2", "q": "introuvable", "action": "filter"}
    page = client.post(url(poll), form)
    assert page.context["lines"] == []
    assert f'type="hidden" name="{name}-{first.pk}" value="2"' in text_of(page)


def test_an_envelope_is_cast_once_however_often_it_comes(client: Client, voter: Any) -> None:
    poll = open_poll()
    envelope, key = sealed(poll, keys(poll)[:1]), uuid.uuid4()
    first, again = (deposit(client, poll, envelope, key).json() for _ in range(2))
    assert first == again
    record = VoterRecord.objects.get()
    assert (record.casts, record.deposit_code) == (1, first["depositCode"])
    assert "no-store" in deposit(client, poll, envelope, key)["Cache-Control"]
    # The answer was lost, and the vote closed meanwhile: the receipt is still due.
    move_to(poll.envelope.budget, Step.FOLLOW)
    assert deposit(client, poll, envelope, key).json() == first
    late = deposit(client, poll, sealed(poll, keys(poll)[:1]))
    assert (late.status_code, late.json()["code"]) == (403, "voting_closed")
    assert VoterRecord.objects.get().casts == 1


def test_a_damaged_envelope_is_refused_in_words(client: Client, voter: Any) -> None:
    poll = open_poll()
    good = sealed(poll, keys(poll)[:1])
    for damaged in ("", "é" * 20, good[:-8], good + "AAAA", sealed(poll, [1], length=512)):
        answer = deposit(client, poll, damaged)
        assert (answer.status_code, answer.json()["code"]) == (400, "envelope_malformed")
        assert answer.json()["sentences"]
    assert deposit(client, poll, good, "périmée").status_code == 400
    assert not VoterRecord.objects.exists()


def test_a_key_is_for_one_envelope(client: Client, voter: Any) -> None:
    poll = open_poll()
    key = uuid.uuid4()
    assert deposit(client, poll, sealed(poll, keys(poll)[:1]), key).status_code == 200
    other = deposit(client, poll, sealed(poll, keys(poll)[:2]), key)
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert VoterRecord.objects.get().casts == 1


def test_an_expired_token_gives_another_and_writes_nothing() -> None:
    poll = open_poll()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(), backend=BACKEND)
    envelope, key = sealed(poll, keys(poll)[:1]), uuid.uuid4()
    expired = deposit(client, poll, envelope, key)
    assert (expired.status_code, expired.json()["code"]) == (403, "form_expired")
    assert not VoterRecord.objects.exists()
    token = {"csrfmiddlewaretoken": expired.json()["csrf"]}
    assert deposit(client, poll, envelope, key, **token).status_code == 200


def test_nobody_deposits_without_being_an_elector(client: Client) -> None:
    poll = open_poll()
    answer = deposit(client, poll, sealed(poll, keys(poll)[:1]))
    assert answer.status_code == 403
    assert not Elector.objects.exists()
    assert deposit(client, open_poll(), sealed(poll, [1])).status_code == 403
    missing = reverse("budgets:ballot_deposit", args=["ailleurs", "ville"])
    assert client.post(missing).status_code == 404


def test_a_forged_neighbourhood_changes_nothing(client: Client, voter: Any) -> None:
    budget = make_budget(Step.DECIDE)
    other = make_envelope(budget, slug="autre", position=2)
    poll, foreign = make_poll(budget), make_poll(envelope=other)
    page = confirm(client, poll, choix=keys(foreign)[:1], quartier="999999")
    assert codes(page) == ["unknown_project"]
    assert not VoterRecord.objects.exists()


def visitor_of(poll: Poll, client: Client, **fields: Any) -> Elector:
    """Somebody who came with the code of a letter, in this client's session."""
    electorate = Electorate.objects.get(activity=poll.envelope.budget.activity)
    elector = Elector.objects.create(
        electorate=electorate, ways=[Way.LETTER.value], is_on_roll=True, **fields
    )
    request = RequestFactory().get("/")
    request.session = client.session
    welcome(request, elector)
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    return elector


def test_an_elector_without_an_account_votes_and_leaves(client: Client) -> None:
    poll = open_poll(by_letter=True)
    elector = visitor_of(poll, client, family_name="Essai", given_names="Camille")
    page = client.get(url(poll))
    assert "Camille Essai" in text_of(page)
    leave = reverse("electors:finish", args=[poll.envelope.budget.activity.slug])
    assert f'action="{leave}"' in text_of(page)
    done = confirm(client, poll, choix=keys(poll)[:1])
    assert VoterRecord.objects.get().voter == elector
    assert done.context["sheet"].ballot_code
    assert text_of(client.get(url(poll, "ballot_receipt")))
    client.post(leave)
    assert client.get(url(poll, "ballot_receipt")).status_code == 404


def test_the_order_belongs_to_the_elector_and_not_to_the_session(client: Client) -> None:
    poll = open_poll(projects=12, by_letter=True)
    orders = []
    for name in ("A", "B", "C"):
        elector = visitor_of(poll, client, family_name=name)
        first = [line.project.pk for line in client.get(url(poll)).context["lines"]]
        other = Client()
        request = RequestFactory().get("/")
        request.session = other.session
        welcome(request, elector)
        request.session.save()
        other.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
        again = [line.project.pk for line in other.get(url(poll)).context["lines"]]
        assert first == again
        orders.append(tuple(first))
    assert len(set(orders)) > 1


def test_the_code_of_a_letter_leads_to_the_vote(client: Client) -> None:
    """Who typed it came by the address of the letter alone, which names no page to go on to."""
    poll = open_poll(by_letter=True)
    activity = poll.envelope.budget.activity
    person = Elector.objects.create(electorate_id=activity.pk, is_on_roll=True)
    entrance = reverse("electors:code", args=[activity.slug])
    done = client.post(entrance, {"code": code_for(person)})
    assert done.headers["Location"] == reverse("budgets:vote", args=[activity.slug])


def test_a_letter_used_before_says_what_to_do_if_it_was_somebody_else(client: Client) -> None:
    poll = open_poll(by_letter=True)
    elector = visitor_of(poll, client)
    home = reverse("budgets:vote", args=[poll.envelope.budget.activity.slug])
    sentence = "votez maintenant, votre bulletin remplace le sien"
    assert sentence not in text_of(client.get(url(poll)))
    assert sentence not in text_of(client.get(home))
    cast(poll, [Project.objects.get(pk=keys(poll)[0])], elector)
    assert sentence in text_of(client.get(url(poll)))
    assert sentence in text_of(client.get(home))


def test_a_new_letter_stops_who_votes_with_the_former(client: Client) -> None:
    poll = open_poll(by_letter=True)
    elector = visitor_of(poll, client)
    envelope = sealed(poll, keys(poll)[:1])
    assert deposit(client, poll, envelope).status_code == 200
    VotingCode.objects.create(
        electorate=elector.electorate,
        elector=elector,
        digest="0" * 64,
        expires_at=timezone.now(),
        cancelled_at=timezone.now(),
    )
    answer = deposit(client, poll, sealed(poll, keys(poll)[1:2]))
    assert (answer.status_code, answer.json()["code"]) == (403, "come_first")
    assert confirm(client, poll, choix=keys(poll)[:1]).status_code == 403
    assert VoterRecord.objects.get().casts == 1


def test_who_has_not_come_is_led_to_the_entrance(client: Client) -> None:
    poll = open_poll(by_letter=True)
    page = client.get(url(poll))
    entrance = reverse("electors:entry", args=[poll.envelope.budget.activity.slug])
    assert [refusal.code for refusal, _mending in page.context["reasons"]] == ["come_first"]
    assert page.context["reasons"][0][1].url.startswith(f"{entrance}?next=")
    # Or whose session ended while choosing: the script is told where to come back from.
    answer = deposit(client, poll, sealed(poll, keys(poll)[:1])).json()
    back = urlencode({"next": url(poll)})
    assert answer["links"] == [{"label": "Choisir comment venir", "url": f"{entrance}?{back}"}]


@pytest.fixture
def large_poll() -> Poll:
    """As large as the real vote of Toulouse in 2024: 183 projects with their texts."""
    budget = make_budget(Step.DECIDE, max_choices=3)
    perimeter = budget.activity.process.perimeter
    places = [
        make_territory(f"Quartier {n}", kind="neighbourhood", parent=perimeter) for n in range(20)
    ]
    categories = [make_category(budget, f"Thème {n}") for n in range(8)]
    envelope = make_envelope(budget)
    words = re.findall(r"\w+", Path(__file__).read_text() * 3)
    Project.objects.bulk_create(
        Project(
            envelope=envelope,
            state="on_ballot",
            reference=f"{n:03d}",
            title=f"{' '.join(words[n * 7 : n * 7 + 6])} {n}",
            description=" ".join(words[n * 13 : n * 13 + 60]),
            cost_cents=1_000_000 + 12_345 * n,
            category=categories[n % 8],
            territory=places[n % 20],
        )
        for n in range(183)
    )
    return make_poll(envelope=envelope)


def test_a_large_ballot_is_light_and_quick(client: Client, voter: Any, large_poll: Poll) -> None:
    client.get(url(large_poll))  # what the site keeps in cache for everybody
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url(large_poll))
    assert len(page.context["lines"]) == 183
    assert len(queries) <= 15
    dist = Path("site/assets/dist")
    names = ("app.css", "budgets.css", "app.js", "budgets.js", "ballot.js", "scheme.js")
    files = [dist / name for name in (*names, "icons.svg", "favicon.svg")]
    fonts = [*dist.glob("media/*latin-wght-normal*.woff2")]
    assert len(fonts) == 2
    weight = len(gzip.compress(page.content)) + sum(font.stat().st_size for font in fonts)
    weight += sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert weight <= 150_000


def statements_of_a_deposit(client: Client, poll: Poll) -> int:
    """How many the first deposit of this client takes; each is a round trip to PostgreSQL."""
    envelope = sealed(poll, keys(poll)[:1])
    deposit(client, poll, "")  # what each process keeps of a poll is then known
    with CaptureQueriesContext(connection) as queries:
        assert deposit(client, poll, envelope).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_the_first_deposit_of_an_account_enrols_it_in_few_statements(
    client: Client, voter: Any
) -> None:
    # Session, account, everything about the vote, mailboxes of others; elector, its mailboxes,
    # notification, mail, ballot; the mark of the voter's network, its count, is it held.
    assert statements_of_a_deposit(client, open_poll()) == 13


def test_an_accounts_other_deposits_take_fewer(client: Client, voter: Any) -> None:
    poll = open_poll()
    cast(poll, [Project.objects.get(pk=keys(poll)[0])], voter)  # the account is an elector by now
    assert statements_of_a_deposit(client, poll) == 6


def test_a_deposit_without_an_account_takes_three(client: Client) -> None:
    poll = open_poll(by_letter=True)
    visitor_of(poll, client)
    # Session, everything about the vote, the ballot; no session is written, hence no fourth.
    assert statements_of_a_deposit(client, poll) == 3


def test_a_deposit_does_not_keep_a_visit_alive(client: Client) -> None:
    """Only pages do: a deposit reads the session and writes none."""
    poll = open_poll(by_letter=True)
    visitor_of(poll, client)
    session = client.session
    for seconds, status in ((29 * 60, 200), (31 * 60, 403)):
        session["elector"] = session["elector"] | {"seen": time.time() - seconds}
        session.save()
        before = dict(client.session)
        assert deposit(client, poll, sealed(poll, keys(poll)[:1])).status_code == status
        assert dict(client.session) == before


def test_a_visit_to_another_vote_opens_no_door_here(client: Client) -> None:
    poll, other = open_poll(by_letter=True), open_poll(by_letter=True)
    visitor_of(other, client)
    answer = deposit(client, poll, sealed(poll, keys(poll)[:1]))
    assert (answer.status_code, answer.json()["code"]) == (403, "come_first")


def test_who_is_refused_is_not_made_an_elector(client: Client, voter: Any) -> None:
    poll = open_poll()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_phase SET period = tstzrange(lower(period),"
            " clock_timestamp() - interval '1 millisecond') WHERE step = 'decide'"
        )
    answer = deposit(client, poll, sealed(poll, keys(poll)[:1]))
    assert (answer.status_code, answer.json()["code"]) == (403, "voting_closed")
    assert not Elector.objects.exists()
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("electorate", "person", "codes"),
    [
        ({}, {}, ()),
        ({}, {"verified": False}, ("email_unverified",)),
        ({"minimum_age": 16}, {"birth_date": None}, ("birth_date_missing",)),
        ({"minimum_age": 120}, {}, ("too_young",)),
        ({"is_roll_closed": True}, {}, ("not_on_roll",)),
        ({"ways": ["letter"]}, {}, ("way_not_accepted",)),
        ({"ways": ["attestation"]}, {}, ("attestation_missing",)),
        ({"links": ["resident"]}, {}, ("residence_missing",)),
        ({"links": ["worker", "resident"]}, {"elsewhere": True}, ("tie_missing",)),
        ({"links": ["resident"]}, {"elsewhere": True}, ("not_resident",)),
    ],
)
def test_what_is_read_at_once_decides_as_what_is_read_apart(
    electorate: dict[str, Any], person: dict[str, Any], codes: tuple[str, ...]
) -> None:
    if "links" in electorate:
        electorate = {**electorate, "perimeter": make_territory()}
    poll = make_poll(make_budget(Step.DECIDE), **electorate)
    if "elsewhere" in person:
        person = {"home_territory": make_territory()}
    account = make_user(**person)
    activity = poll.envelope.budget.activity
    found = door(slug=activity.slug, envelope_slug=poll.envelope.slug, account=account)
    assert found is not None
    apart = Poll.objects.get(pk=poll.pk)
    now = timezone.now()
    fresh = type(account).objects.get(pk=account.pk)
    for read, who in ((found.poll, account), (apart, fresh)):
        verdict = may_cast(poll=read, voter=None, account=who, at=now)
        assert verdict.codes == codes
    assert found.poll.options == apart.options
    assert bytes(found.poll.public_key) == bytes(apart.public_key)


def test_the_door_of_a_cancelled_process_is_shut(client: Client, voter: Any) -> None:
    poll = open_poll()
    process = poll.envelope.budget.activity.process
    process.cancelled_at, process.cancellation_reason = timezone.now(), "Annulée."
    process.save()
    answer = deposit(client, poll, sealed(poll, keys(poll)[:1]))
    assert (answer.status_code, answer.json()["code"]) == (403, "process_cancelled")
