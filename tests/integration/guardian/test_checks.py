"""Rule C7: a domain that receivers would not trust may not send, whatever its DNS says or does not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from shared import wiring
from shared.adapters.dns.resolver import DnsResolver
from shared.agents.guardian.domains import check, current, refusal
from shared.domain.faults import Misconfigured
from shared.domain.relay import Relay
from shared.domain.spf import Source
from shared.ports import Ports
from shared.render.dkim import dns_record, make_key
from tests.integration.agents.conftest import SCOPE, Hand
from tests.servers.dns_server import DnsServer

from .conftest import DOMAIN, RELAY, publish


def states(ports: Ports) -> dict[str, str]:
    return {each.what: each.state for each in check(ports, SCOPE, DOMAIN, "ann").findings}


GOOD = {"spf": "pass", "dkim": "pass", "dmarc": "pass"}


def test_rule_c7_what_is_missing_is_told_as_it_is_to_be_entered_and_entering_it_is_enough(
    outward: Ports, world: DnsServer
) -> None:
    world.zone[DOMAIN, "A"] = ["192.0.2.80"]
    said = refusal(outward, SCOPE, DOMAIN)
    assert said is not None
    for finding in check(outward, SCOPE, DOMAIN, "ann").findings:
        assert finding.state == "fail"
        assert finding.record is not None
        assert finding.record.line in said
        world.txt(finding.record.name, finding.record.value)
    assert states(outward) == GOOD
    assert refusal(outward, SCOPE, DOMAIN) is None


def test_outbox_and_loopback_are_not_asked_about(ports: Ports, world: DnsServer) -> None:
    local = replace(ports, resolver=DnsResolver(world.place))
    assert refusal(local, SCOPE, DOMAIN) is None
    assert not world.asked


SPF = [
    ("v=spf1 -all", "-all"),
    ("v=spf1 include:spf.other.example ~all", "someone else"),
    ("v=spf1 -all include:spf.relay.example", "-all comes first"),
    ("v=spf1 -include:spf.relay.example ~all", "the relay is forbidden"),
    ("v=spf1 include:spf.relay.example include:nowhere.example ~all bogus", "a mistake anywhere"),
    ("v=spf1 include:nowhere.example include:spf.relay.example ~all", "leads nowhere"),
    ("v=spf1 +all", "everybody may"),
    ("v=spf1 include:spf.relay.example +all", "everybody may, too"),
    ("v=spf10 include:spf.relay.example ~all", "another version"),
    ("v=spf1 include:loop.example ~all", "a loop"),
    ("v=spf1 redirect=nowhere.example", "redirected nowhere"),
    ("v=spf1 include:" + "a." * 200 + "example ~all", "a name too long for DNS"),
    ("v=spf1 " + "ip4:192.0.2.1 " * 4000 + "include:spf.relay.example ~all", "a giant"),
]


@pytest.mark.parametrize("record", [text for text, _ in SPF], ids=[what for _, what in SPF])
def test_rule_c7_an_spf_record_that_does_not_let_the_relay_send_is_refused(
    outward: Ports, world: DnsServer, record: str
) -> None:
    publish(world, outward)
    world.txt("spf.other.example", "v=spf1 ip4:203.0.113.1 -all")
    world.txt("loop.example", "v=spf1 include:loop.example ~all")
    world.txt(DOMAIN, "some-verification=1", record)
    assert states(outward) == {**GOOD, "spf": "fail"}
    found = check(outward, SCOPE, DOMAIN, "ann").findings[0]
    assert found.record is not None
    world.txt(DOMAIN, found.record.value)
    assert states(outward) == GOOD, "the record that it told is one that it takes"


def test_rule_c7_two_spf_records_are_none(outward: Ports, world: DnsServer) -> None:
    publish(world, outward)
    world.txt(DOMAIN, "v=spf1 include:spf.relay.example ~all", "v=spf1 ~all")
    assert states(outward)["spf"] == "fail"


def test_rule_c7_a_server_without_a_known_provider_must_be_named_by_its_address(
    outward: Ports, world: DnsServer
) -> None:
    own = replace(outward, relays=(Relay("mail.relay.example"),))
    publish(world, own)
    world.txt(DOMAIN, "v=spf1 ip4:198.51.100.7 -all")
    found = check(own, SCOPE, DOMAIN, "ann").findings[0]
    assert (found.state, found.record and found.record.value) == (
        "fail",
        "v=spf1 ip4:192.0.2.25 ip4:198.51.100.7 -all",
    )
    for text in ("v=spf1 a:mail.relay.example -all", "v=spf1 mx -all", "v=spf1 include:spf.relay.example -all"):
        world.zone[DOMAIN, "MX"] = ["10 mail.relay.example."]
        world.txt(DOMAIN, text)
        assert states(own) == GOOD, text


def test_rule_c7_mail_through_two_servers_must_pass_through_both(outward: Ports, world: DnsServer) -> None:
    publish(world, outward)
    both = replace(outward, relays=(RELAY, Relay("two.example", (Source(include="spf.two.example"),))))
    assert refusal(both, SCOPE, DOMAIN) is not None, "a pass through the one server says nothing of the other"
    world.txt("spf.two.example", "v=spf1 ip4:203.0.113.9 -all")
    world.txt(DOMAIN, "v=spf1 include:spf.relay.example include:spf.two.example ~all")
    assert states(both) == GOOD


def test_rule_c7_a_key_in_dns_that_is_not_ours_is_refused(outward: Ports, world: DnsServer) -> None:
    publish(world, outward)
    ours = dns_record(outward.dkim.of(SCOPE, DOMAIN)[0])
    other = dns_record(make_key(DOMAIN, "baton"))
    revoked = "v=DKIM1; k=rsa; p="
    for texts in (
        (other.value,),
        (revoked,),
        (ours.value, other.value),
        (ours.value + "; t=y",),
        (ours.value + "; h=sha1",),
        (ours.value + "; s=tlsrpt",),
        (ours.value.replace("k=rsa", "k=ed25519"),),
        (ours.value[:-8],),
    ):
        world.txt(ours.name, *texts)
        assert states(outward) == {**GOOD, "dkim": "fail"}, texts
    world.zone.pop((ours.name, "TXT"))
    world.zone[ours.name, "CNAME"] = [f"key.{DOMAIN}."]
    world.txt(f"key.{DOMAIN}", ours.value)
    assert states(outward) == GOOD, "an alias to our key is our key"


def test_rule_c7_a_key_of_1024_bits_is_too_weak(outward: Ports, world: DnsServer) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    from shared.domain.dkim import DkimKey

    pem = rsa.generate_private_key(65537, 1024).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    outward.dkim.put(SCOPE, DOMAIN, [DkimKey(DOMAIN, "old", pem.decode())])
    publish(world, outward)
    assert states(outward) == {**GOOD, "dkim": "fail"}


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        (("v=DMARC1; p=reject",), "pass"),
        (("v=DMARC1; rua=mailto:d@praxis.example",), "pass"),
        (("v=DMARC1; p=quarantine; pct=10; madeup=1",), "pass"),
        (("v=DMARC1",), "fail"),
        (("v=DMARC1; p=maybe",), "fail"),
        (("p=none; v=DMARC1",), "fail"),
        (("v=DMARC2; p=none",), "fail"),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), "fail"),
        (("x" * 30_000,), "fail"),
    ],
)
def test_rule_c7_dmarc_must_ask_for_something(
    outward: Ports, world: DnsServer, texts: tuple[str, ...], state: str
) -> None:
    publish(world, outward)
    world.txt(f"_dmarc.{DOMAIN}", *texts)
    assert states(outward) == {**GOOD, "dmarc": state}


def test_rule_c7_the_record_of_the_organizational_domain_counts_for_a_subdomain(
    outward: Ports, world: DnsServer
) -> None:
    sub = f"news.mail.{DOMAIN}"
    publish(world, outward, sub)
    world.zone.pop((f"_dmarc.{sub}", "TXT"))
    assert check(outward, SCOPE, sub, "ann").findings[2].state == "fail"
    world.txt(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject; sp=none")
    found = check(outward, SCOPE, sub, "ann")
    assert [each.state for each in found.findings] == ["pass"] * 3
    assert found.findings[2].said == f"the record of {DOMAIN} asks for none"


TROUBLES = ["SERVFAIL", "REFUSED", "silence", "garbage"]


@pytest.mark.parametrize("trouble", TROUBLES)
def test_rule_c7_a_server_that_does_not_say_is_no_yes_and_no_no(
    outward: Ports, world: DnsServer, hand: Hand, trouble: str
) -> None:
    world.zone[f"_dmarc.{DOMAIN}", "TXT"] = trouble
    assert states(outward)["dmarc"] == "unknown"
    assert refusal(outward, SCOPE, DOMAIN) is not None, "what never passed may not send"
    publish(world, outward)
    assert states(outward) == GOOD
    world.zone[f"_dmarc.{DOMAIN}", "TXT"] = trouble
    hand.forward(hours=48)
    assert refusal(outward, SCOPE, DOMAIN) is None, "the pass of two days ago still counts"
    hand.forward(hours=25)
    assert refusal(outward, SCOPE, DOMAIN) is not None, "of three days ago, it does not"


def test_rule_c7_a_check_is_kept_a_day_and_then_repeated(outward: Ports, world: DnsServer, hand: Hand) -> None:
    publish(world, outward)
    check(outward, SCOPE, DOMAIN, "ann")
    world.zone.pop((f"_dmarc.{DOMAIN}", "TXT"))
    asked = world.asked.total()
    hand.forward(hours=23)
    assert refusal(outward, SCOPE, DOMAIN) is None
    assert world.asked.total() == asked
    hand.forward(hours=2)
    assert refusal(outward, SCOPE, DOMAIN) is not None
    world.txt(f"_dmarc.{DOMAIN}", "v=DMARC1; p=none")
    assert current(outward, SCOPE, DOMAIN).findings[2].state == "fail"
    hand.forward(minutes=2)
    assert refusal(outward, SCOPE, DOMAIN) is None, "what did not pass is asked about again soon"


def test_an_answer_too_long_for_udp_comes_whole_by_tcp(outward: Ports, world: DnsServer) -> None:
    publish(world, outward)
    world.txt(DOMAIN, *(f"verification-{n}={'x' * 200}" for n in range(30)), "v=spf1 include:spf.relay.example ~all")
    assert states(outward) == GOOD
    assert world.asked[DOMAIN, "TXT", "tcp"] >= 1


def test_aliases_in_a_circle_end(outward: Ports, world: DnsServer) -> None:
    publish(world, outward)
    world.zone[f"_dmarc.{DOMAIN}", "CNAME"] = [f"b.{DOMAIN}."]
    world.zone[f"b.{DOMAIN}", "CNAME"] = [f"_dmarc.{DOMAIN}."]
    del world.zone[f"_dmarc.{DOMAIN}", "TXT"]
    assert states(outward)["dmarc"] in ("fail", "unknown")


def test_the_newest_check_is_journalled_when_it_says_something_new(
    outward: Ports, world: DnsServer, hand: Hand
) -> None:
    check(outward, SCOPE, DOMAIN, "ann")
    publish(world, outward)
    for _ in range(2):
        hand.forward(seconds=timedelta(hours=1).seconds)
        check(outward, SCOPE, DOMAIN, "bob")
    said = [(fact.by, fact.data["dmarc"]) for fact in outward.journal.read(SCOPE, "domains")]
    assert said == [("ann", "fail"), ("ann", "pass")]


@pytest.mark.parametrize("place", ["not a server", "127.0.0.1:99999", "dns.example:53"])
def test_a_name_server_that_cannot_be_one_is_refused_by_its_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("BATON_HOME", str(tmp_path))
    monkeypatch.setenv("BATON_DNS_SERVER", place)
    wiring.close()
    with pytest.raises(Misconfigured, match="BATON_DNS_SERVER"):
        wiring.ports()
    wiring.close()
