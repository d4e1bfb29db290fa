"""What a contract says of its own, on paper, on the client's page and in mails, in English and German."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.contract import Contract, ContractContent, Role
from shared.domain.offer import Language

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "contract": "Contract", "draft": "Draft", "version": "Version", "date": "Date", "sign_by": "Sign by",
        "between": "between", "and": "and", "agency": "the agency", "client": "the client",
        "once": "Paid once", "monthly": "Paid each month", "whole": "On signature", "on_signature": "when both have "
                                                                                                    "signed",
        "part": "Part", "when": "When", "net": "Net", "gross": "With VAT", "each_month": "each month from {day}, {n} "
                                                                                         "months",
        "from_signature": "each month from the day on which both have signed, {n} months",
        "draft_note": "Draft, not for signature.",
        "evidence": "Evidence of the signatures", "document": "Document",
        "about": "Both sides have signed the document on the pages before this one. Its SHA-256 is",
        "signed_for": "Signed for {party}", "name": "Name typed", "at": "When", "from": "Network address",
        "with": "Program", "agreed": "Agreed to", "link": "By the link with SHA-256", "by": "Signed in as",
        "unknown": "not known",
        "how": "How to check it",
        "how_text": "This file begins, octet for octet, with the document that was signed; evidence and seal were "
                    "added "
                    "behind it. Any PDF reader that knows signatures shows whether the file was changed since. Without "
                    "a network, the command “baton contract verify FILE” does that as well, and computes the "
                    "SHA-256 anew.",
        "what": "The seal is made with a certificate of the house itself (SHA-256 {fingerprint}). It proves that "
                "nothing "
                "was changed since the moment of sealing. It does not prove who holds the certificate; the time is "
                "that "
                "of the agency’s computer.",
        "reason": "Both sides have signed",
        "sealed": "Sealed",
        "consent": "I have read the contract “{title}”, version {version} (SHA-256 {document}), and sign it "
                   "electronically for {party}.",
        "read": "Read the contract as PDF", "download": "The sealed contract as PDF", "current": "The current version",
        "sign_h": "Sign", "sign": "Sign with obligation", "your_name": "Your first and last name",
        "agree": "Yes, I agree to this:", "kept": "With your signature we keep your name, the time, your network "
                                                  "address, "
                                                   "the name of your browser and the SHA-256 of the document. Both "
                                                   "sides "
                                                   "get them as a page of the contract.",
        "decline_h": "Decline", "decline": "Decline", "reason_h": "Why? It helps us.",
        "s_sent": "Please sign by {day}.", "s_waits": "You signed on {day}, as {name}. We sign next, and send you the "
                                                       "contract with both signatures.",
        "s_signed": "Both sides have signed. Thank you.",
        "s_declined": "This contract was declined on {day}.", "s_expired": "The time to sign was over on {day}. "
                                                                            "Please write to us.",
        "s_cancelled": "We have taken this contract back. Please write to us if you have questions.",
        "s_newer": "This is an earlier version and can no longer be signed. The current one is here:",
        "s_scope": "What was agreed on has changed since this contract was written. You get a new one.",
        "two": "It is signed for your side already, by {name}. It counts once; nothing else is needed.",
        "ended": "This has ended", "closed": "It can no longer be answered here. Please write to us by mail.",
        "no_sign": "Not signed", "no_decline": "Not declined", "thanks": "Thank you",
        "other": "Another document was read; open the link again.",
    },
    "de": {
        "contract": "Vertrag", "draft": "Entwurf", "version": "Fassung", "date": "Datum", "sign_by": "Unterschreiben "
                                                                                                     "bis",
        "between": "zwischen", "and": "und", "agency": "die Agentur", "client": "der Kunde",
        "once": "Einmalig bezahlt", "monthly": "Monatlich bezahlt", "whole": "Bei Unterschrift",
        "on_signature": "wenn beide unterschrieben haben",
        "part": "Teil", "when": "Wann", "net": "Netto", "gross": "Mit USt.", "each_month": "monatlich ab {day}, {n} "
                                                                                           "Monate",
        "from_signature": "monatlich ab dem Tag, an dem beide unterschrieben haben, {n} Monate",
        "draft_note": "Entwurf, nicht zur Unterschrift.",
        "evidence": "Nachweis der Unterschriften", "document": "Dokument",
        "about": "Beide Seiten haben das Dokument auf den Seiten vor dieser unterschrieben. Sein SHA-256 ist",
        "signed_for": "Unterschrieben für {party}", "name": "Eingetippter Name", "at": "Wann", "from": "Netzadresse",
        "with": "Programm", "agreed": "Zugestimmt", "link": "Über den Link mit SHA-256", "by": "Angemeldet als",
        "unknown": "nicht bekannt",
        "how": "Wie man es prüft",
        "how_text": "Diese Datei beginnt, Oktett für Oktett, mit dem Dokument, das unterschrieben wurde; Nachweis und "
                    "Siegel wurden dahinter angefügt. Jeder PDF-Betrachter, der Signaturen kennt, zeigt, ob die Datei "
                    "seither geändert wurde. Ohne Netz tut das auch der Befehl „baton contract verify DATEI“ und "
                    "rechnet den SHA-256 neu aus.",
        "what": "Das Siegel ist mit einem Zertifikat des Hauses selbst gemacht (SHA-256 {fingerprint}). Es beweist, "
                "dass "
                "seit dem Versiegeln nichts geändert wurde. Es beweist nicht, wer das Zertifikat hält; die Zeit ist "
                "die "
                "des Rechners der Agentur.",
        "reason": "Beide Seiten haben unterschrieben",
        "sealed": "Versiegelt",
        "consent": "Ich habe den Vertrag „{title}“, Fassung {version} (SHA-256 {document}), gelesen und unterschreibe "
                   "ihn "
                   "elektronisch für {party}.",
        "read": "Den Vertrag als PDF lesen", "download": "Der versiegelte Vertrag als PDF",
        "current": "Die aktuelle Fassung",
        "sign_h": "Unterschreiben", "sign": "Verbindlich unterschreiben", "your_name": "Ihr Vor- und Nachname",
        "agree": "Ja, ich stimme zu:", "kept": "Mit Ihrer Unterschrift bewahren wir Ihren Namen, die Zeit, Ihre "
                                               "Netzadresse, "
                                                "den Namen Ihres Browsers und den SHA-256 des Dokuments auf. Beide "
                                                "Seiten "
                                                "bekommen sie als Seite des Vertrags.",
        "decline_h": "Ablehnen", "decline": "Ablehnen", "reason_h": "Warum? Das hilft uns.",
        "s_sent": "Bitte unterschreiben Sie bis zum {day}.",
        "s_waits": "Sie haben am {day} als {name} unterschrieben. Als Nächstes unterschreiben wir und schicken Ihnen "
                   "den "
                   "Vertrag mit beiden Unterschriften.",
        "s_signed": "Beide Seiten haben unterschrieben. Vielen Dank.",
        "s_declined": "Dieser Vertrag wurde am {day} abgelehnt.",
        "s_expired": "Die Zeit zum Unterschreiben war am {day} zu Ende. Bitte schreiben Sie uns.",
        "s_cancelled": "Wir haben diesen Vertrag zurückgezogen. Bei Fragen schreiben Sie uns bitte.",
        "s_newer": "Dies ist eine frühere Fassung und kann nicht mehr unterschrieben werden. Die aktuelle ist hier:",
        "s_scope": "Was vereinbart ist, hat sich geändert, seit dieser Vertrag geschrieben wurde. Sie bekommen einen "
                   "neuen.",
        "two": "Er ist für Ihre Seite schon unterschrieben, von {name}. Das zählt einmal; mehr ist nicht nötig.",
        "ended": "Beendet", "closed": "Hier ist keine Antwort mehr möglich. Bitte schreiben Sie uns per Mail.",
        "no_sign": "Nicht unterschrieben", "no_decline": "Nicht abgelehnt", "thanks": "Vielen Dank",
        "other": "Ein anderes Dokument wurde gelesen; öffnen Sie den Link erneut.",
    },
}  # fmt: skip


def consent_of(found: Contract, content: ContractContent, role: Role) -> str:
    """The sentence under which a side puts its name. Of the version that the client has in hand."""
    sent = found.current
    named = found.of_version(sent.version) if sent else None
    assert named is not None, "it was sent"
    party = content.client.name if role == "client" else content.agency.name
    said = {"title": content.title, "version": named.version, "document": named.document, "party": party}
    return WORDS[content.language]["consent"].format(**said)
