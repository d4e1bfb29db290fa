"""The lines that every mail must carry: why it came, how to stop or change it, who wrote it (rules C4, C5, C11, A2)."""

from __future__ import annotations

from typing import NamedTuple

from shared.domain.wording import BUILT_IN_WRITER, BY_A_PERSON


class LegalLines(NamedTuple):
    """The footer's words in one language."""

    why: str
    unsubscribe: str
    preferences: str
    disclosure: str


_WORDS = {
    "en": (
        "You get this e-mail because you are on the contact list of {sender}.",
        "Unsubscribe",
        "Choose what you get",
        "Written by Baton's built-in writer",
        "Written with AI",
        "Written by a person",
    ),
    "de": (
        "Sie erhalten diese E-Mail, weil Sie auf der Kontaktliste von {sender} stehen.",
        "Abmelden",
        "Auswählen, was Sie bekommen",
        "Geschrieben vom eingebauten Texter von Baton",
        "Mit KI geschrieben",
        "Von einem Menschen geschrieben",
    ),
    "es": (
        "Recibe este correo porque está en la lista de contactos de {sender}.",
        "Darse de baja",
        "Elegir lo que recibe",
        "Escrito por el redactor integrado de Baton",
        "Escrito con IA",
        "Escrito por una persona",
    ),
    "fr": (
        "Vous recevez cet e-mail parce que vous figurez dans les contacts de {sender}.",
        "Se désinscrire",
        "Choisir ce que vous recevez",
        "Rédigé par le rédacteur intégré de Baton",
        "Rédigé avec l'IA",
        "Rédigé par une personne",
    ),
    "it": (
        "Riceve questa e-mail perché è nell'elenco dei contatti di {sender}.",
        "Annulla l'iscrizione",
        "Scegliere che cosa ricevere",
        "Scritto dal redattore integrato di Baton",
        "Scritto con l'IA",
        "Scritto da una persona",
    ),
}


def legal_lines(language: str, sender: str, written_by: str) -> LegalLines:
    """The lines in this language, else in English."""
    why, unsubscribe, preferences, by_writer, by_model, by_person = _WORDS.get(language, _WORDS["en"])
    disclosure = {BUILT_IN_WRITER: by_writer, BY_A_PERSON: by_person}.get(written_by, by_model)
    return LegalLines(why.format(sender=sender), unsubscribe, preferences, disclosure)


def disclosures(written_by: str) -> frozenset[str]:
    """What a mail by this writer must say about it, in any of the languages (rule C11)."""
    return frozenset(legal_lines(language, "", written_by).disclosure for language in _WORDS)
