"""What the tests of electorates share."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_limit_left_over():
    """Limits are counted anew for each test."""
    cache.clear()
