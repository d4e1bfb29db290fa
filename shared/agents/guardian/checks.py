"""SPF, DKIM and DMARC of one domain, as receivers will find them, with the records that are missing (rule C7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address

from shared.agents.return_settings import return_settings
from shared.domain import dmarc, spf
from shared.domain.dkim import DkimKey
from shared.domain.dns import Record, RecordType, Unanswered, alias, txt
from shared.domain.faults import Conflict
from shared.domain.relay import Relay
from shared.domain.scope import Scope
from shared.domain.sender_domain import Finding, What
from shared.domain.spf import Source
from shared.domain.tags import tags
from shared.ports import Ports
from shared.render.dkim import dns_record, make_key

SELECTOR = "baton"


def findings(ports: Ports, scope: Scope, domain: str) -> list[Finding]:
    """One finding a check. Mail through several servers must pass through each of them."""
    return [
        _answered("spf", lambda: _spf(ports, scope, domain)),
        _answered("dkim", lambda: _dkim(ports, scope, domain)),
        _answered("dmarc", lambda: _dmarc(ports, domain)),
    ]


def _answered(what: What, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Unanswered as unanswered:
        return Finding(what=what, state="unknown", said=f"{unanswered}; it is asked again")


def _spf(ports: Ports, scope: Scope, domain: str) -> Finding:
    """Receivers look at the domain of the return path."""
    envelope = return_settings(ports, scope).bounce_domain or domain
    sources = [source for relay in ports.relays for source in _sources(ports, relay)]
    if not sources:
        raise Unanswered(f"{ports.relays[0].host} has no address in DNS")
    verdicts = [spf.check(envelope, source, ports.resolver.lookup) for source in sources]
    wrong = next((each for each in verdicts if each.result != "pass"), None)
    if wrong is None and not _lets_everybody(verdicts[0].record or ""):
        return Finding(what="spf", state="pass", said=f"{', '.join(map(str, sources))} may send for {envelope}")
    said = f"{wrong.why} for {envelope} ({wrong.result})" if wrong else "the record lets everybody send"
    record = _spf_record(ports, envelope, verdicts[0].record, sources)
    return Finding(what="spf", state="fail", said=said, record=record)


def _lets_everybody(record: str) -> bool:
    return any(word.lower().lstrip("+") == "all" for word in record.split())


def _sources(ports: Ports, relay: Relay) -> Sequence[Source]:
    if relay.spf:
        return relay.spf
    with suppress(ValueError):
        return [Source(address=ip_address(relay.host))]
    found = [*ports.resolver.lookup(relay.host, "A"), *ports.resolver.lookup(relay.host, "AAAA")]
    return [Source(address=ip_address(each)) for each in found]


def _spf_record(ports: Ports, domain: str, present: str | None, sources: Sequence[Source]) -> Record:
    """The record that is there with what it lacks, if it is then good; else a new one to put in its place."""
    terms = [source.term for source in sources]
    kept = [word for word in (present or "").split()[1:] if word not in terms]
    mended = " ".join(["v=spf1", *terms, *("~all" if _lets_everybody(word) else word for word in kept)])

    def lookup(name: str, kind: RecordType) -> Sequence[str]:
        return [mended] if (name, kind) == (domain, "TXT") else ports.resolver.lookup(name, kind)

    fits = len(mended) <= _HANDY and all(spf.check(domain, each, lookup).result == "pass" for each in sources)
    return txt(domain, mended if kept and fits else " ".join(["v=spf1", *terms, "~all"]))


_HANDY = 450
"""Characters of a record that fits, with its name and what else is there, into an answer by UDP."""


def _dkim(ports: Ports, scope: Scope, domain: str) -> Finding:
    for selector in [selector for relay in ports.relays for selector in relay.signs]:
        name = f"{selector}._domainkey.{domain}"
        if not ports.resolver.lookup(name, "TXT"):
            record = alias(name, f"{selector}._domainkey.azurecomm.net")
            return Finding(what="dkim", state="fail", said=f"there is no {name}", record=record)
    if all(relay.signs for relay in ports.relays):
        return Finding(what="dkim", state="pass", said="the provider signs, and its keys are published")
    keys = _keys(ports, scope, domain)
    if not keys:
        return Finding(what="dkim", state="fail", said="no key is kept for this domain: add one to BATON_DKIM_KEYS")
    try:
        return _published(ports, keys[0])
    except ValueError as error:
        return Finding(what="dkim", state="fail", said=str(error))


def _keys(ports: Ports, scope: Scope, domain: str) -> Sequence[DkimKey]:
    """A domain without a key gets one, so that its record can be told."""
    keys = ports.dkim.of(scope, domain)
    if not keys:
        with suppress(Conflict, ValueError):
            ports.dkim.put(scope, domain, [make_key(domain, SELECTOR)])
            return ports.dkim.of(scope, domain)
    return keys


def _published(ports: Ports, key: DkimKey) -> Finding:
    """Raises ValueError if our key cannot sign, Unanswered."""
    ours = dns_record(key)
    record, wanted = txt(ours.name, ours.value), tags(ours.value)["p"]
    found = [text for text in ports.resolver.lookup(ours.name, "TXT") if "p" in tags(text)]
    if why := _key_trouble(found, wanted):
        return Finding(what="dkim", state="fail", said=f"{ours.name}: {why}", record=record)
    return Finding(what="dkim", state="pass", said=f"{ours.name} holds our key; mail is signed by the From domain")


def _key_trouble(found: Sequence[str], wanted: str) -> str | None:
    """What is wrong with the key records at a name (RFC 6376 section 3.6.1)."""
    if len(found) != 1:
        return f"there are {len(found)} keys, and receivers may take any" if found else "there is no key"
    said = tags(found[0])
    if "".join(said["p"].split()) != wanted:
        return "the key there is revoked" if not said["p"] else "the key there is not ours"
    if said.get("v", "DKIM1") != "DKIM1" or said.get("k", "rsa") != "rsa":
        return "the record is not one of an RSA key"
    if "sha256" not in said.get("h", "sha256").split(":") and said.get("h"):
        return "the record does not allow SHA-256"
    if not {"*", "email"} & {each.strip() for each in said.get("s", "*").split(":")}:
        return "the record is not for e-mail"
    if "y" in said.get("t", "").split(":"):
        return "the record says that signing is only tested (t=y), so receivers treat it as unsigned"
    return "the key has less than 2,048 bits" if len(wanted) < _LEAST_TEXT else None


_LEAST_TEXT = 380
"""Characters of the public half of an RSA key of 2,048 bits, in base64: 392; of 1,024 bits: 216."""


def _dmarc(ports: Ports, domain: str) -> Finding:
    """Our signature is of the From domain itself, so it is aligned however strict the record is."""
    found = dmarc.discover(domain, ports.resolver.lookup)
    wanted = txt(f"_dmarc.{domain}", "v=DMARC1; p=none")
    if found is None:
        return Finding(what="dmarc", state="fail", said=f"{domain} has no usable DMARC record", record=wanted)
    if found.policy is None:
        return Finding(what="dmarc", state="fail", said=f"the record of {found.at} has no valid p", record=wanted)
    return Finding(what="dmarc", state="pass", said=f"the record of {found.at} asks for {found.policy}")
