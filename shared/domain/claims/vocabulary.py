"""The words by which a sentence is read: what asserts nothing, what asserts much, and what means the same.

Data, English and German. Words stand in their dictionary form; `lexicon` stems them."""

from __future__ import annotations

FUNCTION = {
    "en": """
        a an the this that these those such same own other another each every both all any some few many much more
        most less least several enough i me my mine myself you your yours yourself he him his she her hers it its
        itself we us our ours ourselves they them their theirs one ones who whom whose which what where when why how
        whether and or but nor so yet if then than as because since while although though unless until before after
        once during about above across against along among around at behind below beside besides between beyond by
        down except for from in inside into like near of off on onto out outside over per plus round through
        throughout to toward towards under up upon via with within without instead am is are was were be been being
        have has had having do does did doing done can could may might must shall should will would ought not no
        never none nothing nobody too very quite rather just only even also still already again ever always often
        usually sometimes soon now here there today yes please well etc else away back together apart s t d ll re ve
        m don doesn didn isn aren wasn won wouldn couldn shouldn let two three four five six seven eight nine ten
        eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen third fourth fifth sixth seventh
        eighth ninth tenth dozen twenty thirty forty fifty hundred thousand something anything everything somewhere
        anywhere everywhere cannot further long longer percent gram grams litre litres kilogram mile miles
        needn mustn hasn haven hadn meanwhile beforehand afterwards upwards onwards ahead
    """,
    "de": """
        in am an was so also all des war hier nun bei etc ein eine einer eines einem einen der die das dem den
        dieser diese dieses diesem diesen jener jene jenes jeder jede jedes jedem jeden solch solche mancher manche
        welcher welche welches welchem welchen alle aller alles allem allen beide beiden viel viele vieler vielen
        mehr meist meiste wenig wenige weniger einige einigen etwas genug ander andere anderen anderer anderes ich
        mich mir mein meine meiner meines meinem meinen du dich dir dein deine deiner deines deinem deinen er ihn
        ihm sein seine seiner seines seinem seinen sie ihr ihre ihrer ihres ihrem ihren ihnen es wir uns unser
        unsere unserer unseres unserem unseren euch euer eure eurer eures eurem euren man wer wen wem wessen wo
        woher wohin wann warum wieso weshalb wie ob wofür womit wozu worauf darauf daran darin daraus dabei dafür
        damit davon dazu darüber darum deshalb daher deswegen und oder aber denn sondern doch jedoch sowie sowohl
        weder noch entweder wenn falls sobald solange während weil da obwohl dass bevor nachdem seit als bis ans auf
        aus beim durch entlang für fürs gegen gegenüber hinter hinterm im ins mit nach neben ohne statt trotz über
        um ums unter unterm von vom vor vorm wegen zu zum zur zwischen pro je ab außer außerhalb innerhalb rund bin
        bist ist sind seid waren wäre wären gewesen habe hast hat haben habt hatte hatten hätte hätten gehabt werde
        wirst wird werden werdet wurde wurden würde würden worden geworden kann kannst können könnt konnte konnten
        könnte könnten darf darfst dürfen dürft durfte muss musst müssen müsst musste soll sollst sollen sollt
        sollte sollten willst wollen wollt wollte wollten mag magst mögen mögt möchte möchten nicht nichts nie
        niemals kein keine keiner keines keinem keinen niemand auch nur schon erst eben ja nein mal gern gerne sehr
        ganz recht ziemlich dann danach dort jetzt heute wieder immer oft manchmal bald bereits etwa ungefähr circa
        ca zirka fast kaum bitte sich selbst selber gar hin dran drin drauf weiter zusammen mitsamt samt bzw
        beziehungsweise usw zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dutzend zwanzig dreißig
        vierzig fünfzig hundert tausend lang lange langen weitere weiteren weiterer weiteres dorthin nachstehend
        folgend hiermit sonst irgendwann einmal mehrere mehreren jeweils insgesamt mindestens höchstens wenigstens
        spätestens frühestens maximal zurück prozent gramm liter kilogramm kilometer zuvor vorher hinterher daheim
        unterwegs hinaus heraus hinein herein hinunter hinauf herunter herauf drauf rauf runter rein raus solang
        zweite zweiten zweiter zweites dritte dritten drittes vierte vierten
    """,
}

NEUTRAL = """
euro euros cent cents penny pence pound pounds dollar dollars prozent percent learn learnt learned teach taught lernen
gelernt lehren gelehrt get make take give go come see look find know think want need wish hope feel try start begin
keep help put bring show tell say ask talk speak write read meet join visit hear send call reply answer contact reach
click press tap open choose pick select check use work run hold happen last wait stay turn follow move become seem
appear mean allow enable let decide plan prepare continue stop end finish close remain belong depend stand sit live
offer provide include contain consist cover involve concern feature present introduce invite announce inform explain
describe mention add thing way kind sort part point piece side case question reason example idea detail fact
information info list step topic subject matter word line time moment day date people person someone somebody anyone
anybody everyone everybody reader friend place room world life name number mail email e-mail message letter link
button page site website text note phone new next previous coming following current different similar certain possible
available ready able sure clear whole full first second mr mrs ms dr dear hello hi hey greeting regards thank thanks
welcome sincerely warm cheers interest interested curious forward worth glad happy pleased delighted excited proud
sorry grateful bekommen machen nehmen geben gehen kommen sehen schauen ansehen finden wissen denken brauchen wünschen
hoffen fühlen versuchen starten beginnen anfangen helfen bringen zeigen sagen fragen sprechen reden schreiben lesen
treffen besuchen hören senden schicken anrufen antworten melden klicken drücken öffnen wählen auswählen prüfen nutzen
benutzen verwenden arbeiten laufen stattfinden halten dauern warten bleiben folgen werden scheinen bedeuten
ermöglichen lassen entscheiden planen vorbereiten fortfahren enden aufhören schließen gehören stehen sitzen leben
liegen stellen setzen legen anbieten bieten bereitstellen enthalten umfassen beinhalten betreffen vorstellen einladen
ankündigen informieren erklären beschreiben erwähnen ergänzen erwarten passen gelten heißen lauten ding sache weg art
teil punkt stück seite fall frage antwort grund beispiel idee einzelheit tatsache infos liste schritt thema wort zeile
zeit augenblick tag uhr datum morgen leute jemand leser leserin freund freundin ort platz raum welt nummer nachricht
brief knopf webseite notiz telefon anruf rückmeldung neu nächste vorige kommende folgende aktuell verschieden ähnlich
bestimmt möglich verfügbar bereit sicher klar ganz voll erste zweite herr frau liebe lieber hallo guten gruß grüße
grüßen danke dank willkommen herzlich freundlich besten viele mfg servus moin interesse interessiert neugierig freuen
gespannt froh stolz dankbar freude lust kurz knapp wichtig einfach direkt persönlich gemeinsam zunächst zuerst zudem
außerdem überblick kürze short important simply directly personally together firstly also moreover overview summary
glance given took taken made went gone came seen saw found thought brought shown told said spoke spoken wrote written
met heard sent chose chosen began begun kept ran led built won meant understood altogether easily quickly shortly
exactly especially mainly mostly usually actually really finally basically generally currently recently group set
amount total choice option opportunity chance possibility beginning middle front top bottom area field space gibt gab
gegeben nimmt nahm genommen kommt kam geht ging gegangen sieht gesehen findet fand gefunden statt liest gelesen
spricht gesprochen trifft getroffen hilft geholfen hält gehalten läuft gelaufen bleibt geblieben steht gestanden liegt
gelegen beginnt begann begonnen schreibt geschrieben bot geboten angeboten beträgt betragen enthält besteht bestanden
bestehen umfasst lässt sitzt weiß wusste dachte gedacht brachte gebracht wird gruppe menge anzahl auswahl möglichkeit
gelegenheit anfang mitte ende bereich stelle rahmen runde leicht genau besonders vor allem hauptsächlich eigentlich
wirklich schließlich grundsätzlich allgemein derzeit kürzlich natürlich bequem rechtzeitig briefly essential
essentials story plain sweet arrange facts figures background context content contents headline theme blick fakten
notieren notiert tun tut wesentlich wesentliche angabe fassen erlauben hinweis führen führt lohnen lohnt mitteilen
mitgeteilt bedeutet erfahren erfährst hintergrund inhalt inhalte kontext rede aim goal purpose focus occasion mind
head hand eye heart everyday routine today's busy ziel zweck fokus anlass kopf auge herz alltag sinn gefühl mühe ruhe
individual own common usual normal extra additional separate various several gewöhnlich üblich zusätzlich einzeln
verschiedene mehrere gleich gleiche eigen eigene experience experiencing notice noticing wonder expect expecting await
arrive arriving leave leaving pass share sharing erleben erlebt merken bemerken erwartet ankommen verlassen teilen
geteilt cannot already warmly cordially kindly gladly gerne eingeladen einladung invitation invited news update
neuigkeit neuigkeiten neues aktuelles conversation chat gespräch plaudern austausch exchange remind reminder erinnern
erinnerung suggest suggestion vorschlag vorschlagen recommend empfehlen tip tipp requirement wunsch wünsche bedarf
problem challenge difficulty herausforderung schwierigkeit lösung solution
"""

EVALUATIVE = """
good great nice lovely wonderful fantastic beautiful perfect ideal excellent amazing pleasant enjoyable fun
interesting useful helpful valuable inspiring exciting relaxed relaxing cosy cozy charming delicious tasty fresh
friendly easy simple quick smooth convenient practical handy comfortable attractive special smart clever bright strong
solid fine right real true honest fair enjoy love like appreciate gut toll schön wunderbar großartig fantastisch
perfekt hervorragend angenehm nett interessant nützlich hilfreich wertvoll inspirierend spannend entspannt gemütlich
charmant köstlich lecker frisch freundlich einfach leicht schnell bequem praktisch handlich komfortabel attraktiv
besonders besondere klug stark solide fein richtig echt wahr ehrlich genießen lieben mögen schätzen gefallen
"""

HARD = """
best better cheapest soldout fastest largest biggest leading leader unique unrivalled unmatched exclusive exclusively
unlimited guaranteed guarantee warranty certified certificate proven award winning winner tested approved official
officially endorsed recommended trusted popular famous renowned expert professional experienced qualified
award-winning scientifically clinically medically safe secure risk-free refundable refund money-back free gratis
discount bonus gift reduced cheaper sustainable organic climate carbon neutral green eco healthy natural handmade
regional save saving increase double triple halve boost reduce improve grow growth profit revenue customer client
guest member partner study research statistic survey review rating star doctor scientist majority limited
sold-out last-minute immediately instantly overnight sofort umgehend unverzüglich rezeptfrei permanently forever
everywhere nationwide worldwide international führend
marktführer einzigartig unübertroffen exklusiv unbegrenzt garantiert garantie gewährleistung zertifiziert zertifikat
bewährt bewiesen preisgekrönt ausgezeichnet auszeichnung getestet geprüft offiziell empfohlen vertrauen beliebt
berühmt renommiert experte expertin professionell profi erfahren qualifiziert wissenschaftlich klinisch medizinisch
sicherheit risikofrei erstattung erstatten geld-zurück kostenlos kostenfrei umsonst rabatt geschenk reduziert
günstiger nachhaltig bio klimaneutral klima grün öko gesund natürlich handgemacht sparen ersparnis steigern verdoppeln
verdreifachen halbieren erhöhen senken verbessern wachsen wachstum gewinn umsatz kunde kundin gast mitglied studie
forschung statistik umfrage bewertung stern arzt ärztin wissenschaftler mehrheit limitiert begrenzt
ausverkauft lebenslang jederzeit
keinerlei dauerhaft überall bundesweit weltweit garantieren versprechen promise sichern gewinnen win receive
erhalten profitieren benefit
"""

HARD_FORMS = "beste bester bestes besten besser günstigste schnellste größte"
"""These in just this form: what is quick or large by itself asserts less."""


OPINION = (
    r"\bi think\b|\bwe think\b|\bi believe\b|\bwe believe\b|\bin (?:my|our) (?:opinion|view)\b"
    r"|\bwe(?:'d| would)? love\b"
    r"|\bwe(?:'re| are) (?:happy|glad|delighted|excited|pleased|looking forward|thrilled|curious)\b"
    r"|\bwe look forward\b|\bi(?:'d| would) (?:love|like|be happy)\b"
    r"|\bi(?:'m| am) (?:happy|glad|delighted|excited|looking forward|curious)\b|\bwe would (?:like|be happy)\b"
    r"|\bi look forward\b|\bwe hope\b|\bi hope\b|\bhope to see\b|\blooking forward\b"
    r"|\bich (?:finde|glaube|denke|meine|hoffe|freue)\b"
    r"|\bwir (?:finden|glauben|denken|meinen|hoffen|freuen|würden uns)\b"
    r"|\b(?:finden|glauben|denken|meinen) wir\b|\bfreuen wir uns\b|\bfreue ich mich\b|\bunserer meinung nach\b"
    r"|\bmeiner meinung nach\b|\bwir sind gespannt\b|\bschön,? dass\b|\bhoffentlich\b"
)
ASKED_AS_FACT = (
    r"\bdid you know\b|\bhave you heard\b|\bwusstes?t (?:du|ihr)\b|\bwussten sie\b|\bhaben sie schon gehört\b"
)
CALLS = """
book reserve register sign join reply answer write call contact visit discover see look read learn find click tap
order request check come try secure save download watch tell ask let choose pick start send give take drop get grab
meet explore browse open subscribe share forward buchen reservieren melden anmelden antworten schreiben rufen besuchen
entdecken sehen schauen lesen lernen finden klicken bestellen fordern prüfen kommen probieren sichern laden holen
sagen fragen wählen starten senden schicken geben nehmen teilen erfahren werfen nutzen kontaktieren vereinbaren öffnen
antworte schreib schreibe ruf melde buche komm schau lies klick klicke bestell bestelle hol sichere probier probiere
sag frag wähle starte teile erfahre nutze vereinbare reserviere entdecke besuche lass lassen wirf
"""
ASKED_FOR = """
seat place spot appointment slot date call conversation chat quote offer brochure sample details information newsletter
website shop form reply copy consultation visit order request termin gespräch platz plätze rückruf angebot prospekt
muster details infos information newsletter webseite laden formular antwort exemplar beratung besuch bestellung anfrage
zeitfenster anmeldung teilnahme karte karten ticket tickets
"""
"""What a call asks the reader to take; that it is there to be had is what the call itself says."""
