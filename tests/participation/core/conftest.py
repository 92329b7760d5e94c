"""An instrument of our own, since the spine alone has none."""

from collections.abc import Iterator

import pytest

from participation.core import registry


@pytest.fixture(autouse=True)
def instrument() -> Iterator[registry.Instrument]:
    """A registered instrument of kind `test`, as small as an instrument can be."""
    declared = registry.Instrument(
        kind="test",
        label="Test",
        icon="tag",
        steps=("collect", "examine", "decide"),
        landing=lambda activity: f"/essai/{activity.slug}/",
        summary=lambda activity, moment: {},
        contribution_url=lambda contribution: f"/essai/contributions/{contribution.pk}/",
        personal_data=lambda user: (),
    )
    registry._instruments["test"] = declared
    yield declared
    registry._instruments.pop("test", None)
