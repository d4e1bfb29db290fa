"""The contracts that come along, in English and German: a beginning for one's own, and no legal advice."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.contract_template import Section, TemplateVersion

_EN = TemplateVersion(
    template="services-en",
    version=0,
    name="Services for a client, English",
    language="en",
    title="Service contract: {{ title }}",
    note="This is a template and not legal advice. Have somebody who may advise you read it before you send it, and "
    "keep your own version.",
    fields={
        "acceptance_days": "10",
        "corrections": "two rounds",
        "notice": "one month to the end of a month",
        "law": "The law of the country in which the agency has its seat",
        "court": "the court at the seat of the agency, where both sides may agree on one",
    },
    sections=[
        Section(
            heading="What this contract is about",
            text="{{ agency.name }} (the agency) delivers to {{ client.name }} (the client) what is listed in section "
            "2. It is what the client chose with the option “{{ option }}” of the proposal “{{ title }}”, version "
            "{{ proposal.version }}, accepted on {{ proposal.day }}. Where this contract and the proposal differ, this "
            "contract holds.",
        ),
        Section(
            heading="Services and prices",
            text="The agency delivers the following. Prices are without tax where nothing else is said; the tax of "
            "each "
            "rate is shown below.",
            show="scope",
        ),
        Section(
            heading="What was said with the proposal",
            text="{{ terms }}\n\nWhere the sections on services, prices and payment say otherwise, they hold.",
            when="terms",
        ),
        Section(
            heading="What the client contributes",
            text="The client gives the agency in time the texts, pictures, access and decisions that the work needs, "
            "and may pass on what they give. Dates move by the time for which something of this is missing.",
        ),
        Section(
            heading="Changes",
            text="What is not listed in section 2 is not part of the price. Either side can ask for a change; it holds "
            "when both have agreed in text form to what it is and what it costs.",
        ),
        Section(
            heading="Acceptance",
            text="The agency tells the client when something is ready. The client looks at it within "
            "{{ acceptance_days }} days and says what is wrong with it. The price includes "
            "{{ corrections }} of corrections. What is delivered as agreed is to be accepted; using it publicly is "
            "accepting it.",
            when="once",
        ),
        Section(
            heading="When what is paid",
            text="The agency sends an invoice on each of these days. An invoice is to be paid within "
            "{{ payment.days }} days.",
            show="dates",
        ),
        Section(
            heading="Term of what is delivered each month",
            text="What is paid each month runs for {{ months }} months. After that it goes on only if both agree in "
            "text form. During that time either side can end it for good cause; it can be ended otherwise with notice "
            "of {{ notice }}.",
            when="monthly",
        ),
        Section(
            heading="Rights of use",
            text="When the price is paid in full, the client may use what was made for them for their own purposes, "
            "without limit of time or place. Parts that come from others, such as pictures, typefaces and software, "
            "keep the licences of their makers; the agency names them.",
        ),
        Section(
            heading="Confidentiality and personal data",
            text="Each side keeps to itself what it learns of the other’s business, also after the contract has ended, "
            "unless it is known anyway or a law demands that it be told. Where the agency handles personal data for "
            "the client, both sign an agreement on that before it begins (Article 28 GDPR).",
        ),
        Section(
            heading="Liability",
            text="Each side is liable without limit for intent and gross negligence, for injury to life, body or "
            "health, and wherever the law does not allow a limit. For slight negligence the agency is liable only "
            "where it breaks a duty on which the client could rely for the contract to be carried out at all, and "
            "then for the damage that is typical and could be foreseen.",
        ),
        Section(
            heading="Law and changes",
            text="{{ law }} applies; disputes are decided by {{ court }}. Changes of this contract are made in text "
            "form. If a part of it does not hold, the rest does.",
        ),
        Section(
            heading="Signature",
            text="Both sides sign electronically, until {{ sign.by }} at the latest. The contract is made when both "
            "have "
            "signed the same version. Who signed, when and how is on the page that is added behind this document, and "
            "the whole is sealed against changes.",
        ),
    ],
)
_DE = TemplateVersion(
    template="services-de",
    version=0,
    name="Leistungen für einen Kunden, deutsch",
    language="de",
    title="Dienstleistungsvertrag: {{ title }}",
    note="Dies ist ein Muster und keine Rechtsberatung. Lassen Sie es von jemandem lesen, der Sie beraten darf, bevor "
    "Sie es versenden, und führen Sie Ihre eigene Fassung.",
    fields={
        "acceptance_days": "10",
        "corrections": "zwei Runden",
        "notice": "einem Monat zum Ende eines Monats",
        "law": "Es gilt das Recht des Landes, in dem die Agentur ihren Sitz hat",
        "court": "das Gericht am Sitz der Agentur, soweit die Parteien das vereinbaren dürfen",
    },
    sections=[
        Section(
            heading="Gegenstand",
            text="{{ agency.name }} (die Agentur) erbringt für {{ client.name }} (den Kunden) die in Abschnitt 2 "
            "genannten Leistungen. Sie sind das, was der Kunde mit der Variante „{{ option }}“ des Angebots "
            "„{{ title }}“, Fassung {{ proposal.version }}, am {{ proposal.day }} angenommen hat. Weichen Vertrag und "
            "Angebot voneinander ab, gilt der Vertrag.",
        ),
        Section(
            heading="Leistungen und Preise",
            text="Die Agentur erbringt die folgenden Leistungen. Preise verstehen sich ohne Steuer, wo nichts anderes "
            "steht; die Steuer jedes Satzes ist unten ausgewiesen.",
            show="scope",
        ),
        Section(
            heading="Was mit dem Angebot gesagt wurde",
            text="{{ terms }}\n\nSagen die Abschnitte über Leistungen, Preise und Zahlung etwas anderes, gelten diese.",
            when="terms",
        ),
        Section(
            heading="Mitwirkung des Kunden",
            text="Der Kunde gibt der Agentur rechtzeitig die Texte, Bilder, Zugänge und Entscheidungen, die sie für "
            "ihre Arbeit braucht, und darf weitergeben, was er gibt. Termine verschieben sich um die Zeit, in der "
            "davon etwas fehlt.",
        ),
        Section(
            heading="Änderungen der Leistung",
            text="Was nicht in Abschnitt 2 steht, ist nicht im Preis enthalten. Jede Seite kann eine Änderung "
            "vorschlagen; sie gilt, wenn sich beide in Textform darüber geeinigt haben, was sie ist und was sie "
            "kostet.",
        ),
        Section(
            heading="Abnahme",
            text="Die Agentur sagt dem Kunden, wenn etwas fertig ist. Der Kunde prüft es binnen {{ acceptance_days }} "
            "Tagen und sagt, was daran nicht stimmt. Im Preis sind {{ corrections }} Korrekturen enthalten. Was "
            "vertragsgemäß ist, ist abzunehmen; wer es öffentlich nutzt, nimmt es ab.",
            when="once",
        ),
        Section(
            heading="Wann was bezahlt wird",
            text="Die Agentur stellt an jedem der folgenden Tage eine Rechnung. Eine Rechnung ist binnen "
            "{{ payment.days }} Tagen zu bezahlen.",
            show="dates",
        ),
        Section(
            heading="Laufzeit der monatlichen Leistungen",
            text="Was monatlich bezahlt wird, läuft {{ months }} Monate. Danach läuft es nur weiter, wenn sich beide "
            "in "
            "Textform darüber einigen. Aus wichtigem Grund kann jede Seite jederzeit kündigen, sonst mit einer Frist "
            "von {{ notice }}.",
            when="monthly",
        ),
        Section(
            heading="Nutzungsrechte",
            text="Ist der Preis vollständig bezahlt, darf der Kunde das für ihn Geschaffene für eigene Zwecke zeitlich "
            "und räumlich unbegrenzt nutzen. Für Teile von anderen, etwa Bilder, Schriften und Software, gelten die "
            "Lizenzen ihrer Urheber; die Agentur nennt sie.",
        ),
        Section(
            heading="Vertraulichkeit und personenbezogene Daten",
            text="Jede Seite behält für sich, was sie über die Geschäfte der anderen erfährt, auch nach dem Ende des "
            "Vertrags, es sei denn, es ist ohnehin bekannt oder ein Gesetz verlangt die Auskunft. Verarbeitet die "
            "Agentur personenbezogene Daten für den Kunden, schließen beide vorher eine Vereinbarung darüber "
            "(Artikel 28 DSGVO).",
        ),
        Section(
            heading="Haftung",
            text="Jede Seite haftet unbeschränkt bei Vorsatz und grober Fahrlässigkeit, bei Verletzung von Leben, "
            "Körper "
            "oder Gesundheit und überall, wo das Gesetz keine Beschränkung zulässt. Bei leichter Fahrlässigkeit haftet "
            "die Agentur nur, wenn sie eine Pflicht verletzt, auf die sich der Kunde für die Durchführung des "
            "Vertrags verlassen durfte, und dann für den typischen, vorhersehbaren Schaden.",
        ),
        Section(
            heading="Recht und Änderungen des Vertrags",
            text="{{ law }}; über Streitigkeiten entscheidet {{ court }}. Änderungen dieses Vertrags bedürfen der "
            "Textform. Ist ein Teil unwirksam, gilt der Rest.",
        ),
        Section(
            heading="Unterschrift",
            text="Beide Seiten unterschreiben elektronisch, spätestens am {{ sign.by }}. Der Vertrag ist geschlossen, "
            "wenn beide dieselbe Fassung unterschrieben haben. Wer wann und wie unterschrieben hat, steht auf der "
            "Seite, die diesem Dokument angefügt wird; das Ganze ist gegen Änderungen versiegelt.",
        ),
    ],
)
BUILT_IN: Mapping[str, TemplateVersion] = {each.template: each for each in (_EN, _DE)}
