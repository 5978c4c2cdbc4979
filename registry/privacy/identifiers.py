"""Checks whether a text is an identifier whose checksum or strict grammar proves it."""

import re
from functools import cache
from importlib import import_module
from typing import Any, Final

from stdnum import iban, luhn

from registry.inference.formats import is_valid, recognise

_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\W\d_][\w-]*[^\W\d_]")
_URL: Final = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://|www\.)[^\s/?#]+[^\s]*")
_GROUPED_DIGITS: Final = re.compile(r"[0-9]{1,19}|(?:[0-9]+[ -])+[0-9]+")

_ISSUERS: Final = re.compile(
    r"""
      4(?:\d{12}|\d{15}|\d{18})                                         # Visa
    | (?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}  # Mastercard
    | 3[47]\d{13}                                                       # American Express
    | 3(?:0[0-59]|[689]\d)\d{11,16}                                     # Diners Club
    | (?:6011|64[4-9]\d|65\d{2})\d{12,15}                               # Discover
    | 35(?:2[89]|[3-8]\d)\d{12,15}                                      # JCB
    | (?:62|81)\d{14,17}                                                # UnionPay
    | (?:50|5[6-8]|63|67)\d{10,17}                                      # Maestro
    | 220[0-4]\d{12,15}                                                 # Mir
    """,
    re.VERBOSE | re.ASCII,
)

# Identifiers whose spelling, letters or length set them apart from other numbers.
_DISTINCT: Final = {
    re.compile(r"\d{3}-\d{2}-\d{4}"): ("us.ssn",),
    re.compile(r"\d{8}[A-Z]|[XYZ]\d{7}[A-Z]"): ("es.nif",),
    re.compile(r"[A-Z]{6}\w{2}[A-Z]\w{2}[A-Z]\w{3}[A-Z]"): ("it.codicefiscale",),
    re.compile(r"[12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)\w{2}\d{8}|[12] \d{2} [\d ]{15,}"): ("fr.nir",),
    re.compile(r"[A-Z]{4}\d{6}[HMX][A-Z]{5}\w\d"): ("mx.curp",),
    re.compile(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]"): ("fi.hetu",),
    re.compile(r"(?:\d{2})?\d{6}[-+]\d{4}"): ("se.personnummer", "dk.cpr", "is_.kennitala"),
    re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}"): ("br.cpf",),
    re.compile(r"\d{6}-[1-4]\d{6}"): ("kr.rrn",),
    re.compile(r"[1-9]\d{5}(?:19|20)\d{9}[\dX]"): ("cn.ric",),
    re.compile(r"756\.\d{4}\.\d{4}\.\d{2}"): ("ch.ssn",),
    re.compile(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"): ("be.nn",),
    re.compile(r"\d{1,2}\.\d{3}\.\d{3}-[\dK]"): ("cl.rut",),
}
_ANY_DISTINCT: Final = re.compile("|".join(spelling.pattern for spelling in _DISTINCT))
_NATIONAL: Final = (
    *("us.ssn", "us.itin", "gb.nhs", "de.idnr", "es.nif", "fr.nir", "fr.nif", "it.codicefiscale"),
    *("nl.bsn", "pl.pesel", "se.personnummer", "fi.hetu", "dk.cpr", "no.fodselsnummer", "be.nn"),
    *("pt.cc", "pt.nif", "br.cpf", "ca.sin", "in_.aadhaar", "in_.pan", "cn.ric", "kr.rrn"),
    *("mx.curp", "za.idnr", "au.tfn", "ch.ssn", "at.vnr", "ie.pps", "cz.rc", "sk.rc", "ro.cnp"),
    *("bg.egn", "ee.ik", "lt.asmens", "hr.oib", "tr.tckimlik", "il.idnr", "cl.rut", "ar.dni"),
    *("my.nric", "is_.kennitala", "th.pin", "gr.amka", "si.emso"),
)
_NUMBER: Final = re.compile(r"[0-9A-Z*][0-9A-Z* ./-]{4,22}[0-9A-Z]")
# British National Insurance number (HMRC NIM39110): prefixes that are never given are left out.
_NINO: Final = re.compile(
    r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]"
)


def is_email(text: str) -> bool:
    """Tell whether a text is an e-mail address, in any script."""
    return _EMAIL.fullmatch(text) is not None and is_valid("idn-email", text)


def is_url(text: str) -> bool:
    """Tell whether a text is a URL with a host, the scheme of which may be missing before www."""
    if _URL.fullmatch(text) is None:
        return False
    return is_valid("iri", text if "://" in text else f"https://{text}")


def is_payment_card(text: str) -> bool:
    """Tell whether a text is the number of a card: an issuer's range, its length and Luhn's sum."""
    if len(text) < 12 or _GROUPED_DIGITS.fullmatch(text) is None:
        return False
    digits = re.sub("[ -]", "", text)
    return _ISSUERS.fullmatch(digits) is not None and bool(luhn.is_valid(digits))


def is_iban(text: str) -> bool:
    """Tell whether a text is an IBAN (ISO 13616) with its country's length and checksum."""
    return text[:2].isalpha() and text[2:4].isdecimal() and bool(iban.is_valid(text))


def is_national_id(text: str) -> bool:
    """Tell whether a text is a person's number in some country, of those that have a checksum."""
    return _NINO.fullmatch(text) is not None or any(map(_satisfies(text), _NATIONAL))


def may_be_national_id(text: str) -> bool:
    """Tell whether a text can be such a number, where the field's name says that it is one."""
    return (
        _NUMBER.fullmatch(text) is not None
        and sum(map(str.isdecimal, text)) >= 4
        and recognise(text) is None  # neither a date nor an address in a network
    )


def is_distinct_national_id(text: str) -> bool:
    """Tell whether a text is a person's number that other numbers do not look like."""
    if _ANY_DISTINCT.fullmatch(text) is None:
        return _NINO.fullmatch(text) is not None
    return any(
        any(map(_satisfies(text), modules))
        for spelling, modules in _DISTINCT.items()
        if spelling.fullmatch(text)
    )


def _satisfies(text: str) -> Any:
    return lambda module: _standard_number(module).is_valid(text)


@cache
def _standard_number(module: str) -> Any:
    return import_module(f"stdnum.{module}")
