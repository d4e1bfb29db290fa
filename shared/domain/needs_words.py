"""What a client is asked, and the words around it, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.needs import Language

TOPICS: tuple[str, ...] = ("need", "budget", "date", "process", "limits")
"""What is asked of everybody who has not said it, the most telling first."""
QUESTIONS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "need": "What should be different for you when this is done?",
        "budget": "Which budget have you set aside for it?",
        "date": "By when do you need it, and why then?",
        "process": "Who decides about it, and how?",
        "limits": "What must it keep to: law, existing systems, your brand, anything that must not change?",
        "which": "You said “{one}” and “{other}”: which of the two holds?",
        "over": "You named “{one}”, which is over: by when do you need it now?",
    },
    "de": {
        "need": "Was soll für Sie anders sein, wenn es fertig ist?",
        "budget": "Welches Budget haben Sie dafür vorgesehen?",
        "date": "Bis wann brauchen Sie es, und warum gerade dann?",
        "process": "Wer entscheidet darüber, und wie?",
        "limits": "Woran muss es sich halten: Recht, vorhandene Systeme, Ihre Marke, was nicht anders werden darf?",
        "which": "Sie haben „{one}“ und „{other}“ gesagt: Was davon gilt?",
        "over": "Sie haben „{one}“ genannt, und das ist vorbei: Bis wann brauchen Sie es jetzt?",
    },
}
FORM: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "A few questions", "subject": "A few questions: {deal}",
        "lead": "Answer what you can; what you leave empty stays open, and you can come back until {day}.",
        "mail": "this is what we would like to know. Answer to this mail, under the numbers, or on this page:",
        "hello": "Hello {name},", "hello_nobody": "Hello,", "button": "Answer the questions", "bye": "Kind regards",
        "until": "The link is yours until {day}: whoever has it can answer for you.",
        "send": "Send the answers", "more": "Anything else that we should know?",
        "thanks": "Thank you", "kept": "Your answers are kept in your words. {open}",
        "all": "Nothing is left to ask.",
        "left": "{n} of the questions are still open; you can come back to this page.",
        "one_left": "One of the questions is still open; you can come back to this page.",
        "answered": "You answered: ", "nothing": "Nothing was written",
        "write": "Write at least one answer; nothing was kept.",
        "ended": "This link has ended", "ended_says": "It is too old, or the questions were taken back. Write to us.",
        "full": "Not kept", "full_says": "So much was written here already that no more is kept. Write to us by mail.",
        "closed": "What we talked about is closed. What you write is kept, and somebody reads it.",
    },
    "de": {
        "title": "Ein paar Fragen", "subject": "Ein paar Fragen: {deal}",
        "lead": "Antworten Sie, was Sie können; was leer bleibt, bleibt offen, und Sie können bis {day} wiederkommen.",
        "mail": "das möchten wir gern wissen. Antworten Sie auf diese Mail, unter den Nummern, oder auf dieser Seite:",
        "hello": "Guten Tag {name},", "hello_nobody": "Guten Tag,", "button": "Fragen beantworten",
        "bye": "Freundliche Grüße",
        "until": "Der Link ist bis {day} Ihrer: Wer ihn hat, kann für Sie antworten.",
        "send": "Antworten senden", "more": "Sollen wir noch etwas wissen?",
        "thanks": "Vielen Dank", "kept": "Ihre Antworten sind in Ihren Worten aufbewahrt. {open}",
        "all": "Es ist nichts mehr offen.", "left": "{n} der Fragen sind noch offen; Sie können hierher zurückkommen.",
        "one_left": "Eine der Fragen ist noch offen; Sie können hierher zurückkommen.",
        "answered": "Ihre Antwort: ", "nothing": "Es wurde nichts geschrieben",
        "write": "Schreiben Sie mindestens eine Antwort; es wurde nichts aufbewahrt.",
        "ended": "Dieser Link ist abgelaufen", "ended_says": "Er ist zu alt, oder die Fragen wurden zurückgenommen.",
        "full": "Nicht aufbewahrt",
        "full_says": "Hier steht schon so viel, dass nichts mehr dazukommt. Schreiben Sie uns.",
        "closed": "Worüber wir sprachen, ist abgeschlossen. Was Sie schreiben, wird aufbewahrt und gelesen.",
    },
}  # fmt: skip
