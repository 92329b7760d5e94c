"""Whoever lost their phone and their recovery codes is let in again by the office."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.log_actions import registry

from cms.models import SiteSettings
from participation.accounts.models import User
from participation.accounts.queries import factors_of
from participation.accounts.services import remove_factors
from participation.core import tasks
from participation.core.account import erasure, recovery
from participation.core.models import Notification
from participation.core.verdict import Refused
from tests.cms.making import soup, words
from tests.factories.accounts import make_moderator, make_user
from tests.participation.accounts.lost import (
    ALL,
    REASON,
    kinds,
    lines,
    protected,
    remove,
    screen,
)
from tests.participation.accounts.steps import (
    PASSWORD,
    enrol,
    prove_identity,
    sign_in,
    signed_in_as,
    totp,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]


@pytest.fixture
def person() -> User:
    return protected(make_user("ninon@example.org", password=PASSWORD, public_name="Ninon"))


def deliver() -> None:
    jobs = ProcrastinateJob.objects.filter(task_name="core.deliver_notification").order_by("id")
    for job in jobs:
        tasks.deliver_notification(**job.args)


def test_without_a_reason_nothing_is_lost(office, person):
    for reason in ("", "   "):
        answer = remove(office, person, reason=reason)
        assert answer.status_code == 422
        assert "rien n’a été retiré" in answer.content.decode()
    with pytest.raises(Refused) as refused:
        recovery.remove_second_factors(
            person=person,
            seen=office.get(screen(person)).context["seen"],
            reason=" ",
            actor=make_user(is_superuser=True),
            at=timezone.now(),
        )
    assert refused.value.verdict.codes == ("reason_missing",)
    assert kinds(person) == ALL
    person.refresh_from_db()
    assert person.sessions_ended_at is None
    assert (lines(person), Notification.objects.count()) == ([], 0)


def test_all_goes_and_the_history_says_why(office, admin, person):
    other = protected(make_user())

    answer = remove(office, person)

    assert (answer.status_code, answer.url) == (302, screen(person))
    assert (kinds(person), kinds(other)) == ([], ALL)
    (line,) = lines(person)
    assert (line.user, line.data) == (admin, {"kinds": ALL, "reason": REASON})
    history = office.get(reverse("wagtailusers_users:history", args=[person.pk]))
    assert f"Second facteur retiré par l’administration\u00a0: {REASON}" in history.content.decode()
    assert registry.get_action_label("parvis.account.factors") == "Retirer un second facteur"


def test_every_session_of_that_person_closes_and_no_other(office, person):
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(person)
    other = Client()
    stranger = make_user()
    other.force_login(stranger)
    dashboard = reverse("space:dashboard")
    assert [browser.get(dashboard).status_code for browser in browsers] == [200, 200]

    remove(office, person)

    assert [browser.get(dashboard).status_code for browser in browsers] == [302, 302]
    assert [signed_in_as(browser) for browser in browsers] == [None, None]
    assert other.get(dashboard).status_code == 200
    assert office.get(screen(person)).status_code == 200


def test_the_sessions_that_follow_stay_open(office, person, settings):
    remove(office, person)
    client = Client()
    sign_in(client, person.email)
    assert signed_in_as(client) == person

    assert client.get(reverse("space:dashboard")).status_code == 200
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "une autre clef, toute neuve", [old]
    assert client.get(reverse("space:dashboard")).status_code == 200


def test_one_mail_says_what_was_done_by_whom_and_what_to_do(office, admin, person, settings):
    facts = SiteSettings.objects.get(site__is_default_site=True)
    facts.contact_name, facts.contact_email = "Service participation", "bonjour@ville.example"
    facts.save()
    User.objects.filter(pk=person.pk).update(wants_mail=False)

    remove(office, person)
    deliver()

    (message,) = mail.outbox
    assert message.to == [person.email]
    assert message.subject == "Votre second facteur a été retiré"
    for sentence in (
        "- Application qui affiche des codes\n- Clé d’accès ou clé de sécurité\n",
        "Fait par\u00a0: Service participation",
        "Vos sessions sont fermées",
        f"{settings.SITE_URL}{reverse('account_reset_password')}",
        "Puis écrivez-nous\u00a0: bonjour@ville.example",
    ):
        assert sentence in message.body
    assert admin.email not in message.body
    assert admin.public_name not in message.body
    assert REASON not in message.body


def test_the_mail_is_in_the_persons_language(office, person):
    User.objects.filter(pk=person.pk).update(language="en")

    remove(office, person)
    deliver()

    (message,) = mail.outbox
    assert message.subject == "Your second factor was removed"
    assert "/en/compte/mot-de-passe/oublie/" in message.body
    assert "the contact is at the foot of the pages" in message.body


def test_sent_twice_it_is_done_and_told_once(office, person):
    seen = office.get(screen(person)).context["seen"]
    data = {"seen": seen, "reason": REASON}
    office.post(screen(person), data)
    person.refresh_from_db()
    ended = person.sessions_ended_at
    client = Client()
    sign_in(client, person.email)

    again = office.post(screen(person), data, follow=True)

    assert "Plus rien n’était en place" in again.content.decode()
    person.refresh_from_db()
    assert person.sessions_ended_at == ended
    assert client.get(reverse("space:dashboard")).status_code == 200
    deliver()
    assert (len(lines(person)), len(mail.outbox)) == (1, 1)


def test_what_was_set_up_since_the_page_was_read_is_not_removed_unseen(office, person):
    seen = office.get(screen(person)).context["seen"]
    data = {"seen": seen, "reason": REASON}
    office.post(screen(person), data)
    protected(person)

    answer = office.post(screen(person), data)

    assert answer.status_code == 422
    assert "relisez-le d’abord" in answer.content.decode()
    assert kinds(person) == ALL
    office.post(screen(person), data | {"seen": answer.context["seen"]})
    assert kinds(person) == []


def test_what_is_set_up_in_the_instant_of_the_removal_stays(person):
    read = [each for each in factors_of(person) if each.type != "totp"]

    assert "totp" not in remove_factors(user=person, factors=read, at=timezone.now())

    assert kinds(person) == ["totp"]


def test_erasing_the_account_forgets_how_its_owner_was_recognised(office, person):
    remove(office, person)

    erasure.erase_traces(user=person)

    (line,) = lines(person)
    assert line.data == {"kinds": ALL}


# --- and then


def test_staff_set_up_another_one_before_the_office_opens(office, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    staff = make_moderator(password=PASSWORD)
    client = Client()
    sign_in(client, staff.email)
    prove_identity(client)
    old = enrol(client)
    assert client.get("/gestion/").status_code == 200
    # The administrator's own duty is another test's.
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    remove(office, staff)
    settings.STAFF_SECOND_FACTOR_REQUIRED = True

    assert client.get("/gestion/").url.startswith(reverse("account_login"))
    assert sign_in(client, staff.email, next="/gestion/").url == "/gestion/"
    assert client.get("/gestion/").url == reverse("mfa_index")
    prove_identity(client)
    new = enrol(client)
    assert client.get("/gestion/").status_code == 200
    client.post(reverse("account_logout"))
    sign_in(client, staff.email)
    client.post(reverse("mfa_authenticate"), {"code": totp(old)})
    assert signed_in_as(client) is None
    client.post(reverse("mfa_authenticate"), {"code": totp(new)})
    assert signed_in_as(client) == staff


def test_the_mail_to_staff_says_that_another_one_is_required(office, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    staff = protected(make_moderator())
    recovery.remove_second_factors(
        person=staff,
        seen=recovery.fingerprint(list(Authenticator.objects.filter(user=staff).order_by("pk"))),
        reason=REASON,
        actor=make_user(is_superuser=True),
        at=timezone.now(),
    )
    deliver()

    assert "Votre rôle exige un second facteur" in mail.outbox[0].body


def test_who_waits_at_the_page_of_the_code_signs_in_again(office):
    member = make_user(password=PASSWORD)
    client = Client()
    sign_in(client, member.email)
    prove_identity(client)
    enrol(client)
    client.post(reverse("account_logout"))
    sign_in(client, member.email)
    assert client.get(reverse("mfa_authenticate")).status_code == 200

    remove(office, member)

    assert client.get(reverse("mfa_authenticate")).url == reverse("account_login")
    assert client.get(reverse("account_login")).status_code == 200
    sign_in(client, member.email)
    assert signed_in_as(client) == member


@pytest.mark.parametrize("address", ["", "bonjour@ville.example"])
def test_the_page_of_the_code_says_whom_to_write_to(client, address):
    SiteSettings.objects.filter(site__is_default_site=True).update(contact_email=address)
    member = make_user(password=PASSWORD)
    Authenticator.objects.create(user=member, type="totp", data={})
    sign_in(client, member.email)

    (told,) = soup(client.get(reverse("mfa_authenticate"))).select("details.entrance-other")

    assert "Vous n’avez plus ni téléphone, ni clé, ni codes de secours" in words(told)
    links = [link["href"] for link in told.select("a")]
    assert links == ([f"mailto:{address}"] if address else [])
    assert ("le contact est au pied de la page" in words(told)) == (not address)
