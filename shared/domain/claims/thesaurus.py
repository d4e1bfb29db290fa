"""Groups of words that are taken as the same thing, in both languages: parted by bars, in dictionary form. Data.

A word may stand in several groups. What is told apart by customers (a day and an hour, a course and a trainer) is."""

from __future__ import annotations

SAME = """
price cost fee charge pay rate tuition preis kosten kostet gebühr entgelt bezahlen zahlen betrag tarif | include
included inclusive incl contain comprise inbegriffen inklusive inkl enthalten einschließlich beinhalten dabei | free
gratis complimentary kostenlos kostenfrei umsonst | course class training lesson seminar workshop kurs lehrgang
schulung unterricht kursus fortbildung weiterbildung | participant attendee delegate learner people person persons
personen teilnehmer teilnehmerin teilnehmende | participate attend join participation teilnehmen teilnahme mitmachen
dabeisein besuchen | register registration sign enrol enroll enrolment anmelden anmeldung registrieren registrierung
einschreiben | book booking reserve reservation buchen buchung reservieren reservierung | trainer teacher instructor
coach lecturer tutor lehrer dozent dozentin trainerin kursleiter kursleiterin referent | teach train instruct coach
lehren unterrichten schulen leiten unterrichtet | learn learning lernen erlernen | place seat spot platz plätze
sitzplatz | group gruppe | small little klein kleine kleiner | large big groß große großer | begin start commence
beginnen beginn starten anfangen anfang los losgehen | end finish conclude enden ende schluss endet | last take run
duration long dauern dauer lang laufzeit | day daily tag täglich tage ganztägig | week weekly woche wöchentlich |
month monthly monat monatlich | year annual yearly jahr jährlich | hour stunde stündig | minute minütig | morning
vormittag morgens vormittags | afternoon nachmittag nachmittags | evening abend abends | lunch mittagessen mittag |
dinner supper abendessen | breakfast frühstück | drink beverage getränk getränke | coffee kaffee | food meal catering
essen verpflegung mahlzeit bewirtung | shop store laden geschäft filiale | open opening opened öffnen eröffnung
geöffnet öffnungszeiten offen eröffnen | close closed schließen geschlossen | appointment meeting call consultation
conversation termin gespräch beratung beratungsgespräch besprechung | advice advise consult consulting beraten
beratung | company firm business enterprise organisation organization unternehmen firma betrieb | team staff employee
crew mitarbeiter mitarbeiterin personal belegschaft kollege kollegin colleague | customer client kunde kundin
auftraggeber | product item article produkt artikel ware | service leistung dienst dienstleistung | delivery deliver
ship shipping liefern lieferung versand verschicken | order bestellen bestellung auftrag | offer deal angebot aktion
offerte | discount reduction rebate rabatt nachlass ermäßigung reduced reduziert vergünstigt | voucher coupon
gutschein | return rückgabe zurückgeben zurücksenden umtausch | cancel cancellation stornieren stornierung absagen
kündigen kündigung | deadline until latest frist bis spätestens | before early prior vorher früh | languages language
sprache | english englisch | german deutsch | french französisch | spanish spanisch | online virtual digital remote
internet | address location venue ort adresse veranstaltungsort | city town downtown centre center stadt innenstadt
zentrum | station bahnhof haltestelle | parking park parken parkplatz parkplätze | walk foot fuß gehminuten laufen |
room raum zimmer saal räume | house home building haus gebäude | garden garten | office büro | software programme
program app application programm anwendung | computer laptop notebook rechner | free trial test try testen
ausprobieren probe probieren kostprobe | month subscription abo abonnement | contract agreement vertrag vereinbarung |
invoice bill rechnung | project projekt | material document handout unterlagen skript kursunterlagen | certificate
zertifikat bescheinigung | exercise practice practise hands-on übung üben praxis praktisch praktische | beginner
novice starter anfänger einsteiger einsteigerin | advanced fortgeschritten fortgeschrittene | experience experienced
erfahrung erfahren | knowledge skill wissen kenntnis kenntnisse können vorkenntnisse | need require necessary
requirement nötig notwendig erforderlich benötigen brauchen voraussetzung | bring mitbringen | receive get obtain
erhalten bekommen | buy purchase shop kaufen einkaufen kauf | sell sale verkaufen verkauf | produce make manufacture
craft herstellen produzieren fertigen anfertigen | bake baking backen gebacken bäckerei bakery | cook cooking kochen
gekocht küche kitchen | roast rösten geröstet rösterei | repair fix mend reparieren reparatur | clean cleaning
reinigen reinigung putzen | install installation fit montieren montage installieren einbau einbauen | build construct
bauen bau | design gestalten gestaltung entwerfen entwurf | paint painting malen maler streichen | photo photography
picture foto fotografie fotograf bild photographer | film video movie | music musik | concert konzert | wine wein |
beer bier | bread brot | cheese käse | meat fleisch | vegetable gemüse | vegetarian vegetarisch vegan | fruit obst
frucht | organic bio ökologisch biologisch | regional local region örtlich umgebung | bicycle bike cycle fahrrad rad |
car auto wagen fahrzeug vehicle | train bahn zug | children child kid kids kind kinder | parent eltern | woman women
frau frauen | man men mann männer | student schüler studierende studenten studentin | family familie | member mitglied
membership mitgliedschaft | event veranstaltung | visit besuch besuchen | tour guided führung rundgang | exhibition
ausstellung messe fair | book buch | newsletter rundbrief | monday montag mon mo | tuesday dienstag tue tues di |
wednesday mittwoch wed mi | thursday donnerstag thu thur thurs | friday freitag fri fr | saturday samstag sonnabend
sat sa | sunday sonntag sun | january januar jan jänner | february februar feb | march märz mar mär | may mai | june
juni jun | july juli jul | october oktober oct okt | december dezember dec dez | april apr | august aug | september
sep sept | november nov | spring frühling frühjahr | summer sommer | autumn fall herbst | weekend wochenende | maximum
max most höchstens maximal | minimum min least mindestens wenigstens | since founded established seit gegründet
gründung bestehen | new neu neue neuer | fast quick schnell rasch zügig | safe secure sicher | safety security
sicherheit | data daten | energy power electricity energie strom | heating heat heizung heizen wärme | water wasser |
roof dach | window fenster | solar photovoltaic photovoltaik solaranlage | warranty guarantee garantie gewährleistung
| tax steuer | law legal recht rechtlich gesetz | insurance versicherung | bank loan credit kredit | health gesundheit
| doctor physician arzt ärztin praxis | dog hund | cat katze | hotel unterkunft accommodation | travel trip journey
reise reisen | holiday vacation urlaub ferien | trained qualified certified ausgebildet zertifiziert qualifiziert
geprüft | save saving sparen ersparnis | win gewinnen gewinn | grow growth wachsen wachstum | reduce lower senken
reduzieren verringern | measure measurement messen messung | report reporting bericht berichten | plan planning
planung planen | help support assist assistance helfen hilfe unterstützen unterstützung | answer reply respond
response antwort antworten rückmeldung | personal individual one-to-one persönlich individuell einzeln | first erste
erster erstes zuerst | price cost fee charge pay rate preis kosten gebühr zahlen bezahlen betrag berechnen berechnung
verrechnen expense | surcharge supplement extra additional aufpreis aufschlag zuschlag mehrpreis zusätzlich obendrauf
drauf dazu | postage shipping porto versand versandkosten versenden delivery lieferung post | parcel package packet
paket päckchen sendung | bag sack tüte beutel packung pack | piece item object stück exemplar teil exhibit | copy
exemplar ausgabe edition | picture image photo photograph shot bild foto aufnahme portrait porträt | camera kamera
fotograf fotografieren photographer | document receipt voucher beleg quittung | wage salary pay lohn gehalt payroll |
head person kopf | contact counterpart ansprechpartner ansprechpartnerin kontakt ansprechpartnern betreuer |
substitute deputy stand-in vertretung vertreten stellvertreter | quote estimate quotation angebot kostenvoranschlag |
no-obligation non-binding unverbindlich | check inspect inspection examine test examination prüfen prüfung kontrolle
kontrollieren untersuchen untersuchung begutachten überprüfen | measure survey aufmaß vermessen ausmessen | drawing
sketch zeichnung skizze entwurf | assemble assembly install mount montage montieren aufbau aufbauen einbau einbauen
anbringen | electrician electrics electrical elektriker elektrik elektrisch elektro | own eigen eigene | subcontractor
subunternehmer fremdfirma | scaffold scaffolding gerüst | register notify registration anmelden anmeldung melden
eintragen eintrag eintragung | remove deduct subtract abziehen anrechnen verrechnen credit credited gutschreiben
offset knock | discard delete erase wipe destroy thrown löschen gelöscht vernichten entfernen deletion | save store
keep speichern aufbewahren aufheben lagern storage stored | server rechenzentrum data-centre datacenter | secure
encrypted verschlüsselt | password passwort kennwort | fake mock simulated simulate forged simulation simuliert
vorgetäuscht | attack phishing campaign angriff | adapt adjust tailor customise customize customised tailored anpassen
abstimmen zuschneiden maß maßgeschneidert | agree agreed clear cleared absprechen abstimmen vereinbaren arrange
arranged vereinbarung | beforehand advance earlier prior vorab vorher früher voraus | result outcome finding ergebnis
resultat auswertung evaluation befund | department team unit abteilung bereich | individual person single einzeln
einzelne einzelner | manager director executive management boss chef chefin leitung geschäftsführer geschäftsführung
führungskraft | decision-maker entscheider | page seite sheet | report summary bericht zusammenfassung | parcel plot
pitch parzelle stellplatz platz | caravan wohnwagen | motorhome camper wohnmobil | tent zelt | beach strand shore ufer
| lake see | river fluss | sea meer ocean | forest wood wald | mountain hill berg berge | shower duschen dusche | bath
bad badezimmer bathroom sanitär | toilet wc loo restroom | floor etage stock stockwerk geschoss storey | ground-floor
erdgeschoss | cellar basement keller | attic loft dachboden dachgeschoss | lift elevator aufzug fahrstuhl | stairs
step steps treppe stufen stufe | wheelchair rollstuhl | ramp rampe | accessible barrierefrei | pet tier haustier
animal | night nacht übernachtung overnight | easter ostern ostertage | christmas xmas weihnachten weihnacht | holiday
feiertag feiertage bank-holiday | exception except excluding apart exempt ausgenommen ausnahme außer | wait waiting
warten wartezeit | arrival check-in arrive anreise ankunft anreisen eintreffen | departure check-out depart abreise
abreisen | bread roll brötchen semmel | kiosk stand | bean bohne espresso coffee kaffee | ground grind gemahlen mahlen
| roast roaster röstung rösten röster rösterei geröstet | pause suspend break pausieren pausierbar unterbrechen
aussetzen | monthly monat monatlich month | subscription subscribe abo abonnement abonnieren | plant pflanze pflanzen
einpflanzen planting shrub tree baum bäume strauch | hedge hecke | grow grown cultivate cultivation anzucht züchten
ziehen gezogen anbau anbauen raise | spray sprayed spritzen gespritzt pestizid pesticide | metre meter m | foot feet
ft | mile miles meile meilen | kilometre kilometer km | gram gramm g | litre liter l | wide width breit breite | high
height hoch höhe | long length lang länge | deep depth tief tiefe | heavy weight schwer gewicht | colour color farbe |
white weiß | black schwarz | red rot | green grün | blue blau | wood wooden timber holz hölzern | oak eiche | lacquer
varnish lackiert lackieren lack | oil oiled öl geölt ölen | cupboard wardrobe closet cabinet schrank einbauschrank |
furniture möbel | table desk tisch schreibtisch | chair stuhl | bed bett | wall wand mauer | door tür | kitchen küche
| print printing printed drucken druck druckerei gedruckt | paper papier | brochure booklet leaflet flyer pamphlet
broschüre heft prospekt | proof korrekturabzug probedruck andruck | file data datei daten | human person mensch
menschlich man | machine automat maschine automatic automatisch automatically | club association verein verband |
price-list preisliste | business enterprise company trade betrieb gewerbe firma unternehmen handwerksbetrieb |
tradesman craftsman craft handwerker handwerk | accounting bookkeeping buchhaltung buchführung | tax-adviser
accountant steuerberater steuerkanzlei kanzlei | switch changeover convert conversion umstellung umstellen wechsel
wechseln migration | quarter quartal vierteljahr | interface schnittstelle | first-call initial erstgespräch
kennenlernen | talk reden sprechen gespräch unterhalten speak | phone telephone ring telefon telefonieren anrufen
anruf fon telefonisch telefonnummer hotline | reply respond answer antworten antwort zurückschreiben | e-mail email
mail mailen post nachricht message | website webseite homepage internet internetseite site web | form formular | link
download herunterladen | newsletter rundbrief mailing | counter till theke tresen kasse | regular regulars stammkunde
stammkunden stammgast stammgäste loyal | guest visitor gast gäste besucher besucherin | owner homeowner eigentümer
besitzer inhaber inhaberin hausbesitzer | neighbour neighbor nachbar nachbarn | colleague kollege kolleginnen kollegen
mitarbeiter workmate | resident bewohner einwohner anwohner | tenant mieter | landlord vermieter | patient patientin |
adult grown-up grownup erwachsene erwachsener | baby toddler säugling | teenager youth young jugendliche jugendlicher
jugend | senior elderly pensioner retired senioren rentner ältere | boy junge | girl mädchen | daughter tochter | son
sohn | mother mutter mum mom | father vater dad papa | couple pair paar | author writer autor autorin schriftsteller |
reader leser leserin leserschaft | novel book roman buch | reading lesung vorlesen vorgelesen read reads lesen liest |
sign signed signiert signieren autograph | host hosted gastgeber moderieren moderator moderation | ticket
eintrittskarte karte eintritt admission entry billet | entry entrance admission eintritt zutritt einlass access zugang
| glass glas | bottle flasche | juice saft | tea tee | wine wein winzer weingut | drink beverage getränk trinken | eat
eating essen meal snack speise speisen | bake bakery baker bakehouse backen bäcker bäckerei gebäck backstube | bread
loaf brot | cake kuchen torte | pastry gebäck | flour mehl | dough teig | milk milch | egg ei eier | sugar zucker |
salt salz | nut nuts nuss nüsse | almond mandel mandeln | alcohol alcoholic alkohol alkoholisch | non-alcoholic
alkoholfrei | allergen allergy allergie allergiker | ingredient zutat zutaten | recipe rezept | oven ofen backofen |
fresh frisch | taste flavour flavor tasting schmecken geschmack verkosten verkostung probieren kosten degustation |
cherry kirsche | pear birne | apple apfel | grape traube | grower producer winegrower erzeuger produzent hersteller
manufacturer | supplier lieferant zulieferer | farm farmer hof bauernhof bauer landwirt | customer kunde client
kundschaft | order bestellen bestellung auftrag ordered beauftragen | pre-order preorder vorbestellen vorbestellung |
collect collection pick-up pickup abholen abholung mitnehmen | rest resting ruhen ruhe | ready finished done fertig
bereit erledigt completed | single singly individually one-by-one einzeln einzelpreis einzelverkauf | case box crate
carton kiste karton | mixed assorted gemischt | afternoon nachmittag | midday noon mittag | half halb halbe hälfte |
lesson stunde unterrichtsstunde unterricht unterrichten | school schule | university hochschule uni | pupil schüler
schülerin | piano klavier | guitar gitarre | violin geige | drum drums percussion schlagzeug trommel | sing singing
singen gesang choir chor | dance dancing tanz tanzen | sport sports sporty sportlich | gym fitness fitnessstudio |
swim swimming schwimmen pool schwimmbad | climb climbing klettern boulder | bike bicycle cycle fahrrad rad velo |
brake bremse | tyre tire reifen | wheel rad räder | engine motor | battery akku batterie | workshop werkstatt |
mechanic mechaniker mechanikerin | repair fix mend broken reparatur reparieren beheben instandsetzen instand | damage
damaged defect schaden schäden defekt kaputt beschädigt | replace replacement swap exchange ersetzen ersatz
austauschen tauschen erneuern renew | adjust set einstellen justieren | clean cleaned cleaning wash washing reinigen
putzen waschen säubern gereinigt | maintain maintenance service servicing wartung warten instandhaltung inspektion |
roof dach dächer roofing roofer dachdecker | tile ziegel dachziegel | gutter dachrinne rinne regenrinne | chimney
schornstein kamin | heating heizung boiler heizkessel | pump pumpe | insulation dämmung isolierung | lawn rasen | tree
baum bäume | flower blume blumen | cut trim prune schneiden schnitt | hair haare frisur hairdresser friseur | skin
haut | back rücken | pain schmerz schmerzen ache | exercise übung übungen train training trainieren workout |
treatment therapy behandlung therapie behandeln treat | physiotherapist physio physiotherapie physiotherapeut | doctor
physician gp arzt ärztin | prescription referral rezept überweisung verordnung | insurance insurer insured
versicherung krankenkasse kasse versichert | eye auge augen | glasses spectacles brille | ear ohr hearing hören gehör
| tooth teeth dentist zahn zähne zahnarzt | posture haltung stand | mobility beweglichkeit move moving movement |
trunk core rumpf | strength strong strengthen kraft kräftigen | lawyer solicitor attorney anwalt anwältin rechtsanwalt
| notary notar | translate translation translator übersetzen übersetzung übersetzer dolmetscher | certificate urkunde
zeugnis bescheinigung | court gericht | authority office amt behörde | apartment flat wohnung | rent hire lease mieten
miete leihen ausleihen verleih borrow lend | sell sale sold verkaufen verkauf verkauft | move moving relocation umzug
umziehen | van lorry truck transporter lkw | drive driver driving fahren fahrer fahrt | train railway bahn zug |
airport flughafen | flight fly flug fliegen | ship boat schiff boot | pedestrian gehen fußgänger zu-fuß walk walking |
parking park parkplatz parken stellplatz | hike hiking wandern wanderung | ski skiing skifahren | map karte plan |
museum gallery galerie exhibition | object exhibit piece objekt exponat ausstellungsstück | loan loaned leihgabe
leihgaben | curator kurator kuratorin | theatre theater bühne stage | cinema kino | ticketing kartenverkauf | seat
seats platz plätze sitzplätze sitzplatz ticket | sold-out ausverkauft taken belegt vergeben booked gone | remaining
left übrig verbleibend restlich | limited begrenzt beschränkt limit | available verfügbar erhältlich lieferbar
vorrätig stock | newly new neu | old alt | founded established since gegründet seit | today heute | tomorrow morgen |
evening abend abends tonight | weekday weekdays werktag werktage wochentag wochentags | daily täglich jeden-tag |
weekly wöchentlich | fortnightly vierzehntägig | yearly annually annual jährlich | usually normally generally
typically rule regel normalerweise üblicherweise gewöhnlich meist meistens | currently now present derzeit momentan
aktuell zurzeit zeit | approximately approx roughly about around circa ca ungefähr etwa rund zirka | maximum most
limit höchstens maximal | minimum least mindestens | otherwise normally instead sonst regulär regular statt anstelle |
earlybird early-bird frühbucher frühbucherrabatt | winter winterlich | autumn fall herbst herbstlich | storm storms
sturm stürme | rain regen rainy | snow schnee | wind windy | weather wetter | drone drohne | usage right use nutzung
nutzungsrecht verwendung | unlimited unbegrenzt unbeschränkt long | social-media soziale-medien | backdrop background
hintergrund | light lights lighting licht beleuchtung lampe lamp leuchten | studio atelier | edit edited bearbeiten
bearbeitet retouched retuschiert | video-call videocall videokonferenz videotelefonat | screen bildschirm monitor |
keyboard tastatur | phone-booth telefonzelle | meeting-room besprechungsraum | conference konferenz tagung kongress |
speaker lecture talk vortrag referent | stand booth messestand | fair messe | member membership mitglied
mitgliedschaft mitglieder | join become beitreten beitritt einsteigen | notice cancel terminate kündigen kündigung
kündigungsfrist | contract commitment bound tied locked vertrag vertragsbindung bindung | term minimum-term laufzeit
mindestlaufzeit vertragslaufzeit | deposit kaution anzahlung | instalment installment rate raten ratenzahlung |
invoice rechnung billing abrechnung abrechnen | vat tax mwst mehrwertsteuer umsatzsteuer steuer | net netto | gross
brutto | refund erstattung rückerstattung erstatten | donate donation spende spenden | bonus prämie | competition
contest wettbewerb gewinnspiel | certified zertifiziert | volunteer ehrenamt ehrenamtlich freiwillig | job vacancy
position stelle arbeitsplatz | application apply bewerbung bewerben | career karriere beruf | apprentice trainee
apprenticeship azubi lehrling ausbildung auszubildende | hire hiring recruit einstellen recruiting employ | salary
gehalt | work working arbeiten arbeit | abroad foreign ausland overseas | country land | home house zuhause daheim
haus heim | balcony balkon terrace terrasse patio | visit call-by drop-in vorbeikommen besuchen besuch come | show
display zeigen vorführen presentation präsentieren presented | guide guided tour führung rundgang führen | explain
explanation erklären erklärung | compare comparison vergleichen vergleich | choose select pick wählen auswählen
aussuchen auswahl | need required requirement nötig brauchen benötigen | possible können möglich | allowed permitted
erlaubt dürfen gestattet | forbidden prohibited verboten untersagt | help assistance support hilfe unterstützung |
care nursing pflege betreuung | nurse pflegekraft krankenschwester | supervised supervision betreut aufsicht | safe
security sicher | fire feuer brand | police polizei | sample probe muster kostprobe taster | taster trial schnuppern
schnupperstunde probestunde schnupper | handout sheet script skript handzettel blatt merkblatt leaflet | slot
time-slot zeitfenster termin appointment | location site venue place branch standort niederlassung filiale ort | ship
send shipped versenden verschicken schicken senden | track tracked sendungsverfolgung tracking | express eil
expressversand urgent eilig | working-day business-day werktag arbeitstag | wood oak beech ash eiche buche esche |
sharpen sharp schärfen scharf | knife messer | tool werkzeug | rental verleih | equipment gear ausrüstung ausstattung
| clothes clothing kleidung wear | shoe shoes schuh schuhe | wash laundry wäsche waschmaschine | drier dryer trockner
| wifi wlan wi-fi | power electricity strom | charge charger charging laden ladestation wallbox | solar photovoltaik
photovoltaic | storage-battery stromspeicher speicher | guarantee warranty garantie gewährleistung | wood-fired
holzofen | organic bio | raw roh | frozen tiefgekühlt gefroren | online web internet netz website | receive arrive get
erhalten ankommen eintreffen | min minute minutes minuten | h hour hours stunde stunden std | person people adult
erwachsener | inbox postfach posteingang mail e-mail | free complimentary kostenlos kostenfrei gratis frei included
include inclusive incl inklusive inkl enthalten inbegriffen eingeschlossen | exception except ausnahme ausgenommen |
hold halten | reply email | individual single person singled einzeln einzelne | handle manage organise organize
arrange sort care erledigen kümmern übernehmen regeln organisieren abwickeln durchführen | throw discard bin dump
wegwerfen entsorgen dispose disposal entsorgung | borrow lend loan ausleihen leihen verleihen | provide supply equip
gestellt gestellen stellen bereitstellen liefern | watch observe supervise monitor oversee beobachten zusehen
beaufsichtigen überwachen | talk discuss chat consult besprechen beraten reden unterhalten diskutieren | explain show
teach demonstrate erklären zeigen vorführen beibringen | try test taste sample probieren testen ausprobieren kosten
verkosten schnuppern | fetch collect holen abholen | bring carry take bringen mitbringen | hand give pass geben
überreichen aushändigen | hear listen hören zuhören anhören | stay remain bleiben übernachten accommodation | choose
decide opt pick entscheiden wählen aussuchen | change modify alter amend ändern änderung anpassen umbuchen rebook |
postpone reschedule verschieben verlegen | confirm confirmation bestätigen bestätigung | send post mail ship dispatch
schicken senden versenden verschicken zusenden zuschicken | receive get obtain arrive land erhalten bekommen
eintreffen ankommen | cost price amount kosten betragen | finish complete done ready fertig abschließen abgeschlossen
beenden erledigt | last take duration dauern brauchen zeit | contain include hold have enthalten beinhalten umfassen |
waive drop skip erlassen verzichten entfallen wegfallen | allow permit let erlauben dürfen zulassen | accept take
acknowledge recognise recognised annehmen akzeptieren anerkennen anerkannt nehmen | reject refuse decline ablehnen |
check verify examine prüfen kontrollieren nachsehen ansehen anschauen anschau | measure weigh messen wiegen | remove
deduct abziehen entfernen wegnehmen | add plus extra dazu zusätzlich hinzu obendrauf zuzüglich | increase raise
erhöhen steigen teurer | everyone everybody anyone all jeder alle jedermann | beginner newcomer novice einsteiger
anfänger neuling | experience previous vorkenntnisse erfahrung vorwissen | alone single solo allein einzeln | together
joint shared gemeinsam zusammen | outside outdoors draußen freien | inside indoors drinnen innen | near close nearby
nähe nahe | far distance distant weit entfernung entfernt | opposite across gegenüber | upstairs oben | downstairs
unten | left links | right rechts | north norden nord | south süden süd | east osten ost | west westen | euro euros
eur | pound pounds quid sterling gbp | dollar dollars buck bucks usd | cheap inexpensive affordable günstig preiswert
billig | expensive dear costly teuer kostspielig | big large spacious groß geräumig | small little tiny compact klein
kompakt | old aged alt | young jung | warm heated beheizt | cold cool chilled kalt kühl gekühlt | wet damp moist nass
feucht | dry trocken | clean sauber | dirty schmutzig | quiet silent calm ruhig leise still | loud noisy laut | light
lightweight leicht | easy simple einfach leicht | difficult hard schwer schwierig anspruchsvoll | early früh zeitig |
late spät verspätet | empty leer | full voll | busy hectic voll | worn used gebraucht | handmade handgemacht
handgefertigt handarbeit | homemade hausgemacht selbstgemacht | local regional lokal örtlich | international global
worldwide weltweit | annual yearly jährlich jahr | schulferien ferien | term semester halbjahr trimester | class grade
klasse | degree diploma abschluss diplom | exam examination prüfung klausur | homework hausaufgaben | notebook pad
heft block | pen pencil stift | scissors schere | needle nadel | wool yarn wolle garn | fabric cloth stoff textil |
sew sewing nähen naht | knit knitting stricken | paint colour farbe streichen anstrich lackieren | brush pinsel | pot
pottery clay ceramic ceramics töpfern ton keramik töpfer töpferei | kiln brennofen | glaze glasur | sculpture skulptur
| draw drawing zeichnen zeichnung | print photo abzug | frame rahmen | jewel jewellery jewelry schmuck | gold golden |
silver silber | watch clock uhr | leather leder | shoe boots stiefel schuhe | bag backpack tasche rucksack | towel
handtuch | blanket decke | pillow cushion kissen | mattress matratze | sheet bettwäsche | curtain blind vorhang
gardine jalousie | carpet rug teppich | floor flooring boden parkett fußboden | tile tiles fliese fliesen | plaster
putz verputz | brick ziegelstein | concrete beton | fence zaun | gate tor | path weg pfad | pond teich | soil earth
erde boden | compost kompost kompostierbar compostable | fertiliser fertilizer dünger düngen | weed weeds unkraut |
harvest ernte ernten | seed samen saatgut säen | bee bees biene bienen | honey honig | hive bienenstock | beekeeper
imker imkerei | chicken hen huhn hühner | cow cattle kuh rind | pig pork schwein | sheep lamb schaf lamm | goat ziege
| fish fisch | hunting jagd | vet veterinarian tierarzt tierärztin tierarztpraxis | vaccination vaccinate impfung
impfen | chip microchip | collar lead leash leine halsband | kennel boarding tierpension | grooming groom fellpflege |
stable stall | ride riding rider reiten reiter | saddle sattel | boat sail sailing segeln segelboot boot | canoe kayak
kanu kajak paddle paddeln | dive diving tauchen | surf surfing surfen | run running jog laufen joggen lauf |
gymnastics gym turnen | massage massieren | nail nails nagel nägel | makeup schminken | cream lotion creme salbe |
perfume parfüm | pharmacy pharmacist chemist apotheke apotheker | medicine medication drug medikament arznei | blood
blut | lens lenses linse kontaktlinsen | childcare nursery kindergarten kita kinderbetreuung tagesmutter | toy
spielzeug | game games spiel spiele spielen | playground spielplatz | birthday geburtstag | wedding marry bride
hochzeit heiraten braut | funeral burial bestattung beerdigung trauerfeier | cemetery friedhof | church kirche |
priest pfarrer | mayor bürgermeister | council gemeinde stadtrat | citizen bürger | vote wahl abstimmung | fireman
firefighters feuerwehr | rescue rettung | key keys schlüssel | lock schloss | cable kabel | socket steckdose | lamp
bulb lampe glühbirne | fridge refrigerator kühlschrank | dishwasher spülmaschine geschirrspüler | stove cooker herd |
dish plate teller geschirr | cup mug tasse becher | fork cutlery besteck gabel | pan pot pfanne topf | spice seasoning
gewürz | sauce soße | soup suppe | dessert pudding nachtisch nachspeise | starter vorspeise | hauptgericht hauptgang |
menü menu speisekarte | waiter waitress kellner kellnerin bedienung | chef cook koch köchin | terrace biergarten
terrasse | cellar weinkeller keller | vineyard weinberg rebe reben | vintage jahrgang | brewery brewer brew brauerei
brauer brauen | butcher metzger fleischer metzgerei | florist blumenladen floristin | optician optiker | hairdresser
friseur friseurin salon barber | tailor schneider schneiderin alteration änderungsschneiderei | cobbler schuster |
locksmith schlosser | plumber klempner installateur | painter maler | joiner carpenter cabinetmaker tischler schreiner
tischlerei schreinerei | bricklayer maurer | architect architekt architektin | surveyor gutachter sachverständiger
appraiser | realtor makler maklerin immobilienmakler | property immobilie grundstück | mortgage hypothek
baufinanzierung | rent tenant miete mieter | storage lager lagerraum | forwarding spedition freight fracht | truck
lorry lkw laster | pallet palette | crate kiste | customs zoll | export ausfuhr | import einfuhr | warehouse
lagerhalle | factory plant fabrik werk | production produktion fertigung herstellung | shift schicht | union
gewerkschaft | consultant advisor adviser berater beraterin | coach coaching | mediation mediator | therapist
therapeut therapeutin | midwife hebamme | birth geburt | pregnancy pregnant schwangerschaft schwanger | breastfeed
stillen | agency agentur | advertising ad advert werbung anzeige | campaign kampagne | poster plakat | interpreter
dolmetscher | sworn vereidigt beeidigt | notarised beglaubigt | antrag formular antragsformular | deadline stichtag
einsendeschluss anmeldeschluss frist | sauna spa wellness | view aussicht blick | stornogebühr stornokosten | claim
damage schadensfall | liability haftpflicht | accident unfall | breakdown panne | tow abschleppen | mot tüv
hauptuntersuchung | licence license führerschein lizenz | lesson fahrstunde | instructor teacher coach lehrer
lehrkraft fahrlehrer | audience public publikum zuschauer | spectator viewer zuschauer | stage bühne | rehearsal probe
| costume kostüm | actor actress schauspieler | subtitle untertitel | library bücherei bibliothek | publisher verlag |
magazine zeitschrift magazin | newspaper zeitung | article artikel beitrag | recording aufnahme aufzeichnung record |
microphone mikrofon | update aktualisierung | backup datensicherung sicherung | server hosting | support helpdesk
kundendienst | kundenservice kundendienst | ersatzteil ersatzteile
"""
