"""Answers that come late, and out of order: what a weak network does to the pages of a journey."""

import random
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

MOST = 0.5  # seconds
_rng = random.Random()


def answer_late(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware that waits before each answer, up to `MOST` seconds."""

    def answer(request: HttpRequest) -> HttpResponse:
        time.sleep(_rng.uniform(0, MOST))
        return get_response(request)

    return answer
