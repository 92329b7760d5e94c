"""What officers do with contributions: sort, move, join, answer, take up elsewhere."""

import datetime

import pytest
from django.contrib.gis.geos import LineString, Point, Polygon
from django.core import mail

from participation.budgets.models import Project
from participation.core.choices import Visibility
from participation.core.models import Follow, Notification, Support
from participation.core.services import follow, support
from participation.core.tasks import recount
from participation.mapping.models import Guest, MapContribution, Trace
from participation.mapping.services.follow_up import (
    adopt,
    answer,
    assign,
    merge_duplicates,
    move_geometry,
    reclassify,
    split,
)
from participation.mapping.tasks import mail_guest_news
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import make_budget, make_envelope, make_poll
from tests.factories.core import make_directorate
from tests.factories.mapping import (
    OFFICER_PERMISSIONS,
    make_category,
    make_map,
    make_map_contribution,
    make_map_officer,
    now,
)
from tests.participation.mapping.refusals import refused

pytestmark = pytest.mark.django_db

HERE = Point(1.45, 43.6, srid=4326)
THERE = Point(1.46, 43.61, srid=4326)
LINE = LineString((1.44, 43.6), (1.45, 43.61), srid=4326)
EIGHT = Polygon(((1.44, 43.6), (1.45, 43.61), (1.45, 43.6), (1.44, 43.61), (1.44, 43.6)), srid=4326)


@pytest.fixture
def officer():
    return make_map_officer()


def told(row) -> list[str]:
    """What its author was told, by kind, in order."""
    return list(
        Notification.objects.filter(recipient=row.contribution.author)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def kinds(row) -> list[str]:
    return list(
        Trace.objects.filter(contribution=row).order_by("pk").values_list("kind", flat=True)
    )


# Sorting


def test_directorates_are_replaced_and_traced_once(officer):
    row = make_map_contribution()
    roads, parks = make_directorate("Voirie"), make_directorate("Espaces verts")
    act = {"contribution": row, "actor": officer, "at": now()}
    assign(directorates=[roads, parks], **act)
    assign(directorates=[parks, roads], **act)
    assert set(row.directorates.all()) == {roads, parks}
    assert Trace.objects.get().note == "Espaces verts, Voirie"
    assign(directorates=[], **act)
    assert not row.directorates.exists()
    assert refused(assign, directorates=[roads], **{**act, "actor": make_user()}) == (
        "not_allowed",
    )


def test_a_draft_is_its_authors_alone(officer):
    row = make_map_contribution(visibility=Visibility.DRAFT)
    act = {"contribution": row, "actor": officer, "at": now()}
    assert refused(assign, directorates=[], **act) == ("not_submitted",)
    assert refused(move_geometry, geometry=HERE, reason="Oui", **act) == ("not_submitted",)
    assert refused(reclassify, category=row.category, reason="", **act) == ("not_submitted",)


def test_another_category_of_the_map_that_takes_the_drawing(officer):
    row = make_map_contribution(geometry=HERE)
    good = make_category(row.map, "Ombre")
    lines = make_category(row.map, shapes=["line"])
    act = {"contribution": row, "reason": "C’est un arbre.", "actor": officer, "at": now()}
    assert refused(reclassify, category=make_category(make_map()), **act) == ("unknown_category",)
    assert refused(reclassify, category=lines, **act) == ("shape_not_taken",)
    former = row.category.name
    reclassify(category=good, **act)
    reclassify(category=good, **act)
    row.refresh_from_db()
    assert row.category == good
    assert Trace.objects.get().note == f"{former} → Ombre\nC’est un arbre."
    assert told(row) == ["map-changed"]


def test_a_drawing_moves_with_its_reason_and_its_district_follows(officer):
    row = make_map_contribution(geometry=HERE)
    district = make_territory(kind="neighbourhood", bounds=(1.455, 43.605, 1.47, 43.62))
    act = {"contribution": row, "actor": officer, "at": now()}
    assert refused(move_geometry, geometry=THERE, reason=" ", **act) == ("reason_missing",)
    assert refused(move_geometry, geometry=EIGHT, reason="Oui", **act) == (
        "drawing_crosses_itself",
    )
    far = Point(2.5, 48.8, srid=4326)
    assert refused(move_geometry, geometry=far, reason="Oui", **act) == ("outside_perimeter",)
    row.category.shapes = ["point"]
    row.category.save()
    assert refused(move_geometry, geometry=LINE, reason="Oui", **act) == ("shape_not_taken",)
    move_geometry(geometry=THERE, reason="Plus près de l’école.", **act)
    move_geometry(geometry=THERE, reason="Plus près de l’école.", **act)
    row.refresh_from_db()
    trace = Trace.objects.get()
    assert (row.geometry.wkt, trace.geometry_before.wkt) == (THERE.wkt, HERE.wkt)
    assert row.contribution.point.wkt == THERE.wkt
    assert row.contribution.territory == district
    assert told(row) == ["map-changed"]
    assert "Plus près de l’école." in Notification.objects.get().body


# Answers


def respond(row, officer, **fields):
    values = {"status": "planned", "body": "Prévu en 2027.", "directorate": None, "at": now()}
    return answer(contribution=row, actor=officer, **{**values, **fields})


def test_the_state_follows_the_answer_and_people_are_told(officer):
    row = make_map_contribution()
    fan = make_user()
    follow(user=fan, subject=row.contribution, at=now())
    respond(row, officer)
    row.refresh_from_db()
    assert row.state == "planned"
    trace = Trace.objects.get()
    assert (trace.state_before, trace.state_after) == ("received", "planned")
    assert told(row) == ["answer"]
    assert Notification.objects.filter(recipient=fan, kind="answer").count() == 1


def test_the_same_answer_twice_is_one(officer):
    row = make_map_contribution()
    first = respond(row, officer)
    assert respond(row, officer).pk == first.pk
    assert (row.contribution.answers.count(), Trace.objects.count()) == (1, 1)
    assert Notification.objects.filter(kind="answer").count() == 1
    respond(row, officer, status="done", body="C’est fait.")
    assert row.contribution.answers.count() == 2


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"status": "not_retained", "body": " "}, ("reason_missing",)),
        ({"status": "done", "body": " "}, ("body_missing",)),
        ({"status": "retained"}, ("status_unknown",)),
        ({"status": ""}, ("status_unknown",)),
    ],
)
def test_an_answer_is_complete(officer, fields, codes):
    row = make_map_contribution()
    assert refused(respond, row, officer, **fields) == codes
    row.refresh_from_db()
    assert row.state == "received"


def test_only_what_is_online_is_answered_and_by_whom_may(officer):
    assert refused(respond, make_map_contribution(visibility="pending"), officer) == ("not_public",)
    row = make_map_contribution()
    only_sorts = make_user(
        is_staff=True,
        permissions=[p for p in OFFICER_PERMISSIONS if p != "core.answer_contribution"],
    )
    assert refused(respond, row, only_sorts) == ("not_answerer",)
    assert refused(respond, row, make_user()) == ("not_allowed", "not_answerer")


def test_a_guest_is_mailed_the_answer(officer, django_capture_on_commit_callbacks):
    row = guest_contribution()
    respond(row, officer, status="not_retained", body="Hors budget.")
    jobs = procrastinate_jobs("mapping.mail_guest_news")
    assert [job["contribution_id"] for job in jobs] == [row.pk]
    mail_guest_news(**jobs[0])
    (sent,) = mail.outbox
    assert sent.to == ["ana@example.org"]
    assert "Hors budget." in sent.body
    assert f"/{row.pk}/" in sent.body


def guest_contribution(map=None, confirmed=True) -> MapContribution:
    row = make_map_contribution(map)
    row.contribution.author = None
    row.contribution.author_label = "Ana"
    row.contribution.save()
    Guest.objects.create(
        contribution=row,
        email="ana@example.org",
        created_at=now(),
        confirmed_at=now() if confirmed else None,
    )
    return row


def procrastinate_jobs(name: str) -> list[dict]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return [job.args for job in ProcrastinateJob.objects.filter(task_name=name).order_by("pk")]


def test_a_guest_who_never_confirmed_is_told_nothing(officer):
    respond(guest_contribution(confirmed=False), officer)
    assert procrastinate_jobs("mapping.mail_guest_news") == []


# Joining


@pytest.fixture
def three():
    map = make_map()
    category = make_category(map)
    return [make_map_contribution(map, category=category, geometry=HERE) for _ in range(3)]


def join(into, *rows, actor, note="Même demande."):
    return merge_duplicates(into=into, duplicates=rows, note=note, actor=actor, at=now())


def supporters(row) -> set:
    return set(Support.objects.filter(contribution=row.pk).values_list("user", flat=True))


def followers(row) -> set:
    return set(Follow.objects.filter(contribution=row.pk).values_list("user", flat=True))


def by(row, *users) -> None:
    for user in users:
        support(contribution=row.contribution, user=user, at=now())
        follow(user=user, subject=row.contribution, at=now())


def test_joined_contributions_leave_the_map_and_their_authors_are_told(three, officer):
    main, one, other = three
    join(main, one, other, actor=officer)
    for row in (one, other):
        row.refresh_from_db()
        assert (row.merged_into_id, row.is_public) == (main.pk, False)
        assert (kinds(row), told(row)) == (["merged"], ["map-merged"])
    assert kinds(main) == ["merged", "merged"]
    assert told(main) == []
    main.refresh_from_db()
    assert main.is_public is True


def test_nobody_is_lost_and_nobody_counts_twice(three, officer):
    main, one, other = three
    ana, bao, cleo = make_user(), make_user(), make_user()
    by(main, ana)
    by(one, ana, bao, main.contribution.author)
    by(other, bao, cleo)
    join(main, one, other, actor=officer)
    recount(main.pk)
    main.contribution.refresh_from_db()
    assert supporters(main) == {ana.pk, bao.pk, cleo.pk}  # never its own author
    assert main.contribution.supports_count == 3
    assert {ana.pk, bao.pk, cleo.pk, main.contribution.author_id} == followers(main)


def test_taking_apart_gives_back_what_each_had(three, officer):
    main, one, other = three
    ana, bao, cleo = make_user(), make_user(), make_user()
    by(main, ana)
    by(one, ana, bao)
    by(other, bao, cleo)
    join(main, one, other, actor=officer)
    split(contribution=one, note="Un autre banc.", actor=officer, at=now())
    assert supporters(main) == followers(main) == {ana.pk, bao.pk, cleo.pk}  # bao by the other
    split(contribution=other, note="", actor=officer, at=now())
    assert supporters(main) == followers(main) == {ana.pk}
    assert (supporters(one), supporters(other)) == ({ana.pk, bao.pk}, {bao.pk, cleo.pk})
    one.refresh_from_db()
    assert (one.is_public, kinds(one)) == (True, ["merged", "split"])
    assert told(one) == ["map-merged", "map-split"]
    again = {"contribution": one, "note": "", "actor": officer, "at": now()}
    assert refused(split, **again) == ("not_joined",)


def test_who_took_their_support_back_does_not_support_again(three, officer):
    main, one, other = three
    bao = make_user()
    by(one, bao)
    by(other, bao)
    join(main, one, other, actor=officer)
    Support.objects.filter(contribution=main.pk, user=bao).delete()
    split(contribution=one, note="", actor=officer, at=now())
    assert supporters(main) == set()


def test_what_was_joined_to_a_joined_one_follows(three, officer):
    main, one, other = three
    bao = make_user()
    by(other, bao)
    join(one, other, actor=officer)
    assert supporters(one) == {bao.pk}
    join(main, one, actor=officer)
    other.refresh_from_db()
    assert other.merged_into_id == main.pk
    assert (supporters(main), supporters(one)) == ({bao.pk}, set())
    split(contribution=other, note="", actor=officer, at=now())
    assert (supporters(main), supporters(other)) == (set(), {bao.pk})


def test_what_cannot_be_joined_is_said(three, officer):
    main, one, other = three
    elsewhere = make_map_contribution()
    hidden = make_map_contribution(main.map, visibility=Visibility.HIDDEN)
    assert refused(join, main, main, one, actor=officer) == ("into_itself",)
    assert refused(join, main, actor=officer) == ("no_duplicate",)
    assert refused(join, main, elsewhere, actor=officer) == ("other_map",)
    assert refused(join, main, hidden, actor=officer) == ("not_public",)
    assert refused(join, main, one, actor=make_user()) == ("not_allowed",)
    join(main, one, actor=officer)
    assert refused(join, other, one, actor=officer) == ("joined_elsewhere",)
    assert refused(join, one, other, actor=officer) == ("joined",)
    assert refused(respond, one, officer) == ("joined",)


def test_a_second_click_on_join_changes_nothing(three, officer):
    main, one, _other = three
    join(main, one, actor=officer)
    join(main, one, actor=officer)
    assert (kinds(one), told(one)) == (["merged"], ["map-merged"])


def test_the_author_of_a_joined_contribution_is_told_of_the_answer(three, officer):
    main, one, _other = three
    author = one.contribution.author
    follow(user=author, subject=one.contribution, at=now())
    guest = guest_contribution(main.map)
    join(main, one, guest, actor=officer)
    respond(main, officer)
    assert Notification.objects.filter(recipient=author, kind="answer").exists()
    assert procrastinate_jobs("mapping.mail_guest_news")[-1]["contribution_id"] == guest.pk


# Taking up elsewhere


def test_a_contribution_becomes_a_project_of_a_budget():
    user = make_map_officer(permissions=(*OFFICER_PERMISSIONS, "budgets.study_idea"))
    row = make_map_contribution(geometry=HERE, title="Un banc à l’ombre", body="Pour s’asseoir.")
    envelope = make_envelope(make_budget("examine"))
    sealed = make_poll().envelope
    act = {"contribution": row, "actor": user, "at": now()}
    project = {"destination": "budget-project", "place": str(envelope.pk)}
    assert refused(adopt, destination="moon", place="1", **act) == ("unknown_destination",)
    assert refused(adopt, destination="budget-project", place=str(sealed.pk), **act) == (
        "unknown_place",
    )
    nobody = {**act, "actor": make_map_officer()}
    assert refused(adopt, **project, **nobody) == ("unknown_place",)
    trace = adopt(**project, **act)
    made = Project.objects.get(title="Un banc à l’ombre")
    assert (made.state, made.envelope, made.point.wkt) == ("draft", envelope, HERE.wkt)
    assert trace.path.endswith(f"/{made.pk}/")
    assert refused(adopt, **project, **act) == ("already_adopted",)
    assert Project.objects.filter(title="Un banc à l’ombre").count() == 1
    assert told(row) == ["map-adopted"]


def test_a_joined_contribution_is_not_taken_up(three):
    user = make_map_officer(permissions=(*OFFICER_PERMISSIONS, "budgets.study_idea"))
    main, one, _other = three
    join(main, one, actor=user)
    envelope = make_envelope(make_budget("examine"))
    act = {"destination": "budget-project", "place": str(envelope.pk), "actor": user, "at": now()}
    assert refused(adopt, contribution=one, **act) == ("not_public",)


def test_times_are_those_of_the_act(officer):
    row, at = make_map_contribution(), now() - datetime.timedelta(hours=3)
    assign(contribution=row, directorates=[make_directorate()], actor=officer, at=at)
    assert Trace.objects.get().happened_at == at
