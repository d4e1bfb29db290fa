"""DKIM keys that whoever runs Baton keeps: a setting, filled on Azure from a Key Vault secret."""

from __future__ import annotations

import json
from collections.abc import Sequence

from shared.domain.dkim import DkimKey
from shared.domain.faults import Conflict
from shared.domain.scope import Scope, parse_scope


class SettingDkimKeys:
    """`setting` names the variable, `text` is its JSON: `[{"tenant", "workspace", "domain", "selector",
    "private_key"}, …]`; of one domain's keys the first signs. Raises ValueError, which never quotes the text."""

    def __init__(self, setting: str, text: str) -> None:
        self._setting = setting
        self._keys: dict[tuple[Scope, str], tuple[DkimKey, ...]] = {}
        for place, key in _read(text):
            self._keys[place] = (*self._keys.get(place, ()), key)

    def of(self, scope: Scope, domain: str) -> Sequence[DkimKey]:
        return self._keys.get((scope, domain), ())

    def put(self, scope: Scope, domain: str, keys: Sequence[DkimKey]) -> None:
        raise Conflict("domain", f"the DKIM keys are in the setting {self._setting}: change those of {domain} there")


def _read(text: str) -> list[tuple[tuple[Scope, str], DkimKey]]:
    found = []
    try:
        for each in json.loads(text):
            key = DkimKey(each["domain"], each["selector"], str(each["private_key"]))
            found.append(((parse_scope(each["tenant"], each["workspace"]), key.domain), key))
    except (ValueError, KeyError, TypeError):
        at = f"entry {len(found) + 1}" if found else "its first entry"
        raise ValueError(
            f"must be a JSON list of objects with tenant, workspace, domain, selector and private_key; see {at}"
        ) from None
    return found
