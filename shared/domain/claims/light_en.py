"""English words that assert nothing that could be checked: generic verbs, adverbs, judgements, moods.

Data in dictionary form; `lexicon` brings inflected words to it. What names a thing that a business has or does, a
material, a place, a group of people, a quality that could be certified or measured, does not belong here."""

from __future__ import annotations

LIGHT = """
abide able abound about absolutely abundant accent accept accidentally accommodate accompany accomplish accordingly
accumulate accurate accustomed ache achieve acknowledge acquaint across act action active actual actually adapt add
additional additionally address adequate adhere adjoin adjust admire admit adore advantage advantageous adventure
advise affair affect afford affordable afraid afresh after afterwards again age agenda ago agree agreeable ah ahead
ahh aid aim aisle akin alas alert alike alive allocate allow almost alone along aloud already alright alternative
although altogether amaze amazed amazing ambition amid among amongst amount ample amply amuse anecdote angle announce
annoying another answer anticipate anticipation anxious anyhow anyplace anyway apart apiece apologise apologize
apology apparently appeal appealing appear appetising appetite appetizing applaud applause applicable appoint
appreciate appreciation approach appropriate approximate apt arise arm armchair arrange array arrival arrive arrow
artful ashamed aside ask aspect assemble assert assign assort assume assured astonish astonishing atmosphere attach
attain attempt attend attention attentive attitude attractive attribute automatic autumn available avoid await awake
awaken aware awareness away awesome awful awkward background backing badly balance bare barely bargain basic basically
basis basket bathe beam bear beat beautiful beauty beckon become bedtime befit before beforehand beg begin beginning
behind believe belong beloved bench bend beneficial besides bet beware bewildered beyond bid bit bite bitter blank
blaze blend bless blink bliss bloom blow blur blurry board boast body bold boom bore bored boring bother bothered
bottom bounce bound brag brain brave bravo break breath breathe breathtaking breeze brew brief briefly bright brighten
brilliance brilliant brim bring brisk broad broken brush bubble buddy budge bug bulk bump bumpy bunch burden burn bury
business bustle bustling busy buzz call calm calmly can candid candle canvas capable capture care careful carefully
carry carve case cast casual casually catch category cause caution cautious cease ceiling celebrate celebration
certain certainly challenge challenging chance change chaos character charge charm charmed charming chase chat cheat
cheek cheeky cheer cheerful cheery cherish chew chief chill chilly choice choose choosy chop chore chuckle circle
circumstance claim clap clarify clarity clash clasp classic classy clear clearly clever cling clip clock close closely
cloud cloudy clue clumsy clutter coincidence cold collapse collect colorful colourful combine come comfort comfortable
comfortably comfy command commence commend comment commit common companion company comparable compare compel
compelling complain complement complete completely complexity complicated compliment composed comprehend comprehensive
compromise conceal conceivable conceive concentrate concentrated concept concern conclude conclusion concrete
condition confess confidence confident confidently confirm confuse confusing confusion congratulate connect connection
conquer conscious consent consequence consequently consider considerable considerably considerate consistent
consistently console constant constantly consult contemplate content contentment context continue contrast control
convenience convenient conveniently convention conventional conversational convey convince cool cooperate cope core
corner correct correctly cosily costly cosy cough counsel count countless couple courage course cozily cozy crackle
cram crave crazy creamy create creative crisp crispy criterion critical crop cross crossroads crowd crucial crunch
crush cuddle cue cup curiosity curious curl current currently curve custom cut cute dance dare dark darkness dash
daunting dawn daydream dazzle dazzling deal dear debate debut decent decide decision decorate dedicate dedication deep
deeply definite definitely degree delicacy delicate delicious delight delighted delightful delve demand denote
departure depend depict depths derive describe deserve desire despair desperate despite destination detach detail
detailed determine detour develop devote differ difference different differently difficult difficulty dig digest
dignity dilemma dilute dim dip direct direction directly disagree disappear disappoint disappointed disappointment
disaster discern discover discovery discreet discreetly discuss discussion disguise dish dislike dismiss dispose
distance distant distinct distinction distinctive distinguish distraction disturb ditch dive diverse divide dizzy do
dodge doorstep doubt doubtful downright downside drag drain dramatic drastically draw drawer dread dream dreamy dreary
dress drift drive drizzle drop droplet drown drowsy dull dump dusk dust duty dwell eager early earnest ease easily
easy echo edge effect effort either elaborate elbow elegant element else elsewhere embark embarrass embarrassing
embrace emerge emotional emphasis emphasise emphasize empower empty enable enchant enchanting enclose encounter
encourage encouraging end endeavor endeavour endless endure engage engaged engaging enjoy enjoyable enlighten enormous
enough enrich ensure enter entertain enthusiasm enthusiastic entice enticing entire entirely environment envy equal
equally erase errand especially essential essentially evaluate even event eventually ever everyday evidently evoke
evolve exact exactly exaggerate example exceed excellent except exceptional exceptionally excess excessive excite
excited excitement exciting exclaim excuse execute exhale exhausted exhausting exist expand expanse expect expectation
explain explore expose express expression exquisite extend extensive extent extra extraordinary extreme extremely eye
eyebrow fab fabulous face fact fade fail faint fair fairly faith faithful fall familiar familiarity famished famously
fan fancy fantastic fantasy far farewell fascinate fascinating fascination fashion fast fate fault faultless favor
favorite favour favourite fear feasible feast feature feedback feel feeling fellow few fiddle fiddly figure fill final
finally find fine finest finger finish firm firmly first firsthand firstly fit fizz flair flame flash flatter flavor
flavour flavourful flaw flawless flee flexibility flexible flexibly flick flip float flock flood flop flourish flow
fluffy fluid flutter fly focus foggy fold folk folks follow fond foot force forecast foremost foresee forever forget
forgive forgotten form formality former formerly forth forthcoming fortunate fortunately fortune forward foster
foundation fragment fragrance frame frank frankly freely frequency frequent frequently fresh freshen freshly friend
friendly front frost frosty frown fruitful frustrated frustrating frustration fulfil fulfill fulfilled fulfilling full
fully fun fundamental funny further furthermore fuss future fuzzy gadget gamble gap gather gathering gaze general
generally generosity generous genius gentle gently genuine genuinely gesture get giant gifted giggle gist give glad
gladly glamorous glance glare gleam glimpse glitter gloomy glorious glory glove glow go goal gold golden gone good
goodbye goodness goodwill gorgeous gossip gotten grab graceful gradual gradually grand granted grasp grateful
gratitude gray great greatly greedy greet greeting grey grief grin grip groan groove ground grumpy guess guidance
guide guideline guilty gut habit halfway halt hand handful handily handle handy hang happen happening happily
happiness happy harbour hard hardly hardship harm harmless harmony harsh hassle haste hastily hasty hate haul have
haven head headache headline heap hear heart heartache heartfelt heartily heartwarming hearty heaven heavenly heavy
hectic hello help helpful helpfully helpfulness helpless hence hesitant hesitate hey hi hide high highlight highly
hint hit hold homely honest honestly honesty honor honour hooray hop hope hopeful hopefully hopeless horizon horrible
hospitable hospitality host hot hover however hug huge hum humble humbly humorous hunger hungry hurdle hurray hurry
hurt hush hustle idea ideal ideally identical identify idle idyllic ignore imaginary imagination imaginative imagine
immense immensely immerse imminent impact impatience impatient implement imply importance important importantly
impossible impractical impress impression impressive imprint improbable improvise impulse inadequate inbox
incidentally inclined incomplete inconvenience inconvenient incredible incredibly indeed independent independently
indicate indispensable individual individually indulge indulgence indulgent inevitable inevitably infinite infinitely
influence inform informal information ingenious initial initially inner inquire inquiry inquisitive insight insist
inspiration inspire inspired inspiring instance instantly instead instinct instinctive insufficient integral
intelligent intend intense intensely intention interact interest interested interesting interrupt intimate intricate
intrigue intriguing introduce introduction intuition intuitive invaluable inventive investigate invisible invitation
invite inviting involve irresistible irritating isolate issue itch item jealous job join joke jolly jot journey joy
joyful juggle juggling juicy jumble jump junk just keen keenly keep keeper key kick kind kindly kindness kit knack
knock knot know lack laid-back land lane last lately later latest latter laugh lavish lay layer lazy lead leaf lean
leap learn learner least leave leftover leisure leisurely length lengthy less lesser let letter level lie life lift
light lighten lighthearted lightly likeable likelihood likely likewise limelight line linger link list listen lit
literally little live lively load loads locals locate lock logic logical logically lone lonely long longing look loose
lose loss lost lot lots loud lounge lovable love lovely lover lovingly low luck luckily lucky lucrative lump lure
luscious lush mad magic magical magnificent main mainly majestic make manage manageable mania manner manually many
mark marvel marvellous marvelous master match matter mature maybe mean meaning meaningful meaningless meantime
meanwhile meet mellow melt memorable memory mental mentally mention mere merely merry mess message messy method middle
mighty mild mind mindful mingle minor minus miracle mirror misery misfortune mislead misplace miss mission mistake
misunderstand mix mix-up mixture mode moderate modest modestly moment mood moody moreover mostly motivate motivation
motto mouthful mouthwatering move movement much muddle muse mutual mysterious mystery naive name namely narrative
narrow nasty natural naturally nature near nearly neat neatly necessarily need needless negative neglect nerve nervous
nestle nevertheless new newly next nice nicely nifty nightfall nightmare nip noble nod noise noisy nonetheless
nonsense normal normally nose nostalgia nostalgic notable notably note noteworthy nothing notice notion
notwithstanding now nowadays nowhere nudge nuisance numerous nurture oath object observe obstacle obvious obviously
occasion occasional occasionally occupied occupy occur odd offer often oh ok okay old once one onwards oops open
openly opinion opportunity opposite opt optimistic option oral ordinary organise organised organize organized origin
original originally otherwise ouch outburst outcome outdoor outgoing outline outlook outset outside outstanding
overall overcome overcrowded overdue overflow overlap overlook overly oversee overtake overview overwhelm overwhelmed
overwhelming own pace pack page pain pain-free painful painless palm pamper panic paradise pardon part partial
partially particular particularly partly pass passage passing passion passionate passionately past pastime patch path
pathway patience patient patiently pause peace peaceful peak peckish peculiar peek peep perceive perception perfect
perfection perfectly perform perhaps period perk permission permit persist persistent personal personality personally
perspective persuade persuasive peruse petty phase phenomenon phew phrase pick picture piece pile pile-up pinch
pinpoint pioneer pitfall pity place plain plainly plan platform plausible play playful playfully pleasant pleasantly
please pleased pleasing pleasure pledge plentiful plenty plot plug plump plunge plus pocket poem poetic poetry point
poke polite ponder pop popularity portion portray posh position positive possess possibility possible possibly
potential potentially pour practical practicality practically practice praise pray precious precise precisely
precision predict predictable prefer preference preparation prepare presence present presently press pressure
presumably presume pretend pretty prevail preview previous previously pride primarily primary principle prior privacy
private privilege privileged probably problem proceed process productive profound progress prolong prominent promise
promising prompt promptly proof proper properly proposal propose prospect prosper proud proudly provide provided
provoke prudent psst pull punch punchy punctual pure purely purpose pursue pursuit push put puzzle puzzled quaint
quality quarrel quest question questionable queue quick quickly quiet quieten quietly quirky quit quite quota quote
race rain rainy raise random range rapid rapidly rare rarely rate rather rational raw ray reach react reaction read
reader readily readiness ready real realise realistic realistically reality realize really reap rear reason reasonable
reasonably reassure reassured reassuring recall recap recent recently recharge recipient reckon recognise recognition
recognize recollect recommend recommendation reconsider record recreate recur redo refer reference refill reflect
reflection refrain refresh refreshing refuse regain regard regarding regardless regret regrettable regular regularly
rehearse rekindle relatable relate relation relationship relative relatively relax relaxation relaxed relaxing
relevant reliably relief relieve reluctant rely remain remark remarkable remarkably remedy remember remind reminder
reminisce renew repay repeatedly repetition reply report represent request require resemble reserve resilient resist
resolve respect respectable respectful respectively respond response responsibility responsible rest restful restless
result resume retain retreat return reunion reunite reveal revisit revive rhythm rich riddle ride ridiculous
ridiculously right ripe ripple rise risk rival roam rob robust rocky role roll romantic rotate rough roughly round
routine row rub rude ruin rule rummage rumor rumour run rush rustic rustle sacred sacrifice sad sadly sadness sail
sake salute same satisfaction satisfied satisfy satisfying savor savour say scale scare scared scatter scene scent
sceptical scope score scramble scratch scream scroll scrumptious sculpt seal seamless seamlessly search season
seasoned seat seclude second secondly secret section see seek seem seemingly seize seldom select selection selective
selfish send sensation sense sensible sensitive sentence separate separately serene serenity series serious seriously
serve set setback settle several shabby shade shadow shake shall shallow shame shape share sharp shatter shelter
shield shift shine shiny shiver shock short shortcut shortly shot shout show shrink shrug shuffle shy side sigh sight
sign significant silence silent silky silly similar similarly simmer simple simplicity simplify simply since sincere
sincerely sing single sip sit situation size skeptical sketch skilful skilfully skillful skim skip skull sky slam
sleek sleep sleepless sleepy slick slide slight slightly slim slip slogan slow slowly small smart smash smell smile
smoky smooth smoothly snap sneak sniff snowy snug soak sob sober sociable soft softly solely solemn solid solitary
solution solve somehow someone something sometimes somewhat somewhere song soon sooner soothe soothing sophisticated
sore sorry sort soul soulful sound sour source spacious spare spark sparkle speak special specially specific
specifically spectacle spectacular spectrum speech speed spell spend spicy spike spill spin spirit spite splash
splendid split spoil spoilt spontaneous spontaneously spot spotless spotlight spread spring spur square squeeze stack
stage staggering stain stand staple star stare start startle starving state static stay steadily steady steal steep
steer stem step stick still stimulate stimulating stir stop storm story storytelling straight straightaway
straightforward strain strange stranger strategic streamline strength strengthen stress stressed stressful stretch
strict strictly stride strike strive stroll strong strongly structure struggle stubborn stuck stuff stumble stunned
stunning stupid style stylish subject sublime subtle subtly succeed success such sudden suddenly suffer sufficient
sufficiently suggest suggestion suit suitable suitably sum summer sun sunlight sunny sunrise sunset sunshine super
superb suppose supposedly supreme sure surely surface surge surpass surprise surprised surprising surprisingly
surrender surround surroundings survive suspect suspense swanky swap sway sweep sweet sweeten swell swift swiftly
swing swipe switch symbol sympathetic sympathy synonymous ta tackle tactful tag take tale talk talkative tame tangle
tap target task taste tasty teamwork tear tease tedious tell temper tempo temporarily temporary tempt temptation
tempting tend tender tension tentative term terrible terribly terrific terrified testament thank thankful thankfully
thanks theme themselves thereafter thereby therefore thing think thinking thirst thirsty thorough thoroughly thought
thoughtful thoughtfully thread threat threaten thrill thrilled thrilling thrive throughout throw throw-away thumb thus
tick tidy tie tight tight-knit tightly till tilt time timeless timely timing tingle tinker tiny tip tired tireless
tiresome today together token tolerate tomorrow tone tonight top topic torch torn toss tot total totally touch
touching touchy tough toward toy trace track trail tranquil transform transition transmit trap traveller treasure
treat tremendous trend trendy tribute trick trickle tricky trip triumph trivial trouble troublesome true truly trust
truth truthful truthfully try tucked tummy tune turn twice twinkle twist type typical typically tyre ultimate
ultimately unable unaffected unaware unbearable unbelievable unbelievably uncertain uncertainty unclear uncommon
uncomplicated under undergo underline underlying underneath understand understandable undertake undoubtedly uneasy
unexpected unexpectedly unfair unfamiliar unfold unforgettable unfortunate unfortunately unhappy unhurried unify unity
unlike unlikely unload unlock unnecessary unpack unpleasant unravel unreal unsure untouched unusual unusually unveil
unwind upbeat upcoming update uphold uplifting upon upper upright uproar upset upside urge urgent urgently use useful
usefully usefulness usual usually utmost utter utterly vague vaguely vain valid validate valley valuable value vanish
variation varied variety various vary vast velvet velvety venture verdict versa version very via vibe vibrant vice
victory view viewpoint vigorous villain virtually virtue visible visibly vision visit visitor vista visualise
visualize vital vivid voice voila vow wait wake wake-up walk wander wandering want ward wardrobe warm warmly warmth
warning waste watch wave way weak wealth weary weave weekly weep weigh weight weird welcome welcoming well well-being
well-known wellbeing whatever whenever whereabouts whereas wherever whet whichever while whilst whim whimsical whirl
whirlwind whisper whoever whole wholehearted wholeheartedly wholesome wholly whose why wide widely widen width wild
willing willingly win wind wink winter wipe wisdom wise wisely wish wit within without witness witty woe wonder
wonderful wonderfully wondrous word work workable world worn worried worrisome worry worrying worse worth worthless
worthwhile worthy wow wrap wrestle wrinkle write wrong wry yawn yay yearn yearning yell yep yet yield young yourself
yummy zeal zest zesty zip zoom
"""
