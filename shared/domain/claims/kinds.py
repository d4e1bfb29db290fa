"""What is a kind of what, in both languages: groups that are parted by bars. Data."""

from __future__ import annotations

KINDS = """
drink beverage getränk trinken refreshment erfrischung: wine wein juice saft beer bier coffee kaffee tea tee water
wasser lemonade limonade cocktail champagne sekt secco cider milk milch espresso cappuccino | food eat eating essen
snack meal verpflegung bite: lunch mittagessen dinner abendessen breakfast frühstück cake kuchen bread brot roll
brötchen cheese käse soup suppe pizza sandwich flammkuchen barbecue grill buffet pasta salad salat | pastry baking
bake gebäck backwaren loaf: bread brot roll brötchen cake kuchen stollen croissant pretzel brezel cookie biscuit keks
baguette | meat fleisch: beef rind pork schwein chicken huhn lamb lamm sausage wurst ham schinken | fruit obst frucht:
apple apfel pear birne cherry kirsche grape traube plum pflaume berry beere strawberry erdbeere raspberry himbeere
banana banane lemon zitrone orange raisin rosine | vegetable gemüse: tomato tomate potato kartoffel carrot karotte
möhre onion zwiebel cabbage kohl cucumber gurke pumpkin kürbis lettuce | nut nüsse nuss: almond mandel hazelnut
haselnuss walnut walnuss | pet animal haustier tier vierbeiner: dog hund cat katze horse pferd rabbit kaninchen puppy
welpe kitten | vehicle fahrzeug: car auto van truck lorry bike fahrrad motorcycle motorrad bus caravan wohnwagen
wohnmobil motorhome tractor traktor | instrument: piano klavier guitar gitarre violin geige cello drums schlagzeug
flute flöte querflöte trumpet trompete saxophone saxophon | music musik: concert konzert band choir chor orchestra
orchester jazz song lied piano klavier guitar gitarre | sport exercise bewegung: yoga swimming schwimmen running
climbing klettern football fußball tennis pilates gymnastics turnen fitness | plant green pflanze gewächs grün
bepflanzung: tree baum hedge hecke heckenpflanzen flower blume shrub strauch rose herb kraut kräuter hainbuche
liguster lavender lavendel perennial staude seedling setzling | wood holz: oak eiche ash esche beech buche pine kiefer
walnut nussbaum spruce fichte larch lärche maple ahorn mdf | furniture möbel: table tisch chair stuhl cupboard schrank
shelf regal bed bett sofa desk schreibtisch wardrobe | tool werkzeug: hammer saw säge drill bohrer screwdriver knife
messer | clothes clothing kleidung: shirt hemd shoes schuhe jacket jacke trousers hose coat mantel dress kleid
sports-clothes | book copy buch exemplar read lesen: novel roman hardcover paperback taschenbuch edition ausgabe
audiobook | photo picture camera image foto bild kamera photographer: portrait porträt photography fotografie
fotografieren shot aufnahme | studio atelier: backdrop photography fotografie portrait | document papers paperwork
unterlagen papiere dokument: certificate urkunde passport pass contract vertrag invoice rechnung receipt beleg report
bericht zeugnis | contact reach kontaktieren erreichen: telephone phone telefon e-mail email mail anrufen call reply
antworten | technology device gerät technik: computer laptop smartphone phone printer drucker camera kamera tablet
drone drohne | payment zahlung pay: card karte cash bar invoice rechnung paypal instalments raten | money geld: euro
euros dollar dollars pound pounds cent | expert specialist professional fachmann fachleute fachkraft: meister
elektromeister doctor arzt physiotherapist mechanic monteur engineer ingenieur translator übersetzer lawyer anwalt |
crew team people leute staff mitarbeiter kollegen: colleague kollege employee monteure trainer mechanics mechanic
monteur instructor lehrkraft | family kin familie: parent eltern child kind kinder daughter tochter son sohn
grandparents großeltern | child kind kids kinder kleine: baby toddler schoolchild schulkind | adult grown-up
erwachsene große: adults erwachsenem | weekend wochenende: saturday samstag sonnabend sunday sonntag | weekday werktag
wochentag wochentags: monday montag tuesday dienstag wednesday mittwoch thursday donnerstag friday freitag mon tue wed
thu fri mo di mi do fr | parcel paket päckchen package: shipping versand delivery lieferung post ship versenden |
spring frühling frühjahr: march märz april may mai | summer sommer: june juni july juli august | autumn fall herbst:
september october oktober november sept oct okt nov | winter: december dezember january januar february februar dec
dez jan feb | heating heizung warm wärme: fußbodenheizung boiler heat-pump wärmepumpe radiator heizkörper stove ofen |
building gebäude: house haus sanitärgebäude hall halle office büro shop laden barn scheune museum school schule hotel
| room raum zimmer: kitchen küche bedroom schlafzimmer bathroom bad office büro studio hall saal cellar keller loft
dachgeschoss | floor etage: ground-floor erdgeschoss first-floor | water wasser: lake see sea meer river fluss pool |
outdoors outside draußen freien: garden garten terrace terrasse park balcony balkon | website online web internet
netz: homepage app newsletter portal link download shop | social network netzwerk: facebook instagram linkedin
social-media | repair fix mend reparieren: replace ersetzen | damage schaden kaputt: broken defekt leak leck slipped
crack riss | clothing textile stoff: cotton baumwolle wool wolle linen leinen silk seide leather leder | metal metall:
steel stahl iron eisen copper kupfer lead aluminium brass messing | stone stein: slate schiefer granite granit marble
marmor tile ziegel | month monat: january january februar february march märz april may mai june juni july juli august
september october oktober november december | day tag: monday montag tuesday dienstag wednesday mittwoch thursday
donnerstag friday freitag saturday samstag sunday sonntag | exercise workout übungen: stretching dehnen strengthening
kräftigung | craft handwerk: carpenter tischler roofer dachdecker baker bäcker electrician elektriker plumber
installateur painter maler | treatment behandlung: massage physiotherapy physiotherapie therapy therapie | language
sprache: english englisch german deutsch french französisch spanish spanisch italian italienisch polish polnisch
turkish türkisch | event veranstaltung: concert konzert reading lesung workshop course kurs party fest festival
tasting verkostung exhibition ausstellung fair messe tour führung | festival celebration party feier fest: birthday
geburtstag wedding hochzeit anniversary jubiläum hoffest | doctor medical arzt ärztlich: physician gp dentist zahnarzt
| wine wein: riesling barbera nebbiolo soave chardonnay grauburgunder spätburgunder merlot secco sekt prosecco lugana
| sweet sweets süß süßes: chocolate schokolade cake kuchen candy bonbon marzipan honey honig | spice gewürz: pepper
pfeffer cinnamon zimt | vat tax steuer: mwst ust mehrwertsteuer | energy strom energie: solar photovoltaik wallbox kwh
kwp | storage lagern: cellar lager warehouse | wage lohn: salary gehalt | delivery lieferung lieferzeit: shipping
versand
"""
"""The names of a kind before the colon, what belongs to it after."""
