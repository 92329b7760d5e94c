"""A town with one budget in each moment of its life, and the pages of its site."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from participation.budgets.choices import DeliveryStep
from participation.budgets.models import Budget, Delivery, Idea, Poll
from participation.budgets.services.delivery import advance_delivery, start_deliveries
from tests.cms.making import make_activity_page, make_content, make_news, make_process_page
from tests.factories.accounts import make_territory, make_user
from tests.factories.budgets import (
    make_budget,
    make_category,
    make_counted_poll,
    make_envelope,
    make_idea,
    make_officer,
    make_poll,
    make_project,
)
from tests.factories.core import make_comment


@dataclass(frozen=True, slots=True)
class Scenery:
    """What stands in the town, and the addresses that a visitor may ask for (in French)."""

    collecting: Budget
    voting: Budget
    finished: Budget
    idea: Idea
    poll: Poll
    delivery: Delivery
    addresses: dict[str, str]


def build_scenery() -> Scenery:
    """Three budgets (ideas, vote, works), their editorial pages, news, and one mail."""
    town = make_territory("Villeneuve", bounds=(1.3, 43.5, 1.6, 43.7))
    west = make_territory(
        "La Gare", kind="neighbourhood", parent=town, bounds=(1.3, 43.5, 1.45, 43.7)
    )
    make_territory("Le Port", kind="neighbourhood", parent=town, bounds=(1.45, 43.5, 1.6, 43.7))
    officer = make_officer(public_name="Dominique Essai")

    collecting = make_budget("collect", process__perimeter=town, activity__slug="idees-villeneuve")
    nature = make_category(collecting, "Nature en ville")
    make_envelope(collecting, name="Toute la ville")
    author = make_user("autrice@example.org", public_name="Camille Essai")
    idea = make_idea(
        collecting,
        author=author,
        title="Planter un verger derrière l’école",
        category=nature,
        territory=west,
        estimated_cost_cents=1_250_000,
    )
    make_idea(collecting, author=author, title="Des bancs à l’ombre", category=nature)
    comment = make_comment(contribution=idea.contribution, body="Je le souhaite aussi.")
    make_comment(parent=comment, body="Avec des pommiers !")

    voting = make_budget("decide", process__perimeter=town, activity__slug="vote-villeneuve")
    envelope = make_envelope(voting, slug="ville", name="Toute la ville")
    for reference, title in (("1", "Un verger"), ("2", "Des bancs"), ("3", "Une fontaine")):
        make_project(envelope, reference=reference, title=title, territory=west)
    poll = make_poll(envelope=envelope, officer=officer)

    finished = make_budget("decide", process__perimeter=town, activity__slug="fait-villeneuve")
    make_counted_poll(finished)
    finished.refresh_from_db()
    start_deliveries(budget=finished, actor=officer, at=timezone.now())
    delivery = Delivery.objects.filter(project__envelope__budget=finished).order_by("pk")[0]
    advance_delivery(
        delivery=delivery,
        step=DeliveryStep.STUDIES,
        happened_on=timezone.localdate(),
        title="Les études commencent",
        body="Le bureau d’études est choisi.",
        image=None,
        image_alt="",
        reason="",
        actor=officer,
        at=timezone.now(),
    )

    process_page = make_process_page(collecting.activity.process)
    activity_page = make_activity_page(process_page, collecting.activity)
    content = make_content(body=[("text", "<p>La mission participation répond à tous.</p>")])
    news = make_news(
        date=datetime.date(2026, 3, 22),
        process=collecting.activity.process,
        body=[("next_dates", {"heading": "Les prochaines dates", "limit": 4})],
    )
    _leave_a_mail()

    def below(budget: Budget, end: str = "") -> str:
        return f"/budget/{budget.activity.slug}/{end}"

    return Scenery(
        collecting=collecting,
        voting=voting,
        finished=finished,
        idea=idea,
        poll=poll,
        delivery=delivery,
        addresses={
            "news": news.url,
            "content": content.url,
            "process": process_page.url,
            "activity": activity_page.url,
            "search": "/recherche/?q=verger",
            "sign in": "/compte/connexion/",
            "sign up": "/compte/inscription/",
            "budget": below(collecting),
            "rules": below(collecting, "regles/"),
            "ideas": below(collecting, "idees/"),
            "ideas as a list": below(collecting, "idees/?vue=liste"),
            "ideas on a map": below(collecting, "idees/?vue=carte"),
            "idea": below(collecting, f"idees/{idea.pk}/"),
            "projects": below(voting, "projets/"),
            "projects on a map": below(voting, "projets/?vue=carte"),
            "vote": below(voting, "vote/"),
            "ballot": below(voting, "vote/ville/"),
            "results": below(finished, "resultats/"),
            "deliveries": below(finished, "realisations/"),
            "deliveries on a map": below(finished, "realisations/?vue=carte"),
            "delivery": below(finished, f"realisations/{delivery.pk}/"),
            "nothing": "/cette-page-n-existe-pas/",
            "mailbox": "/_/courrier/",
            "gallery": "/_/components/",
        },
    )


def _leave_a_mail() -> None:
    """A mail in the demonstration's box, as its own backend writes it."""
    EmailMessage(
        subject="Votre idée est bien arrivée",
        body="Bonjour,\n\nhttp://localhost/budget/idees-villeneuve/\n",
        to=["autrice@example.org"],
        connection=get_connection(
            "django.core.mail.backends.filebased.EmailBackend", file_path=settings.EMAIL_FILE_PATH
        ),
    ).send()
