"""German words that assert nothing that could be checked; see `light_en`."""

from __future__ import annotations

LIGHT = """
abenteuer abenteuerlich aber abgesehen abhaken abheben abhängen abklären abkühlen ablauf ablegen ablehnen ablenken
ablenkung abmachen abraten abrunden abschalten abschauen abschicken abschied abschlagen abschließen abschließend
abschreiben absehen absenden absetzen absicht absichtlich absitzen absolut absolvieren abspielen absprechen abstand
abstecher abstellen abstimmen absurd abwarten abwechseln abwechselnd abwechslung abwechslungsreich abweichen abwenden
abwesend abwägen abziehen ach achten achtung aha ahnen ahnung akustisch akut akzeptieren allabendlich allein alleinig
allemal allenfalls allerbeste allerdings allererste allerlei allerseits alles allgemein alljährlich allmählich alltag
alltäglich allzu also alt alternativ alternative amüsant amüsieren anblick andauern andauernd andenken andererseits
andernfalls anders anderswo andeuten aneignen anerkennen anfang anfangen anfangs anfühlen anführen angeben angeboren
angehen angehend angelegen angelegenheit angemessen angenehm angestrengt angst angucken anhaben anhaltend anhand
anheben anhören ankommen ankunft ankündigung anlass anlaufen anlegen anlehnen anleiten anliegen anlocken anlässlich
anmerken annahme annehmen annähern annähernd anordnen anpacken anpassen anregen anregend anregung anreichern anreiz
anrühren ansammeln ansatz anschauen anschauung anscheinend anschieben anschließen anschließend anschwellen ansehen
ansetzen ansicht ansonsten anspielen anspornen ansprechen ansprechend anspruch anspruchsvoll anstecken anstehen
anstelle anstellen anstieg anstoßen anstrengen anstrengend anstrengung anständig antasten anteil antreffen antreiben
antreten antrieb antun antwort antworten anvertrauen anwenden anwendung anwesend anzeichen anzeigen anziehen anzünden
appetit arbeiten arg arrangieren art atem atemberaubend atmen atmosphäre attraktion auf aufatmen aufbrechen aufbruch
auffallen auffangen auffassen auffinden auffordern auffrischen auffällig aufführen aufgabe aufgeben aufgehen
aufgehoben aufgeregt aufgeräumt aufgreifen aufgrund aufhalten aufheben aufholen aufhören aufklären aufkommen aufladen
auflösen aufmachen aufmerksam aufmerksamkeit aufmuntern aufnehmen aufpassen aufpeppen aufraffen aufrecht aufregen
aufregend aufregung aufrichtig aufrufen aufräumen aufschieben aufschreiben aufsehen aufspringen aufstehen aufsuchen
auftakt auftanken auftauchen auftauen auftreten auftritt aufwachen aufwachsen aufwand aufwecken aufweisen aufwendig
aufwerten aufwärmen aufwärts aufzeigen aufzählen auge augenblick augenblicklich ausarbeiten ausbleiben ausblick
ausbreiten ausdauer ausdehnen ausdenken ausdruck ausdrücken ausdrücklich auseinander ausfallen ausflug ausführlich
ausfüllen ausgangspunkt ausgeben ausgedehnt ausgefallen ausgeglichen ausgehen ausgehend ausgelassen ausgenommen
ausgerechnet ausgesprochen ausgewogen ausgiebig aushalten auskennen auskommen auskunft auslassen auslösen ausmachen
ausnahmslos ausnahmsweise ausnutzen ausprobieren ausreden ausreichen ausreichend ausrichten ausrufen ausruhen
ausschalten ausschau ausschlafen ausschlagen aussehen aussicht ausspannen aussprechen aussteigen ausstrahlen
ausstrahlung ausstrecken aussuchen austausch auswahl ausweg ausweichen auswendig auswirken auswirkung auswählen
auszeit ausziehen ausüben außergewöhnlich bald ballen band bange bangen basis basteln bauch baumeln beabsichtigen
beachten beachtlich beanspruchen bedauerlich bedauern bedecken bedenken bedenkenlos bedeuten bedeutend bedeutsam
bedeutung bedingung bedrohen bedürfnis beeilen beeilung beeindrucken beeindruckend beeindruckt beeinflussen beenden
befallen befassen befehl befestigen befinden beflügeln befolgen befragen befreien befreit befreundet befriedigen
befördern befürchten befürworten begabt begeben begegnen begegnung begehen begehren begehrt begeistern begeisternd
begeistert begeisterung begierig beginn beginnen begleiten begleiter begleitung beglückt begreifen begreiflich
begrenzen begriff begründen begrüßen begünstigen behagen behaglich behalten behandeln beharren behaupten beheimatet
beherrschen beherzigen behilflich behutsam behüten beibringen beides beilegen beimessen beinah beinahe beinhalten
beirren beisammen beisein beiseite beispiel beispielsweise beistehen beitragen beißen bekannt bekanntlich bekennen
beklagen bekommen bekömmlich belangen belastung beleben belebend beleuchten belieben beliebig beliebtheit belohnen
belohnung bemerkbar bemerken bemerkenswert bemerkung bemühen bemühung benehmen beneiden beneidenswert benennen
benutzen benötigen beobachten bequem bequemlichkeit berauschen berechtigt bereich bereichern bereit bereiten
bereitliegen bereits bereitschaft bereitstehen bereitwillig bereuen bergen berichten beruhigen beruhigend beruhigt
berücksichtigen berühren beschaffen bescheid bescheiden bescheren beschleunigen beschließen beschreiben beschränken
beschwingt beschwören beschäftigen beschäftigt beseitigen besichtigen besinnen besinnlich besitz besitzen besonder
besonderheit besonders besorgen besprechen besprechung bestaunen bestehen bestens bestimmen bestimmt bestreben
bestreiten bestärken bestätigen besuchen betonen betonung betrachten betrachtung betreffen betreffend betreiben
betreten betrifft betrüben betteln beurteilen bevorstehen bevorzugen bevorzugt bewahren bewegen bewegend bewegt
bewegung beweis beweisen bewirken bewohnen bewundern bewusst bewältigen bezaubernd bezeichnen beziehen beziehung
beziehungsweise bezug bezüglich bieten bild bilden bildhaft bildschön billigen binden bis bisher bislang bisschen
bitte bitten bitter blatt bleiben blick blicken blöd blühen blühend blümchen boden bodenständig bombe brandneu
brauchbar brauchen brav brechen breit brennen brenzlig bringen brodeln brummen bummeln bunt böse bündeln chance chaos
charakter charakteristisch charmant charme ciao dabei dabeibleiben dafür daheim dahin dahinter damals damit danach
daneben dank dankbar dankbarkeit danke danken dankend dankeschön darauf darauffolgend daraufhin darbieten darlegen
darstellen darum dasein dauer dauern dauernd davonkommen davor dazu dazukommen dazulernen decken dekorativ demnach
demnächst demzufolge denkbar denken dennoch derart derartig derselbe derweil derzeit deshalb desto detail detailliert
deuten deutlich dezent dicht dick dienen differenziert dilemma dimension ding direkt diskret diskussion diskutieren
distanz doppelt dran draußen drehen dreifach dringend drinnen dritte drohen druck drum drängeln drängen drücken
drückend duft duften dulden dumm dunkel dunkelheit durchatmen durchaus durchblick durchblättern durchdacht
durcheinander durchführen durchführung durchgehen durchgehend durchhalten durchkommen durchlaufen durchlesen
durchqueren durchschauen durchschnittlich durchsetzen durchstarten durchweg durchziehen durst dynamisch dämmern dünn
ebenbürtig ebenfalls ebenso ebnen echt echtheit ecke edel egal ehe ehemals eher ehren ehrenwert ehrfurcht ehrgeiz
ehrgeizig ehrlich eifer eifrig eigen eigenart eigenschaft eigenständig eigentlich eignen eilen eilends eilig einander
einbeziehen einbilden einblick einbringen einbüßen eindeutig eindringlich eindruck eindrucksvoll einerseits einfach
einfachheit einfall einfallen einfangen einfinden einfluss einflößen einführen eingebung eingehen eingespielt
eingewöhnen einheitlich einheizen einher einholen einig einigen einiges einigung einkauf einkehren einklang einladen
einladend einladung einlassen einleiten einleitung einleuchten einmalig einmischen einordnen einplanen einprägen
einprägsam einreden einreichen einrichten einrichtung einräumen einsam einsatz einsatzbereit einschenken einschlafen
einschlagen einschreiten einschränken einschätzen einsehen einsenden einsetzen einsicht einspringen einsteigen
einstellen einstellung einstieg einstig einstimmen einstweilen eintauchen eintreffen eintreten eintönig einverstanden
einwand einwandfrei einwenden einwilligen einzel einzelheit einzeln einziehen einzig einzigartigkeit elan elegant
element elend empfang empfangen empfinden empfindlich empfindung ende enden endgültig endlich endlos energisch eng
engagieren engagiert entbehren entdecken entdeckung entfachen entfallen entfalten entfernen entfernt entführen
entgegen entgegennehmen entgegensehen entgehen entgleiten enthalten entlang entlassen entlasten entlocken entnehmen
entrinnen entscheiden entscheidend entscheidung entschieden entschließen entschlossen entschlüsseln entschuldigen
entschuldigung entsetzlich entsinnen entspannen entspannt entspannung entsprechen entsprechend entspringen entstehen
enttäuschen enttäuscht entweder entwickeln entwicklung entzücken entzückend entzünden erachten erahnen erarbeiten
erbauen erbitten erblicken erblühen erdenklich erdulden ereignen ereignis erfahrbar erfahren erfassen erfinden
erfinderisch erflehen erfolg erfolgen erfolgreich erforderlich erforderlichenfalls erfordern erforschen erfreuen
erfreulich erfreut erfrischen erfrischend erfrischt erfüllen erfüllt erfüllung ergattern ergeben ergebnis ergiebig
ergreifen ergründen ergänzen ergänzend ergänzung ergötzen erhaben erhalten erheben erheblich erheitern erhitzen
erhoffen erholen erholsam erholung erhören erinnern erinnerung erkennen erklimmen erklären erklärung erkunden
erkundigen erlangen erlauben erlaubnis erlaubt erleben erlebnis erledigen erleichtern erleichternd erleichtert
erleichterung erlernen erlesen erläutern erläuterung ermahnen ermitteln ermuntern ermunterung ermutigen ermöglichen
ermüden ermüdend erneut ernst ernsthaft ernten erobern erraten erregen erreichen erscheinen erschöpft ersehen ersehnen
ersehnt ersichtlich ersparen erspüren erst erstaunen erstaunlich erstaunt erstmal erstmalig erstmals erstrangig
erstreben erstrecken ertappen erteilen ertragen erträglich erträumen erwachen erwachsen erwarten erwartung erwecken
erweisen erweitern erwidern erwischen erwägen erwähnen erwärmen erwünscht erzeugen erzielen erzählen erzählung
eröffnen erörtern erübrigen essenziell etabliert etwa etwas eventuell ewig ewigkeit exakt existieren experimentieren
extra fabel fabelhaft facette fad faden fair fairness faktor fall fallen falls falsch familiär fangen fantasie
fantasievoll farbe farbenfroh farblich fassen faszination faszinieren faszinierend faul faulenzen favorit fehlen
fehler feierabend feierlich feiern fein feinfühlig feinheit feinschmecker fern fernab ferner fernweh fertig fesseln
fesselnd fest festhalten festigen festlegen feststehen feststellen feucht fieber fiktiv filigran finden finger finster
fixieren flach flackern flair flehen fleiß fleißig flexibel flexibilität fliegen fließen flink flirren floskel flott
flüchtig flüssig flüstern folge folgen folgerichtig folgern folglich fordern form formulieren forschend fort fortan
fortführen fortlaufend fortsetzen fortsetzung frage fragen freiheit freilich freimütig freiwillig freizeit freizügig
fremd freude freudig freuen freund freundlich freundlichkeit freundschaft frieden friedlich frisch froh frust fröhlich
fröhlichkeit frösteln früh früher frühling frühlingshaft fulminant fundiert funkeln funkelnd furchtbar fähig fähigkeit
förderlich fördern förmlich fügen fühlen führen fülle füllen fündig fürchten fürsorge fürsorglich fürwahr galant gang
ganz gar garnieren gastfreundlich gastfreundschaft gebannt geben gebieten geborgen geborgenheit gebrauchen
gebräuchlich gebühren gedanke gedanklich gedeihen gedenken gediegen geduld gedulden geduldig gedämpft geeignet gefahr
gefallen gefallend gefasst gefragt gefährden gefälligst gefühl gegebenenfalls gegen gegend gegensatz gegenseitig
gegenstand gegenteil gegenwart gegenüber gehabt gehalt gehaltvoll geheim geheimnis gehen gehoben gehören gehörig geist
gekonnt gelangen gelassen gelassenheit gelegenheit gelegentlich geliebt gelingen gelten geltend gelungen geläufig
gemein gemeinsam gemeinsamkeit gemeinschaft gemeinschaftlich gemächlich gemüt gemütlich gemütlichkeit genau genauer
genauso generell genial genießen genießer genug genussvoll genügen genügend genüsslich gepflegt gerade geradezu
gerecht gerechtfertigt geredet geregelt gering geringfügig gern gerne geräumig geräusch gerücht gerührt gesamt
geschafft geschehen gescheit gescheitert geschichte geschick geschickt geschmack geschmackvoll geschmeidig geschützt
gesellen gesellig geselligkeit gesicht gespannt gespräch gespür gestalt gestalten gestehen gestern gestresst getreu
getrost gewagt gewaltig gewandt gewicht gewichtig gewiss gewissen gewissenhaft gewissermaßen gewohnheit gewohnt
gewähren gewöhnen gewöhnlich gewünscht gierig gigantisch gipfeln glanz glanzvoll glatt glauben glaubhaft glaubwürdig
gleich gleichermaßen gleichfalls gleichmäßig gleichsam gleichwohl gleichzeitig gleiten glimpflich glitzern glorreich
glänzen glänzend glück glücklich glücklicherweise glühen gnädig goldig grandios gratulieren grau grausam greifen grell
grillig grob groß großartig großzügig grund grundlage grundsätzlich gruppieren gruß grässlich grübeln gründlich grüßen
gucken gut gänzlich gönnen günstig günstigenfalls haben halbherzig halbwegs hals halt halten haltung hand handfest
handgriff handlich handverlesen harmlos harmonie harmonisch hart hassen hast hastig hauch haupt hauptsache
hauptsächlich hautnah heben heftig heikel heim heimelig heimisch heimkehren heimlich heimweh heiter heiterkeit heiß
heißen hektik hektisch helfen hell her heran heranführen herangehen heranwachsen heraus herausfinden herausfordern
herausfordernd herausforderung herausholen herausragend herausstellen heraussuchen herbei herbeiführen herbst
herbstlich herein hereinbrechen hereinschauen herhalten herkommen herleiten hermachen herrichten herrlich herrschen
herum herumführen herumkommen herumliegen herumstehen herunter hervor hervorbringen hervorheben hervorragend herz
herzenswunsch herzhaft herzlich heulen heute heutig heutzutage hierbei hierfür hierher hiermit hierzu hierzulande
hilflos hilfreich hilfsbereit himmel himmlisch hin hinarbeiten hinaus hinausgehen hinauszögern hindern hindernis
hinein hineinfinden hineinversetzen hingabe hingeben hingegen hingehen hinkommen hinkriegen hinlegen hinnehmen
hinreißend hinsehen hinsetzen hinsicht hinsichtlich hinten hintergrund hinterher hinterlassen hinunter hinweg hinweis
hinweisen hinziehen hinzu hinzufügen hoch hochkarätig hocken hoffen hoffentlich hoffnung holen holprig horchen humor
hunger hungrig hurra hängen häufig höchst höflich höflichkeit hörbar hören hübsch hügelig hüten ideal idee ideell
identisch idyllisch ignorieren illustrieren immerhin immerzu imponieren imposant improvisieren impuls indessen
indirekt individualität individuell infolge information informieren inhalt inne innehalten innen inner innerhalb
innerlich innig insbesondere insgeheim insgesamt insofern inspiration inspirieren inspirierend instinkt intelligent
intensiv interessant interesse interessent interessieren interessiert interpretieren intuitiv inwiefern inwieweit
inzwischen irgend irgendein irgendwas irgendwer irgendwie irgendwo irreführend irren irritieren irrtum jahreszeit
jammern jedenfalls jederlei jedermann jedoch jemals jemand jetzig jeweilig jubel jubeln juhu jung jüngst kahl
kalkulieren kalt kapieren karg keck keinesfalls keineswegs kennen kennenlernen kenntnis kennzeichnen kern kernig
kinderleicht kippen kitzeln klagen klamm klang klappen klar klarheit klarkommen klarmachen klarstellen klasse
klassisch kleben kleinigkeit kleinlich klicken klingeln klingelnd klingen klopfen klug klären knackig knallen knapp
knifflig knistern knospe komfort komisch kommen kommunizieren komplett komplex kompliment kompliziert komponente
konflikt konkret konkretisieren konsequent konstant kontinuierlich kontrast konzentrieren kopf kopfzerbrechen korrekt
kostbarkeit kraft kramen krass kreativ kreieren kriegen kritik kritisch kräftig krönen krönung kulinarisch kulisse
kunterbunt kurios kuriosität kurz kurzerhand kurzfristig kurzum kurzweilig kuschelig kälte können körper köstlich
kümmern künftig künstlich kürzlich labsal lachen lachend laden lage lahm laienhaft land landen lange langfristig
langsam langweile langweilen langweilig lassen lasten laufen laufend laune laut lauten lauter lautlos leben lebendig
lebensfreude lebensgefühl lebenslust lebhaft lecker leckerbissen leer legen lehrreich leicht leichtigkeit leidenschaft
leidenschaftlich leider leidig leidlich leise leisten lenken lernen lesen leserlich letzt letztendlich letztlich
leuchten leute licht lieb liebe lieben liebenswert liebenswürdig lieber liebevoll liebhaber lieblich liebling lieblos
liebreiz lied liegen linie loben locken locker lohnen lohnend los losgehen loslegen luftig lukrativ lust lustig
lächeln lächerlich längerfristig längst lärm lässig lästig lösen lösung lücke machbar machen mager magisch mahnen
makellos mal malerisch manch mancherorts manchmal mangel mannigfaltig markant markieren massiv maximieren maß
maßgeblich meckern mehrfach mehrheitlich meinen meinung meistens meisterhaft meistern melden memorieren menge mensch
menschlich merkbar merken merklich merkwürdig mild milde mindern minimal mischen mischung mist mitbringen mitdenken
miteinander mitentscheiden mitfühlen mitgeben mitgestalten mithelfen mitkommen mitmachen mitnichten mitreden mitreißen
mitreißend mitschreiben mitspielen mitteilen mitteilung mittel mitten mittendrin mittlerweile mitwirken mobil modern
modisch moment momentan momentaufnahme monatelang monoton morgen motivation motivieren motiviert motto mund munter
muster musterhaft mut mutig mutmaßlich mächtig märchenhaft mäßig möglich möglicherweise möglichkeit möglichst müde
mühe mühelos mühevoll mühsam mühselig mündlich nachahmen nachdenken nacheinander nachfragen nachgehen nachhaken
nachhause nachher nachholen nachlassen nachlesen nachricht nachschauen nachsehen nachsicht nachspüren nachteil
nachträglich nachvollziehen nachweislich nachzählen nah nahe nahebringen nahegehen naheliegen naheliegend nahezu
nahtlos naja name namens narr naschen naturgemäß natürlich neben nebenbei neckisch nehmen neidisch neigen neigung
nennen nennenswert nerven nervig nett neu neuartig neuerdings neugestalten neugier neugierig neuheit neulich nicken
niederlassen niedlich niveau nobel nochmal nochmals normal normalerweise nostalgie nostalgisch not notfalls
notgedrungen notieren notlage notwendigerweise nuance nunmehr nutzen nähe näher nämlich nötig nötigenfalls nüchtern
nützen nützlich ob oben obenauf obendrein oberhalb obig offen offenbar offenherzig offenkundig offensichtlich oha
ohnehin ohr oje opfern optimal ordentlich ordnen ordnung organisieren orientieren orientierung original originell
ortskundig packen packend paradies parallel partiell passabel passen passend passgenau passieren pauschal pause
peinlich peppig per perfekt perfektion perle persönlich persönlichkeit pfiffig pflegen pflicht phantastisch phase
phänomenal pikant plagen plan planen platzen plaudern plausibel plätschern plötzlich pompös positiv potenziell pracht
prachtvoll praktikabel praktisch preisgeben prickeln prickelnd prima prinzip prinzipiell probieren problem problemlos
profitabel prompt prunkvoll prächtig prägen prägnant präsent präsentieren präzise prüfen puls pur pusten pünktlich
qual quasi quatsch quirlig quälen raffiniert rahmen rampenlicht ran rand rar rasant rasch raschelnd rasten raten
ratlos ratsam ratschlag raus rauschen rauskommen raussuchen reagieren realisieren realistisch realität rechenschaft
rechnen recht rechtfertigen rechtzeitig rede reden redlich reflektieren rege regel regelmäßig regen regnen reibungslos
reich reichen reichlich reif reihe reihenfolge rein reinschauen reizen reizend reizvoll reißen rekapitulieren relativ
relevant respekt resultieren resümee retten revidieren rhythmus richten richtig richtung riechen riesig ringen
riskieren rolle romantisch rosig routine routiniert rufen rufend ruhe ruhen ruhig rumkommen rundherum rundum runter
rustikal rutschen rätsel räumlich rüberkommen rückblick rückblickend rücken rückkehr rücksicht rückzug rühmen rühren
rührend sache sachlich saftig sagen sagenhaft sammeln samtig sanft satt satz schade schaffbar schaffen scharf schatten
schaudern schauen schaukeln scheinbar scheinen scherz scheu schick schicken schicksal schieben schildern schimmern
schimmernd schlafen schlagen schlau schlecht schlechthin schleichen schlemmen schlendern schleppen schlicht
schlichtweg schließen schließlich schlimm schlussendlich schlüssig schmackhaft schmal schmecken schmeicheln schmelzen
schmunzeln schmökern schmücken schnappen schnell schnellstens schnellstmöglich schnuppern schon schonend schreck
schrecklich schreiben schreien schrill schritt schrittweise schräg schummeln schwach schwanken schwarz schweben
schweifen schweigen schwelgen schwer schwierig schwierigkeit schwinden schwingen schwitzen schwung schwungvoll
schwärmen schwärmerei schätzen schön schönheit schöpfen schüchtern schütteln seele segen segnen sehen sehenswert
sehenswürdig sehnen sehnlich sehnsucht seicht seinerzeit seinesgleichen seit seitdem seite seitens selbstbewusst
selbsterklärend selbstredend selbstsicher selbstverständlich selig selten seltsam sensationell sensibel seriös setzen
seufzen sicherlich sichtbar sichtlich sinn sinnbild sinnen sinnieren sinnlich sinnvoll sittsam situation sitzen
skeptisch so soeben sofern sogar sogleich solang solch solide sommer sommerlich sonderbar sonderlich sonne sonnen
sonnenschein sonnig sonst sonstig sorge sorgen sorgfältig sorglos sorgsam souverän soweit sowieso spannend spannung
sparsam spazieren spaß spektakulär spezialität speziell spiegeln spielen spielerisch spielraum spitze spitzenmäßig
spontan spotten sprache sprechen sprießen springen spritzig sprühen spur spärlich spät später spätestens spürbar
spüren stabil stachelig stamm stark stattfinden stattlich staubig staunen stecken stehen steif steigen stelle stellen
stellenweise stetig stets stichpunkt stichwort stiften still stille stillen stillschweigend stillvergnügt stilvoll
stimme stimmen stimmig stimmung stimmungsvoll stolpern stolz stopp stoßen strahlen strahlend strapazieren strategisch
strebsam strecken streichen streifen streng stress stressfrei stressig strikt strömen stufe stundenlang stur stärke
stöbern stören stück stürmen stürmisch stützen suche suchen suggerieren summe super symbol symbolisch sympathie
sympathisch systematisch szene säen sämtlich sättigen säumen süffig süß tadellos tagtäglich taktvoll tapfer tappen
tasten tatkräftig tatsache tatsächlich tauglich taumeln teil teilen teils teilweise tendenz tendenziell thema tief
tiefgehend tipp tja toben tolerant toll ton tragen trainieren trauen traum traumhaft traurig traurigkeit traut treffen
treffend treffsicher treiben trend trennen tretend treu treue trist trocken trotz trotzdem trotzen trubel träge
träumen trödeln tröpfeln trösten trüb trügen tschüss tummeln tun turbulent typ typisch täuschen tönen tüfteln tür
umarmen umdrehen umfangreich umfassen umfassend umfeld umformen umfunktionieren umgang umgeben umgebung umgehen
umgehend umgänglich umhauen umhören umrahmen umranden umreißen umringen umschauen umsehen umsetzen umsichtig umso
umsorgen umstand umstritten umständlich umwerfend unabdingbar unablässig unabsehbar unachtsam unangemeldet unangenehm
unausweichlich unbedenklich unbedeutend unbedingt unbefangen unbegreiflich unbehaglich unbeirrt unbekannt unbeliebt
unbemerkt unbequem unbeschreiblich unbeschwert unbestritten unbeständig unbewusst unbändig undenkbar undeutlich
uneingeschränkt unempfindlich unendlich unentbehrlich unentschlossen unerheblich unerhört unerklärlich unermesslich
unermüdlich unersetzlich unerwartet unerwünscht unfassbar ungeachtet ungeahnt ungeduldig ungeeignet ungefähr ungelogen
ungemein ungenau ungenutzt ungern ungerührt ungestört ungewohnt ungewöhnlich ungezwungen unglaublich unglücklich
ungünstig unheimlich unklar unklarheit unkompliziert unliebsam unlängst unmissverständlich unmittelbar unmut unmöglich
unnachahmlich unnötig unnütz unpassend unpraktisch unruhe unruhig unscheinbar unschlüssig unselig unsicher unsinn
unspektakulär unstimmig unter unterdessen untergehen unterhalten unterhaltsam unterhaltung untermalen unternehmung
unterschied unterschiedlich unterschätzen unterstreichen unterteilen unterwegs unumgänglich ununterbrochen unverblümt
unverfälscht unvergesslich unvergleichlich unverhofft unverkennbar unvermeidlich unversehens unverwechselbar
unverzüglich unverändert unvollständig unvorhergesehen unvorstellbar unwahrscheinlich unweigerlich unweit unwichtig
unwiderstehlich unwillkürlich unzertrennlich unzufrieden unzählig unübersehbar ups urplötzlich ursprünglich usw
variante variieren verabreden verabschieden verankern veranlassen veranschaulichen verantworten verantwortung
verarbeiten verbergen verbinden verbindung verblüffen verblüffend verbreiten verbreitet verbringen verdanken verdecken
verdeutlichen verdient verdrängen verdutzt verehren verehrt vereinen vereinfachen vereinzelt verfallen verfehlen
verfeinern verfliegen verflixt verfolgen verfügen vergeben vergeblich vergegenwärtigen vergehen vergessen vergewissern
vergleich vergleichbar vergleichen vergnügen vergnüglich vergnügt vergönnen verhalten verhelfen verhindern verhältnis
verhältnismäßig verinnerlichen verkehrt verknüpfen verkörpern verkünden verlangen verlassen verlaufen verlegen
verleihen verleiten verliebt verlieren verlocken verlockend verlust vermeiden vermissen vermitteln vermuten vermutlich
vermögen vernachlässigen vernehmen vernünftig verpacken verpassen verpatzen verpflichten verraten verregnet verrichten
verrücken verrückt verschaffen verschieben verschieden verschiedene verschlafen verschlagen verschleiern verschmelzen
verschnaufen verschweigen verschwenden verschwinden verschönern versetzen versinken verspielt verspotten versprühen
verspüren verstand verstecken verstehen verstohlen verstreichen verströmen verständigen verständlich verständnis
verstärken versuch versuchen versäumen versöhnen vertiefen vertragen vertraut verträumt vertrödeln vertun verursachen
vervielfältigen vervollständigen verwahren verwandeln verwandt verwechseln verweigern verweilen verweis verwerfen
verwickeln verwirklichen verwirren verwirrend verwunderlich verwundern verwurzelt verwöhnen verzaubern verzehren
verzeihen verzichten verzieren verzweifelt verzögern verzücken viele vielfalt vielfältig vielleicht vielmals vielmehr
vielseitig vollauf vollbringen vollenden vollends vollführen vollgepackt vollkommen vollständig voneinander vorab
voran voranbringen vorankommen vorantreiben voraus voraussetzen voraussicht voraussichtlich vorbehalten vorbei
vorbeibringen vorbeikommen vorbeischauen vorbereiten vorbereitet vorbereitung vorbild vorbildlich vorder vordergrund
vordringlich voreilig vorenthalten vorerst vorfall vorfinden vorfreude vorführen vorgabe vorgang vorgeben vorgehen
vorgehensweise vorgestern vorhaben vorhanden vorher vorherig vorhersehen vorhin vorig vorkommen vorkommnis vorlegen
vorlesen vorlieb vorliebe vorliegen vorläufig vormerken vorn vorne vornehmen vornherein vorrangig vorreiter vorschlag
vorschlagen vorschweben vorsehen vorsicht vorsichtig vorsorgen vorsorglich vorspielen vorstellbar vorstellen
vorstellung vorteil vorteilhaft vortrefflich vorwagen vorwand vorweg vorweisen vorwiegend vorwärts vorzeigen vorzeitig
vorziehen vorzug vorzüglich vorüber völlig wach wachen wachhalten wachrufen wacker wagen wahl wahlweise wahnsinnig
wahr wahren wahrhaft wahrhaftig wahrlich wahrnehmen wahrnehmung wahrscheinlich wahrscheinlichkeit wandeln wanderlust
wankelmütig warm warten wechsel wechselhaft wechseln wechselseitig wecken weg weggehen weglassen wegsehen wehen
wehmütig weich weichen weiger weil weise weit weitaus weitem weitere weiterempfehlen weiterführen weitergeben
weitergehen weiterhelfen weiterhin weiterkommen weiterleiten weitermachen weitgehend weitreichend weitsicht
weitverbreitet welt wenden wendig wenigstens werdegang werfen wert wertschätzen wertschätzung wertvoll wesen wesensart
wesentlich wetten wetter wichtig wichtigkeit wider widerfahren widerlegen widerspiegeln widerstehen widmen
wiederfinden wiedergeben wiederholen wiederholt wiederkehren wiederkommen wiedersehen wiederum wiegen wild willkommen
wimmeln windig winken winter winterlich winzig wirken wirklich wirklichkeit wirksam wirkung wissen wissenswert witz
witzig wohl wohlbefinden wohlfühlen wohlgemerkt wohlig wohlklingend wohltat wohltuend wohlwollend wolkig wollen
womöglich wonne wort wow wozu wuchtig wunder wunderbar wunderlich wundern wunderschön wundervoll wunsch wunschlos
wurzeln wuseln wusste wählen wählerisch wärmen wärmend wärmstens wörtlich wünschen würdig würzig zaghaft zahllos
zahlreich zappeln zart zauber zauberhaft zauberisch zaubern zeichen zeigen zeit zeitaufwendig zeitgemäß zeitgleich
zeitig zeitlos zeitnah zeitraubend zeitvertreib zeitweise zentral zerbrechen zergehen zerren zerstreuen ziehen ziel
ziellos zielstrebig ziemlich zieren zierlich zischen zitieren zornig zu zudem zuerst zufall zufallen zuflucht
zufrieden zufriedenheit zufriedenstellend zufällig zufügen zugeben zugegeben zugehen zugetan zugleich zugreifen
zugunsten zuhause zuhören zukommen zukunft zukunftsweisend zukünftig zulassen zuletzt zuliebe zumachen zumal zumeist
zumindest zumuten zunehmend zuneigung zunge zunächst zuordnen zupacken zurecht zurechtkommen zurück zurückblicken
zurückdenken zurückgreifen zurückhalten zurückhaltend zurückkehren zurückkommen zurücklegen zurücklehnen zurückmelden
zurückrufen zurückziehen zusage zusagen zusammen zusammenbringen zusammenfassen zusammenfassung zusammenfinden
zusammenhalten zusammenhang zusammenkommen zusammensetzen zusammenstellen zusammenstellung zusammentreffen zusammentun
zuschauen zuschicken zusehen zusenden zuspitzen zustand zustande zustehen zustimmen zustreben zusätzlich zutage
zutiefst zutraulich zutreffen zutun zuverlässig zuversicht zuversichtlich zuvor zuvorkommend zuweilen zuwenden zwang
zwar zweck zweckmäßig zweifach zweifel zweifelhaft zweifellos zweifeln zweifelsohne zweitens zwicken zwinkern zwischen
zwischendurch zwischenzeitlich zäh zählen zärtlich zögerlich zögern zügig zünden ähneln äußern äußerst äußerung öffnen
öfter öfters übel üben überall überaus überblick überblicken überdies übereinstimmen überfliegen überfluss überfluten
überflüssig überfordert überfällig übergang übergeben übergehen überhaupt überhören überladen überlagern überlassen
überleben überlegen überlegung übermäßig überqueren überragend überraschen überraschend überraschung überreden
überreichen überschaubar überschreiten überschwänglich überschätzen übersehen übersicht übersichtlich überspringen
überstehen übersteigen überströmen übertragen übertreffen übertreiben überwiegen überwiegend überwinden überwältigen
überwältigend überzeugen überzeugend überzeugt üblich üblicherweise übrig übrigens
"""
