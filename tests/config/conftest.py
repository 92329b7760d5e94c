"""A site whose rows are made before a visitor only reads them."""

import pytest


@pytest.fixture
def site_is_set_up(db: None) -> None:
    from cms.setup import set_up_site

    set_up_site()
