"""English words that assert nothing that could be checked: generic verbs, adverbs, judgements, moods.

Data in dictionary form; `lexicon` brings inflected words to it. What names a thing that a business has or does, a
material, a place, a group of people, a quality that could be certified or measured, does not belong here."""

from __future__ import annotations

LIGHT = """
able about absolutely abundant accept accidentally accompany accordingly ache achieve acknowledge across act action
active actual actually adapt add additional additionally address adjust admire admit adore adventure affair afraid
after afterwards again age ago agree ahead aim alike alive allow almost alone along already alternative although
altogether amaze amazed amazing ambition among amount ample amuse announce annoying another answer anticipate anxious
anyhow anyway apart apparently appeal appealing appear appetite appreciate approach appropriate apt arise arrange
arrive arrival aside ask aspect assume atmosphere attempt attention attitude attractive autumn available avoid await
awake aware away awesome awful awkward background badly balance bare barely basic basically basis bear beat beautiful
beauty become before beforehand beg begin beginning behind believe belong bend besides bet beyond bit blend bless
bloom board body boring bother bottom bound brave break brief briefly bright brighten brilliant bring broad broken
brush bunch burn business busy buzz call calm calmly can capable capture care careful carefully carry case casual
catch category cause celebrate certain certainly chance change chaos character charm charming chase chat cheer
cheerful chilly choice choose circumstance claim classic clear clearly clever close closely clue clutter cold collect
colourful colorful combine come comfort comfortable comfortably comment common company compare complain complete
completely complicated concentrate concept concern conclude conclusion concrete condition confident confirm confuse
confusing confusion connect connection conscious consequently consider considerable considerably constant context
continue contrast control convenience convenient conveniently convince cool cope core corner correct correctly cosy
count couple courage course cozy crave crazy create creative cross crowd crucial cup curiosity curious current
currently cut dare dark darkness dawn deal dear debate decent decide decision deep deeply definitely degree
delicate delicious delight delighted delightful demand depend describe deserve desire despite destination detail
detailed determine develop difference different differently difficult difficulty dilemma direct direction directly
disappear disappoint discover discovery discuss discussion distance distinct distraction disturb do doubt drag
dramatic draw dread dream dreary dress drift drive drop dull dusk dust eager early ease easily easy edge effect
effective effort either elegant element else embark emerge emphasis empty enchanting encounter encourage end endless
enjoy enjoyable enormous enough ensure enter entertain enthusiasm enthusiastic entire entirely environment equal
equally especially essential essentially even event eventually ever everyday evidently exact exactly example
excellent except excite excited excitement exciting excuse exhausted exhausting exist expect expectation explain
explore express expression extra extraordinary extremely eye fabulous face fact fade fail fair fairly faith fall
familiar famously fan fancy fantastic far fascinate fascinating fashion fast fate favour favor favourite favorite fear
feature feel feeling fellow few fiddly figure fill final finally find fine finger finish firm firmly first firstly fit
flavour flavor flexible flick float flourish flow fly focus follow fond foot force forever forget forgotten form
former forth fortunate fortunately forward fresh freshly freshen friend friendly front frustrating frustration full
fully fun fundamental funny further furthermore fuss future gap gather gaze general generally generous gentle gently
genuine genuinely get giggle give glad gladly glance gleam glimpse glorious glow go goal gold gone good goodbye
gorgeous grab grand grateful gratitude great greatly greet grey gray grin grip ground guess guide habit halfway hand
handle handy hang happen happily happiness happy hard hardly hassle hate have head headache hear heart heartfelt
hearty heavy hectic hello help helpful helpfully hence hesitate hey hi hide high highlight highly hint hit hold honest
honestly honour honor hope hopefully horizon horrible host hot however huge hum hunger hungry hurry hurt idea ideal
ideally identify idle ignore imagination imagine immense immensely impact impatient imply importance important
importantly impossible impress impression impressive inbox incidentally incredible incredibly indeed independent
independently indicate individual individually inevitable inevitably influence inform informal information initial
initially inner inspire inspiration inspiring instance instantly instead intend intense intention interest interested
interesting interrupt intrigue intriguing introduce introduction invaluable investigate invitation invite inviting
involve irritating issue item job join joke journey joy joyful juggle jump just keen keep key kick kind kindly
kindness knock know lack land last lately later latest latter laugh lay lazy lead lean leap learn least leave leftover
length less let letter level lie life light lightly likely likewise line linger link list listen literally little
live lively load lock long longing look loose lose loss lost lot lots loud love lovely lover low luck luckily lucky
magic magical main mainly make manage manner many mark marvellous marvelous master match matter maybe mean meaning
meaningful meanwhile meet memorable memory mention mere merely merry mess message messy method middle mighty mild mind
miracle mirror miss mission mistake mix mixture mode moment mood moreover mostly motivate motivation move
movement much muddle mystery naive name namely narrow nasty natural naturally nature near nearly neat neatly
necessarily need negative nerve nervous nevertheless new newly next nice nicely nightmare nod noise nonetheless
normal normally nose note nothing notice notion notwithstanding now nowadays nowhere numerous object observe obvious
obviously occasion occasional occasionally occur odd offer often ok okay old once one open openly opinion opportunity
opposite option ordinary organise organize origin original originally otherwise outcome outdoor outline outside
outstanding overall overcome overlook overview overwhelmed overwhelming own pace pack page pain painful painless palm
part particular particularly partly pass passion passionate past path patience patient patiently pause peace peaceful
peak peek peep perfect perfectly perhaps period permit personal personality personally perspective phase phenomenon
phrase pick picture piece pile pinch pity place plain plainly plan platform play playful pleasant pleasantly please
pleased pleasure plenty plunge plus point poke polite pop position positive possibility possible possibly potential
potentially pour practical practically practice praise pray precious precise precisely prefer preference preparation
prepare presence present presently press pressure pretend pretty previous previously pride primarily primary principle
prior private probably problem proceed process progress promising prompt promptly proper properly proposal propose
prospect proud proudly provide provided pull pure purely purpose pursue push put puzzle quality question questionable
quick quickly quiet quietly quirky quite race rain rainy raise range rapid rapidly rare rarely rate rather raw reach
react reaction read reader readily ready real realise realize reality really reason reasonable reasonably reassure
reassuring recall recent recently recognise recognize recommend record reflect refresh refreshing refuse regard
regarding regardless regret regular regularly relate relation relationship relative relatively relax relaxed relaxing
relevant relief relieve reluctant rely remain remark remarkable remarkably remember remind reminder repeatedly reply
report represent request require resist resolve respect respectively respond response responsibility rest restless
result return reveal rich ride ridiculous right rise risk role roll romantic rough roughly round routine row rude ruin
rule run rush sad sadly sake same satisfied satisfy satisfying savour savor say scare scared scene scent scramble
scratch scream search season seat second secondly secret section see seek seem seize seldom select selection send
sense sensible sensitive sentence separate separately series serious seriously serve set settle several shade shadow
shake shall shame shape share sharp shift shine shiny short shortly shot shout show shy side sigh sight sign
significant silence silent silly similar similarly simple simplicity simplify simply since sincere sincerely
single sit situation size skip sky sleep sleepless slight slightly slip slow slowly small smart smell smile smooth
smoothly soak soft softly solid solution solve somehow someone something sometimes somewhat somewhere soon sooner
sore sorry sort soul sound source spare spark sparkle speak special specially specific specifically spectacular speech
speed spend spin spirit spite spoil spontaneous spot spread spring square squeeze stage stand star stare start state
stay steadily steady steal steer step stick still stop storm story straight straightaway straightforward strange
stranger strength stress stressed stressful stretch strict strictly strike stroll strong strongly structure
struggle stubborn stuck stuff stumble stunning stupid style subject succeed success such sudden suddenly suffer
sufficient sufficiently suggest suggestion suit suitable sum summer sun sunny sunshine super superb suppose sure
surely surface surprise surprised surprising surprisingly surround suspect sweet swift swiftly swing switch symbol
sympathetic tackle take tale talk tangle target task taste tasty tear tease tell temper tempt temptation tempting tend
tender tension term terrible terribly terrific thank thankful thanks theme themselves thereafter therefore thing think
thinking thirst thorough thoroughly thought thoughtful thrill thrilled thrilling throw thus tick tidy tie tight till
time timely tiny tip tired tiresome today together tomorrow tone tonight top topic toss total totally touch tough
toward trace track transform trap treasure treat tremendous trend trick tricky trip trouble true truly trust truth try
turn twice twist type typical typically ultimate ultimately unable unclear uncomplicated under underlying understand
understandable unexpected unexpectedly unfamiliar unfold unforgettable unfortunately unhappy unlike unlikely
unnecessary unpleasant untouched unusual unusually unwind upcoming update upon upset upside urge urgent urgently use
useful usefully usual usually utter utterly valuable value variety various vast vary venture version very via view
virtually visible vision visit vital vivid voice wait wake walk wander want warm warmly warmth warning waste watch
wave way weak wealth weekly weigh weight weird welcome welcoming well whatever whenever whereas wherever whichever
whisper while whilst whirl whoever whole wholly whose why wide widely wild willing win wind winter wisdom wise wisely
wish within without wonder wonderful wonderfully word work world worry worried worrying worse worth worthwhile worthy
wow wrap wrestle write wrong yawn yearn yell yet yield young yourself tummy heartily bothered puzzled delve dive
flip hop jot leaf nip peruse rummage scroll skim swap tag tap tinker toy whet zip zoom cheeky comfy cute dazzling
dreamy fab fiddle finest grumpy handily homely jolly lush mellow mouthwatering nifty peckish plump posh punchy quaint
robust rustic scrumptious shabby sleek snug soothing spotless stylish sublime swanky timeless tranquil trendy
uplifting vibrant wholesome witty wondrous yummy zesty crisp juicy creamy ahh oh ah alas bravo hooray hurray oops ouch
phew psst ta voila yay yep
"""
