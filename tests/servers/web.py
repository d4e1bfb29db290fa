"""Web sites of many hosts on one port of the loopback, and the misbehaviour of strangers."""

from __future__ import annotations

import ssl
from collections.abc import Sequence

from tests.servers.provider import Asked, ProviderServer, Reply, Twist

HTML = {"Content-Type": "text/html; charset=utf-8"}
GOOD = """<!doctype html><html lang="en"><head><title>Halm Dental, Leeds</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Dentists in the middle of Leeds">
<meta name="generator" content="WordPress 6.9">
<script src="/wp-content/themes/a/app.js"></script>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Dentist", "name": "Halm Dental",
"address": {"@type": "PostalAddress", "addressLocality": "Leeds", "addressCountry": "GB"}, "numberOfEmployees": 12,
"founder": {"@type": "Person", "name": "Ada Halm", "jobTitle": "Managing Director",
"email": "ada@halm.example"}}</script>
</head><body><h1>Teeth</h1><a href="/contact">Contact</a> <a href="/private/x">Team</a>
<a href="https://www.instagram.com/halm">us</a> <p>&copy; 2026 Halm</p></body></html>"""
CONTACT = """<html><body><form method="post"><textarea name="t"></textarea></form>
<a href="mailto:info@halm.example?subject=Hi">write</a> <a href="tel:+441134960000">call</a></body></html>"""
POOR = """<html><head><title>Kern &amp; Co</title></head><body>
Willkommen. Inhaber: Jo Kern <i>(c) 2019-2021</i></body></html>"""


class Web(ProviderServer):
    """`sites`: host -> path -> page (text), or a reply of one's own, or a twist. What is not there is a 404."""

    def __init__(self, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> None:
        super().__init__(tls, address)
        self.sites: dict[str, dict[str, str | Reply | Twist]] = {}

    def site(self, name: str, **pages: str | Reply | Twist) -> str:
        """A site of this name, as its address; `home` is /, an underscore a slash."""
        at = {"home": "/", "robots": "/robots.txt"}
        self.sites[name] = {at.get(path, "/" + path.replace("_", "/")): page for path, page in pages.items()}
        return f"{self.url.partition(':')[0]}://{name}:{self.port}"

    def good(self, name: str = "halm.example") -> str:
        """One that does everything right, and forbids one page."""
        return self.site(
            name, home=GOOD, contact=CONTACT, private_x="secret", robots="User-agent: *\nDisallow: /private"
        )

    def work(self, asked: Asked) -> tuple[Reply | None, Twist | None]:
        with self.lock:
            self.asked.append(asked)
        host = asked.headers.get("host", "").partition(":")[0]
        found = self.sites.get(host, {}).get(asked.path)
        if isinstance(found, Twist):
            return found.reply, found
        if isinstance(found, str):
            plain = {"Content-Type": "text/plain"} if asked.path == "/robots.txt" else HTML
            return Reply(200, found.encode(), plain), None
        return found or Reply(404, b"none", HTML), None

    def paths(self, host: str) -> list[str]:
        """What was asked of a host, in order."""
        return [each.path for each in self.asked if each.headers["host"].partition(":")[0] == host]

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """Every name leads here, but the addresses that are ones."""
        return [host] if host.replace(".", "").isdigit() else ["127.0.0.1"]

    @property
    def allowed(self) -> list[tuple[str, int]]:
        return [("127.0.0.1", self.port)]
