"""Keys as their owner handles them."""

from __future__ import annotations

from collections import Counter

from shared.agents.encryption import renewal
from shared.agents.events import subscriptions
from shared.agents.scopes import registered
from shared.domain.directories import LOCAL
from shared.domain.faults import Conflict, Missing
from shared.domain.renewal import RINGS, Ring, RingKey, Rings
from shared.domain.scope import SHARED_WORKSPACE, Scope
from shared.ports import Encryption, KeyRings, Ports

STREAM = "access"
"""The journal's stream, in the agency's scope."""


def shown(ports: Ports, tenant: str) -> Rings:
    """The rings, and how far what is encrypted has been moved."""
    believed = ports.encryption is not None and ports.encryption.believes_plain()
    return Rings(
        items=[*_of("link", list(ports.keys.link)), *_of("field", list(ports.keys.field))],
        kept_in="BATON_KEYS" if ports.rings is None else "keys.json",
        plain="believed" if believed else "refused",
        renewal=renewal.read(ports, tenant),
    )


def rotate(ports: Ports, tenant: str, by: str, ring: Ring) -> RingKey:
    """A new key. Raises Conflict where the keys are out of reach."""
    made = _rings(ports, tenant).rotate(ring)
    _note(ports, tenant, by, "key_rotated", ring, made)
    return _of(ring, [made])[0]


def remove(ports: Ports, tenant: str, by: str, ring: Ring, key: str, links_stop: bool) -> RingKey:
    """Forget a key that nothing needs any more. Raises Conflict while something does, and Missing."""
    rings, held = _rings(ports, tenant), list(getattr(ports.keys, ring))
    if key not in held:
        raise Missing("key", key)
    if key == held[-1]:
        raise Conflict("key", f"is the newest of the ring {ring}: what is new needs it; rotate first")
    if ring == "field":
        _check_values(ports, key)
    else:
        _check_links(ports, key, links_stop)
    _note(ports, tenant, by, "key_removed", ring, key)
    rings.remove(ring, key)
    return RingKey(ring=ring, id=key, newest=False, use="removed: what it alone opened stays closed")


def _of(ring: Ring, ids: list[str]) -> list[RingKey]:
    old = {"link": "opens links that were signed with it", "field": "opens values that were encrypted with it"}
    return [
        RingKey(ring=ring, id=id, newest=id == ids[-1], use=RINGS[ring] if id == ids[-1] else old[ring]) for id in ids
    ]


def _rings(ports: Ports, tenant: str) -> KeyRings:
    """Where they can be changed. Raises Conflict."""
    if ports.rings is None:
        raise Conflict(
            "keys",
            "come by the setting BATON_KEYS (on Azure: the secret BATON-KEYS in Key Vault), which Baton only reads; "
            "docs/deploy.md says under “Keys” how they are rotated and removed there",
        )
    if tenant != LOCAL:
        raise Conflict("keys", "are those of this machine, for every agency on it: its own owner rotates them")
    return ports.rings


def _check_values(ports: Ports, key: str) -> None:
    """Every value is looked at, whatever is known of the last renewal. Raises Conflict."""
    needing = _needing(ports, ports.encryption, key) if ports.encryption else Counter[str]()
    if not needing:
        return
    for tenant in ports.tenants:
        last = renewal.read(ports, tenant)
        if last is None or last.status == "completed":
            renewal.begin(ports, tenant)
    kinds = ", ".join(f"{number:,} of {kind}" for kind, number in sorted(needing.items()))
    raise Conflict(
        "key",
        f"{key} is needed by {needing.total():,} values: {kinds}. They are moved to the newest key within half an "
        "hour; see how far that is, then ask again",
    )


def _needing(ports: Ports, encryption: Encryption, key: str) -> Counter[str]:
    """How many values of each kind, of every agency, can be read with that key alone."""
    found = Counter[str]()
    for tenant in ports.tenants:
        for place in renewal.places(ports, tenant):
            cursor = None
            while True:
                number, cursor = encryption.needing(place.scope, place.kind, key, cursor)
                found[place.kind] += number
                if cursor is None:
                    break
    return +found


def _check_links(ports: Ports, key: str, links_stop: bool) -> None:
    signing = [
        hook.id
        for tenant in ports.tenants
        for scope in registered(ports, tenant)
        for hook in subscriptions.every(ports, scope)
        if key in {each.key for each in hook.secrets if each.until is None or each.until > ports.clock.now()}
    ]
    if signing:
        raise Conflict("key", f"{key} makes the secrets of the webhooks {', '.join(signing)}: rotate these first")
    if not links_stop:
        raise Conflict(
            "key",
            f"{key} signed links in mails that left: to unsubscribe, to confirm, to click; and doors that other "
            "systems were told, and what these sign with. All of them stop working for ever, and the law asks that "
            "unsubscribing works. If you want that, say so: links_stop=true, or --links-stop",
        )


def _note(ports: Ports, tenant: str, by: str, what: str, ring: Ring, key: str) -> None:
    agency = Scope(tenant, SHARED_WORKSPACE)
    ports.journal.append(agency, STREAM, ports.clock.now(), by, what, {"ring": ring, "key": key})
