"""The shape of the house: who may import whom, and what no file is named."""

from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[2]
PACKAGES = ["registry", "projections", "api", "discovery"]
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def test_imports_keep_to_the_contracts(capsys):
    status = lint_imports(str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_is_named_for_what_it_holds(package):
    modules = list((ROOT / package).rglob("*.py"))
    assert modules
    assert [path for path in modules if EMPTY_NAMES & {path.stem, path.parent.name}] == []
