"""A private PostgreSQL that may be killed and a site on it, made once for all the trials."""

from collections.abc import Iterator

import pytest

from config.bench.proving.cluster import programs
from config.bench.proving.field import Field, Voters, proving_field
from config.bench.proving.server import Site
from config.bench.proving.voters import Election

_ELECTIONS = {
    "alike": Voters(accounts=1),
    "unprotected": Voters(electors=1),
    "database": Voters(accounts=500, electors=2500),
    "forgetful": Voters(electors=2500),
    "workers": Voters(accounts=500, electors=2500),
    "mails": Voters(accounts=1000),
    "masters": Voters(electors=2500),
    "full": Voters(electors=2500),
    "renewed": Voters(electors=2500),
    "crowded": Voters(electors=2500),
    "closed": Voters(electors=2500),
    "cut": Voters(accounts=20),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/integrity/" in str(item.path):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("integrity"))  # one cluster, one process


@pytest.fixture(scope="session")
def field() -> Iterator[Field]:
    if programs() is None:
        pytest.skip("this machine has no PostgreSQL server that a test may kill")
    with proving_field() as made:
        yield made


@pytest.fixture(scope="session")
def elections(field: Field) -> dict[str, Election]:
    """One election for each trial, all made by one program."""
    return dict(zip(_ELECTIONS, field.elections(*_ELECTIONS.values()), strict=True))


@pytest.fixture(scope="session")
def site(field: Field, elections: dict[str, Election]) -> Iterator[Site]:
    with field.served() as running:
        yield running
