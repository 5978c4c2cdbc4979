"""The subjects of records: dealt before any record is written, so records may refer both ways."""

import string
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import product
from typing import Any

from mock_data.dice import Dice
from mock_data.vocabulary import Case, Vocabulary

NOW = datetime(2025, 10, 31, 18, 0, tzinfo=UTC)
"""The fixed moment at which every record was read; nothing that happened is later."""

ALPHANUMERIC = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Subject:
    """What one record is about: a case, seen at a place, and the kind the record is of."""

    id: Any
    kind: str
    case: Case
    place: str
    created: datetime

    @property
    def is_recent(self) -> bool:
        """True for the past four months: older matters have been settled."""
        return self.created > NOW - timedelta(days=120)


def deal(vocabulary: Vocabulary, dataset_type: str, kinds: tuple[str, ...]) -> list[Subject]:
    """Subjects from the oldest to the newest; all pairs of case and kind come up about as often."""
    count = vocabulary.sample_sizes[dataset_type]
    dice = Dice(f"{vocabulary.use_case}/{dataset_type}/subjects")
    dealt: list[tuple[Case, str]] = []
    while len(dealt) < count:
        dealt += dice.shuffle(product(vocabulary.cases, kinds))
    moments = sorted(_working_moment(dice, vocabulary.utc_offset_hours) for _ in range(count))
    number = 0
    subjects = []
    for (case, kind), created in zip(dealt, moments, strict=False):
        number += dice.between(1, 5)
        repository = vocabulary.repository(case) + kind
        identity = _identity(dataset_type, vocabulary.key, repository, number, dice)
        subjects.append(Subject(identity, kind, case, dice.pick(vocabulary.places), created))
    return subjects


def _working_moment(dice: Dice, utc_offset_hours: int) -> datetime:
    """A second of a working day in the past fourteen months."""
    date = NOW.date() - timedelta(days=dice.between(2, 425))
    date -= timedelta(days=max(date.weekday() - 4, 0))
    clock = time(dice.between(7, 18), dice.between(0, 59), dice.between(0, 59))
    return datetime.combine(date, clock, UTC) - timedelta(hours=utc_offset_hours)


def _identity(dataset_type: str, key: str, repository: str, number: int, dice: Dice) -> Any:
    """The next id, in the shape its source system gives it."""
    random_part = dice.characters(32, ALPHANUMERIC)
    shapes = {
        "confluence_pages": str(41_200_000 + number * 6_143),
        "github_pull_requests": 1_800 + number,
        "github_repositories": repository,
        "google_drive_files": f"1{random_part}",
        "jira_issues": f"{key}-{140 + number}",
        "salesforce_accounts": f"001{random_part[:15]}",
        "salesforce_opportunities": f"006{random_part[:15]}",
        "servicenow_incidents": f"INC{120_000 + number * 17:07d}",
        "zendesk_tickets": 58_000 + number * 3,
    }
    return shapes.get(dataset_type, str(uuid.UUID(dice.characters(32), version=4)))
