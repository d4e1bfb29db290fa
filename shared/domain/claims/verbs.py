"""Irregular verbs and plurals, so that their forms are one word: the first form, then the others, then a bar."""

from __future__ import annotations

IRREGULAR_EN = """
be am is are was were been being | bear bore borne | beat beaten | become became | begin began begun | bend bent |
bind bound | bite bit bitten | blow blew blown | break broke broken | bring brought | build built | burn burnt | buy
bought | catch caught | choose chose chosen | come came | cost costs | cut cutting | deal dealt | dig dug | do does
did done | draw drew drawn | dream dreamt | drink drank drunk | drive drove driven | eat ate eaten | fall fell
fallen | feed fed | feel felt | fight fought | find found | fly flew flown | forbid forbade forbidden | forget
forgot forgotten | freeze froze frozen | get got gotten getting | give gave given | go goes went gone | grind ground
| grow grew grown | hang hung | have has had | hear heard | hide hid hidden | hold held | keep kept | know knew
known | lay laid | lead led | lean leant | learn learnt | leave left | lend lent | let lets letting | lie lay lain
lying | light lit | lose lost | make made | mean meant | meet met | pay paid | put putting | read reads | ride rode
ridden | ring rang rung | rise rose risen | run ran running | say said | see saw seen | seek sought | sell sold |
send sent | set setting | sew sewn | shake shook shaken | shine shone | shoot shot | show showed shown | shut
shutting | sing sang sung | sit sat sitting | sleep slept | speak spoke spoken | spend spent | spin spun | spread
spreads | stand stood | steal stole stolen | stick stuck | strike struck | swear swore sworn | swim swam swum | take
took taken | teach taught | tear tore torn | tell told | think thought | throw threw thrown | understand understood
| wake woke woken | wear wore worn | weave wove woven | win won | write wrote written | child children | man men |
woman women | person people | foot feet | tooth teeth | mouse mice | half halves | life lives | wife wives | knife
knives | loaf loaves | leaf leaves | shelf shelves
"""
IRREGULAR_DE = """
backen bäckt backt backte gebacken | beginnen begann begonnen | beißen biss gebissen | bieten bot geboten | binden
band gebunden | bitten bat gebeten | bleiben blieb geblieben | braten brät briet gebraten | brechen bricht brach
gebrochen | brennen brannte gebrannt | bringen brachte gebracht | denken dachte gedacht | dürfen darf durfte gedurft
| empfehlen empfiehlt empfahl empfohlen | essen isst aß gegessen | fahren fährt fährst fuhr gefahren | fallen fällt
fällst fiel gefallen | fangen fängt fing gefangen | finden fand gefunden | fliegen flog geflogen | fließen floss
geflossen | frieren fror gefroren | geben gibt gibst gab gäbe gegeben gebt gib | gehen ging gegangen geht | gelten
gilt galt gegolten | genießen genoss genossen | gewinnen gewann gewonnen | gießen goss gegossen | graben gräbt grub
gegraben | greifen griff gegriffen | haben hat hast hatte hätte gehabt | halten hält hältst hielt gehalten | hängen
hing gehangen | heben hob gehoben | heißen hieß geheißen | helfen hilft hilfst half geholfen | kennen kannte gekannt
| klingen klang geklungen | kommen kam käme gekommen | laden lädt lud geladen | lassen lässt ließ gelassen | laufen
läuft läufst lief gelaufen | leiden litt gelitten | leihen lieh geliehen | lesen liest las gelesen lies | liegen lag
gelegen | mahlen gemahlen | meiden mied gemieden | messen misst maß gemessen | mögen mag mochte möchte gemocht |
nehmen nimmt nimmst nahm genommen nimm | nennen nannte genannt | raten rät riet geraten | reiten ritt geritten |
rennen rannte gerannt | riechen roch gerochen | rufen rief gerufen | scheinen schien geschienen | schieben schob
geschoben | schießen schoss geschossen | schlafen schläft schlief geschlafen | schlagen schlägt schlug geschlagen |
schließen schloss geschlossen schließt | schmelzen schmilzt geschmolzen | schneiden schnitt geschnitten | schreiben
schrieb geschrieben | schreiten schritt geschritten | schweigen schwieg geschwiegen | schwimmen schwamm geschwommen
| schwinden schwand geschwunden | sehen sieht siehst sah gesehen sieh | sein ist sind war wäre gewesen | senden
sandte gesandt gesendet | singen sang gesungen | sinken sank gesunken | sitzen saß gesessen sitzt | sprechen spricht
sprach gesprochen sprich | springen sprang gesprungen | stehen stand gestanden steht | stehlen stiehlt stahl
gestohlen | steigen stieg gestiegen | sterben stirbt starb gestorben | streichen strich gestrichen | streiten stritt
gestritten | tragen trägt trug getragen | treffen trifft triffst traf getroffen | treiben trieb getrieben | treten
tritt trat getreten | trinken trank getrunken | tun tut tat getan | verderben verdirbt verdarb verdorben | vergessen
vergisst vergaß | verlieren verlor verloren | wachsen wächst wuchs gewachsen | waschen wäscht wusch gewaschen |
weisen wies gewiesen | wenden wandte gewandt | werben wirbt warb geworben | werden wird wurde würde geworden |
werfen wirft warf geworfen wirf | wiegen wog gewogen | wissen wusste gewusst | ziehen zog gezogen zieht | zwingen
zwang gezwungen
"""
SEPARABLE = (
    *("zurück", "zusammen", "vorbei", "weiter", "hinein", "heraus", "herum", "hinaus", "entgegen", "bereit", "durch"),
    *("nach", "statt", "teil", "fest", "raus", "rein", "rum", "vor", "auf", "aus", "bei", "ein", "mit", "los", "her"),
    *("hin", "weg", "dar", "dazu", "hinzu", "über", "unter", "um", "an", "ab", "zu"),
)
"""Prefixes that a German verb leaves behind, longest first where one begins another."""
