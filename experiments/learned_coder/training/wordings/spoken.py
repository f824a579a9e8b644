"""Families that talk: plain questions, requests, chat, and speech."""
# ruff: noqa: E501 - a wording stays on one line

from learned_coder.training.wordings.language import Family

PLAIN = Family(
    "plain questions",
    {
        "percentage": (
            "(what|which) (percentage|share|proportion|percent) of <img> is <cov> {M}?",
            "how (big|large) is the (share|percentage|fraction in percent) of {M} <in>?",
            "how many percent of <img> (does|do) {M} (cover|take up|make up)?",
        ),
        "count": (
            "how many (separate|individual||distinct) {T} are there <in>? <min>.",
            "how many (separate||individual) {T} <atleast> {a} (are there|can be seen) <in>?",
        ),
        "count_all": (
            "how many {T} are (there|visible|present) <in>?",
            "what is the number of {T} <in>?",
            "how many {T} (do you see|does <img> show|can be counted)?",
        ),
        "size": (
            "(what|which) (percentage|share) of <img> is <cov> the {e} {1} <over> {a}?",
            "how many percent of <img> does the {e} {1} (cover|occupy)? only count {T} <over> {a}.",
        ),
        "total_area": (
            "(what is|how large is) the (total|combined|overall) area of {T} in {u}? <min>.",
            "how many {u} do {T} <atleast> {a} cover (in total|together|)?",
        ),
        "total_all": (
            "how many {u} of {M} are there <in>?",
            "(what is|how large is) the (total|whole|) area of {M} in {u}?",
            "how much {M} is there <in>, in {u}?",
        ),
        "comparison": (
            "is there more {M} than {N} <in>?",
            "does {M} (cover|take up|occupy) more (ground|land|area|of <img>) than {N}?",
            "is the area of {M} larger than that of {N}?",
        ),
        "threshold": (
            "is there more than (1|one) hectare of {T} <in>? <min>.",
            "do {T} <atleast> {a} cover more than (1|one) (hectare|ha) (in total|together|)?",
        ),
        "presence": (
            "(are there|can you see|does <img> show) any {T} <over> {a} <in>?",
            "is there (at least one|any) {1} <over> {a}?",
        ),
        "presence_any": ("(are there|can you see|does <img> show) any {T} <in>?", "is there any {M} <in>?"),
        "multiple": (
            "(are there|can you see) (multiple|several separate|at least two|two or more) {T} <over> {a}?",
            "is there more than one {1} <over> {a}?",
        ),
        "prox_pct": (
            "(what|which) (percentage|share) of <img> is {M} <near>?",
            "how many percent of <img> (are|is) {M} (that lies|lying|located|) <near>?",
        ),
        "prox_area": (
            "how many {u} of {M} (are|lie|are located) <near>?",
            "what is the (total|) area of {M} <near> in {u}?",
            "how much {M}, in {u}, lies <near>?",
        ),
        "connectivity": (
            "how many {T} (are|measure|have a size) between {a} and {b} (in size|)?",
            "how many separate {T} of {a} to {b} are there <in>?",
        ),
        "fragmentation": (
            "is the {M} (connected or fragmented|fragmented or connected)? fragmented means more than (5|five) separate "
            "patches <over> {a}.",
            "would you call the {M} fragmented (more than 5 patches <over> {a}) or connected?",
        ),
        "prox_any": (
            "is there any {M} <near>?",
            "does any {M} (lie|occur|exist) <near>?",
        ),
        "near_count": (
            "how many {T} <over> {a} (are|lie|are located|stand) <near>?",
            "how many of the {T} <over> {a} can be found <near>?",
        ),
        "near_count_all": (
            "how many {T} (are|lie|are located|stand) <near>?",
            "what is the number of {T} <near>?",
        ),
        "power": (
            "how many (mw|megawatts) (could|can|would) the solar panels (produce|deliver|generate) at {w}?",
            "what is the (solar|) power (potential|output) of the solar panels in (mw|megawatts), (assuming|given) {w}?",
        ),
        "large_near": (
            "how many {u} of {T} <over> {a} (lie|are located|are) <near>?",
            "(what|how much) area of {T} <over> {a} is <near>, in {u}?",
        ),
        "size_filter": (
            "what is the (total|combined|) area of {T} <over> {a}, in {u}?",
            "how many {u} do {T} <over> {a} cover (in total|together|)?",
        ),
        "average": (
            "what is the (average|mean) (size|area) of {T} in {u}? <min>.",
            "how large is (an|the) average {1} <atleast> {a}, in {u}?",
        ),
        "average_all": (
            "what is the (average|mean) (size|area) of {T} in {u}?",
            "how large is the average {1}, in {u}?",
        ),
    },
    {
        "img": "(the image|this image|the picture|the scene|the photo)",
        "in": "(in the image|in this image|here|in this picture|)",
        "cov": "(covered by|made up of|occupied by|covered with)",
        "over": "(larger than|bigger than|of more than|greater than|above|over)",
        "atleast": "(of at least|no smaller than|that measure at least|of no less than)",
        "min": "(ignore|leave out|do not count|exclude|disregard) (patches|anything|those|regions) (smaller than|below|under) {a}",
        "near": "(within {d} of {R}|no more than {d} from {R}|at most {d} away from {R}|up to {d} from {R}|inside {d} of {R})",
    },
)

REQUEST = Family(
    "requests: count, compute, find",
    {
        "percentage": (
            "(compute|calculate|estimate|give|determine) the (percentage|share|proportion) of {M} <in>.",
            "(state|report) how much of <img> {M} covers, (in|as a) (percent|percentage).",
        ),
        "count": (
            "(count|enumerate|number) (all|the|all the|) {T} <in>, <min>.",
            "(find|give|report) the number of {T} <atleast> {a}.",
        ),
        "count_all": (
            "(count|enumerate) (all|the|all the|) {T} <in>.",
            "(give|report|find) the number of {T} <in>.",
        ),
        "size": (
            "(find|pick|take) the {e} {1} <over> {a} and (give|report|compute) its (share|percentage) of <img>.",
            "(calculate|compute) (what|which) percentage of <img> the {e} {1} <over> {a} covers.",
        ),
        "total_area": (
            "(add up|sum up|sum|total) the area of (all|the|) {T}, <min>, in {u}.",
            "(compute|calculate|measure) the (total|combined) area of {T} <atleast> {a} in {u}.",
        ),
        "total_all": (
            "(compute|calculate|measure|add up|sum) the (total|) area of {M} in {u}.",
            "(give|report|state) the {M} in {u}.",
        ),
        "comparison": (
            "(check|find out|determine|decide) (whether|if) there is more {M} than {N}.",
            "compare {M} (with|to|and) {N}: (does|is) the first (cover more|larger)?",
        ),
        "threshold": (
            "(check|find out|determine) (whether|if) {T} cover more than (1|one) (ha|hectare) in total, <min>.",
            "(verify|test) that {T} <atleast> {a} add up to more than (1|one) (ha|hectare).",
        ),
        "presence": (
            "(check|find out|determine|look) (whether|if) there (are any {T}|is any {1}) <over> {a}.",
        ),
        "presence_any": (
            "(check|find out|determine|look) (whether|if) there (are any {T}|is any {M}) <in>.",
        ),
        "multiple": (
            "(check|find out|determine) (whether|if) there are (two or more|multiple|several|at least two) {T} <over> {a}.",
        ),
        "prox_pct": (
            "(compute|calculate|give) the percentage of <img> that is {M} <near>.",
            "(determine|report) {M} <near> as (a percentage|a share|percent) of <img>.",
        ),
        "prox_area": (
            "(compute|calculate|measure|give) the area of {M} <near>, in {u}.",
            "(add up|sum) the {u} of {M} <near>.",
        ),
        "connectivity": (
            "(count|find the number of) {T} (between {a} and {b}|from {a} to {b}) (in size|in area|).",
        ),
        "fragmentation": (
            "(decide|determine|say) (whether|if) the {M} is connected or fragmented; (it is fragmented with|fragmented "
            "means) more than 5 (separate|) (patches|regions) <over> {a}.",
            "classify the {M} as connected or fragmented (more than 5 patches <over> {a}).",
        ),
        "prox_any": ("(check|find out|determine) (whether|if) there is (any|some) {M} <near>.",),
        "near_count": (
            "(count|find the number of) {T} <over> {a} (that are|that lie|located|) <near>.",
            "(take|consider|select) {T} <over> {a} and count (those|the ones) <near>.",
        ),
        "near_count_all": ("(count|find the number of) (all|the|) {T} (that are|that lie|located|) <near>.",),
        "power": (
            "(calculate|compute|estimate) the (solar|) (potential|power|power potential|output) (of the solar panels|of the "
            "panels|) in (mw|megawatts), (assuming|using|with) {w}.",
        ),
        "large_near": (
            "(find|take|select) {T} <over> {a}, then (compute|calculate|measure) how (much|many {u}) of (their area|them) "
            "(is|lies|falls) <near> (in {u}).",
            "(compute|calculate) the area in {u} of {T} <over> {a} that is <near>.",
        ),
        "size_filter": (
            "(add up|sum|total|compute) the (total|) area of {T} <over> {a} in {u}.",
            "(take|select) {T} <over> {a} and (sum|add up) their area in {u}.",
        ),
        "average": (
            "(compute|calculate|give) the (average|mean) (size|area) of {T} in {u}, <min>.",
            "average the (areas|sizes) of {T} <atleast> {a}, in {u}.",
        ),
        "average_all": ("(compute|calculate|give) the (average|mean) (size|area) of (all|the|) {T} in {u}.",),
    },
    {
        "img": "(the image|this image|the scene|the picture)",
        "in": "(in the image|in this image|in the scene|in the picture|)",
        "over": "(larger than|over|above|exceeding|bigger than|greater than)",
        "atleast": "(of at least|of minimum|no smaller than|with at least|measuring at least)",
        "min": "(ignoring|leaving out|excluding|skipping|without|disregarding) (everything|anything|all|patches|those) (smaller "
        "than|below|under|less than) {a}",
        "near": "(within {d} of {R}|at most {d} from {R}|not farther than {d} from {R}|in a radius of {d} around {R}|within a {d} "
        "buffer around {R})",
    },
)

CHAT = Family(
    "chat with a tool: hey, can you …",
    {
        "percentage": (
            "<hey> what (%|percent) of (this|the pic|the image) is {M}<end>",
            "<hey> how much of (this|it all|the pic|the image) is {M}, in (%|percent)<end>",
        ),
        "count": ("<hey> how many {T} (have we got|do we have|are in there|are there), <min><end>",),
        "count_all": (
            "<hey> how many {T} (have we got|do we have|are in there|are there|can you spot)<end>",
            "<hey> (can you count|could you count|please count) the {T}<end>",
        ),
        "size": (
            "<hey> the {e} {1} (over|above|bigger than) {a}: what (%|percent) of the (pic|image) is (it|that)<end>",
        ),
        "total_area": ("<hey> (what's|what is) the total area of {T} in {u}, <min><end>",),
        "total_all": (
            "<hey> (what's|what is) the total area of {M} in {u}<end>",
            "<hey> how many {u} of {M} (have we got|do we have|are there)<end>",
        ),
        "comparison": (
            "<hey> is there more {M} or is it less than {N}? yes if more<end>",
            "<hey> (we've got|we have|is there) more {M} than {N}, (right|yes or no|correct)<end>",
        ),
        "threshold": ("<hey> do the {T} (add up to|come to) (over|more than) (1|one|a) hectare, <min><end>",),
        "presence": ("<hey> (any|can you spot any|see any) {T} (over|above|bigger than) {a}<end>",),
        "presence_any": ("<hey> (can you spot any|do you see any|is there any) {M}<end>",),
        "multiple": (
            "<hey> (have we got|do we have|are there) more than one {1} (over|above|bigger than) {a}<end>",
        ),
        "prox_pct": ("<hey> what (%|percent) of the (pic|image|picture) is {M} <near><end>",),
        "prox_area": ("<hey> how many {u} of {M} (have we got|do we have|are there) <near><end>",),
        "connectivity": (
            "<hey> how many {T} (have we got|do we have|are there) (between {a} and {b}|from {a} up to {b})<end>",
        ),
        "fragmentation": (
            "<hey> is the {M} all connected or fragmented (meaning|i.e.|say) more than (5|five) patches (over|above) {a}<end>",
        ),
        "prox_any": ("<hey> (any|do we have any|is there any) {M} <near><end>",),
        "near_count": (
            "<hey> how many {T} (over|above|bigger than) {a} (have we got|do we have|are there) <near><end>",
        ),
        "near_count_all": (
            "<hey> how many {T} (have we got|do we have|are there) <near><end>",
            "<hey> (can you count|please count) the {T} <near><end>",
        ),
        "power": (
            "<hey> how many (mw|megawatts) (would|could) (those|the) (panels|solar panels) (make|give|put out) at {w}<end>",
        ),
        "large_near": (
            "<hey> take the {T} (over|above|bigger than) {a}: how many {u} of (that|them|it) are <near><end>",
        ),
        "size_filter": ("<hey> (what's|what is) the total in {u} for {T} (over|above|bigger than) {a}<end>",),
        "average": ("<hey> how big is (an|the) average {1} in {u}, <min><end>",),
        "average_all": (
            "<hey> how big is (an|the) average {1} in {u}<end>",
            "<hey> (what's|what is) the average {1} size in {u}<end>",
        ),
    },
    {
        "hey": "(hey,|hi,|ok,|so,|quick one:|quick question:|hello!||thanks. now|well,|can you tell me|i wonder:)",
        "end": "(?|, please?|, thanks|? thx|??|)",
        "min": "(don't bother with|not counting|skip|forget about|minus) (stuff|anything|the ones|things) (under|below|smaller than) {a}",
        "near": "(within {d} of {R}|{d} or less from {R}|less than {d} or exactly {d} from {R}|max {d} from {R}|at most {d} away from {R})",
    },
)

INDIRECT = Family(
    "indirect: I would like to know …",
    {
        "percentage": (
            "<i> (what|which) (percentage|share) of (the land|the ground|the scene|the image) {M} (covers|makes up|takes up).",
        ),
        "count": (
            "<i> how many {T} there are, (provided|as long as|if) (they are|each is) (at least {a}|no smaller than {a}) (large|in size|).",
        ),
        "count_all": ("<i> how many {T} there are (here|in the image|).", "<i> the number of {T}."),
        "size": (
            "<i> (what|which) (share|percentage) of the (image|scene) belongs to the {e} {1}, (among|out of) those (larger than|over) {a}.",
        ),
        "total_area": (
            "<i> how many {u} the {T} (cover|occupy), (provided|as long as|if) (they are|each is) at least {a} (large|in size|).",
        ),
        "total_all": (
            "<i> how many {u} (of the ground|of land|) {M} (covers|takes up|occupies).",
            "<i> the area of {M} in {u}.",
        ),
        "comparison": ("<i> (whether|if) {M} (covers|takes up) more (land|ground|space) than {N}.",),
        "threshold": (
            "<i> (whether|if) {T} of at least {a} (together|in sum|altogether) (exceed|cover more than) (one|1) hectare.",
        ),
        "presence": (
            "<i> (whether|if) (there is a {1}|any {1} exists) (larger than|exceeding|of more than) {a}.",
        ),
        "presence_any": ("<i> (whether|if) there (are any {T}|is any {M}) (here|in the image|).",),
        "multiple": (
            "<i> (whether|if) (there is more than one {1}|at least two {T} exist) (larger than|exceeding) {a}.",
        ),
        "prox_pct": ("<i> what percentage of the (image|scene) is {M} <near>.",),
        "prox_area": (
            "<i> how many {u} of {M} there are <near>.",
            "<i> how much of the {M} is <near>, in {u}.",
        ),
        "connectivity": ("<i> how many {T} (measure|are|have) (between {a} and {b}|from {a} to {b}).",),
        "fragmentation": (
            "<i> (whether|if) the {M} is connected or fragmented, (where|and) fragmented means (more than 5|over 5) (patches|pieces) (larger than|"
            "exceeding) {a}.",
        ),
        "prox_any": ("<i> (whether|if) (any|some) {M} is (to be found|found|situated|) <near>.",),
        "near_count": ("<i> how many {T} (larger than|exceeding) {a} there are <near>.",),
        "near_count_all": (
            "<i> how many {T} there are <near>.",
            "<i> how many {T} (stand|lie|are situated) <near>.",
        ),
        "power": (
            "<i> how (much power|many megawatts), in mw, the (panels|solar panels) (could|would) (supply|yield|produce) at {w}.",
        ),
        "large_near": ("<i> how many {u} of the {T} (larger than|exceeding) {a} (lie|are) <near>.",),
        "size_filter": ("<i> how many {u} the {T} (larger than|exceeding) {a} (cover|occupy|take up).",),
        "average": (
            "<i> how large {T} are on average, in {u}, (provided|if|counting only those) (each is|they are|that are) at least {a}.",
        ),
        "average_all": (
            "<i> how large {T} are on average, in {u}.",
            "<i> the (average|mean) area of (the|) {T} in {u}.",
        ),
    },
    {
        "i": "(i would like to know|i want to know|tell me|please tell me|could you tell me|let me know|we need to know|can you find out|i "
        "wonder|do you know|my client asks|we were asked)",
        "near": "(within {d} of {R}|within a distance of {d} from {R}|not more than {d} from {R}|within reach of {R}, that is {d}|up to {d} "
        "away from {R})",
    },
)

SPEECH = Family(
    "speech, with its detours",
    {
        "percentage": (
            "so if you look at (the whole thing|the entire picture), how many percent would be {M}, roughly speaking?",
        ),
        "count": (
            "these {T} there, how many would that be if we drop (all the little ones|whatever is) (under|below) {a}?",
        ),
        "count_all": (
            "these {T} there, how many would that be?",
            "all the {T} you can make out, how many would that be?",
        ),
        "size": ("say we only look at {T} above {a}: the {e} of them, what percent of the picture is that?",),
        "total_area": ("if we drop the {T} (under|below) {a}, what do the rest come to in {u}?",),
        "total_all": (
            "all the {M} put together, what does that come to in {u}?",
            "and in {u}, how much {M} would that be?",
        ),
        "comparison": ("between {M} and {N}, would you say the first one is bigger in area?",),
        "threshold": ("if we drop the {T} (under|below) {a}, would the rest come to more than one hectare?",),
        "presence": (
            "you wouldn't happen to see any {T} above {a}, would you?",
            "is even one of the {T} above {a}?",
        ),
        "multiple": ("would you say that at least two of the {T} are above {a}?",),
        "prox_pct": ("so out of the whole picture, how many percent would be {M} <near>?",),
        "prox_area": ("the {M} <near>, what would that be in {u}?",),
        "connectivity": ("the {T} that are somewhere between {a} and {b}, how many would that be?",),
        "fragmentation": (
            "if more than five patches above {a} means fragmented, is the {M} fragmented then, or connected?",
        ),
        "prox_any": ("would there be any {M} at all <near>?",),
        "near_count": ("the {T} above {a}, how many of those would be <near>?",),
        "near_count_all": (
            "the {T} <near>, how many would that be?",
            "and these {T}, how many of those would be <near>?",
        ),
        "power": ("if every panel gives us {w}, how many megawatts would that be (altogether|all in all|)?",),
        "large_near": ("the {T} above {a}, the part of them that is <near>, what would that be in {u}?",),
        "size_filter": ("if we only keep {T} above {a}, what do they come to in {u}?",),
        "average": ("if we drop the {T} (under|below) {a}, how big is one of the rest on average, in {u}?",),
        "average_all": ("how big is one of these {T} on average, in {u}?",),
    },
    {"near": "(say {d} from {R} at most|no farther off than {d} from {R}|inside of {d} from {R})"},
)
