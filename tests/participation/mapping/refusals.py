"""What a service refuses, told by its codes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from participation.core.verdict import Refused


def refused(act: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[str, ...]:
    """The codes of the refusal; nothing is left written."""
    with pytest.raises(Refused) as caught, transaction.atomic():
        act(*args, **kwargs)
    return caught.value.verdict.codes
