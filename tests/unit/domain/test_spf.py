"""SPF (RFC 7208) against a table instead of DNS: limits, order, macros, and whatever strangers write into a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.dns import RecordType, is_name
from shared.domain.spf import LOOKUPS_MOST, Source, check, source_of

Zone = dict[tuple[str, str], Sequence[str]]
HERE = Source(ip_address("192.0.2.10"))
SIX = Source(ip_address("2001:db8::a"))


def result(zone: Zone, source: Source = HERE, domain: str = "example.com") -> str:
    return check(domain, source, lambda name, kind: zone.get((name, kind), ())).result


@pytest.mark.parametrize(
    ("record", "four", "six"),
    [
        ("v=spf1 +all", "pass", "pass"),
        ("v=spf1", "neutral", "neutral"),
        ("V=SPF1 IP4:192.0.2.0/24 -ALL", "pass", "fail"),
        ("v=spf1 ip6:2001:db8::/32 ~all", "softfail", "pass"),
        ("v=spf1 a -all", "pass", "fail"),
        ("v=spf1 a/24 -all", "pass", "fail"),
        ("v=spf1 a:six.example.com//64 -all", "fail", "pass"),
        ("v=spf1 mx ?all", "pass", "neutral"),
        ("v=spf1 exists:%{ir}.%{v}._spf.%{d} -all", "pass", "fail"),
        ("v=spf1 exists:%{d2}.list.example -all", "pass", "pass"),
        ("v=spf1 ptr -all", "fail", "fail"),
        ("v=spf1 redirect=other.example", "pass", "fail"),
        ("v=spf1 redirect=other.example ~all", "softfail", "softfail"),
        ("v=spf1 exp=why.example unknown=%{d} a -all", "pass", "fail"),
        ("v=spf1 ip4:192.0.2.300 +all", "permerror", "permerror"),
        ("v=spf1 ip4:2001:db8::1 +all", "permerror", "permerror"),
        ("v=spf1 a/33 +all", "permerror", "permerror"),
        ("v=spf1 all:x +all", "permerror", "permerror"),
        ("v=spf1 include +all", "permerror", "permerror"),
        ("v=spf1 +all nonsense", "permerror", "permerror"),
        ("v=spf1 redirect=a.example redirect=b.example", "permerror", "permerror"),
        ("v=spf1 include:bad..name +all", "permerror", "permerror"),
        ("v=spf2 +all", "none", "none"),
        ("v=spf1+all", "none", "none"),
    ],
)
def test_the_verdict_on_an_address(record: str, four: str, six: str) -> None:
    zone: Zone = {
        ("example.com", "TXT"): ["unrelated", record],
        ("example.com", "A"): ["192.0.2.10"],
        ("six.example.com", "AAAA"): ["2001:db8::1"],
        ("example.com", "MX"): ["mx.example.com"],
        ("mx.example.com", "A"): ["192.0.2.10"],
        ("10.2.0.192.in-addr._spf.example.com", "A"): ["127.0.0.2"],
        ("example.com.list.example", "A"): ["127.0.0.2"],
        ("other.example", "TXT"): ["v=spf1 ip4:192.0.2.10 -all"],
    }
    assert (result(zone), result(zone, SIX)) == (four, six)


def test_eleven_lookups_are_one_too_many_however_they_are_nested() -> None:
    chain: Zone = {(f"n{n}.example", "TXT"): [f"v=spf1 include:n{n + 1}.example"] for n in range(12)}
    chain["example.com", "TXT"] = [f"v=spf1 include:n{12 - LOOKUPS_MOST + 2}.example ?all"]
    chain["n12.example", "TXT"] = ["v=spf1 -all"]
    assert result(chain) == "neutral"
    chain["example.com", "TXT"] = [f"v=spf1 include:n{12 - LOOKUPS_MOST}.example ?all"]
    assert result(chain) == "permerror"
    assert result({("example.com", "TXT"): ["v=spf1 a:x.example a:y.example a:z.example ~all"]}) == "permerror", (
        "three names that do not exist"
    )


def test_a_provider_is_found_where_its_include_is_and_only_there() -> None:
    zone: Zone = {
        ("example.com", "TXT"): ["v=spf1 include:all.example -all"],
        ("all.example", "TXT"): ["v=spf1 ip4:203.0.113.1 include:_spf.provider.example ~all"],
    }
    assert result(zone, Source(include="_spf.provider.example")) == "pass"
    assert result(zone, Source(include="provider.example")) == "permerror", "a name within it that leads nowhere"
    zone["_spf.provider.example", "TXT"] = ["v=spf1 -all"]
    assert result(zone, Source(include="provider.example")) == "fail"


WORDS = st.lists(
    st.one_of(
        st.sampled_from(["a", "mx", "all", "-all", "include:a.example", "redirect=a.example", "exists:%{i}.x", "%"]),
        st.text(st.characters(codec="utf-8"), max_size=20),
        st.builds("include:{}".format, st.text("%{}adirs.-_", max_size=30)),
    ),
    max_size=12,
).map(lambda words: "v=spf1 " + " ".join(words))


@given(WORDS, WORDS, st.sampled_from([HERE, SIX, Source(include="p.example")]))
def test_whatever_stands_there_gets_a_verdict_after_few_questions_about_real_names(
    record: str, other: str, source: Source
) -> None:
    asked = Counter[str]()

    def lookup(name: str, kind: RecordType) -> Sequence[str]:
        asked[name] += 1
        assert is_name(name)
        return [other if name != "example.com" else record] if kind == "TXT" else ["mx.example"] if kind == "MX" else []

    check("example.com", source, lookup)
    assert asked.total() <= 120


def test_terms_of_the_setting() -> None:
    assert source_of("include:spf.Example").term == "include:spf.example"
    assert source_of("ip6:2001:db8::1").term == "ip6:2001:db8::1"
    for wrong in ("include:", "include:a b", "a:x.example", "ip4:nowhere", ""):
        with pytest.raises(ValueError):  # noqa: PT011
            source_of(wrong)
