"""The screens of an event that this part of the house adds to its desk: (route, view, name)."""

from typing import Any

from participation.agenda.office.after import (
    FinishAction,
    HeardScreen,
    MinutesScreen,
    OutcomesScreen,
)
from participation.agenda.office.live import LiveQuestions

SCREENS: list[tuple[str, Any, str]] = [
    ("<int:pk>/questions/", LiveQuestions, "questions"),
    ("<int:pk>/compte-rendu/", MinutesScreen, "minutes"),
    ("<int:pk>/decisions/", OutcomesScreen, "outcomes"),
    ("<int:pk>/decisions/<int:outcome>/", FinishAction, "outcome"),
    ("<int:pk>/entendu/", HeardScreen, "heard"),
]
