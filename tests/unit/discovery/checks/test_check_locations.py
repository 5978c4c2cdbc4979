"""Where checks may look, and where not."""

import os
from pathlib import Path

import pytest

from discovery.checks.locations import Locations, NotAllowed
from discovery.unreadable import Unreadable


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "orders.csv").write_text("id,amount\n1,2.5\n2,3.5\n")
    (tmp_path / "secret.csv").write_text("id\n1\n")
    return folder


def test_records_within_a_folder_that_is_allowed_are_read(data: Path) -> None:
    records = Locations([str(data)]).records(str(data / "orders.csv"), most=1)
    assert (records.total, list(records.first)) == (2, [{"id": 1, "amount": 2.5}])


@pytest.mark.parametrize("location", ["../secret.csv", "/etc/hostname", "file:///etc/hostname"])
def test_what_lies_outside_is_not_read(data: Path, location: str, monkeypatch) -> None:
    monkeypatch.chdir(data)
    with pytest.raises(NotAllowed):
        Locations(["."]).records(location, most=1)


def test_a_link_that_leads_outside_is_not_followed(data: Path) -> None:
    os.symlink(data.parent / "secret.csv", data / "link.csv")
    with pytest.raises(NotAllowed):
        Locations([str(data)]).records(str(data / "link.csv"), most=1)


def test_a_folder_whose_name_only_begins_alike_is_outside(data: Path) -> None:
    sibling = data.parent / "data-of-others"
    sibling.mkdir()
    (sibling / "a.csv").write_text("id\n1\n")
    with pytest.raises(NotAllowed):
        Locations([str(data)]).records(str(sibling / "a.csv"), most=1)


@pytest.mark.parametrize(
    "location",
    [
        "https://data.example.com.evil.example/a.csv",
        "https://data.example.com/../private/a.csv",
        "http://data.example.com/public/a.csv",
    ],
)
def test_a_url_is_allowed_only_below_one_that_was_named(location: str) -> None:
    with pytest.raises(NotAllowed):
        Locations(["https://data.example.com/public"]).records(location, most=1)


def test_what_is_not_there_is_told_without_its_path(data: Path) -> None:
    with pytest.raises(Unreadable) as told:
        Locations([str(data)]).records(str(data / "nothing.csv"), most=1)
    assert str(data) not in str(told.value)


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:1/", "http://169.254.169.254/latest", "http://[::1]/", "ftp://a"]
)
def test_an_endpoint_of_a_private_network_is_not_asked(endpoint: str) -> None:
    with pytest.raises(NotAllowed):
        Locations([]).require_reachable(endpoint)


def test_an_endpoint_below_a_url_that_was_named_is_asked_wherever_it_is() -> None:
    locations = Locations(["http://127.0.0.1:1"])
    locations.require_reachable("http://127.0.0.1:1/health")
    assert locations.trusts("http://127.0.0.1:1/health")
    assert not locations.trusts("http://127.0.0.1:10/health")
