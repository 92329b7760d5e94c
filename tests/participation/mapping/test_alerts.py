"""Area alerts: who is told of what, when, and once."""

import datetime
import io
import json
import uuid

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.core import mail
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from maps.projections import in_metres
from participation.core.account.services import delete_account
from participation.core.choices import Visibility
from participation.core.verdict import Refused
from participation.mapping import links, tasks
from participation.mapping.choices import Frequency
from participation.mapping.models import AlertHit, AreaAlert
from participation.mapping.services import (
    Watch,
    ask_for_alert,
    circle,
    confirm_alert,
    forget_unconfirmed_alerts,
    send_digests,
    stop_alert,
    stop_alert_by_link,
)
from participation.mapping.services.imports import ImportPlan, import_contributions
from tests.factories.accounts import make_user
from tests.factories.mapping import (
    fresh_key,
    make_category,
    make_map,
    make_map_contribution,
    make_map_officer,
    now,
)

pytestmark = pytest.mark.django_db
HERE = Point(1.45, 43.6, srid=4326)
FAR = Point(1.55, 43.6, srid=4326)
DAY = datetime.timedelta(days=1)


def box(*bounds: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox(bounds), srid=4326)


def ask(map=None, *, user=None, email="", **fields) -> AreaAlert:
    values = {"label": "Autour de chez moi", "frequency": Frequency.DAILY, "map": map, **fields}
    return ask_for_alert(
        watch=Watch(**values),
        user=user,
        email=email,
        language="fr",
        submission_key=fresh_key(),
        at=now(),
    )


def refused(act, *args, **kwargs) -> tuple[str, ...]:
    with pytest.raises(Refused) as caught, transaction.atomic():
        act(*args, **kwargs)
    return caught.value.verdict.codes


def contribute(map, category=None, geometry=HERE, **fields):
    row = make_map_contribution(map, category=category, geometry=geometry, **fields)
    tasks.match_alerts(row.pk)
    return row


def told() -> set[tuple[int, int]]:
    return set(AlertHit.objects.values_list("alert_id", "contribution_id"))


def test_a_circle_is_measured_in_metres():
    disc = circle(HERE, 1000)
    assert in_metres(disc).area == pytest.approx(3_141_592, rel=0.01)
    assert disc.covers(HERE)


def test_what_is_near_is_found_and_the_rest_is_not():
    map, user = make_map(), make_user()
    near = ask(map, user=user, centre=HERE, radius_metres=500)
    square = ask(map, user=user, area=box(1.54, 43.59, 1.56, 43.61))
    everything = ask(map, user=user)
    elsewhere = ask(make_map(), user=user)
    here, far = contribute(map), contribute(map, geometry=FAR)
    assert told() == {
        (near.pk, here.pk),
        (square.pk, far.pk),
        (everything.pk, here.pk),
        (everything.pk, far.pk),
    }
    assert not elsewhere.hits.exists()


def test_a_category_and_words_narrow_it():
    map, user = make_map(), make_user()
    benches, trees = make_category(map), make_category(map)
    by_category = ask(map, user=user, category=trees)
    by_words = ask(map, user=user, words="platane")
    bench = contribute(map, benches, title="Un banc sous les platanes")
    tree = contribute(map, trees, title="Un tilleul", body="Pour l’ombre.")
    assert told() == {(by_category.pk, tree.pk), (by_words.pk, bench.pk)}


def test_nobody_is_told_of_their_own_nor_of_what_is_not_public():
    map, user = make_map(), make_user()
    ask(map, user=user)
    contribute(map, author=user)
    contribute(map, visibility=Visibility.PENDING)
    assert told() == set()


def test_at_once_is_mailed_once_with_a_one_click_link():
    map, user = make_map(), make_user()
    alert = ask(map, user=user, frequency=Frequency.AT_ONCE)
    row = contribute(map, title="Un banc à l’ombre")
    tasks.match_alerts(row.pk)
    tasks.send_alert(alert.pk)
    tasks.send_alert(alert.pk)
    (message,) = mail.outbox
    assert message.to == [user.email]
    assert "Un banc à l’ombre" in message.body
    stop = message.extra_headers["List-Unsubscribe"]
    assert stop.strip("<>") in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_digest_waits_for_its_day():
    map, user = make_map(), make_user()
    daily = ask(map, user=user)
    weekly = ask(map, user=user, frequency=Frequency.WEEKLY)
    contribute(map)
    monday = datetime.datetime(2026, 11, 23, 7, tzinfo=datetime.UTC)
    assert send_digests(at=monday + DAY) == 1
    assert send_digests(at=monday) == 2
    tasks.send_alert(daily.pk)
    assert send_digests(at=monday) == 1
    tasks.send_alert(weekly.pk)
    assert send_digests(at=monday) == 0
    assert len(mail.outbox) == 2


def test_what_was_hidden_meanwhile_is_not_told():
    map, user = make_map(), make_user()
    alert = ask(map, user=user)
    row = contribute(map)
    row.contribution.visibility = Visibility.HIDDEN
    row.contribution.save(update_fields=["visibility"])
    tasks.send_alert(alert.pk)
    assert (mail.outbox, told()) == ([], set())


def test_without_an_account_the_address_is_confirmed_first():
    map = make_map()
    alert = ask(map, email=" Lea@Example.org ")
    contribute(map)
    assert told() == set()
    tasks.mail_alert_link(alert.pk)
    token = links.signed(alert.pk, links.ALERT)
    assert (mail.outbox[0].to, token in mail.outbox[0].body) == (["lea@example.org"], True)
    confirm_alert(token=token, at=now())
    confirm_alert(token=token, at=now())
    row = contribute(map)
    assert told() == {(alert.pk, row.pk)}
    assert stop_alert_by_link(token=token) is True
    assert stop_alert_by_link(token=token) is False
    assert told() == set()


def test_links_that_are_forged_or_old_do_nothing():
    alert = ask(make_map(), email="lea@example.org")
    token = links.signed(alert.pk, links.ALERT)
    other = links.signed(alert.pk, links.GUEST)
    assert refused(confirm_alert, token=other, at=now()) == ("link_unknown",)
    assert refused(stop_alert_by_link, token=token + "x") == ("link_unknown",)
    assert refused(confirm_alert, token=token, at=now() + 4 * DAY) == ("link_expired",)
    assert forget_unconfirmed_alerts(at=now()) == 0
    assert forget_unconfirmed_alerts(at=now() + 4 * DAY) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"centre": HERE, "radius_metres": 50}, "radius_out_of_bounds"),
        ({"centre": HERE, "radius_metres": 6000}, "radius_out_of_bounds"),
        ({"area": box(1, 43, 2, 44)}, "area_too_big"),
        ({"label": " "}, "label_missing"),
    ],
)
def test_what_does_not_hold_is_refused(fields, code):
    assert refused(ask, make_map(), user=make_user(), **fields) == (code,)


def test_following_nothing_is_refused():
    assert refused(ask, None, user=make_user()) == ("nothing_followed",)


def test_only_its_owner_stops_an_alert():
    alert = ask(make_map(), user=make_user())
    assert refused(stop_alert, alert=alert, user=make_user()) == ("not_yours",)
    stop_alert(alert=alert, user=alert.user)
    assert not AreaAlert.objects.exists()


def test_the_number_of_alerts_is_limited():
    map, user = make_map(), make_user()
    for _time in range(20):
        ask(map, user=user)
    assert refused(ask, map, user=user) == ("too_many_alerts",)


# Imports


def bring(map, *spots: Point, officer=None) -> None:
    """Import a bench at each of these places, and do what waits."""
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(spot.geojson),
            "properties": {"titre": f"Banc {uuid.uuid4().hex[:8]}", "categorie": "Bancs"},
        }
        for spot in spots
    ]
    file = io.BytesIO(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    plan = ImportPlan(source_system="essai", title="titre", category_column="categorie")
    import_contributions(map=map, file=file, plan=plan, actor=officer, at=now())


def waiting_jobs(name: str) -> list[dict]:
    jobs = ProcrastinateJob.objects.filter(task_name=name).order_by("id")
    return list(jobs.values_list("args", flat=True))


@pytest.fixture
def empty_queue():
    """Nothing left by the tests that commit."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.mark.usefixtures("empty_queue")
def test_an_import_is_one_mail_per_alert_and_not_one_per_row():
    map, officer = make_map(), make_map_officer()
    benches = make_category(map, "Bancs")
    near = ask(map, user=make_user(), centre=HERE, radius_metres=500, frequency=Frequency.AT_ONCE)
    category = ask(map, user=make_user(), category=benches, frequency=Frequency.AT_ONCE)
    words = ask(map, user=make_user(), words="fontaine", frequency=Frequency.AT_ONCE)
    daily = ask(map, user=make_user(), frequency=Frequency.DAILY)
    elsewhere = ask(make_map(), user=make_user(), frequency=Frequency.AT_ONCE)
    spots = [Point(1.45 + number / 10_000, 43.6, srid=4326) for number in range(40)]
    bring(map, *spots, FAR, officer=officer)
    (job,) = waiting_jobs("mapping.match_import")
    assert waiting_jobs("mapping.match_alerts") == []
    for _time in range(2):  # a worker may run it again
        tasks.match_import(**job)
    assert [each["alert_id"] for each in waiting_jobs("mapping.send_alert")] == [
        near.pk,
        category.pk,
    ]
    assert [each.hits.count() for each in (near, category, words, daily, elsewhere)] == [
        40, 41, 0, 41, 0,
    ]  # fmt: skip
    for each in waiting_jobs("mapping.send_alert"):
        tasks.send_alert(**each)
    assert [len(message.to) for message in mail.outbox] == [1, 1]
    assert mail.outbox[0].subject.startswith("40 ")
    assert mail.outbox[0].body.count("/carte/") == 30 + 1  # what is described, and the link to stop
    bring(map, HERE, officer=officer)
    tasks.match_import(**waiting_jobs("mapping.match_import")[1])
    assert near.hits.filter(sent_at__isnull=True).count() == 1


@pytest.mark.usefixtures("empty_queue")
def test_an_import_costs_each_alert_the_same_whatever_its_size(django_assert_num_queries):
    map, officer = make_map(), make_map_officer()
    make_category(map, "Bancs")
    ask(map, user=make_user())
    for number, place in enumerate((1, 30)):
        bring(
            map, *(Point(1.45, 43.6 + n / 10_000, srid=4326) for n in range(place)), officer=officer
        )
        job = waiting_jobs("mapping.match_import")[number]
        with django_assert_num_queries(5):  # the alerts, the rows, the hits; savepoints included
            tasks.match_import(**job)


def test_who_leaves_is_told_nothing_more_and_others_are():
    leaving, staying = make_user(), make_user()
    map = make_map()
    ask(map, user=leaving)
    kept = ask(map, user=staying)
    delete_account(user=leaving, withdraw=False, at=now())
    assert list(AreaAlert.objects.all()) == [kept]
