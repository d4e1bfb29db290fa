"""Whether a domain's SPF record lets a server send its mail (RFC 7208, rule C7). Pure but for the look-up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal, NamedTuple

from shared.domain.dns import Lookup, RecordType, is_name
from shared.domain.spf_macros import expand

Result = Literal["pass", "fail", "softfail", "neutral", "none", "permerror"]
Address = IPv4Address | IPv6Address

LOOKUPS_MOST, VOID_MOST, HOSTS_MOST = 10, 2, 10
"""Section 4.6.4: terms that ask DNS, answers without a record, hosts of one MX."""
_RECORD = re.compile(r"v=spf1(?= |\Z)", re.IGNORECASE)
_TERM = re.compile(
    r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^/]\S*?|[^/\s]))?((?:/\d{1,3})?(?://\d{1,3})?)", re.I
)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(\S*)", re.IGNORECASE)
_RESULTS: dict[str, Result] = {"": "pass", "+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
_LONGEST = 4000
"""Characters of a record that is believed to be one."""


class Verdict(NamedTuple):
    """What a receiver would find, why, and the record that the domain has (None: it has none)."""

    result: Result
    why: str
    record: str | None


@dataclass(frozen=True)
class Source:
    """Where mail comes from: an address, or the servers of a provider, known by what its customers include."""

    address: Address | None = None
    include: str | None = None

    def __str__(self) -> str:
        return str(self.address) if self.address else f"include:{self.include}"

    @property
    def term(self) -> str:
        """The term of a record that lets it send."""
        if self.address is None:
            return f"include:{self.include}"
        return f"ip{self.address.version}:{self.address}"


def source_of(term: str) -> Source:
    """`include:NAME`, `ip4:ADDRESS` or `ip6:ADDRESS` as a source. Raises ValueError."""
    kind, _, value = term.strip().partition(":")
    if kind == "include" and is_name(value):
        return Source(include=value.lower())
    if kind in ("ip4", "ip6"):
        return Source(address=ip_address(value))
    raise ValueError(f"{term[:60]!r} must be include:NAME, ip4:ADDRESS or ip6:ADDRESS")


def check(domain: str, source: Source, lookup: Lookup) -> Verdict:
    """The verdict of a receiver on mail of this domain from this source. Raises Unanswered."""
    run = _Run(source, lookup)
    try:
        record = run.record(domain)
        if record is None:
            return Verdict("none", "there is no SPF record", None)
        result = run.host(domain)
        return Verdict(result, _WHY[result].format(source), record)
    except _Broken as broken:
        return Verdict("permerror", str(broken), broken.record)


_WHY: dict[Result, str] = {
    "pass": "{} may send",
    "fail": "{} must not send",
    "softfail": "{} should not send",
    "neutral": "{} is not mentioned",
    "none": "there is no SPF record",
    "permerror": "the record is broken",
}


class _Broken(Exception):
    """permerror: a record that receivers cannot use."""

    def __init__(self, why: str, record: str | None = None) -> None:
        super().__init__(why)
        self.record = record


class _Term(NamedTuple):
    qualifier: str
    name: str
    value: str | None
    v4: int
    v6: int


class _Record(NamedTuple):
    terms: list[_Term]
    redirect: str | None


class _Run:
    """One check_host() with its limits (section 4)."""

    def __init__(self, source: Source, lookup: Lookup) -> None:
        self._source, self._lookup = source, lookup
        self._asked = self._void = 0
        self._records: dict[str, str | None] = {}

    def record(self, domain: str) -> str | None:
        """The one SPF record of a domain."""
        if domain not in self._records:
            found = [text for text in self._lookup(domain, "TXT") if _RECORD.match(text)]
            if len(found) > 1:
                raise _Broken(f"{domain} has {len(found)} SPF records; receivers use none of them", found[0])
            self._records[domain] = found[0] if found else None
        return self._records[domain]

    def host(self, domain: str) -> Result:
        """Section 4.6."""
        text = self.record(domain)
        if text is None:
            return "none"
        parsed = _parsed(text)
        for term in parsed.terms:
            if self._matches(term, domain):
                return _RESULTS[term.qualifier]
        if parsed.redirect is None or any(term.name == "all" for term in parsed.terms):
            return "neutral"
        self._count()
        target = self._name(parsed.redirect, domain)
        if (result := self.host(target)) == "none":
            raise _Broken(f"redirect={target} leads to no SPF record")
        return result

    def _matches(self, term: _Term, domain: str) -> bool:
        match term.name:
            case "all":
                return True
            case "ip4" | "ip6":
                return self._source.address is not None and self._source.address in ip_network(term.value or "", False)
        self._count()
        if term.name == "ptr":
            return False  # Section 5.5: not to be used; many receivers do not look.
        target = self._name(term.value, domain) if term.value else domain
        match term.name:
            case "include":
                return self._includes(target)
            case "exists":
                return self._source.address is not None and bool(self._answers(target, "A"))
            case "mx":
                return self._is_exchange(target, term)
        return self._is_host(target, term)

    def _includes(self, target: str) -> bool:
        if target.lower() == self._source.include:
            return True
        result = self.host(target)
        if result == "none":
            raise _Broken(f"include:{target} leads to no SPF record")
        return result == "pass"

    def _is_exchange(self, target: str, term: _Term) -> bool:
        hosts = self._answers(target, "MX")
        if len(hosts) > HOSTS_MOST:
            raise _Broken(f"mx:{target} has more than {HOSTS_MOST} hosts")
        return any(self._is_host(host, term, void_counts=False) for host in hosts)

    def _is_host(self, target: str, term: _Term, void_counts: bool = True) -> bool:
        address = self._source.address
        if address is None:
            return False
        kind: RecordType = "A" if address.version == 4 else "AAAA"
        prefix = term.v4 if address.version == 4 else term.v6
        found = self._answers(target, kind) if void_counts else self._lookup(target, kind)
        return any(address in ip_network(f"{each}/{prefix}", False) for each in found)

    def _answers(self, name: str, kind: RecordType) -> list[str]:
        found = list(self._lookup(name, kind))
        self._void += not found
        if self._void > VOID_MOST:
            raise _Broken(f"more than {VOID_MOST} of the names in the record do not exist")
        return found

    def _count(self) -> None:
        self._asked += 1
        if self._asked > LOOKUPS_MOST:
            raise _Broken(f"the record needs more than {LOOKUPS_MOST} look-ups, and receivers stop there")

    def _name(self, spec: str, domain: str) -> str:
        name = expand(spec, domain, self._source.address).rstrip(".") if "%" in spec else spec.rstrip(".")
        if not is_name(name):
            raise _Broken(f"{spec[:60]!r} is no name that DNS could hold")
        return name


def _parsed(text: str) -> _Record:
    """The record's terms. A mistake anywhere spoils the whole of it (section 4.6)."""
    if len(text) > _LONGEST:
        raise _Broken(f"the record has {len(text)} characters; receivers give up on it", text[:200])
    modifiers: dict[str, str] = {}
    try:
        terms = list(_terms(text.split()[1:], modifiers))
    except ValueError as error:
        raise _Broken(str(error), text) from None
    return _Record(terms, modifiers.get("redirect"))


def _terms(words: list[str], modifiers: dict[str, str]) -> Iterator[_Term]:
    for word in words:
        if (modifier := _MODIFIER.fullmatch(word)) is not None:
            name = modifier[1].lower()
            if name in ("redirect", "exp") and (name in modifiers or not modifier[2]):
                raise ValueError(f"{word[:60]!r} is not allowed")
            modifiers[name] = modifier[2]
        else:
            yield _term(word)


def _term(word: str) -> _Term:
    name, qualifier = word.lstrip("+?~-").partition(":")[0].lower(), word[:1] if word[:1] in "+?~-" else ""
    if name in ("ip4", "ip6"):
        value = word.partition(":")[2]
        if ip_network(value, False).version != int(name[2]):
            raise ValueError(f"{word[:60]!r} is not an address of that version")
        return _Term(qualifier, name, value, 32, 128)
    found = _TERM.fullmatch(word)
    if found is None:
        raise ValueError(f"{word[:60]!r} is not a term of SPF")
    name, value, (v4, v6) = found[2].lower(), found[3], _prefixes(found[4])
    if (name in ("include", "exists")) != bool(value) and name not in ("a", "mx", "ptr"):
        raise ValueError(f"{word[:60]!r} is not a term of SPF")
    if (found[4] and name not in ("a", "mx")) or v4 > 32 or v6 > 128:
        raise ValueError(f"{word[:60]!r} is not a term of SPF")
    return _Term(found[1], name, value, v4, v6)


def _prefixes(text: str) -> tuple[int, int]:
    v4, _, v6 = text.partition("//")
    return int(v4.strip("/") or 32), int(v6 or 128)
