"""Channels are configured by one URL each: `scheme://user:password@host/path?rate_per_second=…`."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

from shared.domain.loopback import is_loopback


class Options:
    """The options of a URL, taken one by one. No error quotes the URL, not even the standard library's: it holds a
    secret. Every method raises ValueError that begins with the name of the setting.

    `behind_hash`: the query belongs to somebody else, and the options stand in the fragment, which is never sent."""

    def __init__(
        self, setting: str, url: str, schemes: tuple[str, ...], example: str, behind_hash: bool = False
    ) -> None:
        self.setting = setting
        try:
            self.parts = urlsplit(url)
            _ = self.parts.port
            self._given = dict(
                parse_qsl(self.parts.fragment if behind_hash else self.parts.query, keep_blank_values=True)
            )
        except ValueError:
            self.parts = SplitResult("", "", "", "", "")
        if self.parts.scheme not in schemes:
            raise self.wrong(f"must look like {example}")

    def number(self, name: str, default: str, least: str, most: str) -> Decimal:
        text = self._given.pop(name, default)
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_nan() or not Decimal(least) <= number <= Decimal(most):
            raise self.wrong(f"{name} must be a number from {least} to {most}")
        return number

    def rate(self, default: str) -> float:
        """`rate_per_second`."""
        return float(self.number("rate_per_second", default, "0.001", "10000"))

    def cost_micros(self) -> int:
        """`cost_per_message` is in euros."""
        return round(self.number("cost_per_message", "0", "0", "100") * 1_000_000)

    def connections(self) -> int:
        return int(self.number("connections", "4", "1", "50"))

    def authorities(self) -> Path | None:
        """`ca`: a PEM file of certificate authorities to trust instead of the system's."""
        ca = self._given.pop("ca", None)
        if ca is not None and not Path(ca).is_file():
            raise self.wrong("ca is no file")
        return Path(ca) if ca is not None else None

    def text(self, name: str) -> str | None:
        return self._given.pop(name, None) or None

    def target(self) -> str:
        """The URL without its fragment: over TLS, unless it is on this machine."""
        self.base(self.parts.scheme)
        if not self.parts.hostname or self.parts.username is not None:
            raise self.wrong("must name a host, and no user")
        return self.parts._replace(fragment="").geturl()

    def end(self) -> None:
        """Nothing else was asked for."""
        if self._given:
            raise self.wrong(f"unknown option {', '.join(sorted(self._given))}")

    def base(self, scheme: str = "https") -> str:
        """Where the service answers: over TLS, but on this machine."""
        parts = self.parts
        if scheme != "https" and not is_loopback(parts.hostname or ""):
            raise self.wrong("must be asked over https, unless it is on this machine")
        return f"{scheme}://{(parts.netloc.rpartition('@')[2])}"

    def wrong(self, reason: str) -> ValueError:
        return ValueError(f"{self.setting}: {reason}")
