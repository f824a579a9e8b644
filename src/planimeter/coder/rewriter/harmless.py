"""Words that narrow nothing, wherever they stand in a question about mapped things."""

from __future__ import annotations

from planimeter.coder.word_lists import listed

# They ask, address, thank, hesitate, join, compute, report, or name a part of a report or of an image. A word
# belongs here only if it can tell in no place which things are meant, nor what of them is measured: no quality,
# time, owner, price, use, person, material, height or direction. One that can in some has a rule of place.
HARMLESS = listed(
    """
    a abbreviate abbreviated abbreviation abbreviations abide abides abiding absolutely
    abstract abstracts absurdity academically access accomplish accomplishes accomplishing according
    accordingly accounted accurately accusation accusations acknowledge acknowledgement acknowledgements
    acknowledges acknowledging acknowledgment acknowledgments acquainted acronym acronyms act action
    actuality actually adding addition additionally adhere adheres adhering adjectives adjoined
    admiration admit admittedly admitting advance adverb advice advise advises advising aerial afaik
    affirm affirmation affirmative affirmed affirming affirms afraid again against agenda agendas
    aggregation agree agreed agreeing agrees ah aha ahead ahem ai aim aiming aims ain't aint aka albeit
    alexa algebra algebraic algebraically algorithm algorithmic algorithmically algorithms align aligned
    alike allocate allocating allot allude alluded alludes aloha aloud alphabet alphabetical
    alphabetically alphabets alright alrighty also although altogether always am amazed amazingly
    ambiguities ambition ambitions amen amid amounted amounting amuse amused an analogies analogy
    analyse analyser analyses analysing analysis analytics analyze analyzed analyzer analyzes analyzing
    and anecdotes angrily angry annotate annotating annotation announce announces announcing anonymity
    anonymously ans answer answer's answered answering answers anthology anticipate anticipating
    anticipation anxious anxiously any anybody anyhow anyone anything anyway anyways aoi api apiece apis
    apologies apologise apologised apologising apologize apologized apologizing apology appearing
    appears appease appeasing append appendix applaud applies applying appreciate appreciated
    appreciates appreciation apprenticeship approach approx approximately approximation approximations
    apps apropos aptly arcgis aren't argmax argmin argparse args argue argued argues arguing argument
    arguments arithmetic around arrange arranging arrive arrives article articulate articulating as asap
    asc ascertain ashamed ask ask's asked asking asks aspire aspiring assemble assembling assert
    asserted asserting assertion assertions asserts assess assesses assessing assessment assign
    assigning assignment assignments assigns assist assistance assistant assisting assists assumed
    assumes assumptions assure assuring async at attach attached attaching attachment attempt attempted
    attempting attempts attention attentively attest attests attribute attributes attributing
    attribution attrs audit auditing aught aunt authenticate authored autobiography automate
    automatically automating available averaged averageif averaging aversion avg aware awareness away
    awe backdrop backend background balance ballpark bands base baseline basic basically basics basis
    bbox be beat beats beaucoup becomes beeline beg began begging begin beginning begins behalf behold
    believe believes believing belt benchmark beneath best-guess bet biases bibliographic bibliographies
    bibliography bid big-picture bigest billing bin binary bit bits bitte blank bless blessings blindly
    blink blob blobs blogging blogs bloody blurb board boast boasts bonjour book bookkeeping bool
    boolean bordered boredom bot both bother bothered bothering bots bounded bounding boxed boxes
    bracket brackets brainstorming bravely bravo breach breaches breaching breathe brief briefing
    briefly brilliantly bring broadly brochure browse browser browsers browsing btw buddy budgeting
    buffered bullet bulletin bunch bundle but button buttons by bye bypass byte cached calculate
    calculated calculates calculating calculation calculations calculator calculators calculus callback
    callbacks calling calls calmly can can't candidate candidates candidly cannot capitalise capitalize
    caption capture captured cardinality care carefully cares carries carrying cartography case
    cases casually catch catches catching categorical categorically categorisation categorisations
    categorise categorised categorization categorizations categorize categorized caught caution
    cautioned cautions cautiously ceiling cell certainly cfg challenge champion chap chapter chapters
    characterise characterize characterizes chart charts chat chats chatting cheat cheating check
    checked checker checking checklist checks cheer cheers choice choices chooses choosing chop chore
    chores chunk chunks ciao circle circles circumstance cite cites citing claim claims clarification
    clarify clarifying clash class classification classifications classified classifier classifiers
    classifying classroom clause clauses clearances clearly clever clf click clicking clicks clip
    clipped clipping clock closely closing clue clueless clues cmd cmds cnt coarsely code coded coder
    codes coding collaborates collaborating collaboration collate collating column columns comb combine
    combines combining come comes comfort comma command commands commas commend comment commentaries
    commentary commented commenting comments commonly communicate communicated companion comparable
    compares comparing comparison comparisons compass competence competencies competency compilation
    compile compiled compiling complement complementary completeness completing complicate complicates
    complies compliment compliments comply complying compose composing comprehend comprehending
    comprehension comprising computation computational computationally computations compute computed
    computer computes computing con concatenate concatenated conceivably conceive conceiving
    concentrated concept concepts concern concerned concerning concerns concise concisely conclude
    concluded concludes concluding conclusion conclusions conclusively concur concurrently conduct
    confer confess confessed confident confidentiality confidentially confidently config configuration
    configure confirm confirmation confirming confirms conform conforming conforms confuse confused
    confusing congrats congratulations conjecture conjectures connected connectivity connotations cons
    conscience consciously consequently consider considerably considerate considerations considered
    considering considers console constants constituted constituting constrain constrained constraint
    constraints constructively consult consultation cont contacts contain containing contains
    contemplate contemplating contend content contents context contexts continue continues continuing
    contradict contradicting contradiction contradictions contradicts contrary contrast contrasted
    contrasts contribute contributed contributes contributing contribution contributions control
    convenience conveniently conversational conversations converting convey convince
    convinced convinces cookie coordinating cope copied copies copy copying copyright cordially cordon
    corpus correcting correction correctly correspond corresponded corresponding correspondingly
    corresponds corridor cos could couldn't count's counta counted counter counters countif countifs
    country-side course coursework courtesy cover coz cpu cram crank credibility crisp criteria
    criterion critically criticise criticising criticism criticisms criticize criticizing critique
    critiques crs crunch crunching csv ctx ctypes cue cues cumulatively curiosity curious curiously
    curricula curricular curriculum cursor customise customising customize customizing cutoff cuz danke
    dare dared darling dash dashboard data data's database dataframe dataframes datas dataset datasets
    datum deadline deadlines deal dealing dealings deals dealt dear dearest debate debating debug
    debugging deceive decide decided decides deciding decimal decimals decipher deciphering decision
    decisions deck declare declares decode decoded decoder decoding deduce deduced deducing deduct
    deducted deducting deducts deem deemed deems deepcopy def default defaultdict define defines
    defining definitely definition definitions definitively deg degree degrees deliberation
    deliberations delight delighted delimiter delimiters deliver deliverable deliverables delivering
    delta delve delved delves delving demand demands demo demonstrate demonstrates demonstrating
    denominator denote denoted denotes denoting depends depicted depicting depiction depictions
    derivation derive derives deriving desc describes describing description descriptions descriptor
    descriptors deserve deserves desire desires desk desktop desperately desperation despite detail
    detailed detailing details detected detecting detection detector detects determination determine
    determined determines determining develop devising df diagram diagrams dialog dialogs dialogue
    dialogues dict dictate dictates dictionaries dictionary didn't diff differences differentiate
    differentiates differentiating differentiation differently differs dig digest digit digits dilemma
    dilemmas diligence diligently disagree disagreed disappointed disappointment disbelief discern
    disclaimer disclaimers disclose discloses disclosing discounted discourse discourses discover
    discovered discovering discovers discretion discuss discussed discusses discussing discussion
    discussions disjoint dismay dismayed displayed displaying disregarded disregards disseminate
    disseminating dissemination dissertation dissertations dissolve dissolves dist distinct distinguish
    distinguished distinguishing distort distorts distract distracted distraction distractions ditto
    divide divides dividing division divisor do docs doctoral doctorate document documentation
    documented documents does doesn't doi doing don't done dossier dot dots doubly doubt doubtless
    doubts download downloadable downloaded downloading downloads draft drafting draw drawing drawings
    drawn draws dread dreading drew drift drone drops dtype dude due duly dumb dump dunno duplicate duty
    dwarf dwarfs dwithin each eager eagerly earnest earnestly easily echo echoes echoing eclipse
    eclipses edited editing edition editorial effectively effects efficiently effort efforts eg eh ehm
    either elaborate elaborated elaborating electronically element elements elicit elicited eliciting
    elif eloquently else elucidate elucidates elucidating em email embark embarked embarking embarrassed
    embarrassment embeddings ember emotion emotions empathise empathize emphasis emphasise emphasised
    emphasises emphasising emphasize emphasizing empirically employ emulate enable encircle encircling
    enclosing encode encoded encoder encodes encoding encompass encompasses encompassing encounter
    encountered encourage encouragement encryption endeavor endeavors endeavour endeavouring endeavours
    endif energy english enjoy enjoying enlighten enlist enlisting enough ensure ensures entail
    entailing entails enter enthusiasm enthusiastic enthusiastically entire entitled entries entry
    enumerated enumerating enumeration enumerations envelope envisage eod epistemology equaling
    equalling equals equate equates equating equation equation's equations equivalence equivalent
    equivalently er erm error errors errr escalate escape esp especially essay essays essence essential
    essentially est establish esteem estimate estimated estimates estimating estimation estimations etc
    ethics etiquette eval evaluate evaluated evaluates evaluating evaluation even evening evenly
    everybody everyone everything everywhere evidence evidenced evidences evidently ex exactly
    exaggerating exaggeration exam examination examine examines examining example examples exceeded
    excel excel's excerpts excessively excited excitedly excitement excl excluded exclusion exclusively
    excuse excuses executable execute executes executing exemplified exemplifies exemplify exempt
    exempted exercise exercises exhaustively exist existence existing exists experiment experimenting
    expertise explain explained explaining explanation explanatory explicit explicitly explore explores
    exploring exponents export exporting expose exposition express expressed expresses expressing
    expression expressions extending extensively extents extracted extracting extraction extremely
    eyeball facilitate facilitates fact factors facts factsheet factually fail failed failing fails
    fairly fairness faithfully fallacies fallacy false falsehood familiarise familiarity familiarize faq
    far farewell fascinated fascination fast-check favor favour feedback feeds feel feeling feelings
    feels fellow fellows fetch fetched fetching few few-words fewest fidelity fig figurative
    figuratively figure figured figures figuring file filed filename filenames filepath files filesystem
    fill filtered filters finalise finalize finally find finding findings finds finish fire first
    firstly five-minute flag flagged flagging flags flashcard flashcards flew float flood flooding
    fluency fluently fly flyer fmt focus focused focuses focusing focussed focusses focussing foggiest
    folder folders folks following follows font fonts fontsize footage footnote footnotes for forbids
    foresight forget forgetting forgive forgiving forgot form formal formally format formats formatted
    formatting formula formulae formulas formulate formulated formulates formulating formulation
    formulations forth forthwith fortunately forum forward forwarding found fourthly frac fractional
    fractions framed framework frameworks frankly freelance freely freq fret fretting frightened fringe
    from fruition frustrated frustration frustrations fulfil fulfill fulfilled fulfilling fulfills
    fulfils full fun function fundamentally furious furthermore fuss fwd fwiw fyi gamification gang gaps
    gathers gauge gave gdf generally generates genius gentlemen gents genuinely geo geodata geographical
    geographically geography geojson geom geometries geometry geopandas geoqa geospatial geotiff gesture
    get getattr gets getting giant gig gimme gis gist git give given gives glad gladly glance glean
    glimpse glossaries glossary go goal goals goes going golly gonna goodbye goodness google googling
    gosh got gotcha gotta gotten gpkg grab grabbing gracias gracious gradually graduating grammar
    grammatical grammatically graph graphic graphical graphics grapples grasp grasped grasping grateful
    gratification gratitude grazie greet greeting greetings ground group groupby grouped grouping groups
    guess guessed guesses guessing guesstimate guestimate guidance guide guided guideline guiding guten
    guys ha had-to hadn't haha hallo hallucinate hallucinating hallucination hallucinations hand handed
    handful handing handle handling handout handy hang hangs happen happening happens happily happy has
    hashlib hasn't hassle hath hats have haven't having headcount header heading headings headline hear
    heard hearing heartfelt heck hectar hectars heed heeding hehe heheh hehehe hehehehe hektar held
    hello help helper helping helps hence her here here's hereafter hereby herein heres hereto herewith
    hesitate hesitated hesitates hesitating hesitation heuristic heuristics hey heya heyo hi highlighted
    highlighting highlights hint hints his hit hits hiya hm hmm hmmm hmmmm hola homework hone honestly
    honing honor honors honour honoured honours hope hopeful hopefully hopelessly hopes hoping hose
    hoses hostname hover how how's howdy however howmany howzit href html http https huge huh humble
    humbly humility humor humour hurry hype hypotheses hypothesis hypothesise hypothesize hypothetical
    hypothetically i i'd i'll i'm i've icon id idea ideally ideas ideation identification identifier
    identifies identify identifying idioms idk ie if ignorance ignored ignores iirc illusion illusions
    illustrate illustrated illustrates illustrating illustration illustrations image imaged imagery
    images imaginary imagination imaginations imagine imaging imagining img imho immediate imo impart
    impartially imparting imparts impatient imperative implicit implicitly implied implies imply
    implying import importantly impose imposition impression impressions in inasmuch incidentally incl
    inclination inclusive inclusively incoming inconvenience inconveniences incorporate incorporated
    incorporates increment increments indeed indent indexes indexing indicate indicated indicates
    indicating indication indications indicator indicators indices individually indulge inexperienced
    infer inference inferences inferring infers info infographics inform informal informally information
    information's informative informed informing informs infos infringe infringing ing inherently
    initialise initialize initiate initiating input inputs inquire inquiries inquiring inquiry inside
    insight insights insist insisted insistence insisting insists insofar inspect inspecting inspection
    inst instance instances instant instantly instead instinct instincts instruct instructing
    instruction instructions int integer integers intend intended intending intends intent intention
    intentions intently intents interact interacts interchangeably interest interested interests
    internship interoperability interpret interpretation interpretations interpreted interpreting
    interprets intersect intersected intersection interval interview into intrigued intro introduce
    introduced introduces introducing introduction introductions intuition intuitively inventory
    investigate investigated investigates investigating investigation invitation invite invoke invokes
    invoking involve involved involvement involves involving iphone ironically irony irrespective
    irrespectively irritated is isinstance isn't issue issues it it's italic item item's itemised
    itemized iterate iteration iterations iterator its itself jargon jeez job job's jog join joining
    joins joke joking jot journaling jpeg jpg json jsonify judged judgement judgements judging judgment
    jump jumping jumps jurisprudence just justify juxtapose keen keep keeps keras key keyboard keyed
    keys keyword keywords kidding kinda kindly kindness kk knew know knowing knowledge
    knowledgeable known knows kpi kudos kwargs label label's labeled labeling labelled labelling labels
    lacking lacks ladies lambda landcover landscape language laptop larg lastly later laugh laughed
    laughing layer layers laying layout learn learned learning learns learnt leaves lecture legend
    legend's lemme len lengthwise lesson let let's lets letter letters letting lexicon liaise lightly
    like likewise limit limiting limits linestyle list listen listened listening listens listing
    literally literature little little-help ll llm loc locates locating logic logical logically login
    lol look looking looks lookup loosely lots lotta love loved lowercase luck lump lumped ma'am machine
    macro macros madam magnitude magnitudes mail main make man manage manages managing mandatory
    manipulation manipulations manner manners manny manual manually manuals manuscript manuscripts many
    map mapped mapper maps mark marker marking marks mask masked masks master match matched matches
    matching mate mates math mathematical mathematically maths matplotlib matter matters max maxima
    maximally maximise may maybe mayday me mean meaning meanings means meant measurable measure measured
    measurement measurements measuring mechanism mediate mediating meet meeting meetings meets memo
    memoirs memorise memorising memorization memorize memorizing mental mentally mention mentioned
    mentioning mentions mentorship merci mere merely merge merged merging merit merits message messages
    messaging met metadata metaphorically metaphors metavar method methodologies methodology methods
    metric metrics might millions min mind minds mindset mine minima minimally minimise minor misc
    misconception misconceptions misinformation miss missed misses mission mistake misunderstand
    misunderstanding misunderstandings misunderstood mode model modeled modeling modelled modelling
    models moderately modifier modifiers modify moin moment moments monitor mood more moreover morning
    most motivate motivates motivating mps mrs ms msg mtrs much muchas multi multiples multiplication
    multiplied multiply multiprocessing must mustn't mutual mutually my myself mystery n nah namaste
    namely namespace nargs narration narrative narratives narrowest naturally nature nb nd ndarray near
    nearby necessarily necessary necessitates necessity need needed needing needn't needs neglects
    negotiate negotiating neighbour neighbourhood nervousness never nevertheless newbie newsletter
    newspaper ngl nice-day nicely nlargest nn no nobody nodding nominal none nonetheless nonsense noob
    nope noqa nor norm normalise normalised normalize normalized nos not notably notation note notebooks
    noted notepad notes notice noticed noticing notify notifying noting notion notions notwithstanding
    nought noun nouns now nowhere np nr nrow nuance nuances nudge nuisance null nullable num number's
    numbering numeracy numeral numerator numeric numerical numerically numpy nunique nutshell nvm obey
    obj object object's objective objectively objectives objectivity oblige obliged observation
    observations observe observed observes observing obsessed obsession obtain obtained obtaining
    obtains obvious obviously occasion occupied occupies occupy occur occurrence occurrences occurring
    oder of off offended offer offers offhand offset offsets often oh oi ok okay okey okeydoke okie okok
    omg omission omits omitted on once one one's oneself online only onscreen onto ontology onward
    onwards oops op operation operations operator opinion opinions optimism option optional optionally
    options or oral orally ordering orderly orders organise organises organising organize organizes
    organizing ors orthophoto others otherwise ought our ourselves out outcome outcomes outdo outlier
    outlined outlining outnumbers output outrank outranks outright outsize outwards outweighs over
    overall overhead overheard overlaid overlapped overlay overlying override oversimplify
    oversimplifying overview own-words pack page page's pages paging pair paired pairs pairwise pal
    pandas paper paper's paradigm paradigms paradox paradoxically paragraph paragraphs param parameter
    parameters paramount params paraphrase pardon parentheses parse parsed parser parsers parsing part
    participate participle particular particularly particulars partition pass passage passed passes
    passing passion passionately password passwords paste pasted path pathlib patience patient patiently
    pause pausing peaceful pedagogy peek pencil pencils perc perceive perceives perceiving percent-wise
    percentagewise percents percentwise perception perceptions perfection perform performed performing
    perhaps perplexed personally perspective perspectives persuade persuading pertain pertaining
    pertains pertinent phase phew phone photo photo's photograph photographed photographic
    photographically photography photos phrase phrase's phrased phrases phrasing physically pic picking
    picks pics picture picture's pictured pie piecemeal pin pinpoint pins piqued pity pivot pixel-based
    pixels pixelwise place placement places plain plainly plan planning plausibly plea pleas pleased
    pleasure pledge plenty plotted plotting pls plss plugins plural plus plz png png's podcasts poetry
    point pointed pointer pointing policy politely poll polygonise polygonize polynomials polys ponder
    pondered pondering popped por portray portrayed portraying portrays pose posed posit posited posits
    possess possibility possible possibly post posted poster postgis posting postulate postulates
    potentially pprint practically practice practising pragmatically praise praising pre precise
    precisely predicate preface prefer preferable preferably preference preferences preferred preferring
    prefers premise preparation preparations prepare prepared prepares preparing preposition
    prepositions preprint preprints preprocess preprocessed preprocessing prerequisite prerequisites
    prescribes present presentation presentations presented presenting presently presents press
    presumably presume presumption presumptions pretend pretending prevail preview previews principally
    principle principles print printed printing printout prints prior priority pro proactively probably
    probe probing problem procedure procedures proceed proceeded proceeding process processed processes
    processing procrastinate procrastinated procrastinating procrastination procure produce-number
    profession professionalism proficiency profoundly program programme programming programs progress
    project project's projects promise prompt prompt's prompted prompting prompts pronoun pronounce
    pronouns pronto proof proofread properly property proportional proportionally proportionate
    proposition prose protocol protocols proudly prove proves provide provided provides providing
    proximity psst psyched publications publish publishes punctuation pure purely purpose purposes
    pursue push pushed put puts putting puzzle puzzled puzzles py pygame pylint pytest python
    python's q qgis qn qty qualification qualifies qualify qualifying quantification quantified
    quantifies quantifying quantitative quantities quarrel quarrels que queried queries query query's
    querying queryset ques quest question question's questioning questionnaire questions queue quick
    quicker quickest quickly quietly quit quite quiz quizzes quo quote quoted quotes quotient quoting r
    radii ran rang range ranged ranking rankings ranks rapidly raster rate rather rating rationale raw
    re reach reachable reaches reaching react read readability readable reader reader's readily reading
    readings reads ready reaffirm realise realises realising realistically reality realize realizes
    realizing really rearranging reasonably reasoning reassess reassessing reassurance reassure
    reassured reassures reassuring recall recalling recalls recap receive received receives receiving
    recheck recitation recite recited reckon reckoned reckoning reckons reclassify recognisable
    recognise recognised recognises recognising recognition recognizable recognize recognized recognizes
    recognizing recommend recommendation recommendations recommended reconcile reconciled reconciling
    reconsider record recorded recording records recount recounted recounting recounts rectangle
    redefining ref refer reference referenced references referencing referred referring refers refine
    refined refinement reflect reflected reflects reformulate refresh refuse refute refutes refuting
    regard regarded regarding regardless regards regex register registered-here regret regretfully
    regrets regrettably rehearse reiterate rejoice relate related relates relating relation relational
    relations relationship relationships relative relatively relay release relevance reliably relies
    reluctance reluctantly rely remainder remaining remark remarked remarks remember remembering
    remembers remind reminder reminding reminds remit remorse remotest remove removing render rendered
    rendering reorder repeat repeated repeatedly repeating repeats repertoire repetition repetitions
    rephrase rephrased rephrasing replicating replied replies reply replying report reported reporting
    reports repositories repository represent representation representations represented representing
    represents reprint reprinted reproduce reproduced reproducing reprogram req request requested
    requesting requests require required requirement requirements requires requisite rerun research
    researches researching reset resolution resolve resolves resolving resorting resourceful respect
    respected respectful respectfully respecting respective respects respond responded
    responding responds response responses responsible rest restart restate rested restricting
    restriction restricts result resultant resulted resulting results resume retain retaining rethink
    rethinking retrieval retrieve retrieved retrieves retrieving retrospect retry retrying return
    returned returning returns reveal revealed revealing reveals review reviewing reviews revise revised
    revising revisit revisiting reword rewrite rewritten rhetoric rhetorical rhetorically rhyme
    rhyming ribbon richly rid riddle riddles ridicule right rightly righto rigor rigorous rigorously
    rigour rim ring riparian rises rn robot roger role room roughly rounded rounding rounds routine row
    rows rubric rubrics rule ruler rules rummage run runner runs runtime s sadly sadness sake salam
    sanity satellite satisfied satisfies satisfy satisfying saves saving saw say saying says scalar
    scalars scale scan scanned scanning scenario scenarios scene scenes sceptical sch schedule scheduler
     schema scheme scheme's science scipy scope score scored scores scoring scout scrap
    scratch scratching screen screenshot screenshots script scripting scripts scroll scrolling scrolls
    scrum search searched searches searching sec secondly see seeing seek seeking seeks seem seems seen
    segment segmentation segmented select selecting selection selections selector selectors selects self
    semantic semantically semantics semester seminar send sending sends sense sensed sensing sent
    sentence sentences sentiments separates separating separation sequence sequential sequentially
    serialise serialize serializer serializers series seriously seriousness sermon session setattr
    setback sets setting settings several severally shall shalt shame shan't shapefile share sharing
    she'd she'll she's sheer sheet sheets shocked shoot shorthand shortlist shortly shot shots should
    should've shouldn't shouted shouting show showed showing shown shows shp shutil sieve sift sigh
    sighed sighing sight sign signifies signify signifying silently similarly simplicity simplified
    simplifies simplify simply simultaneous sincere sincerely sincerity single singled singly sir siri
    sirs site sites sitting situated situation situations size sized sizewise sizing sketch skill skim
    skipped skips sklearn slice slices slight slightly slot small small-question smile smiling snap
    snapshot snippet so softly software sole solely solicit soliciting solution solve solved solver
    solvers solves solving some somebody somebody's somehow someone someplace something somewhat
    somewhere sonnet soo sooo sorry sort sorta sorting sorts sought sounds space spaced spacing spacious
    sparks spatially speak speaking speaks specialised specialists specialty specific specifically
    specification specifications specifics specified specifies specify specifying speculate speech
    speeches spell spelled spelling spend spending spends split splits splitting spoken spot spotting
    spread spreading spreads spreadsheet spreadsheets sql sqlalchemy sqlite squaremeters squeeze
    squeezed st stance stand standing standpoint stands stare stared start started starts stat state
    stated statement statements statewide stating statistic statistical statistically statistics stats
    stay staying stays stderr stdev stdout step sticker stickers sticking still-there stipulates stop
    stops stored story storyline storylines straightaway straightforward strategy streamlining stretch
    stretches strictly string strings strips strive striving strongly struck structuring struggle
    stubborn stuck studied studies study studying stuff stumble stumbled stumbling stumped sub subclass
    subdivide subdivision subgroup subject subjects submission submit submitted submitting subsequent
    subsequently subset subsets subtotal subtotals subtract subtracted subtracting subtraction subtracts
    successful successfully succinctly such suchlike suddenly sudo suffice suffices sufficient
    sufficiently suggest suggested suggesting suggestion suggestions suggests suite sum sumif summaries
    summarise summarised summarises summarising summarize summarized summarizes summarizing summary
    summation summing sumproduct sums sundry sup super superimpose supervising supportive suppose
    supposed supposedly supposes sure surely surfacewise surpasses surpassing surplus surprise surprised
    surprises surprising surprisingly surrounding surroundings survey surveying surveyors surveys
    suspect suspense swallow swallows sweep swiftly switch syllable syllabus symbol symbolise
    symbolising symbolize symbolizing symbols sync synchronisation synchronization synonym synonymous
    synopsis syntactic syntactically syntax synthesise synthesising synthesize synthesizing system
    systematic systematically t ta tab tabbed table tables tablets tabs tabular tabulate tabulated
    tabulating tabulations tackle tackling tad tag tagged tagging tags take takeaway takeaways taken
    takes taking talk talked talking talks tallied tallies tally tallying tallyup tap target targets
    task tasked tasks tbc tbd tbh teach teaching teammate teamwork tease teasing tech technically
    technique techniques tedious teh telephone tell telling tells tempfile template templates tempted
    tend tended tends tensor tensorflow tensors tentative tentatively term terminology terms terrific
    terrified territory test testify testing tests text textbooks texting texts textual tgif th than
    thank thanked thankful thankfully thanking thanks thankyou thanx that that'd that'll that's the thee
    their them theme themes themselves then theorem theorems theoretically theories theory ther there
    there'd there'll there's thereabouts thereafter thereby therefore therein thereof thereupon these
    theses thesis they they'd they'll they're they've thing things think thinking thinks thirdly this
    thnx thorough thoroughly those thou though thought thoughts thread threads threshold thresholds
    thrilled through throughout throw throwing thrown thumb thumbnail thumbnails thumbs thus thx thy tia
    tick ticked ticket tidy tif tiff til tile time-permitting timeline timely timeout tiny tip tips
    tiredness tirelessly tiresome title titled titles tkinter tks tmp to todo together toggle tokenizer
    tokenizers told tolerance too took tool toolbar toolbox toolkit toolkits tools topic topped topping
    tops torchvision toss tot total totaled totaling totalized totalled totalling totally totals touch
    touched toward towards tqdm trace traceback tracing training transcribe transcribed transcribing
    transcript transcription transcriptions transcripts translate translated translates translation
    transpose transposing treat treatise treatises trick trickier tricks tried tries trigonometry trivia
    trouble troublesome troubling truly trump trumps trust trusted trusty truth truthfully
    truths try trying tune tuple tuples turn turning turns tutorial tutorials tutoring tweak tweet txt
    ty typed typically typing typo typography typos uh uhh uhhh uhm uhmm ultimately um umm ummm unable
    unambiguous unanimously unaware uncover undeniably under underline underlines underlining underlying
    underscore underscored underscores underscoring understand understandable understandably
    understanding understandings understands understood undertake undertaking undertook undo undoubtedly
     uneasy unequal unequivocally unfortunately unicode unified union uniquely unit units unittest
    universe unknowns unless unlike unmarked unnecessary unpack unravel unraveling unravelling unrelated
    unsure unto unusually update updating upfront upload uploaded uploading upon uppercase uptake urge
    urgency urgently urges urging uri url urllib urls us use use-the used usefully user username uses
    using utilise utilize utils utmost utter uttered utterly uuid vague vaguely validate validating
    validation vals value var variable variable's variables variant variants varies variously vars vary
    varying vastly vector vectors verb verbally verbs verdict verification verifies verify verifying
    verse version very vet via vicinities vicinity vie view viewed viewer viewing viewpoint views
    violate violating virtual virtually visual visualise visualised visualize visualized visually
    vitally viz vocab vocabularies vocabulary voice voiced voila voluntarily vouch vow vowed vowels vqa
    vs wait waited waiting waits wanna want wanted wants warmly warning wary was wasn't wat watch
    watching waterfront wats wattage way ways we we'd we'll we're we've web webinar webinars webpage
    website wed welcome welcomed well welp went were weren't what what'd what'll what're what's what've
    whatever whats whatsoever whch when's whence whenever where where'd where'll where're where's
    whereafter whereas whereby wherein wheres wheresoever whereupon wherever whether whew which
    whichever while whilst whim whims whisper whiteboard who'd whoa whoever whole wholeheartedly whoops
    why's wich widely widen widget widgets wiki wildfire wildfires will-you willing willingly win wins
    wise wisely wish wished wishes wishing with within withing without witness wkt woe won't wonder
    wondered wonderfully wondering wonders word worded wording wordings words wordy work workflow
    workflows working workings workload workout workpiece works worksheet worksheets worried worries
    worry worrying would would've wouldn't wow wrap wrapping write writer's writes writing writings
    written wrong-not wrote wryly www x xd xls xlsx xml xrange y y'all ya yaml yay yea yeah yep yes
    yesterday yet-another yo you you'd you'll you're you've your yours yourself yourselves yup yw zeal
    zero zonal zone zones zoom
    """
)
"""Words that ask, address or report and narrow nothing by themselves."""
