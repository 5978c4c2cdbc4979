"""The words of the templates, read from the JSON files in ``vocabulary/``."""

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from mock_data.dice import Dice

FOLDER = Path(__file__).parent / "vocabulary"
USE_CASES = (
    "developer_productivity", "client_onboarding", "patient_support",
    "clinical_operations", "store_operations", "platform_engineering",
)  # fmt: skip


@cache
def words(name: str) -> Any:
    """The content of one file: a use case, ``names`` or ``phrases``."""
    return json.loads((FOLDER / f"{name}.json").read_bytes())


@dataclass(frozen=True)
class Person:
    """Someone who does not exist."""

    name: str
    domain: str
    team: str = ""

    @property
    def first(self) -> str:
        """The first name."""
        return self.name.partition(" ")[0]

    @property
    def login(self) -> str:
        """The name in plain letters: ``first.last``."""
        plain = unicodedata.normalize("NFKD", self.name.lower().replace(" ", "."))
        return plain.encode("ascii", "ignore").decode()

    @property
    def email(self) -> str:
        """An address under a domain reserved for examples."""
        return f"{self.login}@{self.domain}"

    @property
    def contact(self) -> dict[str, str]:
        """Name and address, as most systems write them."""
        return {"name": self.name, "email": self.email}


@dataclass(frozen=True)
class Case:
    """One thing that goes wrong: problem and reason are clauses, the action is an imperative."""

    topic: str
    area: str
    problem: str
    reason: str
    action: str


@dataclass(frozen=True)
class Vocabulary:
    """What people of one use case write about; ``at`` puts a place into a sentence."""

    industry: str
    use_case: str
    company: str
    domain: str
    key: str
    utc_offset_hours: int
    teams: list[str]
    at: str
    places: list[str]
    requester_domains: list[str]
    sample_sizes: dict[str, int]
    """How many records each template has, by dataset type."""
    templates: dict[str, Any]
    """The head of each template, in its format; an empty head makes a bare array of records."""
    cases: list[Case]
    clients: tuple[str, ...] = ()

    @classmethod
    def of(cls, use_case: str) -> Self:
        """The vocabulary of a use case."""
        found = words(use_case)
        return cls(**(found | {"cases": [Case(**case) for case in found["cases"]]}))

    def repository(self, case: Case) -> str:
        """The full name of the repository where a case is worked on."""
        return f"{self.domain.partition('.')[0]}/{case.area}"

    def staff(self) -> list[Person]:
        """The people of the company, the same in each of its templates."""
        dice, names = Dice(self.company), words("names")
        pairs = zip(dice.shuffle(names["first"]), dice.shuffle(names["last"]), strict=True)
        return [
            Person(" ".join(pair), self.domain, self.teams[number % len(self.teams)])
            for number, pair in enumerate(pairs)
        ]
