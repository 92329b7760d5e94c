"""What tests rely on without asking: an undefined variable of ours fails, elsewhere it is empty."""

from pathlib import Path

import pytest
from django.template import Context, Engine, Origin, Template, engines

from tests.conftest import UndefinedVariable


def template(path: str, source: str) -> Template:
    engine: Engine = engines["django"].engine
    return Template(source, origin=Origin(path, path), engine=engine)


OURS = str(Path(__file__).resolve().parent.parent.parent / "templates/essai.html")


@pytest.mark.parametrize("source", ["{{ lacking }}", "{{ lacking|default:'rien' }}"])
def test_an_undefined_variable_of_ours_fails(source: str) -> None:
    with pytest.raises(UndefinedVariable, match=r"lacking in .*essai\.html"):
        template(OURS, source).render(Context())


@pytest.mark.parametrize(
    ("source", "shown"),
    [("({{ lacking }})", "()"), ("({{ lacking|default:'cog' }})", "(cog)")],
)
def test_one_of_a_library_is_shown_as_in_production(source: str, shown: str) -> None:
    assert template("/elsewhere/library.html", source).render(Context()) == shown


def test_asking_whether_a_variable_is_there_is_no_failure() -> None:
    source = "{% if lacking %}oui{% else %}non{% endif %}"
    assert template(OURS, source).render(Context()) == "non"
