"""The words of the page of choices and of the mail and page that ask for a confirmation, in English and German. What a
person agrees to is kept as evidence in exactly these words (rule G1)."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "de")

_EN: Mapping[str, str] = {
    "title": "What you get from {sender}",
    "title_nobody": "What you get from us",
    "intro": "Choose what is sent to you. It holds from the next message on.",
    "channels": "Ways to reach you",
    "email": "E-mail: {sender} may send me offers and news by e-mail",
    "sms": "Text message: {sender} may send me offers and news by text message",
    "topics": "What it is about",
    "frequency": "How often, at most",
    "any": "As often as there is something",
    "4 in 30 days": "Four times in 30 days",
    "2 in 30 days": "Twice in 30 days",
    "1 in 30 days": "Once in 30 days",
    "2 in 7 days": "Twice a week",
    "1 in 7 days": "Once a week",
    "save": "Save",
    "stop_head": "Nothing at all",
    "stop_text": "No more messages, over no channel, about no topic.",
    "stop": "Stop everything",
    "saved": "Saved. This is what you get now.",
    "unchanged": "Nothing was changed.",
    "stopped": "Nothing more will be sent to you.",
    "waiting": "We have asked you by e-mail to confirm that you want our messages. Only the link in it does that.",
    "we": "we",
    "undo": "Check a way to reach you and save, if you want to hear from us again.",
    "ask_title": "Please confirm",
    "ask_who": "{sender} asks: do you want to get the following?",
    "ask_button": "Yes, I want this",
    "ask_ignore": "If you did not sign up, do nothing: without your confirmation you get nothing.",
    "ask_until": "The link works until {until}.",
    "done_title": "Confirmed",
    "done": "Thank you. You can change this at any time by the link at the end of each message.",
    "expired_title": "This link has expired",
    "expired": "Nothing was changed. We can send a new link to the same e-mail address.",
    "expired_button": "Send a new link",
    "asked_again_title": "A new link",
    "asked_again": "If it is a week since the last one, a new link is on its way to the same e-mail address.",
    "said_no_title": "Nothing was changed",
    "said_no": "Since you were asked, you have said that you want no messages, and that counts.",
    "subject": "Please confirm: messages from {sender}",
}
_DE: Mapping[str, str] = {
    "title": "Was Sie von {sender} bekommen",
    "title_nobody": "Was Sie von uns bekommen",
    "intro": "Wählen Sie aus, was Ihnen geschickt wird. Es gilt ab der nächsten Nachricht.",
    "channels": "Auf welchem Weg",
    "email": "E-Mail: {sender} darf mir Angebote und Neuigkeiten per E-Mail schicken",
    "sms": "SMS: {sender} darf mir Angebote und Neuigkeiten per SMS schicken",
    "topics": "Worum es geht",
    "frequency": "Wie oft höchstens",
    "any": "So oft es etwas gibt",
    "4 in 30 days": "Viermal in 30 Tagen",
    "2 in 30 days": "Zweimal in 30 Tagen",
    "1 in 30 days": "Einmal in 30 Tagen",
    "2 in 7 days": "Zweimal in der Woche",
    "1 in 7 days": "Einmal in der Woche",
    "save": "Speichern",
    "stop_head": "Gar nichts mehr",
    "stop_text": "Keine Nachrichten mehr, auf keinem Weg, zu keinem Thema.",
    "stop": "Alles beenden",
    "saved": "Gespeichert. Das bekommen Sie jetzt.",
    "unchanged": "Nichts wurde geändert.",
    "stopped": "Ihnen wird nichts mehr geschickt.",
    "waiting": "Wir haben Sie per E-Mail gebeten, unsere Nachrichten zu bestätigen. Das geht nur mit dem Link darin.",
    "we": "wir",
    "undo": "Wählen Sie einen Weg aus und speichern Sie, wenn Sie wieder von uns hören möchten.",
    "ask_title": "Bitte bestätigen",
    "ask_who": "{sender} fragt: Möchten Sie Folgendes bekommen?",
    "ask_button": "Ja, das möchte ich",
    "ask_ignore": "Wenn Sie sich nicht angemeldet haben, tun Sie nichts: Ohne Ihre Bestätigung bekommen Sie nichts.",
    "ask_until": "Der Link gilt bis {until}.",
    "done_title": "Bestätigt",
    "done": "Danke. Sie können das jederzeit mit dem Link am Ende jeder Nachricht ändern.",
    "expired_title": "Dieser Link ist abgelaufen",
    "expired": "Nichts wurde geändert. Wir können einen neuen Link an dieselbe E-Mail-Adresse schicken.",
    "expired_button": "Neuen Link schicken",
    "asked_again_title": "Ein neuer Link",
    "asked_again": "Wenn der letzte eine Woche her ist, ist ein neuer Link an dieselbe E-Mail-Adresse unterwegs.",
    "said_no_title": "Nichts wurde geändert",
    "said_no": "Seit der Anfrage haben Sie gesagt, dass Sie keine Nachrichten möchten, und das gilt.",
    "subject": "Bitte bestätigen: Nachrichten von {sender}",
}
_WORDS = {"en": _EN, "de": _DE}


def topic_words(topic: str) -> str:
    """A topic as the page says it: `open-days` is Open days."""
    return topic.replace("-", " ").capitalize()


def words(language: str) -> Mapping[str, str]:
    """In this language, else in English."""
    return _WORDS.get(language, _EN)


def language_of(*wishes: str | None) -> str:
    """The first of these that the pages speak: a code, a name, or what a browser says (RFC 9110 section 12.5.4)."""
    for wish in wishes:
        for each in (wish or "").lower().split(","):
            code = {"deutsch": "de", "german": "de", "english": "en", "englisch": "en"}.get(
                each.strip(), each.strip()[:2]
            )
            if code in LANGUAGES:
                return code
    return "en"
