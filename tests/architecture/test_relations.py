"""The shape of the house, where the import linter cannot see."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Field

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = [
    *(ROOT / "participation").glob("*/"),
    ROOT / "maps",
    ROOT / "site" / "cms",
    ROOT / "site" / "config",
]
# Which of our packages a model may point at. Instruments never point at one another.
BELOW = {
    "maps": set(),
    "accounts": {"maps"},
    "core": {"accounts", "maps"},
    "electors": {"core", "accounts", "maps"},
    "budgets": {"electors", "core", "accounts", "maps"},
    "mapping": {"core", "accounts", "maps"},
    "agenda": {"core", "accounts", "maps"},
    "cms": {"agenda", "budgets", "mapping", "electors", "core", "accounts", "maps"},
}
INNER = {
    "wagtail_hooks": 0, "urls": 0, "management": 0,
    "viewsets": 1, "views": 1, "resources": 1,
    "forms": 2, "filters": 2,
    "services": 3,
    "tasks": 4,
    "policies": 5,
    "queries": 6,
    "models": 7,
    "querysets": 8, "choices": 8,
}  # fmt: skip


def sources() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in package.rglob("*.py")
        if "migrations" not in path.parts and "__pycache__" not in path.parts
    ]


def test_every_package_with_models_has_its_place():
    ours = {config.label for config in apps.get_app_configs() if _is_ours(config.path)}
    with_models = {label for label in ours if list(apps.get_app_config(label).get_models())}
    assert with_models <= set(BELOW)


def _is_ours(path: str) -> bool:
    return Path(path).is_relative_to(ROOT) and ".venv" not in path


@pytest.mark.parametrize("label", sorted(BELOW))
def test_models_point_only_below(label):
    """A foreign key written as a string escapes the import linter; not this test."""
    wrong = set()
    for model in apps.get_app_config(label).get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_hidden=True):
            if not isinstance(field, Field) or field.related_model is None:
                continue
            target = field.related_model._meta.app_label
            if target in BELOW and target != label and target not in BELOW[label]:
                wrong.add(f"{model.__name__}.{field.name} -> {target}")
    assert wrong == set()


def test_site_is_a_source_root_and_never_a_package():
    assert not (ROOT / "site" / "__init__.py").exists()
    ignored = (ROOT / ".gitignore").read_text().split()
    assert not {"/site", "site", "site/", "/site/"} & set(ignored)


def test_no_drawer_for_everything():
    forbidden = {"utils.py", "helpers.py", "signals.py", "utils", "helpers", "signals"}
    named = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in package.rglob("*")
        if path.name in forbidden
    }
    assert named == set()


def test_files_stay_short_enough_to_read():
    # Published as one file on purpose: a citizen reads and runs it without anything of ours.
    alone = {"participation/budgets/services/vote/publication/recompte.py"}
    long = {
        str(path.relative_to(ROOT)): count
        for path in sources()
        if (count := path.read_text().count("\n")) > 400
    }
    long = {name: count for name, count in long.items() if name not in alone}
    assert long == {}


def _layer(module: str) -> tuple[str, int] | None:
    """`(package, layer)` of a dotted module of ours, when it has one."""
    parts = module.split(".")
    if parts[0] == "participation" and len(parts) > 2:
        package, inside = ".".join(parts[:2]), parts[2]
    elif parts[0] == "maps" and len(parts) > 1:
        package, inside = "maps", parts[1]
    else:
        return None
    return (package, INNER[inside]) if inside in INNER else None


def test_inside_a_package_imports_go_down():
    """The linter's layers again, read from the files, lazy imports included."""
    wrong = set()
    for path in sources():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        here = _layer(module)
        if here is None:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            for target in _imported(node):
                there = _layer(target)
                if there and there[0] == here[0] and there[1] < here[1]:
                    wrong.add(f"{module} -> {target}")
    assert wrong == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def test_the_domain_has_no_clock_of_its_own():
    """Models, policies and services are given the moment; they never ask for it."""
    asking = set()
    for path in sources():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        layer = _layer(module)
        if layer is None or INNER["services"] > layer[1] or layer[1] == INNER["tasks"]:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("now", "utcnow", "today")
            ):
                asking.add(module)
    assert asking == set()


def test_silenced_warnings_say_why():
    bare = set()
    for path in sources():
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            for mark, reason in (("# noqa", "--"), ("# type: ignore", "  #")):
                if mark in line:
                    after = line.split(mark, 1)[1]
                    if reason.strip() not in after:
                        bare.add(f"{path.relative_to(ROOT)}:{number}")
    assert bare == set()


def test_django_admin_is_not_installed():
    assert not apps.is_installed("django.contrib.admin")
