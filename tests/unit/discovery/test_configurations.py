"""What `discovery.toml` may say, and how it is told what is wrong there."""

from pathlib import Path
from uuid import UUID

import pytest

from discovery.configuration import WrongConfiguration, read_configuration
from discovery.sources.files import Files
from registry.privacy import SamplePolicy


@pytest.fixture
def written(tmp_path: Path):
    """Writes a configuration; returns where."""

    def write(text: str) -> Path:
        path = tmp_path / "discovery.toml"
        path.write_text(text)
        return path

    return write


def test_a_source_has_a_name_a_place_and_a_schedule(written):
    listed = read_configuration(
        written("""
            [sources.shop]
            source = "shop/"
            every = "90m"
            industry = "retail"
            samples = "none"
            client = "00000000-0000-0000-0000-000000000007"

            [sources.mock-data]
            source = "mock_data/templates"
            watch = true
        """)
    ).sources
    shop, mock_data = listed["shop"], listed["mock-data"]
    assert (shop.name, shop.every, shop.watched) == ("shop", 5400, False)
    assert shop.plan.source == Files(text="shop/")
    assert shop.plan.options.identity == {"industry": "retail"}
    assert shop.plan.options.samples is SamplePolicy.NONE
    assert shop.plan.client == UUID(int=7)
    assert (mock_data.kind, mock_data.every, mock_data.watched) == ("files", None, True)


WRONG = [
    ("[sources.shop]\nsource = x\n", "is no TOML: Invalid value (at line 2"),
    ("", "line 1: sources: Field required"),
    ("[sources]", "line 1: sources: Dictionary should have at least 1 item"),
    ("[sources.shop]\nevery = '1h'", "line 1: sources.shop.source: Field required"),
    ("[sources.shop]\nsource = ''", "line 2: sources.shop.source: String should have at least 1"),
    (
        "[sources.shop]\nsource = 'x'\n\nevery = 'soon'",
        "line 4: sources.shop.every: soon is no span",
    ),
    (
        "[sources.a]\nsource = 'x'\n[sources.b]\nsource = 'y'\nwatch = 3.5",
        "line 5: sources.b.watch",
    ),
    ("[sources.shop]\nsource = 'x'\ncolor = 'red'", "line 3: sources.shop.color: is known neither"),
    ("[sources.shop]\nsource = 'x'\nclient = 'me'", "line 3: sources.shop.client: "),
    ("[sources.'../x']\nsource = 'x'", "line 1: sources.../x: String should match pattern"),
    ("[sources.shop]\nsource = 'x'\nevery = '1h'\nwatch = true", "line 1: sources.shop: every and"),
    ("[sauces.shop]\nsource = 'x'", "line 1: sauces: is known neither"),
]


@pytest.mark.parametrize(("text", "told"), WRONG, ids=[told for _, told in WRONG])
def test_what_is_wrong_is_told_with_its_line_and_field(written, text, told):
    with pytest.raises(WrongConfiguration) as refused:
        read_configuration(written(text))
    assert any(told in line for line in refused.value.lines), refused.value.lines


def test_all_that_is_wrong_is_told_at_once(written):
    text = "[sources.a]\nsource = 'x'\nred = 1\n[sources.b]\nsource = 'y'\nblue = 2"
    with pytest.raises(WrongConfiguration) as refused:
        read_configuration(written(text))
    assert [line.split(": ")[1] for line in refused.value.lines] == [
        "sources.a.red",
        "sources.b.blue",
    ]


def test_a_value_is_never_told_again_for_it_may_be_a_secret(written):
    with pytest.raises(WrongConfiguration) as refused:
        read_configuration(written("[sources.shop]\nsource = 'x'\ntoken = 'swordfish'"))
    assert "swordfish" not in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(WrongConfiguration, match=r"discovery\.toml cannot be read: No such file"):
        read_configuration(tmp_path / "discovery.toml")


def test_checks_are_told_how_often_and_where_they_may_look(written):
    told = read_configuration(
        written("""
            [sources.shop]
            source = "shop/"
            [checks]
            every = "6h"
            within = ["/data", "https://data.example.com/"]
        """)
    )
    assert told.checks is not None
    assert (told.checks.every, told.checks.promote) == (21_600, False)
    assert told.checks.within == ["/data", "https://data.example.com/"]


def test_checks_that_are_told_something_unknown_are_refused_with_their_line(written):
    with pytest.raises(WrongConfiguration, match=r"line 4: checks\.everywhere"):
        read_configuration(
            written("[sources.shop]\nsource = 'x'\n[checks]\neverywhere = 1\nevery = '1h'")
        )
