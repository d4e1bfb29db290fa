"""German words that assert nothing that could be checked; see `light_en`."""

from __future__ import annotations

LIGHT = """
 abenteuer aber abgesehen abhängen ablauf ablenken ablenkung abschließend abschließen absehen absicht absolut
absprechen abwarten abwechslung abwechslungsreich achten achtung ahnen ahnung akzeptieren allein allemal allenfalls
allerdings allerlei alles allgemein allmählich allzu alltag alltäglich also alt alternativ alternative anblick
andenken andernfalls anders andererseits anfang anfangen anfangs angeben angehen angelegenheit angemessen angenehm
angst anhaben anhören ankommen ankunft anlass anlässlich anliegen anmerken annehmen anregen anregend anregung anreiz
ansatz anschauen anschauung anscheinend anschließend ansehen ansicht ansonsten anspruch anspruchsvoll anständig
anstehen anstelle anstoßen anstrengen anstrengend anstrengung antun antwort antworten anzeichen anziehen appetit
arbeiten arg art atem atmen atmosphäre auf aufatmen aufbrechen aufbruch auffallen auffällig auffrischen aufgabe
aufgeben aufgeregt aufhalten aufheben aufhören aufkommen aufmerksam aufmerksamkeit aufpassen aufraffen aufregend
aufregung aufstehen auftauchen aufwachen aufwand aufwendig aufwärmen auge augenblick augenblicklich ausblick ausdenken
ausdruck ausdrücken ausdrücklich ausführlich ausgehen ausgerechnet ausgesprochen aushalten auskommen ausmachen
ausprobieren ausreichen ausreichend ausruhen aussehen aussicht aussprechen aussuchen austausch auswahl auswählen
auswirken bald bange basis bauch beachten beachtlich bedauern bedenken bedeuten bedeutend bedeutung bedürfnis beeilen
beeindrucken beeindruckend beeindruckt beenden befassen befinden befürchten begegnen begegnung begehrt begeistern
begeisternd begeistert begeisterung beginn beginnen begleiten begleitung begreifen begriff begrüßen behaglich behalten
behandeln behaupten beherrschen beibringen beides beinah beinahe beisammen beispiel beispielsweise beißen beitragen
bekannt bekanntlich bekommen belieben beliebig belohnen belohnung bemerken bemerkenswert bemerkung bemühen benennen
benötigen benutzen beobachten bequem berechtigt bereich bereichern bereit bereiten bereitliegen bereits bereitstehen
bereitwillig bergen berichten beruhigen beruhigend beruhigt berücksichtigen berühren bescheid bescheiden beschließen
beschreiben beschäftigen beschäftigt besichtigen besitzen besonder besonderheit besonders besorgen besprechen bestehen
bestens bestimmen bestimmt besuchen betrachten betreffen betreffend betreiben betreten betrifft bevorstehen bevorzugen
bewahren bewegen bewegung beweis bewirken bewundern bewusst bezeichnen beziehen beziehung beziehungsweise bild bilden
binden bis bisher bislang bisschen bitte bitten blatt bleiben blick blicken blühen blöd blümchen boden brauchen brav
brechen breit brennen bringen bunt chance chaos charakter charmant charme dabei daheim dahin damals damit dank dankbar
dankbarkeit danke danken danach daneben darauf daraufhin darstellen darum dauer dauern dauernd davor dazu denkbar
denken dennoch derart derweil derzeit deshalb deutlich dezent dicht dick dienen ding direkt diskutieren doppelt dran
drängen draußen drehen dringend drinnen drohen drum druck drücken duft duften dulden dumm dunkel dunkelheit dünn
durchatmen durchaus durchblick durcheinander durchführen durchgehend durchgehen durchkommen durchlesen durchschauen
durchweg durst ebenfalls ebenso echt ecke edel ehe ehemals eher ehren ehrlich eifrig eigen eigenart eigenschaft
eigentlich eignen eilen eilig einander einblick eindeutig eindruck eindrucksvoll einerseits einfach einfachheit
einfall einfallen einfluss eingehen einheitlich einher einholen einig einiges einkehren einladen einladend einladung
einlassen einleuchten einmalig einordnen einrichten einsatz einschlagen einschlafen einschätzen einsehen einsetzen
einsteigen einstig einstweilen eintauchen eintreffen einverstanden einwenden einwand einzel einzeln einzelheit einzig
element empfinden empfindlich ende enden endgültig endlich endlos energisch eng entdecken entdeckung entfallen
entfernen entfernt entgegen entgegensehen entgehen enthalten entlang entscheiden entscheidend entscheidung
entschließen entschuldigen entsetzlich entspannen entspannt entspannung entsprechen entsprechend entstehen enttäuschen
enttäuscht entweder entwickeln entwicklung erahnen erblicken erdenklich ereignen ereignis erfahren erfassen erfinden
erfolg erfolgen erfolgreich erforderlich erfordern erforschen erfreuen erfreulich erfreut erfrischen erfrischend
erfüllen erfüllt ergeben ergebnis ergreifen ergänzen ergänzend erhalten erheblich erheben erhoffen erholen erholsam
erholung erinnern erinnerung erkennen erklären erklärung erkundigen erlauben erlaubt erleben erlebnis erledigen
erleichtern erleichternd erleichtert erleichterung ermutigen ermöglichen ernst ernsthaft eröffnen erraten erreichen
erscheinen erschöpft ersparen erst erstaunlich erstaunt erstmal erstmals erträumen erwachen erwarten erwartung
erwecken erwischen erwähnen erzählen erzählung etwa etwas eventuell ewig ewigkeit exakt existieren extra fabelhaft
fähig fair fall fallen falls falsch fangen farbe farbenfroh fassen faszinieren faszinierend faul fehlen fehler
feierabend feiern fein fern fernweh fertig fest festhalten feststellen feststehen fieber finden finger fliegen fließen
flott folge folgen folglich fordern form formulieren fort fortan fortsetzen frage fragen freilich freiwillig fremd
freude freudig freuen freund freundlich freundlichkeit freundschaft frieden friedlich frisch froh fröhlich frösteln
frust früh früher frühling frühlingshaft fühlen führen fülle füllen funkeln fürchten gang ganz gänzlich gar geben
gebrauchen gedanke gedanklich gedenken gedulden geduld geduldig geeignet gefahr gefallen gefühl gegebenenfalls gegen
gegend gegensatz gegenseitig gegenstand gegenteil gegenwart gegenüber gehabt geheim geheimnis gehen gehören geist
gelangen gelassen gelassenheit gelegenheit gelegentlich gelingen gelten gelungen gemein gemeinsam gemütlich
gemütlichkeit genau genauer genauso generell genial genießen genug genügen genügend genüsslich genießer gerade
geradezu gerecht geredet gering gern gerne gesamt geschehen gescheit geschichte geschmack geschmackvoll gesellen
gesellig gesicht gespannt gespräch gestalt gestern gewaltig gewiss gewissen gewöhnen gewöhnlich gewohnt gewünscht
glanz glatt glauben gleich gleichermaßen gleichfalls gleichzeitig glück glücklich glücklicherweise goldig grau greifen
grob groß großartig großzügig grund gründlich grundlage grundsätzlich gruß grüßen gucken günstig gut haben hals halt
halten haltung hand handgriff handlich hängen harmonisch hart hassen häufig haupt hauptsache hauptsächlich heben
heftig heimlich heim heiß heißen heiter helfen hell her heran heraus herausfinden herausfordern herausfordernd
herausforderung heraussuchen herbei herbst herbstlich herein hereinschauen herkommen herrlich herrschen herum herunter
hervor hervorragend herz herzlich heute heutig heutzutage hierbei hierfür hiermit hierzu hilfreich hilfsbereit himmel
himmlisch hin hinaus hindern hinein hingegen hinsehen hinsicht hinten hinterher hinterlassen hinweg hinweis hinweisen
hinzu hinzufügen hoch höchst höflich hoffen hoffentlich hoffnung holen hören hübsch humor hunger hungrig idee ideal
idyllisch immerhin immerzu individuell infolge information informieren inhalt inne innen inner innerlich insbesondere
insgeheim insgesamt insofern inspirieren inspirierend intensiv interessant interesse interessieren interessiert
inzwischen irgend irgendein irgendwas irgendwer irgendwie irgendwo irren irritieren jahreszeit jammern jedenfalls
jedoch jemals jemand jetzig jeweilig jubeln jung jüngst kalt kälte kapieren kennen kennenlernen kenntnis kern
keinesfalls keineswegs kitzeln klagen klang klappen klar klären klasse klassisch kleinigkeit klicken klingeln klingen
klopfen klug knapp knifflig komisch kommen komplett kompliziert konkret können konsequent konzentrieren kopf
kopfzerbrechen körper köstlich kraft kräftig kreativ kriegen kümmern künftig kunterbunt kurz kurzerhand kürzlich
kurzum kuschelig lachen lächeln laden lage lahm land landen langsam langweilig längst lassen lästig laufen laufend
laune laut lauten lauter leben lebendig lebhaft lecker leckerbissen leer legen leicht leichtigkeit leider leidenschaft
leidenschaftlich leise leisten lernen lesen letzt letztendlich letztlich leuchten leute licht lieb liebe lieben
liebevoll lieber liebhaber lieblich liebling lied liegen linie loben locken locker lohnen lohnend los losgehen
loslegen lösen lösung lücke lust lustig machen mächtig magisch mal manch manchmal mangel mannigfaltig märchenhaft maß
mäßig meckern meinen meinung meistens meistern melden menge merken merkwürdig mild mindern mischen mischung mist
mitbringen miteinander mitgeben mithelfen mitkommen mitreden mittel mitten mittlerweile möglich möglicherweise
möglichkeit möglichst moment momentan morgen motivation motivieren motiviert müde mühe mühelos mühsam mund mündlich
munter muster mut mutig nachdenken nacheinander nachher nachlesen  nachricht nachsehen  nachteil
nachträglich nachvollziehen nah nahe nähe näher nahezu name namens nämlich natürlich neben nebenbei nehmen neigen
nennen nerven nervig nett neu neuerdings neugier neugierig neulich nicken nochmal nochmals normal normalerweise not
nötig notfalls notieren nunmehr nutzen nützen nützlich ob oben oberhalb obendrein offen offenbar offensichtlich öffnen
öfter öfters ohnehin ohr optimal ordentlich ordnen ordnung organisieren original originell packen paradies passen
passend passieren pause peinlich per perfekt persönlich pflegen phantastisch plan planen platzen plaudern plötzlich
positiv potenziell praktisch prima prinzip prinzipiell probieren problem problemlos prompt prüfen pünktlich pur quasi
quatsch rahmen ran rand rasch raten rätsel raus rauskommen reagieren realistisch recht rechtzeitig rede reden regel
regelmäßig regen regnen reich reichen reichlich reihe reihenfolge rein reinschauen reizen reizend reizvoll relativ
relevant respekt richten richtig richtung riechen riesig ringen rolle romantisch rücken rufen ruhe ruhen ruhig rühren
runter rutschen sache sachlich sagen sagenhaft sammeln sanft satt satz schade schaffen schatten schätzen schauen
scheinbar scheinen schick schicken schicksal schieben schimmern schlafen schlagen schlau schlecht schlechthin
schleichen schlicht schlichtweg schließen schließlich schlimm schmackhaft schmal schmecken schmökern schmunzeln
schnappen schnell schnuppern schon schön schonend schönheit schräg schrecklich schreiben schreien schritt schummeln
schwach schwarz schweigen schwer schwierig schwierigkeit schwingen schwung schwungvoll seele sehen sehenswert sehnen
sehnlich sehnsucht seit seitdem seite seitens selbstredend selbstverständlich selten seltsam sensationell setzen
sicherlich sichtbar sichtlich sinn sinnlich sinnvoll situation sitzen so soeben sofern sogar sogleich solang sommer
sommerlich sonne sonnig sonst sonstig sorge sorgen sorgfältig sorglos sorgsam soweit sowieso spannend spannung sparsam
spaß spät später spätestens spazieren speziell spielen spielerisch spitze spitzenmäßig spontan spotten sprache
sprechen springen spüren spur spürbar stabil stamm stark stärke stattfinden staunen stecken stehen steigen steif
stelle stellen stets stichwort still stille stillen stimme stimmen stimmung stimmungsvoll stolpern stolz stopp stören
stoßen strahlen strahlend strecken streichen streng stress stressfrei stressig strikt stück suche suchen summe super
süß sympathisch szene tatsache tatsächlich täuschen teil teilen teils teilweise thema tief tipp toll ton tragen
trainieren traum träumen traumhaft traurig traurigkeit traut treffen treiben trend trennen treu trocken trotzdem
trubel trüb tun tür typ typisch übel üben überall überblick überblicken übereinstimmen überflüssig überfordert
überhaupt überlassen überlegen überlegung überraschen überraschend überraschung überreden übersehen übersicht
übersichtlich übertreiben überwinden überzeugen überzeugend überzeugt üblich üblicherweise übrig übrigens umfangreich
umfassen umfassend umgeben umgebung umgehen umgehend umschauen umsehen umstand umständlich umso unangenehm unbedingt
unbekannt unbemerkt unbequem unbeschwert unbeschreiblich unendlich unerwartet unfassbar ungefähr ungemein ungern
ungestört ungewöhnlich ungewohnt unglaublich unheimlich unklar unkompliziert unmittelbar unmöglich unnötig unruhig
unsicher unter unterdessen unterhalten unterhaltsam unterhaltung unterschied unterschiedlich unterwegs unverzüglich
unvergesslich unverhofft unwahrscheinlich unwichtig unzählig ursprünglich usw vergehen vergessen vergnügen vergnüglich
vergleichbar vergleichen verhalten verhältnis verhältnismäßig verkünden verlangen verlassen verlaufen verleihen
verlieren verliebt vermeiden vermissen vermutlich vermögen vernünftig verpassen verpflichten verraten verrückt
verschieden verschiedene verschwinden versetzen verspüren verständlich verstehen verstecken versuch versuchen
vertiefen vertragen vertraut vervollständigen verwandeln verwechseln verweilen verwirren verwirrend verwöhnen
verzaubern verzichten verzweifelt vielfalt vielfältig vielleicht vielmals vielmehr vielseitig völlig vollkommen
vollständig voran voranbringen vorankommen voraus voraussetzen voraussichtlich vorbei vorbeikommen vorbeischauen
vorbereiten vorbereitet vorbereitung vorder vordergrund vorerst vorfreude vorfinden vorführen vorgang vorgehen
vorgestern vorhaben vorhanden vorher vorherig vorhin vorig vorkommen vorläufig vorlegen vorlesen vorlieb vorliebe
vorliegen vormerken vorn vorne vornehmen vorrangig vorschlag vorschlagen vorsicht vorsichtig vorsorglich vorstellen
vorstellung vorteil vorteilhaft vorüber vorwärts vorweg vorziehen wach wachen wagen wahl wählen wahlweise wahr wahren
wahrhaft wahrhaftig wahrlich wahrnehmen wahrscheinlich wandeln warm wärmen wärmstens warten wechseln wechsel wecken
weg wehen weich weiger  weil weise weit weitaus weitem weitere weiterhelfen weiterhin weitergehen
weitgehend welt wenden wenigstens werfen wert wertvoll wesen wesentlich wetter wichtig wider widmen wiederholen
wiederholt wiederkommen wiedersehen wiederum wild willkommen winken winter winterlich winzig wirken wirklich
wirklichkeit wirksam wirkung wissen wissenswert witz witzig wohl wohlfühlen wohltuend wollen womöglich wort wozu
wunder wunderbar wundern wunderschön wundervoll wunsch wünschen wunschlos würdig wusste zahlreich zart zauber
zauberhaft zeichen zeigen zeit zeitig zeitlos zeitweise zentral zerbrechen ziehen ziel ziemlich zierlich zitieren
zögern zu zudem zuerst zufall zufällig zufrieden zufriedenheit zufriedenstellend zugeben zugehen zugegeben zugleich
zugreifen zuhause zuhören zukommen zukunft zukünftig zulassen zuletzt zuliebe zumachen zumal zumindest zunächst
zunehmend zunge zurück zurechtkommen zurecht zurückblicken zurückdenken zurückkehren zurücklehnen zurückkommen
zurückgreifen zusagen zusammen zusammenkommen zusammenhang zusammenfassen zusammenfassung zusammenstellen zusätzlich
zuschauen zusehen zustand zustande zustehen zustimmen zutreffen zutun zuverlässig zuvor zuweilen zuwenden zwang zwar
zweck zweifel zweifellos zweifeln zwischen zwischendurch zwischenzeitlich ach aha hurra juhu mensch naja oha oje tja
ups wow tschüss ciao anlegen anpacken ansprechen anschieben abziehen abhaken abklären abstimmen aufmachen aufschreiben
aufzählen auskennen einplanen einziehen einsenden entgegennehmen festlegen hinkommen hingehen mitmachen mitteilen
nachfragen nachschauen nachzählen raussuchen rumkommen rüberkommen verabreden verabschieden vorbeibringen
zusammensetzen zurückmelden zurückrufen zusenden zuschicken zählen rechnen kalkulieren vorab ausgenommen
"""
