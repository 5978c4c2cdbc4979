"""What `dataset.yaml` says, and what wins over what."""

import pytest

from discovery.description import Description, read_description, slug
from discovery.files import UnreadableFile

PATH = {"industry": "Retail", "use_case": "Customer Support", "dataset_type": "Tickets-2024"}


def said(tmp_path, text):
    path = tmp_path / "dataset.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_description(path)


def refusal(tmp_path, text):
    with pytest.raises(UnreadableFile) as refused:
        said(tmp_path, text)
    return refused.value.place, refused.value.reason


def test_an_option_wins_over_the_description_and_that_over_the_path(tmp_path):
    description = said(tmp_path, "industry: fintech\nuse_case: billing\n")
    assert description.identity(PATH, {"industry": "energy"}) == {
        "industry": "energy",
        "use_case": "billing",
        "dataset_type": "tickets_2024",
    }
    assert Description().identity(PATH, {})["use_case"] == "customer_support"
    assert Description().identity({}, {}) == {}


def test_everything_can_be_said(tmp_path):
    description = said(
        tmp_path,
        "industry: retail\nuse_case: support\ndataset_type: tickets\nname: Tickets\n"
        "description: All of them.\ntags: [gold]\ncustom_fields: {since: 2024-01-31, n: 1}\n",
    )
    assert description.model_dump() == {
        "industry": "retail",
        "use_case": "support",
        "dataset_type": "tickets",
        "name": "Tickets",
        "description": "All of them.",
        "tags": ["gold"],
        "custom_fields": {"since": "2024-01-31", "n": 1},
    }


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}"])
def test_nothing_need_be_said(tmp_path, text):
    assert said(tmp_path, text) == Description()


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("name: [a\nb: c", "line 2, column 2", "invalid YAML: expected ',' or ']'"),
        (b"name: \xff", "", "invalid YAML: "),
        ("[" * 2000, "", "invalid YAML: it is nested too deeply"),
        ("custom_fields: {a: &a [1], b: *a}", "line 1, column 31", "references are not read"),
        ("!!python/object/apply:os.getcwd []", "line 1, column 1", "could not determine"),
        ("- a", "", "must be a mapping"),
        ("text", "", "must be a mapping"),
        ("use_cas: x", "use_cas", "is no known name; known are industry, use_case, dataset_type"),
        ("industry: Retail!", "industry", "String should match pattern"),
        ("industry: no", "industry", "valid string"),
        ("tags: [gold, 1]", "tags/1", "valid string"),
        ("name: ''", "name", "at least 1 character"),
        ("custom_fields: {a: .nan}", "custom_fields", ""),
        ("x" * (2**20 + 1), "", "larger than 1 MiB"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, text, place, reason):
    found = refusal(tmp_path, text)
    assert found[0] == place
    assert reason in found[1]
    assert "Value error" not in found[1]


def test_references_cannot_make_much_of_little(tmp_path):
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    assert refusal(tmp_path, bomb)[1] == "invalid YAML: references are not read"


def test_a_description_that_is_gone_cannot_be_read(tmp_path):
    with pytest.raises(UnreadableFile, match="cannot be read: No such file"):
        read_description(tmp_path / "dataset.yaml")


@pytest.mark.parametrize(
    ("name", "identifier"),
    [("Orders (2024)", "orders_2024"), ("Café-Größen", "cafe_grossen"), ("日本", ""), ("__a", "a")],
)
def test_a_name_is_made_an_identifier_as_far_as_it_can_be_one(name, identifier):
    assert slug(name) == identifier
