"""The words of the form for strangers, of what it answers, and of the one mail that confirms."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "name": "Your name",
        "email": "Your e-mail address",
        "company": "Company (if you like)",
        "website": "Web site (if you like)",
        "phone": "Telephone (if you like)",
        "message": "What is it about?",
        "send": "Send",
        "wrong": "Not sent yet: please look at this.",
        "thanks": "Thank you",
        "received": "Your message has arrived. A person reads it.",
        "again": "Your message has arrived already. Once is enough.",
        "asked": "You will get one mail that asks you to confirm what you agreed to.",
        "closed": "This form is closed",
        "closed_why": "Nothing can be sent by it any more.",
        "mail_subject": "Your message has arrived",
        "mail_said": "Thank you for your message to {sender}. A person reads it and answers you.",
        "mail_not_you": "You have not written to us? Then somebody gave your address; you need do nothing.",
    },
    "de": {
        "name": "Ihr Name",
        "email": "Ihre E-Mail-Adresse",
        "company": "Firma (wenn Sie mögen)",
        "website": "Webseite (wenn Sie mögen)",
        "phone": "Telefon (wenn Sie mögen)",
        "message": "Worum geht es?",
        "send": "Abschicken",
        "wrong": "Noch nicht abgeschickt: Bitte sehen Sie sich das an.",
        "thanks": "Danke",
        "received": "Ihre Nachricht ist angekommen. Ein Mensch liest sie.",
        "again": "Ihre Nachricht war schon angekommen. Einmal genügt.",
        "asked": "Sie bekommen eine E-Mail, in der Sie Ihre Einwilligung bestätigen können.",
        "closed": "Dieses Formular ist geschlossen",
        "closed_why": "Darüber kann nichts mehr geschickt werden.",
        "mail_subject": "Ihre Nachricht ist angekommen",
        "mail_said": "Danke für Ihre Nachricht an {sender}. Ein Mensch liest sie und antwortet Ihnen.",
        "mail_not_you": "Sie haben nicht geschrieben? Dann hat jemand Ihre Adresse angegeben; Sie müssen nichts tun.",
    },
}
