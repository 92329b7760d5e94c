"""Fixtures of participatory budgets."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.participation.budgets.committed import really_committed


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real commits instead of a transaction rolled back."""
    with really_committed(django_db_blocker):
        yield
