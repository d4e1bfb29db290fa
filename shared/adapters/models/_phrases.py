"""The built-in writer's phrase books: wording that is true of any offer, so that nothing is ever invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shared.domain.voice import Register

Angle = Literal["A", "B", "C", "D"]
Purpose = Literal["attend", "buy", "talk", "read"]
Phrases = tuple[str, ...]


@dataclass(frozen=True)
class PhraseBook:
    """One language. `{short}` is the offer in a few words, `{offer}` the offer as it was given.

    Where a register has no entry, `warm` serves."""

    greeting: Mapping[Register, str]
    subject: Mapping[Angle, Mapping[Register, Phrases]]
    question: Mapping[Register, Phrases]
    question_to_companies: Mapping[Register, Phrases]
    closing: Mapping[Purpose, Mapping[Register, Phrases]]
    sign_off: Mapping[Register, Phrases]
    dangling: str
    """Words that a shortened phrase must not end on."""


ENGLISH = PhraseBook(
    greeting={
        "warm": 'Hi {{ first_name | default("there", true) }},',
        "formal": 'Dear {{ first_name | default("reader", true) }},',
        "lively": 'Hello {{ first_name | default("and welcome", true) }}!',
    },
    subject={
        "A": {"warm": ("{short}", "Have you seen this? {short}")},
        "B": {"warm": ("Is this for you? {short}", "Interested? {short}", "What do you think? {short}")},
        "C": {"warm": ("At a glance: {short}", "The facts: {short}", "Good to know: {short}")},
        "D": {"warm": ("A short note: {short}", "In brief: {short}", "Just so you know: {short}")},
    },
    question={
        "warm": ("Would that suit you?", "Could this be something for you?"),
        "formal": ("Could this be of interest to you?", "Would that be of use to you?"),
        "lively": ("Would you like that?", "Is that something for you?"),
    },
    question_to_companies={
        "warm": (
            'Could this be something for {{ company | default("your company", true) }}?',
            'Is {{ company | default("your team", true) }} looking for something like this?',
        ),
        "formal": ('Could this be of interest to {{ company | default("your company", true) }}?',),
    },
    closing={
        "attend": {
            "warm": (
                "Would you like to be there? Just follow the link below.",
                "We would love to see you there.",
            ),
            "formal": ("We would be pleased to welcome you.", "You can reserve your place through the link below."),
            "lively": ("See you there?", "Come along, we would love to see you!"),
        },
        "buy": {
            "warm": ("Do you like it? Just follow the link below.", "Have a look, and take your time."),
            "formal": ("You will find all details through the link below.", "We look forward to your order."),
            "lively": ("Have a look!", "Take a look around!"),
        },
        "talk": {
            "warm": ("If you would like to talk about it, we are happy to.", "We look forward to hearing from you."),
            "formal": ("We look forward to speaking with you.", "You can arrange a time through the link below."),
            "lively": ("Let us talk!", "We cannot wait to hear from you!"),
        },
        "read": {
            "warm": ("Would you like to know more? Just follow the link below.", "You can find out more here."),
            "formal": ("Further information is available through the link below.", "We look forward to your interest."),
            "lively": ("Curious? Here is more!", "There is more where this came from!"),
        },
    },
    sign_off={
        "warm": ("Warm wishes,", "All the best,"),
        "formal": ("Yours sincerely,", "Kind regards,"),
        "lively": ("Cheers,", "See you soon,"),
    },
    dangling="a an and at by for from in its of on or our that the their to which who with your",
)

GERMAN = PhraseBook(
    greeting={
        "warm": 'Hallo {{ first_name | default("und guten Tag", true) }},',
        "formal": 'Guten Tag {{ first_name | default("und willkommen", true) }},',
        "lively": 'Hey {{ first_name | default("du", true) }},',
    },
    subject={
        "A": {
            "warm": ("{short}", "Schon gesehen? {short}"),
            "lively": ("{short}", "Schon gesehen? {short}"),
        },
        "B": {
            "warm": ("Wäre das etwas für Sie? {short}", "Interesse? {short}", "Neugierig? {short}"),
            "lively": ("Wäre das etwas für dich? {short}", "Lust darauf? {short}", "Neugierig? {short}"),
        },
        "C": {"warm": ("Auf einen Blick: {short}", "Die Fakten: {short}", "Gut zu wissen: {short}")},
        "D": {"warm": ("Kurz notiert: {short}", "Nur ganz kurz: {short}", "Kurze Nachricht: {short}")},
    },
    question={
        "warm": ("Passt das für Sie?", "Könnte das etwas für Sie sein?"),
        "formal": ("Könnte dies für Sie von Interesse sein?", "Wäre Ihnen damit gedient?"),
        "lively": ("Klingt das gut?", "Wäre das etwas für dich?"),
    },
    question_to_companies={
        "warm": (
            'Könnte das etwas für {{ company | default("Ihr Unternehmen", true) }} sein?',
            'Sucht {{ company | default("Ihr Team", true) }} gerade so etwas?',
        ),
        "lively": ('Wäre das etwas für {{ company | default("euer Team", true) }}?',),
    },
    closing={
        "attend": {
            "warm": ("Möchten Sie dabei sein? Folgen Sie einfach dem Link.", "Wir freuen uns auf Sie."),
            "formal": ("Wir würden uns freuen, Sie zu begrüßen.", "Ihren Platz reservieren Sie über den Link."),
            "lively": ("Bist du dabei?", "Komm vorbei, wir freuen uns auf dich!"),
        },
        "buy": {
            "warm": ("Gefällt es Ihnen? Folgen Sie einfach dem Link.", "Schauen Sie es sich in Ruhe an."),
            "formal": ("Alle Einzelheiten finden Sie über den Link.", "Wir freuen uns auf Ihre Bestellung."),
            "lively": ("Schau es dir an!", "Wirf einen Blick darauf!"),
        },
        "talk": {
            "warm": ("Möchten Sie darüber sprechen? Sehr gern.", "Wir freuen uns, von Ihnen zu hören."),
            "formal": ("Wir freuen uns auf das Gespräch mit Ihnen.", "Einen Termin vereinbaren Sie über den Link."),
            "lively": ("Lass uns reden!", "Wir freuen uns, von dir zu hören!"),
        },
        "read": {
            "warm": ("Möchten Sie mehr wissen? Folgen Sie einfach dem Link.", "Mehr dazu finden Sie hier."),
            "formal": ("Weitere Informationen finden Sie über den Link.", "Wir freuen uns auf Ihr Interesse."),
            "lively": ("Neugierig? Hier gibt es mehr!", "Hier steht alles dazu!"),
        },
    },
    sign_off={
        "warm": ("Herzliche Grüße", "Viele Grüße"),
        "formal": ("Mit freundlichen Grüßen",),
        "lively": ("Bis bald", "Liebe Grüße"),
    },
    dangling="am an auf bei das dem den der des die ein eine einem einen einer für ihr ihre ihrem ihren ihrer ihres im "
    "in mit oder und unser unsere unserem unseren unserer von vom zu zum zur",
)

BOOKS: Mapping[str, PhraseBook] = {"en": ENGLISH, "de": GERMAN}
