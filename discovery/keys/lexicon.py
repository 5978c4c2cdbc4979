"""The words that names of tables and columns are judged by, in the singular."""

from typing import Final


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


KEYS: Final = _set("id ident identifier key pk code uuid guid no nr num number sk ref reference")
"""Words that end the name of a key and say nothing of what it is a key of."""

NUMBERS: Final = _set("no nr num number")
"""Those of them that end the names of measures as well."""

CODES: Final = _set("sku isbn issn doi ean gtin upc vin imo iata icao fips slug login username")
"""Words for codes that identify things by themselves."""

NOT_KEYS: Final = _set(
    "paid unpaid prepaid valid invalid grid void avoid hybrid rapid solid fluid covid bid mid aid "
    "raid said acid kid lipid humid monkey turkey hockey barcode"
)
"""Words that only end like a key."""

LEADING: Final = _set("fk pk ref")
"""What the names of keys may begin with."""

OF_TABLES: Final = _set("dim fact fct tbl tb table stg raw dbo public")
"""What the names of tables have around that of the entity."""

SUFFIXES: Final = _set("csv tsv txt tab json jsonl ndjson parquet xlsx avro gz zst zip")
"""Endings of files."""

TITLES: Final = _set(
    "name title label description desc text note comment remark summary address street email mail "
    "phone telephone fax url uri link website path file filename firstname lastname surname "
    "fullname content message body citation caption"
)
"""Last words of the names of texts for people."""

COUNTING: Final = _set("count num number n nr no total sum avg mean min max")
"""First words of the names of counts and measures."""

MEASURES: Final = _set(
    "count total amount quantity qty price cost value size length width height weight score rating "
    "percent percentage rate ratio share sum average avg mean median min max minimum maximum age "
    "latitude longitude lat lon lng duration second minute hour millisecond byte point goal "
    "population area balance salary budget revenue rank ranking position level version year month "
    "day week quarter index seq sequence line row order x y z"
)
"""Last words of the names of counts and measures."""

NUMBERING: Final = _set(
    "position index seq sequence line row item step order ordinal rank version revision level"
)
"""Last words of the names of numbers that count rows within a group."""

TIMES: Final = _set(
    "date day time timestamp datetime year month week quarter period hour season calendar"
)
"""Words for moments and spans of time."""

PEOPLE: Final = _set(
    "employee staff person user member worker player contributor account actor operator emp"
)
"""Words for those who have roles."""

ROLES: Final = _set(
    "manager supervisor boss report rep representative owner author creator created updated "
    "modified assigned assignee reviewer approver approved lead leader head chief captain seller "
    "agent advisor mentor instructor coach sender receiver recipient editor maintainer reporter "
    "salesperson salesman contact handler driver host by"
)
"""What people are to things, and to other people."""

SUPERIORS: Final = _set(
    "manager supervisor boss report superior mother father spouse mentor leader"
)
"""What a person may be to another of the same table."""

RELATIVES: Final = _set(
    "parent previous prev next predecessor successor original root ancestor replaced replaces "
    "supersedes merged duplicate reply master base default"
)
"""What a row may be to another of its table, whatever it holds."""

ENDS: Final = _set("source target from to origin destination dest src dst sender receiver child")
"""What a thing is to a link between two."""
