"""Projects put to the vote."""

from django.db.models import QuerySet

from participation.budgets.models import Budget, Poll, Project


def projects(*, budget: Budget) -> QuerySet[Project]:
    """Public projects of a budget with all that a card shows, by envelope and number."""
    return (
        Project.objects.public()
        .filter(envelope__budget=budget)
        .select_related("envelope", "category", "territory")
        .order_by("envelope__position", "envelope", "reference")
    )


def ballot_projects(*, poll: Poll) -> QuerySet[Project]:
    """What stands on a sealed ballot, by number: exactly the projects that were frozen."""
    keys = [project["id"] for project in poll.options["projects"]]
    return (
        Project.objects.filter(pk__in=keys)
        .select_related("envelope", "category", "territory")
        .order_by("reference")
    )
