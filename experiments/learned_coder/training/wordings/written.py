"""Families that are written: telegraphic notes, reports, passives, conditions first, forms and queries."""
# ruff: noqa: E501 - a wording stays on one line

from learned_coder.training.wordings.language import Family

TELEGRAPHIC = Family(
    "telegraphic notes",
    {
        "percentage": (
            "{M} (%|percent|percentage|share in percent|pct)",
            "(percentage|share|pct|%) {M}",
            "{M} cover (in|,|) (%|pct|percent)",
        ),
        "count": ("{T} count, <min>", "(number of|no. of|nr|#|count) {T}, <min>", "{T}: how many (|,) <min>"),
        "count_all": ("{T} count", "(number of|no. of|nr of|#|count) {T}", "{T}: how many?", "count, {T}"),
        "size": (
            "{e} {1} >{a}, (% of image|share of image in percent|pct of image)",
            "(% of image|pct), {e} {1} (> |over ){a}",
        ),
        "total_area": ("{T} (total area|area), {u}, <min>", "total {u}, {T}, <min>"),
        "total_all": ("{M} (total|area|in|,) {u}", "total {u} {M}", "{u} of {M}"),
        "comparison": ("more {M} than {N}?", "{M} > {N}?", "{M} (bigger|larger) than {N}? y/n"),
        "threshold": ("{T} total > 1 ha? <min>", "{T}, <min>: more than 1 ha?"),
        "presence": ("any {T} (>|over) {a}?", "{T} (>|over) {a} present? y/n"),
        "presence_any": ("any {T}?", "{T} present? y/n", "{M} present?"),
        "multiple": ("(more than one|2 or more|>1|multiple) {1} (>|over) {a}?",),
        "prox_pct": ("% of image: {M} <near>", "{M} <near>, (% of image|pct of image|percent of image)"),
        "prox_area": ("{M} <near>, {u}", "{u} of {M} <near>", "area {M} <near> in {u}"),
        "connectivity": (
            "{T} count, {a} to {b}",
            "{T} between {a} and {b}, (number|count|how many)",
            "# {T}, {a}-{b}",
        ),
        "fragmentation": (
            "{M}: connected or fragmented? (>5|more than 5) patches (>|over) {a}",
            "{M} fragmented (>5 patches over {a}) or connected",
        ),
        "prox_any": ("any {M} <near>?", "{M} <near>? y/n"),
        "near_count": (
            "{T} count, >{a}, <near>",
            "(number of|#|no. of|count) {T} (> |over ){a} <near>",
            "{T} over {a} <near>: how many",
        ),
        "near_count_all": (
            "{T} count <near>",
            "(number of|#|no. of|count) {T} <near>",
            "{T} <near>: how many",
            "{T} <near>, count",
        ),
        "power": ("(solar|pv) (potential|power|output), mw, {w}", "mw at {w}", "solar power in mw @ {w}"),
        "large_near": ("{T} >{a}, area <near>, {u}", "{u} of {T} over {a} <near>"),
        "size_filter": ("{T} >{a}, total {u}", "total {u}, {T} over {a}", "area of {T} (> |over ){a}, {u}"),
        "average": (
            "(avg|average|mean) {1} (size|area), {u}, <min>",
            "{T} (avg|mean) (size|area) in {u}, <min>",
        ),
        "average_all": ("(avg|average|mean) {1} (size|area), {u}", "{T} (avg|mean) (size|area) in {u}"),
    },
    {
        "min": "(min|minimum|min.|at least|>=|no smaller than) {a}",
        "near": "(within {d} of {R}|<={d} from {R}|{d} or less to {R}|max {d} from {R}|max. {d} to {R}|within {d} {R})",
    },
)

FORMAL = Family(
    "reports and formal prose",
    {
        "percentage": (
            "<det> the (areal|relative|percentage|) (proportion|fraction|share) of {M} with respect to <img>, (in percent|expressed as a percentage).",
            "to what (percentage|extent in percent) is <img> (occupied|covered) by {M}?",
        ),
        "count": (
            "<det> the (quantity|number|count) of (discrete|distinct|separate|) {T} whose (extent|area|size) is (not less than|at least|no less than) {a}.",
        ),
        "count_all": (
            "<det> the (quantity|number|count) of (discrete|distinct|separate|) {T} within <img>.",
        ),
        "size": (
            "<det> the (proportion|share), in percent, of <img> that is (occupied|covered) by the {e} {1} with an (extent|area) exceeding {a}.",
        ),
        "total_area": (
            "<det> the (aggregate|cumulative|total) (extent|area) in {u} of {T}, each having an (extent|area) of (at least|not less than) {a}.",
        ),
        "total_all": ("<det> the (aggregate|cumulative|total|areal) (extent|area) of {M} in {u}.",),
        "comparison": (
            "<det> whether the (extent|area) of {M} (exceeds|surpasses|is greater than) (that|the one) of {N}.",
        ),
        "threshold": (
            "<det> whether the (aggregate|cumulative) area of {T}, each of at least {a}, (exceeds|surpasses) (one|1) hectare.",
        ),
        "presence": (
            "<det> whether <img> (contains|comprises|features) {T} with an (extent|area) exceeding {a}.",
        ),
        "presence_any": ("<det> whether <img> (contains|comprises|features) {T}.",),
        "multiple": (
            "<det> whether <img> (contains|comprises) more than one {1} with an (extent|area) exceeding {a}.",
        ),
        "prox_pct": ("<det> the (proportion|share), in percent, of <img> that is both {M} and <near>.",),
        "prox_area": ("<det> the (extent|area), in {u}, of {M} (situated|located|lying) <near>.",),
        "connectivity": ("<det> the (quantity|number) of {T} whose (extent|area) ranges from {a} to {b}.",),
        "fragmentation": (
            "<det> whether the {M} is to be (considered|regarded as) connected or fragmented, the latter being the case with more than (five|5) patches "
            "exceeding {a}.",
        ),
        "prox_any": ("<det> whether {M} (occurs|is present|exists) <near>.",),
        "near_count": (
            "<det> the (quantity|number) of {T} with an (extent|area) exceeding {a} that are (situated|located) <near>.",
        ),
        "near_count_all": ("<det> the (quantity|number) of {T} (situated|located|lying) <near>.",),
        "power": (
            "<det> the (installed|potential|theoretical|) (capacity|power output|power) of the photovoltaic (panels|installations), in (mw|megawatts), on "
            "the (assumption|basis) of {w}.",
        ),
        "large_near": (
            "<det> the (extent|area), in {u}, of those parts of {T} exceeding {a} that are (situated|located) <near>.",
        ),
        "size_filter": ("<det> the (aggregate|cumulative|total) (extent|area) in {u} of {T} exceeding {a}.",),
        "average": (
            "<det> the (mean|average) (extent|area), in {u}, of {T} of (at least|not less than) {a}.",
        ),
        "average_all": ("<det> the (mean|average) (extent|area), in {u}, of {T} within <img>.",),
    },
    {
        "det": "(determine|establish|ascertain|kindly determine|please provide|it is required to determine|assess|the assignment is to determine|provide)",
        "img": "(the scene|the image|the area under study|the study area|the frame)",
        "near": "(at a distance of no more than {d} from {R}|within a distance of {d} of {R}|not exceeding {d} in distance from {R}|at {d} from {R} at the most)",
    },
)

PASSIVE = Family(
    "passives and clefts",
    {
        "percentage": (
            "what percentage is (taken up|covered|occupied|accounted for) by {M}?",
            "by {M}, what percentage of the image is covered?",
        ),
        "count": (
            "how many {T} can be counted when those (under|below|smaller than) {a} are (ignored|left out|skipped|not considered)?",
        ),
        "count_all": (
            "how many {T} (can be counted|are to be seen|can be found|are shown|have been built|are depicted) (in the image|)?",
        ),
        "size": (
            "what percentage of the image is (taken up|covered|occupied) by the {e} {1} when only those (over|above) {a} are considered?",
        ),
        "total_area": (
            "how many {u} are (taken up|covered|occupied) by {T} when those (under|below|smaller than) {a} are (ignored|left out|skipped)?",
        ),
        "total_all": (
            "how many {u} are (taken up|covered|occupied|used) by {M}?",
            "what area, in {u}, is (taken up|covered|occupied) by {M}?",
        ),
        "comparison": ("is more (land|ground|area) (taken up|covered|occupied) by {M} than by {N}?",),
        "threshold": (
            "is more than (one|1) hectare (taken up|covered) by {T} when those (under|below) {a} are (ignored|left out)?",
        ),
        "presence": ("can any {1} (over|above|exceeding) {a} be (seen|found|made out)?",),
        "presence_any": ("can any {T} be (seen|found|made out)?", "is any {M} (shown|to be seen|visible)?"),
        "multiple": ("can more than one {1} (over|above|exceeding) {a} be (seen|found|made out)?",),
        "prox_pct": ("what percentage of the image is (taken up|covered) by {M} <near>?",),
        "prox_area": ("how many {u} are (taken up|covered|occupied) by {M} <near>?",),
        "connectivity": ("how many {T} sized between {a} and {b} can be (counted|found|seen)?",),
        "fragmentation": (
            "is the {M} to be called connected or fragmented, given that more than 5 patches (over|above) {a} are called fragmented?",
        ),
        "prox_any": ("can any {M} be (found|seen) <near>?",),
        "near_count": ("how many {T} (over|above|exceeding) {a} can be (found|counted|seen) <near>?",),
        "near_count_all": (
            "how many {T} (can be (found|counted|seen)|have been built) <near>?",
            "by how many {T} is {R} surrounded within {d}?",
        ),
        "power": (
            "how many (mw|megawatts) can be (generated|produced|delivered) by the solar panels at {w}?",
        ),
        "large_near": ("how many {u} <near> are (taken up|covered) by {T} (over|above|exceeding) {a}?",),
        "size_filter": ("how many {u} are (taken up|covered|occupied) by {T} (over|above|exceeding) {a}?",),
        "average": (
            "what area, in {u}, is (covered|taken up) by a {1} on average when those (under|below) {a} are (ignored|left out)?",
        ),
        "average_all": ("what area, in {u}, is (covered|taken up|occupied) by a {1} on average?",),
    },
    {
        "near": "(within {d} of {R}|not more than {d} from {R}|where {R} is at most {d} away|where {R} is within {d})"
    },
)

CONDITION_FIRST = Family(
    "conditions first",
    {
        "percentage": (
            "of the (whole|entire|total) (image|scene|picture), what (percentage|share) is {M}?",
            "out of 100 percent, how much is {M}?",
        ),
        "count": ("<min>, how many {T} are there?", "<min>, count the {T}."),
        "count_all": (
            "in this (image|scene|picture), how many {T} are there?",
            "looking at the {T}, how many are there?",
        ),
        "size": ("among {T} (over|larger than|above) {a}, what percentage of the image does the {e} cover?",),
        "total_area": ("<min>, what is the total area of {T} in {u}?", "<min>, how many {u} do {T} cover?"),
        "total_all": (
            "in {u}, how much {M} is there?",
            "in {u}, what is the (total|) area of {M}?",
            "expressed in {u}, how large is the area of {M}?",
        ),
        "comparison": (
            "in terms of area, is there more {M} than {N}?",
            "compared with {N}, is there more {M}?",
        ),
        "threshold": ("<min>, is there more than (1|one) hectare of {T}?",),
        "presence": (
            "(over|above|larger than) {a}, are there any {T}?",
            "with a size above {a}, are there any {T}?",
        ),
        "multiple": ("(over|above|larger than) {a}, is there more than one {1}?",),
        "prox_pct": ("<near>, what percentage of the image is {M}?",),
        "prox_area": ("<near>, how many {u} of {M} are there?", "<near>, what is the area of {M} in {u}?"),
        "connectivity": (
            "between {a} and {b} in size, how many {T} are there?",
            "from {a} to {b}, how many {T} are there?",
        ),
        "fragmentation": (
            "with more than 5 patches (over|larger than) {a} meaning fragmented, is the {M} connected or fragmented?",
        ),
        "prox_any": ("<near>, is there any {M}?", "<near>, does any {M} exist?"),
        "near_count": (
            "<near>, how many {T} (over|larger than|above) {a} are there?",
            "among {T} (over|above) {a}, how many are within {d} of {R}?",
        ),
        "near_count_all": (
            "<near>, how many {T} are there?",
            "<near>, count the {T}.",
            "of the {T}, how many are within {d} of {R}?",
        ),
        "power": (
            "(at|assuming|given|with) {w}, how many (mw|megawatts) could the (solar|) panels produce?",
            "(at|assuming|given) {w}, what is the solar potential in mw?",
        ),
        "large_near": (
            "<near>, how many {u} of {T} (over|larger than|above) {a} are there?",
            "of {T} (over|above) {a}, how many {u} are within {d} of {R}?",
        ),
        "size_filter": ("for {T} (over|larger than|above) {a}, what is the (total|combined) area in {u}?",),
        "average": ("<min>, what is the (average|mean) size of {T} in {u}?",),
        "average_all": (
            "in {u}, what is the (average|mean) size of {T}?",
            "in {u}, how large is the average {1}?",
        ),
    },
    {
        "min": "(ignoring|leaving aside|not counting|excluding|setting aside) (patches|anything|everything|those) (smaller than|below|under) {a}",
        "near": "(within {d} of {R}|no farther than {d} from {R}|in a {d} zone around {R}|in the {d} around {R}|within a {d} buffer of {R}|where "
        "{R} is within {d})",
    },
)

QUERY = Family(
    "database queries",
    {
        "percentage": (
            "select (share|percentage|percent) of {M}",
            "select area({M}) / area(image) * 100",
            "percent({M})",
        ),
        "count": (
            "select count(*) from {T} where area >= {a}",
            "count {T} where (area|size) (>=|is at least) {a}",
        ),
        "count_all": ("select count(*) from {T}", "count({T})"),
        "size": (
            "select (share|percentage) of {e} {1} where area > {a}",
            "percent({e} {1} where area > {a})",
        ),
        "total_area": (
            "select sum(area in {u}) from {T} where area >= {a}",
            "sum area of {T} where (area|size) >= {a}, in {u}",
        ),
        "total_all": ("select sum(area in {u}) from {M}", "sum(area({M})) in {u}"),
        "comparison": ("select area({M}) > area({N})", "area({M}) > area({N})?"),
        "threshold": ("select sum(area) > 1 ha from {T} where area >= {a}",),
        "presence": ("exists {1} where (area|size) > {a}", "select exists {T} where area > {a}"),
        "presence_any": ("exists({T})", "select exists {T}"),
        "multiple": ("select count(*) > 1 from {T} where area > {a}", "count({T} where area > {a}) > 1?"),
        "prox_pct": ("select percentage of {M} where <near>", "percent({M} where <near>)"),
        "prox_area": ("select sum(area in {u}) from {M} where <near>", "area({M} where <near>) in {u}"),
        "connectivity": (
            "select count(*) from {T} where area between {a} and {b}",
            "count({T} where {a} <= area <= {b})",
        ),
        "fragmentation": ("select if count(patches > {a}) > 5 then fragmented else connected from {M}",),
        "prox_any": ("exists {M} where <near>", "select exists {M} where <near>"),
        "near_count": (
            "select count(*) from {T} where area > {a} and <near>",
            "count({T} where area > {a} and <near>)",
        ),
        "near_count_all": ("select count(*) from {T} where <near>", "count({T} where <near>)"),
        "power": ("select (power|output) in mw from solar panels at {w}", "mw(solar panels, {w})"),
        "large_near": ("select sum(area in {u}) from {T} where area > {a} clipped to <near>",),
        "size_filter": (
            "select sum(area in {u}) from {T} where area > {a}",
            "sum area of {T} where area > {a}, in {u}",
        ),
        "average": ("select avg(area in {u}) from {T} where area >= {a}",),
        "average_all": ("select avg(area in {u}) from {T}", "avg(area({T})) in {u}"),
    },
    {"near": "(distance to {R} <= {d}|distance from {R} <= {d}|dist to {R} is at most {d}|{R} within {d})"},
)

FORM = Family(
    "forms to fill in: key and value",
    {
        "percentage": ("(wanted|task|quantity): percentage<sep> (topic|class): {M}",),
        "count": (
            "(wanted|task|quantity): count<sep> (objects|class): {T}<sep> (minimum size|min size|smallest size): {a}",
        ),
        "count_all": ("(wanted|task|quantity): count<sep> (objects|class): {T}",),
        "size": ("(wanted|task|quantity): percentage of image<sep> object: {e} {1}<sep> larger than: {a}",),
        "total_area": (
            "(wanted|task|quantity): total area<sep> (objects|class): {T}<sep> (minimum size|min size): {a}<sep> unit: {u}",
        ),
        "total_all": ("(wanted|task|quantity): total area<sep> (topic|class): {M}<sep> unit: {u}",),
        "comparison": ("(wanted|task): is a larger than b<sep> a: {M}<sep> b: {N}",),
        "threshold": (
            "(wanted|task): total area over 1 ha, yes or no<sep> (objects|class): {T}<sep> (minimum size|min size): {a}",
        ),
        "presence": ("(wanted|task): presence<sep> (objects|class): {T}<sep> larger than: {a}",),
        "presence_any": ("(wanted|task): presence<sep> (topic|class): {M}",),
        "multiple": (
            "(wanted|task): more than one, yes or no<sep> (objects|class): {T}<sep> larger than: {a}",
        ),
        "prox_pct": (
            "(wanted|task): percentage of image<sep> (topic|class): {M}<sep> near: {R}<sep> <dist>: {d}",
        ),
        "prox_area": (
            "(wanted|task): area<sep> (topic|class): {M}<sep> near: {R}<sep> <dist>: {d}<sep> unit: {u}",
        ),
        "connectivity": (
            "(wanted|task): count<sep> (objects|class): {T}<sep> (size|size range): {a} to {b}",
        ),
        "fragmentation": (
            "(wanted|task): connected or fragmented<sep> (topic|class): {M}<sep> fragmented: more than 5 patches larger than {a}",
        ),
        "prox_any": ("(wanted|task): presence<sep> (topic|class): {M}<sep> near: {R}<sep> <dist>: {d}",),
        "near_count": (
            "(wanted|task): count<sep> (objects|class): {T}<sep> larger than: {a}<sep> near: {R}<sep> <dist>: {d}",
        ),
        "near_count_all": ("(wanted|task): count<sep> (objects|class): {T}<sep> near: {R}<sep> <dist>: {d}",),
        "power": ("(wanted|task): solar (power|potential) in mw<sep> efficiency: {w}",),
        "large_near": (
            "(wanted|task): area<sep> (objects|class): {T}<sep> larger than: {a}<sep> near: {R}<sep> <dist>: {d}<sep> unit: {u}",
        ),
        "size_filter": (
            "(wanted|task): total area<sep> (objects|class): {T}<sep> larger than: {a}<sep> unit: {u}",
        ),
        "average": (
            "(wanted|task): (average|mean) area<sep> (objects|class): {T}<sep> (minimum size|min size): {a}<sep> unit: {u}",
        ),
        "average_all": ("(wanted|task): (average|mean) area<sep> (objects|class): {T}<sep> unit: {u}",),
    },
    {"sep": "(;|,| -)", "dist": "(radius|distance|max distance|within)"},
)
