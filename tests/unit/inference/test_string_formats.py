"""Formats by the grammars JSON Schema names, and what is recognised unasked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.inference.formats import FORMATS, all_show, is_valid, recognise

RECOGNISED = ("date-time", "date", "time", "duration", "uuid", "ipv4", "ipv6", "uri", "email")

VALID = {
    "date-time": ["1985-04-12T23:20:50.52Z", "1990-12-31T15:59:60-08:00", "2024-02-29t00:00:00z"],
    "date": ["2000-02-29", "0001-01-01", "9999-12-31"],
    "time": ["12:00:27.87+00:20", "23:59:60Z", "00:00:00-00:00"],
    "duration": ["P3Y6M4DT12H30M5S", "P23DT23H", "PT36H", "P4W"],
    "email": ["a.b+c@example.org", '"much.more unusual"@example.org', "u@[IPv6:2001:db8::1]"],
    "idn-email": ["用户@例子.广告", "a@example.org"],
    "hostname": ["www.example.org", "3com.com", "xn--bcher-kva.example", "XN--Bcher-KVA"],
    "idn-hostname": ["bücher.example", "例え。テスト", "www.example.org"],
    "ipv4": ["192.0.2.235", "10.0.0.1", "255.255.255.255"],
    "ipv6": ["2001:db8::8:800:200c:417a", "::", "::ffff:129.144.52.38"],
    "uri": [
        "ftp://ftp.is.co.za/rfc/rfc1808.txt",
        "ldap://[2001:db8::7]/c=GB?o?a",
        "tel:+1-816-555",
    ],
    "uri-reference": ["../a/b?c#d", "", "//example.org"],
    "iri": ["http://résumé.example.org/ü", "urn:ü"],
    "iri-reference": ["/ü?ü#ü", "#ü"],
    "uuid": ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"],
    "uri-template": ["/users{/id}{?q,page*}", "{+base}/x{#frag:3}", ""],
    "json-pointer": ["", "/a~1b/~0", "/ "],
    "relative-json-pointer": ["0", "1/a/0", "2#", "0-1", "1+10/a", "0-1#"],
    "regex": [
        r"^\d{4}(?:-\d\d)?$",
        r"(?<year>\d+)-\k<year>",
        r"\p{Letter}+",
        r"\P{sc=Thai}\p{gc=Nd}",
    ],
}
INVALID = {
    "date-time": ["1985-04-12 23:20:50Z", "1985-04-12T23:20:50", "2023-02-29T00:00:00Z"],
    "date": ["1900-02-29", "2024-1-1", "2024-04-31", "20240101", "2024-01-01\n"],
    "time": ["24:00:00Z", "12:00:00", "12:00:00+24:00", "22:59:60Z"],
    "duration": ["P", "PT", "P1H", "P1Y2D", "P1W2D", "PT1.5S"],
    "email": [
        *("a..b@example.org", ".a@example.org", "a@-example.org", "a b@example.org", "a@"),
        *('"A B" <a@example.org>', "<a@example.org>", "a@example.org\n"),
    ],
    "idn-email": ["用户", "a b@例子.广告", '"用户" <a@例子.广告>'],
    "hostname": ["a_b", "-a", "a-", "a" * 64, "a..b", ".".join(["a" * 60] * 5), "xn--X"],
    "idn-hostname": ["〮한", "a_b", "-ü", "ab--cd", "Bücher", "ｆｕｌｌ", "№5", "xn--ab-"],
    "ipv4": ["256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4/8"],
    "ipv6": ["1::2::3", "12345::", "::1%eth0", "1:2:3:4:5:6:7", "::256.1.1.1"],
    "uri": ["//example.org", "a b:c", "http://example.org/%zz", "http://[::1", "http://ü.org"],
    "uri-reference": ["a b", "\\a", "http://[:]/"],
    "iri": ["/ü", "http://ü.org/ "],
    "iri-reference": ["ü ü", "\\ü"],
    "uuid": ["f81d4fae7dec11d0a76500a0c91e6bf6", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}"],
    "uri-template": ["{", "{a", "a}", "{a:0}", "{a b}", "\x85", "\ufffe"],
    "json-pointer": ["a", "/~", "/~2", "#/a"],
    "relative-json-pointer": ["", "-1", "01", "/a", "0a", "0+0", "0-", "1-01/a"],
    "regex": ["(", "[a", "a{2,1}", r"\Z", "(?<a>x)(?<a>y)", r"\p{Vowel}", r"\p{gc=Greek}"],
}


def pairs(cases):
    return [(name, text) for name, texts in cases.items() for text in texts]


@pytest.mark.parametrize(("format_name", "text"), pairs(VALID))
def test_a_text_that_follows_the_grammar_is_valid(format_name, text):
    assert is_valid(format_name, text)


@pytest.mark.parametrize(("format_name", "text"), pairs(INVALID))
def test_a_text_that_breaks_the_grammar_is_not_valid(format_name, text):
    assert not is_valid(format_name, text)


def test_every_format_of_json_schema_is_known():
    assert set(VALID) == set(INVALID) == set(FORMATS)


def test_an_unknown_format_is_refused_with_the_names_of_the_known_ones():
    with pytest.raises(ValueError, match=r"'postcode' is not a format.*date-time, date, time"):
        is_valid("postcode", "12345")


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_lone_surrogate_satisfies_no_format(format_name):
    assert not is_valid(format_name, "\ud800")


@pytest.mark.parametrize("format_name", RECOGNISED)
def test_an_everyday_text_of_a_format_is_recognised(format_name):
    assert recognise(VALID[format_name][0]) == format_name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "www.example.org",
        "nginx:1.25",
        "lodash@4.17.21",
        "git@github.com:org/repo",
        "@handle",
        "12:30:00",
        "2024-01",
        "12345678",
        "1.2.3",
        "PDF",
        "C:\\Users",
        "std::vector",
        "http://a b",
        "mailto:\ud800",
        "https://example.org/" + "a" * 2048,
    ],
)
def test_everyday_text_is_recognised_as_no_format(text):
    assert recognise(text) is None


looks = st.one_of(
    st.text(),
    st.text(alphabet="0123456789abcdefTZtzP:-+./@"),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][a-z0-9:Z@.]+"),
    st.from_regex(r"[0-9a-f]{8}-[0-9a-f@.-]{27}"),
    st.from_regex(r"[a-z]+://[a-z@.:]+"),
    st.from_regex(r"[0-9a-f:.]+[0-9a-f:.Z+]*"),
    st.sampled_from([text for name in RECOGNISED for text in VALID[name]]),
)


@given(looks)
def test_the_recognised_formats_exclude_one_another_and_are_valid(text):
    shown = [name for name in RECOGNISED if all_show(name, [text])]

    assert shown == ([recognise(text)] if recognise(text) else [])
    assert all(is_valid(name, text) for name in shown)


def test_an_address_that_begins_like_a_date_is_still_an_address():
    assert recognise("2024-01-01Tx@example.org") == "email"
    assert recognise("12345678-aaaaaaaaaaaaaaaaa@bbbbb.org") == "email"
