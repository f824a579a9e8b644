"""Words that narrow nothing, wherever they stand in a question about mapped things."""

from __future__ import annotations

from planimeter.coder.rewriter.phrases import listed

# They ask, address, thank, hesitate, join, compute, report, or name a part of a report or of an image. A word
# belongs here only if it can tell in no place which things are meant, nor what of them is measured: no quality,
# time, owner, price, use, person, material, height or direction. One that can in some has a rule of place.
HARMLESS = listed(
    """
    a abide abides abiding access according accounted accurately acknowledge act action actually adding
    addition additionally adhere adheres adhering adjoined advance advise aerial afaik again against agenda
    aggregation agree agreed agrees ah aha ahead ahem ai aim aiming ain't aint aka albeit alexa algorithm
    align aligned alike allocate allot aloha alphabetical alphabetically alright alrighty also altogether
    always am amid amounted amounting an analyse analyses analysing analysis analytics analyze analyzing and
    annotate announce ans answer answer's answered answering answers anticipate any anybody anyhow anyone
    anything anyway anyways aoi apiece apologies apology appearing appears append appendix applies applying
    appreciate appreciated appreciates appreciation approach approx approximately apropos arcgis aren't
    argmax argmin args argument arguments arithmetic around arrange arrive arrives article as asap asc
    ascertain ask ask's asked asking asks assemble assess assessment assign assignment assist assistance
    assistant assists assumed assumes assure at attach attached attaching attachment attempt attempting
    attention attribute attributes audit aught aunt available averaged averageif averaging avg aware away
    backdrop background balance ballpark bands base baseline basic basically basis bbox be beat beats
    beaucoup becomes beeline began begin beginning begins behalf behold believe belt benchmark beneath
    best-guess bet bid big-picture bigest bin binary bit bits bitte blank blob blobs blurb board boast
    bonjour book bookkeeping bool boolean bordered bot both bother bothered bothering bounded bounding boxed
    boxes bracket brackets bravo breach breaches breaching breathe brief briefing briefly bring broadly
    brochure browse browsing btw buddy buffered bullet bulletin bunch bundle but by bye bypass byte
    calculate calculated calculates calculating calculation calculations calculator calling calls can can't
    candidate candidates cannot capture captured cardinality care carefully cares carrying cartography case
    cases catch catches catching categorise categorised categorize categorized caught caution ceiling cell
    certainly champion chap chapter characterise chart charts chat check checked checker checking checklist
    checks cheers choice chooses choosing chop chore chunk chunks ciao circle circles cite claim claims
    clarification clarify clarifying clash class classification classifications classified classifier
    classifying classroom clause clearances clearly clever click clip clipped clipping clock closely closing
    clue clueless cnt coarsely code coded coder codes collate collating column columns comb combine combines
    combining come comes comfort comma command commands commas comment comments commonly communicate
    companion comparable compares comparing comparison comparisons compass compilation compile compiled
    compiling complement complementary completeness completing complies comply complying compose comprising
    computation computations compute computed computer computes computing con conceivably concentrated
    concept concern concerned concerning concerns concise concisely conclude conclusion confess confident
    confidently configuration confirm confirmation confirming confirms conform conforming conforms confuse
    confused confusing congrats congratulations connected connectivity cons consequently consider
    considerably considerate considered considering considers console constituting constrain constrained
    constraint constraints consult consultation cont contacts contain contains contend content contents
    context continue continues continuing contrary contrast contrasted contribute contributed contributes
    contributing contribution contributions control convenience conveniently converting convey cookie cope
    copied copies copy copying cordially cordon correction correctly correspond corresponding
    correspondingly corresponds corridor could couldn't count's counta counted counter counters countif
    countifs country-side course cover coz cram crank crisp criteria criterion critically crs crunch
    crunching csv cue cumulatively curiosity curious cursor cutoff cuz danke darling dash dashboard data
    data's database dataset datasets datum deadline deal dealing deals dealt dear dearest debate debug
    decide decided decides deciding decimal decimals decision decisions deck declare deduce deduct deducted
    deducting deducts deem deemed deems def default define defines defining definitely definition deg degree
    degrees deliver deliverable deliverables delivering delta demand demands demo demonstrate denominator
    denote denoted denotes denoting depends depicted depicting derive desc describes describing description
    deserve deserves desire desires desk desktop despite detail detailed detailing details detected
    detecting detection detector determine determined determines determining develop df diagram didn't diff
    differences differently differs dig digest digit digits dilemma disagree discounted discover discovered
    discuss discussed discussing discussion disjoint displayed displaying disregarded disregards dissolve
    dist distinct distinguish distinguished distinguishing distort distorts ditto divide divides dividing
    division divisor do document documentation documented documents does doesn't doing don't done dossier
    dot dots doubly doubt doubtless download draft drafting draw drawing drawings drawn draws drew drift
    drone drops dude due duly dumb dump dunno duplicate duty dwarf dwarfs dwithin each eager easily echo
    eclipse eclipses edited editing edition effectively effects efficiently effort eg eh ehm either
    elaborate element elements elif else em email ember emphasis employ enable encircle encircling enclosing
    encompass encompasses encompassing encounter encountered encourage endeavour endif energy english enjoy
    enjoying enlighten enough ensure enter entire entitled entries entry enumerated enumerating enumeration
    enumerations envelope envisage eod equaling equalling equals equation equation's equivalent equivalently
    er erm error errors errr escape especially essay essence essential essentially est establish estimate
    estimated estimates estimating estimation estimations etc evaluate evaluated evaluates evaluating
    evaluation even evening evenly everybody everyone everything everywhere evidence evidently ex exactly
    exam examination examine examining example examples exceeded excel excel's excessively excl excluded
    exclusion exclusively excuse exempt exempted exercise exercises exist existence existing exists
    experiment explain explaining explanation explanatory explicit explicitly explore exploring export
    exporting expose exposition express expressed expression extending extensively extents extracted
    extracting extraction extremely eyeball facilitate fact factors facts factsheet fail failed failing
    fails fairly false faq far fast-check favor favour feedback feeds feel feeling fellow fellows fetch
    fetched fetching few few-words fewest fig figure figured figures figuring file filed files fill filtered
    filters finalise finalize finally find finding findings finds finish fire first firstly five-minute flag
    flagged flagging flags flew float flood flooding fly flyer focus focused focusing foggiest folder folks
    following follows font footage footnote for forbids forget forgetting forgive forgot form formal
    formally format formats formatted formatting formula formulae formulas formulate forth forthwith forum
    forward found fourthly frac fractional fractions framed framework frankly freely freq fringe from fulfil
    fulfill fulfilled fulfilling fulfills fulfils full fun function fundamentally furthermore fwd fwiw fyi
    gang gaps gathers gauge gave gdf generally generates gentlemen gents genuinely geo geodata geographical
    geographically geography geojson geom geometries geometry geopandas geoqa geospatial geotiff get gets
    getting giant gig gimme gis gist give given gives glad gladly glance glimpse go goal goals goes going
    golly gonna goodbye goodness google googling gosh got gotcha gotta gotten gpkg grab grabbing gracias
    gracious gradually graph graphic grasp grateful gratitude grazie greetings ground group groupby grouped
    grouping groups guess guessed guesses guessing guesstimate guestimate guidance guide guided guideline
    guten guys ha had-to hadn't haha hallo hand handed handful handle handling handout handy hang hangs
    happen happening happens happily happy has hasn't hassle hats have haven't having headcount header
    heading headline hear heard hearing heck hectar hectars hehe heheh hehehe hehehehe hektar held hello
    help helper helping helps hence her here here's hereafter hereby herein hereto herewith hesitate hey
    heya heyo hi highlighted highlighting highlights hint hints his hit hits hiya hm hmm hmmm hmmmm hola
    homework honestly honor honour honoured hope hopefully hopes hoping hose hoses hover how how's howdy
    however howmany howzit html http huge huh humble humbly hurry hypothesis hypothetical hypothetically i
    i'd i'll i'm i've icon id idea ideally ideas identification identifier identifies identify identifying
    idk ie if ignored ignores iirc illustrate illustrated illustration image imaged imagery images imaginary
    imagine imagining img imho immediate imo implied implies imply import importantly impression in inasmuch
    incidentally incl inclination inclusive inclusively incoming incorporate incorporated increment
    increments indeed indicate indicated indicates indicating indication indications indicator indicators
    indices individually infer inference info inform informal informally information information's
    informative informed informing infos infringe infringing ing input inputs inquire inquiries inquiring
    inquiry inside insight insights insofar inspect inspecting inspection inst instance instances instant
    instantly instead instruct instruction instructions int integer integers intend intended intending
    intends intention intents interact interest interested interests internship interpret interpretation
    interpreted intersect intersected intersection interval into introduce introduced introduction inventory
    investigate investigated investigating investigation invite involve involved involves involving iphone
    irrespective irrespectively is isn't issue issues it it's item item's itemised itemized iterate its
    itself jeez job job's jog join joining joins joke joking jot jpeg jpg json judged judgement judging
    judgment jump jumping jumps just justify juxtapose keen keep keeps key keyed keys keyword kidding kinda
    kindly kk knew know knowing knowledge known knows kpi kudos label label's labeled labeling labelled
    labelling labels lacking lacks ladies lambda landcover landscape language laptop larg lastly later layer
    layers laying layout learn learned learning learnt leaves lecture legend legend's lemme len lengthwise
    lesson let let's lets letter letters letting liaise lightly like likewise limit limiting limits list
    listen listing literally literature little little-help ll llm loc locates locating logic logical
    logically login lol look looking looks lookup loosely lots lotta love loved luck lump lumped ma'am
    machine madam magnitude mail main make man manage manages managing mandatory manner manny manual
    manually manuscript many map mapped mapper maps mark marker marking marks mask masked masks master match
    matched matches matching mate mates math mathematical mathematically maths matter matters max maxima
    maximally maximise may maybe mayday me mean meaning means meant measurable measure measured measurement
    measurements measuring mechanism meet meeting meetings meets memo mental mention mentioned mentioning
    mentions merci mere merely merge merged merging merit merits message messages met metadata method
    methodology methods metric metrics might millions min mind mine minima minimally minimise minor misc
    miss missed misses mission mistake mode model modelled models moderately modify moin moment moments
    monitor mood more moreover morning most mps mrs ms mtrs much muchas multi multiples multiplication
    multiplied multiply must mustn't mutual mutually my myself mystery n nah namaste namely narrowest
    naturally nature nb nd near nearby necessarily necessary necessity need needed needing needn't needs
    neglects neighbour neighbourhood never nevertheless newbie newsletter newspaper ngl nice-day nicely
    nlargest nn no nobody nominal none nonetheless noob nope nor norm normalise normalised normalize
    normalized nos not notably notation note noted notepad notes notice noticed noting notion
    notwithstanding nought now nowhere np nr nrow nudge nuisance null num number's numbering numeral
    numerator numeric numerical numerically numpy nunique nvm obey object object's objective objectively
    oblige obliged observation observations observe observed observing obtain obtained obtaining obtains
    obvious obviously occasion occupied occupies occupy occur occurrence occurrences occurring oder of off
    offer offers offhand offset offsets often oh oi ok okay okey okeydoke okie okok omg omission omits
    omitted on once one one's online only onscreen onto onward onwards oops op operation operations operator
    opinion option optional optionally options or orally ordering orderly orders organise organize ors
    orthophoto others otherwise ought our ourselves out outcome outcomes outdo outlier outlined outlining
    outnumbers output outrank outranks outright outsize outwards outweighs over overall overhead overlaid
    overlapped overlay overlying overview own-words pack page page's pages paging pair paired pairs pairwise
    pal pandas paper paper's paragraph param parameter parameters paraphrase pardon parentheses parse parsed
    part participate particular particularly particulars partition pass passage passed passes passing paste
    pasted path patience patient peaceful peek pencil perc perceive percent-wise percentagewise percents
    percentwise perception perform performed performing perhaps perspective pertain pertaining pertains
    pertinent phase phew phone photo photo's photograph photographed photography photos phrase phrase's
    phrased phrasing physically pic picking picks pics picture picture's pictured pie piecemeal pin pinpoint
    pins pivot pixel-based pixels pixelwise place placement places plain plainly plan planning plausibly
    pleased pleasure pledge plenty plotted plotting pls plss plural plus plz png png's point pointed pointer
    pointing policy poll polygonise polygonize ponder pondering popped por pose posed possess possibility
    possible possibly post posted poster postgis potentially practically practice pre precise precisely
    prefer preferable preferably preference preferred preferring prefers premise preparation prepare
    prepared prepares preparing present presentation presentations presented presenting presently presents
    press presumably presume pretend pretending prevail principally principle print printed printing
    printout prints prior priority pro probably probe problem proceed proceeding process processed
    processing procure produce-number program programme programming programs progress project project's
    projects promise prompt prompt's prompted prompts pronto proof proofread properly property proportional
    proportionally proportionate prose protocol prove proves provide provided provides providing proximity
    psst pure purely purpose purposes pursue push pushed put putting puzzle puzzled py python python's q
    qgis qn qty qualification qualifies qualify qualifying quantified quantifies quantifying quantitative
    quantities que queried queries query query's querying ques quest question question's questionnaire
    questions queue quick quicker quickest quickly quietly quit quite quiz quo quote quoted quotes quotient
    r radii ran range ranged ranking rankings ranks rapidly raster rate rather rating rationale raw re reach
    reachable reaches reaching react read readable reader reader's readily reading readings ready realise
    realize really reasonably recall recalling recap receive received receives receiving recheck reckon
    reckoned reckoning reckons reclassify recognisable recognise recognised recognizable recognize
    recognized recommend recommendation recommendations recommended reconsider record recorded recording
    records recount rectangle ref refer reference referenced references referred referring refers refine
    refined refinement reflect reflected reflects reformulate refresh refuse regard regarded regarding
    regardless regards register registered-here reiterate relate related relates relating relation relations
    relationship relative relatively relay release relevance reliably relies rely remainder remaining remark
    remarks remember remind reminder reminding reminds remit remotest remove removing render rendered
    rendering reorder repeat repeated repeatedly repeating repeats rephrase rephrased rephrasing replied
    replies reply replying report reported reporting reports repository represent representation represented
    representing represents reproduce req request requested requesting requests require required requirement
    requirements requires requisite rerun research researching reset resolution respect respected respectful
    respectfully respecting respective respects respond responded responding response responses responsible
    rest restate rested restricting restriction restricts result resulted resulting results retain retaining
    retrieve retrieved retrieves retrieving return returned returning returns reveal revealed reveals review
    reviewing reviews revise revised revisit reword rewrite rewritten rhetorical rhyme ribbon richly rid
    riddle right rightly righto rigorous rigorously rim ring riparian rises rn robot roger role room roughly
    rounded rounding rounds routine row rows rule ruler rules rummage run runner runs s sake salam satellite
    satisfied satisfies satisfy satisfying saves saving saw say saying says scale scan scanned scanning
    scenario scenarios scene scenes sch schedule schema scheme scheme's science scope score scored scores
    scoring scout scrap scratch screen screenshot screenshots script scripting scroll search searched
    searches searching sec secondly see seeing seek seeking seeks seem seems seen segment segmentation
    segmented select selecting selection selections selects self semester seminar send sense sensing sent
    sentence sentences separates separating separation sequence sequential series seriously session setback
    sets setting settings several severally shall shan't shapefile share sharing she'd she'll she's sheer
    sheet sheets shoot shorthand shortlist shortly shot shots should should've shouldn't show showing shown
    shows shp sieve sift sight sign signifies signify similarly simplified simplify simply simultaneous
    sincere sincerely single singled singly sir siri sirs site sites sitting situated situation situations
    size sized sizewise sizing sketch skim skipped skips slice slices slight slightly slot small
    small-question snap snapshot snippet so softly software sole solely solution solve solved solves solving
    some somebody somebody's somehow someone someplace something somewhat somewhere soo sooo sorry sort
    sorta sorting sorts sought sounds space spaced spacing spacious sparks spatially speak speaking speaks
    specialised specialists specialty specific specifically specification specifications specifics specified
    specifies specify specifying spell spelled spelling spend spending spends split splits splitting spoken
    spot spotting spread spreading spreads spreadsheet spreadsheets sql squaremeters squeeze squeezed st
    stand standing standpoint stands stared start started starts stat state stated statement statewide
    stating statistic statistical statistically statistics stats stay staying stays stdev step sticker
    stickers sticking still-there stop stops stored story straightaway straightforward strategy stretch
    stretches strictly string strings strips strongly struck struggle stuck studied studies study studying
    stuff stumbled stumped sub subclass subdivide subdivision subgroup subject submission submit submitted
    submitting subsequent subsequently subset subsets subtotal subtotals subtract subtracted subtracting
    subtraction subtracts successful successfully such suchlike suddenly suffice suffices sufficient
    sufficiently suggest suggested suggesting suggestion suggestions suggests suite sum sumif summaries
    summarise summarised summarising summarize summarized summarizing summary summation summing sumproduct
    sums sundry sup super superimpose supportive suppose supposed supposedly supposes sure surely
    surfacewise surpasses surpassing surplus surprise surprised surprising surprisingly surrounding
    surroundings survey surveying surveyors surveys suspect swallow swallows sweep swiftly switch symbol
    symbols sync synonymous synopsis syntax system systematic systematically t ta tab tabbed table tables
    tabular tabulate tabulated tabulating tabulations tad tag tagged tags take takeaway takeaways taken
    takes taking talk talked talking talks tallied tallies tally tallying tallyup tap target targets task
    tasked tasks tbc tbd tbh teach teaching teammate tech technically technique techniques tedious teh
    telephone tell telling tells template tempted tend tended tends tentative tentatively term terminology
    terms terrific territory test testing tests text textual tgif th than thank thankful thankfully thanking
    thanks thankyou thanx that that'd that'll that's the their them theme themes themselves then
    theoretically theory ther there there'd there'll there's thereabouts thereafter thereby therefore
    therein thereof thereupon these thesis they they'd they'll they're they've thing things think thinking
    thinks thirdly this thnx thorough thoroughly those though thought thoughts thread threshold thresholds
    through throughout throw throwing thrown thumb thumbs thus thx tia tick ticked ticket tidy tif tiff til
    tile time-permitting timeline timely tiny tip tips tiresome title titled titles tks to todo together
    toggle told tolerance too took tool tools topic topped topping tops toss tot total totaled totaling
    totalized totalled totalling totally totals touch touched toward towards trace tracing training
    transcribe translate translated translates translation treat trick trickier tried tries trivia trouble
    troublesome troubling truly trump trumps trust trusted trusty truth try trying tune tuple turn turning
    turns tutorial tutoring tweak txt ty typed typically typing typo typos uh uhh uhhh uhm uhmm ultimately
    um umm ummm unable unambiguous unanimously unaware uncover under underlying understand understandable
    understandably understanding understands understood undertake undo undoubtedly unequal unequivocally
    unfortunately unified union uniquely unit units universe unknowns unless unlike unmarked unnecessary
    unpack unrelated unsure unto unusually update updating upfront upload uploaded uploading upon uptake
    urge urgency urgently us use use-the used usefully user uses using utilise utilize utmost utterly vague
    vaguely validate validation value var variable variable's variables variant variants varies vary varying
    vastly vector verdict verification verifies verify verifying version very vet via vicinities vicinity
    vie view viewed viewer viewing viewpoint views violate violating virtual virtually visual visualise
    visualize visually vitally viz voila voluntarily vouch vqa vs wait waiting waits wanna want wanted wants
    warmly warning was wasn't wat watch watching waterfront wats wattage way ways we we'd we'll we're we've
    web webpage website wed welcome welcomed well welp went were weren't what what'd what'll what're what's
    what've whatever whats whatsoever whch when's whence whenever where where'd where'll where're where's
    whereafter whereas whereby wherein wheres wheresoever whereupon wherever whether whew which whichever
    while whisper who'd whoa whoever whole whoops why's wich widely widen widget wildfire wildfires will-you
    willing willingly win wins wise wisely wish wishes wishing with within withing without witness wkt woe
    won't wonder wondered wonderfully wondering wonders word worded words wordy work workflow working
    workings workload workout workpiece works worksheet worries worry worrying would would've wouldn't wow
    wrap wrapping write writer's writes writing written wrong-not wrote wryly x xd xls xlsx y y'all ya yay
    yea yeah yep yes yesterday yet-another yo you you'd you'll you're you've your yours yourself yourselves
    yup yw zero zonal zone zones zoom
    """
)
"""Words that ask, address or report and narrow nothing by themselves."""
