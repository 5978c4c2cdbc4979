"""Who writes, in which words, when: everything the records of one template are drawn from."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from typing import Any

from mock_data.dice import Dice
from mock_data.subject import NOW, Subject
from mock_data.vocabulary import Person, Vocabulary, words

Record = dict[str, Any]

SLOT = re.compile(r"\{([^{}]+)\}")


def capital(text: str) -> str:
    """The text with a capital letter."""
    return text[:1].upper() + text[1:]


def slug(text: str) -> str:
    """The text in small letters, its words joined by hyphens."""
    return text.lower().replace(" ", "-")


class Scene:
    """One template's stage; ``cast`` holds the subjects of all templates of its use case."""

    def __init__(
        self, vocabulary: Vocabulary, dataset_type: str, cast: Mapping[str, list[Subject]]
    ) -> None:
        self.vocabulary = vocabulary
        self.cast = cast
        self.dice = Dice(f"{vocabulary.use_case}/{dataset_type}")
        self._staff = vocabulary.staff()
        self._phrases: dict[str, list[str]] = words("phrases")[dataset_type]

    def related(self, dataset_type: str, subject: Subject, low: int, high: int) -> list[Any]:
        """Ids of other records on the same topic, in this or a neighbouring template."""
        others = [
            other.id
            for other in self.cast.get(dataset_type, ())
            if other.case.topic == subject.case.topic and other is not subject
        ]
        return self.dice.some(others, low, high)

    def text(self, subject: Subject, rule: str, **given: str) -> str:
        """One of the phrases of a rule, its slots filled.

        A slot is a word (``{problem}``), another rule (``{cause}``) or a range of numbers
        (``{2..30}``); with a capital letter (``{Problem}``) it begins a sentence.
        """
        known = self._words(subject) | given

        def fill(slot: re.Match[str]) -> str:
            name = slot[1].lower()
            low, is_range, high = name.partition("..")
            if is_range:
                return str(self.dice.between(int(low), int(high)))
            found = known[name] if name in known else phrase(name)
            return capital(found) if slot[1][0].isupper() else found

        def phrase(rule: str) -> str:
            return SLOT.sub(fill, self.dice.pick(self._phrases[rule]))

        return phrase(rule)

    def _words(self, subject: Subject) -> dict[str, str]:
        """The words of a text; the same name stands for the same thing in all of it."""
        team, other_team = self.dice.some(self.vocabulary.teams, 2, 2)
        colleague = self.colleague()
        earlier = subject.created - timedelta(days=self.dice.between(3, 20))
        return asdict(subject.case) | {
            "team": team,
            "other_team": other_team,
            "place": subject.place,
            "at": self.vocabulary.at.format(subject.place),
            "colleague": colleague.name,
            "first": colleague.first,
            "day": f"{subject.created.day} {subject.created:%B}",
            "earlier": f"{earlier.day} {earlier:%B}",
        }

    def colleague(self) -> Person:
        """Someone who works for the company."""
        return self.dice.pick(self._staff)

    def outsider(self, domain: str | None = None) -> Person:
        """Someone who does not, at a domain or at one of those that write to the company."""
        names = words("names")
        name = f"{self.dice.pick(names['first'])} {self.dice.pick(names['last'])}"
        return Person(name, domain or self.dice.pick(self.vocabulary.requester_domains))

    def url(self, service: str, path: str) -> str:
        """An address of one of the company's services."""
        return f"https://{service}.{self.vocabulary.domain}/{path}"

    def after(self, moment: datetime, low: int, high: int) -> datetime:
        """A moment ``low`` to ``high`` hours later, but not after the records were read."""
        latest = (NOW - moment) // timedelta(minutes=1)
        minutes = self.dice.skewed(min(low * 60, latest), min(high * 60, latest))
        return moment + timedelta(minutes=minutes)

    def stamp(self, moment: datetime | None) -> str | None:
        """The moment in the company's time zone, as RFC 3339 has it; null if it has not come."""
        if moment is None:
            return None
        zone = timezone(timedelta(hours=self.vocabulary.utc_offset_hours))
        return moment.astimezone(zone).isoformat(timespec="seconds").replace("+00:00", "Z")
