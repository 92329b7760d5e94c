"""The files of a deployment, checked without a Docker engine: by specification and by promise."""

import re
import subprocess
import sysconfig
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sysconfig.get_path("scripts"))
SERVICES = {"db", "migrate", "web", "worker", "proxy"}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def compose() -> dict:
    return YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())


def test_compose_file_follows_the_compose_specification():
    checker = str(TOOLS / "check-jsonschema")
    result = run(checker, "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")

    assert result.returncode == 0, result.stdout


def test_dockerfile_has_nothing_that_hadolint_reproaches():
    result = run(str(TOOLS / "hadolint"), "--config", ".hadolint.yaml", "Dockerfile")

    assert (result.returncode, result.stdout) == (0, "")


def test_scripts_have_nothing_that_shellcheck_reproaches():
    scripts = ["parvis", ".ci/run", *map(str, sorted(ROOT.glob("deploy/*.sh")))]
    result = run(str(TOOLS / "shellcheck"), *scripts)

    assert (result.returncode, result.stdout) == (0, "")


def test_every_service_is_hardened(compose):
    assert set(compose["services"]) == SERVICES
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"]), name
        assert "privileged" not in service, name
        assert service["healthcheck"].get("test") or name == "migrate", name


def test_only_the_proxy_is_published_and_the_database_has_no_way_out(compose):
    published = {name for name, service in compose["services"].items() if "ports" in service}

    assert published == {"proxy"}
    assert compose["services"]["db"]["networks"] == ["inner"]
    assert compose["networks"]["inner"] == {"internal": True}
    assert "inner" not in compose["services"]["proxy"]["networks"]


def test_no_secret_is_written_in_the_compose_file(compose):
    secrets = {"POSTGRES_PASSWORD", "PARVIS_DB_PASSWORD", "DJANGO_SECRET_KEY", "EMAIL_URL"}
    for service in compose["services"].values():
        for name in secrets & set(service.get("environment", {})):
            assert service["environment"][name].startswith(f"${{{name}:?")


def test_every_value_that_compose_requires_is_explained_in_the_example():
    required = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))
    explained = set(
        re.findall(r"^(\w+)=", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE)
    )

    assert required - explained == set()


def test_the_image_installs_the_packages_of_the_script():
    """Apart from what only a development machine needs (a database server, pip, compilers)."""
    script = (ROOT / "parvis").read_text()
    packages = set(re.findall(r"^ +unless [^#\n]*?(\S+)(?: #.*)?$", script, re.MULTILINE))
    dockerfile = (ROOT / "Dockerfile").read_text()
    last_stage_base = dockerfile.split("FROM base AS build")[0]

    elsewhere = {"postgresql-15", "postgresql-15-postgis-3", "python3-pip", "gettext"}
    elsewhere |= {"chromium", "fonts-dejavu-core", "gdal-bin", "libatomic1"}
    assert packages > elsewhere
    assert {p for p in packages - elsewhere if p not in last_stage_base.split()} == set()
    for release in re.findall(r"^(?:UV|NODE)_RELEASE=('.*')$", script, re.MULTILINE):
        assert release in dockerfile
