"""The stand-alone script of publications, loaded and run as its reader does."""

import contextlib
import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.methods.dossiers import SCRIPT


def load_script() -> ModuleType:
    """The stand-alone script as a module of its own."""
    spec = importlib.util.spec_from_file_location("recompte", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECOMPTE = load_script()


def run_script(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and output of the script on a folder."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["recompte.py", str(folder), *arguments])
        status = RECOMPTE.main()
    return status, said.getvalue()
