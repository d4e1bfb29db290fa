"""What a mail tells somebody who was found and did not give their data: which, where and when they were found, what
they are used for and on which ground, for how long, what one may ask, and a link to object (GDPR Article 14, Article
21(4); rule G10). Who writes stands in the footer beside it, with the postal address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from shared.domain.found import Found


class _Words(NamedTuple):
    """`names`: name, address, work, place, telephone, further details."""

    names: tuple[str, str, str, str, str, str]
    lead: str
    terms: str
    rest: str
    objecting: str


_WORDS: Mapping[str, _Words] = {
    "en": _Words(
        ("name", "e-mail address", "company and role", "place", "telephone number", "further details"),
        "We did not get these data from you:",
        "terms: {}",
        "{sender} uses them to write to you, on the ground of its legitimate interest in telling you what it offers "
        "(GDPR Article 6(1)(f)), and keeps them until you object. You may ask {sender} what is held about you and for "
        "a copy, have it corrected, restricted or erased, and complain to a data protection authority. You may object "
        "at any time:",
        "Object",
    ),
    "de": _Words(
        ("Name", "E-Mail-Adresse", "Firma und Aufgabe", "Ort", "Telefonnummer", "weitere Angaben"),
        "Diese Daten haben wir nicht von Ihnen:",
        "Bedingungen: {}",
        "{sender} verwendet sie, um Ihnen zu schreiben, gestützt auf das berechtigte Interesse, über das eigene "
        "Angebot zu informieren (Art. 6 Abs. 1 Buchst. f DSGVO), und speichert sie, bis Sie widersprechen. Sie können "
        "von {sender} Auskunft und eine Kopie, Berichtigung, Einschränkung oder Löschung verlangen und sich bei einer "
        "Datenschutzbehörde beschweren. Sie können jederzeit widersprechen:",
        "Widersprechen",
    ),
    "es": _Words(
        ("nombre", "dirección de correo", "empresa y cargo", "lugar", "teléfono", "otros datos"),
        "Estos datos no los hemos obtenido de usted:",
        "condiciones: {}",
        "{sender} los utiliza para escribirle, por su interés legítimo en informarle de lo que ofrece (art. 6.1.f "
        "RGPD), y los conserva hasta que usted se oponga. Puede pedir a {sender} acceso y una copia, rectificación, "
        "limitación o supresión, y reclamar ante una autoridad de protección de datos. Puede oponerse en cualquier "
        "momento:",
        "Oponerse",
    ),
    "fr": _Words(
        ("nom", "adresse e-mail", "entreprise et fonction", "lieu", "numéro de téléphone", "autres données"),
        "Nous n'avons pas obtenu ces données de vous :",
        "conditions : {}",
        "{sender} les utilise pour vous écrire, en raison de son intérêt légitime à vous informer de son offre (art. "
        "6, par. 1, point f du RGPD), et les conserve jusqu'à ce que vous vous y opposiez. Vous pouvez demander à "
        "{sender} l'accès et une copie, la rectification, la limitation ou l'effacement, et saisir une autorité de "
        "protection des données. Vous pouvez vous y opposer à tout moment :",
        "S'opposer",
    ),
    "it": _Words(
        ("nome", "indirizzo e-mail", "azienda e ruolo", "luogo", "numero di telefono", "altri dati"),
        "Non abbiamo ottenuto questi dati da Lei:",
        "condizioni: {}",
        "{sender} li usa per scriverLe, per il proprio legittimo interesse a informarLa della sua offerta (art. 6, "
        "par. 1, lett. f GDPR), e li conserva finché Lei non si oppone. Può chiedere a {sender} accesso e copia, "
        "rettifica, limitazione o cancellazione, e presentare reclamo a un'autorità di protezione dei dati. Può "
        "opporsi in qualsiasi momento:",
        "Opporsi",
    ),
}
_NAMES: Mapping[str, int] = {
    "first_name": 0, "last_name": 0, "email": 1, "company": 2, "role": 2, "city": 3, "country": 3, "timezone": 3,
    "phone": 4,
}  # fmt: skip
_FURTHER = 5
_LONGEST = 200
"""Characters of a source or licence that are shown."""


class FoundNotice:
    """The notice as a draft's templates show it: a paragraph in HTML, and one in plain text after a blank line."""

    def __init__(self, found: Sequence[Found], language: str, sender: str, objecting_url: str) -> None:
        self._words, self._sender = _WORDS.get(language, _WORDS["en"]), sender
        self._found, self._url = found, objecting_url

    def __str__(self) -> str:
        return f"\n\n{self._said()} {self._url}"

    def __html__(self) -> str:
        said, word, url = escape(self._said()), escape(self._words.objecting), escape(self._url)
        link = f'<a href="{url}" style="color:inherit;text-decoration:underline">{word}</a>'
        return f'<p style="margin:0 0 6px;overflow-wrap:anywhere">{said} {link}</p>'

    def _said(self) -> str:
        return " ".join((self._words.lead, "; ".join(map(self._one, self._found)) + ".", self._rest()))

    def _rest(self) -> str:
        return self._words.rest.replace("{sender}", self._sender)

    def _one(self, each: Found) -> str:
        terms = [self._words.terms.format(each.licence[:_LONGEST])] if each.licence else []
        where = ", ".join((each.source[:_LONGEST], each.at.date().isoformat(), *terms))
        return f"{categories(each, self._words.names)} ({where})"


def categories(found: Found, names: Sequence[str] = _WORDS["en"].names) -> str:
    """What was found, in words fit for a list."""
    shown = sorted({_NAMES.get(field, _FURTHER) for field in found.fields})
    return ", ".join(names[each] for each in shown)
