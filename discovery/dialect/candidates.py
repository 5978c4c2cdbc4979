"""The ways in which a text may be written, as few as can be told before it is parsed."""

import re
from collections.abc import Iterator, Sequence

from discovery.dialect.parse import Candidate

USUAL = ",;\t|"
SEPARATORS = "\x1f\x1e\x1d\x1c\x01\x02"
"""The separators of ASCII, and the control characters of Hadoop's tools."""
OTHERS = ":#~^ !&*/=@%+§¦¬¶·•¤¨°"
SINGLE = " ,;\t"
"""Delimiters that two of are not one: there is an empty cell between them."""
QUOTES = "\"'`"
DELIMITERS = USUAL + SEPARATORS + OTHERS


def candidates(text: str, lines: Sequence[str]) -> Iterator[Candidate]:
    """Yield the ways in which the lines of a text may be written; of equals, the likelier first.

    A delimiter is worth a parse when it stands in several lines, and a quote when it opens and
    closes cells of that delimiter.
    """
    present = [quote for quote in QUOTES if quote in text]
    for delimiter, repeated in [*_delimiters(text, lines), ("", False)]:
        for quote in present:
            for escape in _escapes(quote, delimiter, text):
                yield Candidate(delimiter, quote, escape, repeated)
        yield Candidate(delimiter, "", "", repeated)


def _escapes(quote: str, delimiter: str, text: str) -> Sequence[str]:
    """Return how a quote within quotes may be written; nothing where it encloses no cells."""
    edge = r"\r\n" + re.escape(delimiter[:1])
    opens = re.search(rf"(?:^|[{edge}]) *{quote}", text)
    closes = re.search(rf"{quote} *(?:[{edge}]|\Z)", text)
    if not (opens and closes):
        return ()
    if "\\" + quote not in text:
        return (quote,)
    doubled = re.search(rf"[^{edge}]{quote}{quote}|{quote}{quote}[^{edge}]", text)
    return (quote, "\\") if doubled else ("\\", quote)


def _delimiters(text: str, lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield the delimiters that may be, and whether a run of them counts as one."""
    few = len(lines) < 4
    for character in DELIMITERS:
        least = 1 if few and character in USUAL + SEPARATORS + " " else 2
        if text.count(character) < least:
            continue
        holding = [line for line in lines if character in line]
        if len(holding) < least or len(holding) * 20 < len(lines):
            continue
        doubled = character * 2
        if character not in SINGLE and _always_doubled(character, holding):
            yield doubled, False
            continue
        yield character, False
        if doubled in text and character in " \t":
            yield character, True
            aligned = sum(doubled in line.strip() for line in holding)
            if character == " " and aligned * 2 > len(lines):
                yield doubled, True


def _always_doubled(character: str, lines: Sequence[str]) -> bool:
    """Return whether a character never stands but in twos."""
    runs = re.compile(re.escape(character) + "+")
    return all(len(run) == 2 for line in lines for run in runs.findall(line))
