"""The shape of the house: who may import whom, and what no file is named."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ["registry", "projections", "api", "discovery"]
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def test_imports_keep_to_the_contracts():
    # In a process of its own: it leaves standard output closed to whatever has wrapped it.
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_is_named_for_what_it_holds(package):
    modules = list((ROOT / package).rglob("*.py"))
    assert modules
    assert [path for path in modules if EMPTY_NAMES & {path.stem, path.parent.name}] == []
