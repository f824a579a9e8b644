"""Families that no training sees: two to choose settings by, four to report."""
# ruff: noqa: E501 - a wording stays on one line

from learned_coder.training.wordings.language import Family

STORY = Family(
    "a reason first, then the question (validation)",
    {
        "percentage": (
            "<why> For that we need the share of {M}, in percent of the image.",
            "<why> What percentage is {M}?",
        ),
        "count": ("<why> How many {T} are there if we leave out what is smaller than {a}?",),
        "count_all": ("<why> How many {T} are there?", "<why> Please count the {T} for us."),
        "size": ("<why> The {e} {1} over {a} interests us: what percentage of the image does it cover?",),
        "total_area": ("<why> What do {T} of at least {a} cover in total, in {u}?",),
        "total_all": (
            "<why> How many {u} of {M} are there?",
            "<why> So we need the total area of {M} in {u}.",
        ),
        "comparison": ("<why> Is there more {M} than {N}?",),
        "threshold": ("<why> Is there more than 1 hectare of {T}, if we leave out those smaller than {a}?",),
        "presence": ("<why> Is there any {1} larger than {a}?",),
        "multiple": ("<why> Is there more than one {1} larger than {a}?",),
        "prox_pct": ("<why> What percentage of the image is {M} that lies within {d} of {R}?",),
        "prox_area": ("<why> How many {u} of {M} lie within {d} of {R}?",),
        "connectivity": ("<why> How many {T} are between {a} and {b}?",),
        "fragmentation": (
            "<why> Is the {M} connected, or fragmented with more than 5 patches larger than {a}?",
        ),
        "prox_any": ("<why> Is there any {M} within {d} of {R}?",),
        "near_count": ("<why> How many {T} larger than {a} are within {d} of {R}?",),
        "near_count_all": ("<why> How many {T} are no farther than {d} from {R}?",),
        "power": ("<why> How many megawatts could the panels give at {w}?",),
        "large_near": ("<why> How many {u} of {T} larger than {a} lie within {d} of {R}?",),
        "size_filter": ("<why> How many {u} do {T} larger than {a} cover?",),
        "average": ("<why> How large is the average {1} of at least {a}, in {u}?",),
        "average_all": ("<why> How large is the average {1}, in {u}?",),
    },
    {
        "why": "(The council has a new plan.|I work for an insurance.|Our report is due tomorrow.|This is for a school project.)"
    },
)

BLANK = Family(
    "a sentence to complete (validation)",
    {
        "percentage": ("Percentage of the image covered by {M}: ___", "{M} covers ___ percent of the image."),
        "count": ("Number of {T}, without those smaller than {a}: ___", "There are ___ {T} of at least {a}."),
        "count_all": ("Number of {T}: ___", "There are ___ {T} in the image."),
        "size": ("Percentage of the image covered by the {e} {1} larger than {a}: ___",),
        "total_area": (
            "Total area of {T} of at least {a}: ___ {u}",
            "{T} of at least {a} cover ___ {u} in total.",
        ),
        "total_all": ("Total area of {M}: ___ {u}", "{M} covers ___ {u}."),
        "comparison": ("There is more {M} than {N} (yes/no): ___",),
        "threshold": ("{T} of at least {a} cover more than 1 hectare (yes/no): ___",),
        "presence": ("There is a {1} larger than {a} (yes/no): ___",),
        "multiple": ("There is more than one {1} larger than {a} (yes/no): ___",),
        "prox_pct": ("Percentage of the image that is {M} within {d} of {R}: ___",),
        "prox_area": ("Area of {M} within {d} of {R}: ___ {u}", "___ {u} of {M} lie within {d} of {R}."),
        "connectivity": ("Number of {T} between {a} and {b}: ___",),
        "fragmentation": ("The {M} is ___ (connected, or fragmented: more than 5 patches larger than {a}).",),
        "prox_any": ("There is {M} within {d} of {R} (yes/no): ___",),
        "near_count": ("Number of {T} larger than {a} within {d} of {R}: ___",),
        "near_count_all": ("Number of {T} within {d} of {R}: ___", "___ {T} stand within {d} of {R}."),
        "power": ("Solar power at {w}: ___ MW", "At {w} the panels give ___ MW."),
        "large_near": ("Area of {T} larger than {a} that lies within {d} of {R}: ___ {u}",),
        "size_filter": ("Total area of {T} larger than {a}: ___ {u}",),
        "average": ("Average size of {T} of at least {a}: ___ {u}",),
        "average_all": ("Average size of {T}: ___ {u}",),
    },
)

LEARNER = Family(
    "a learner's English",
    {
        "percentage": ("How much percent of picture is {M}?", "The {M}, how much percent it cover?"),
        "count": (
            "How much {T} is there, if not count the smaller than {a}?",
            "How many {T} there is with minimum {a}?",
        ),
        "count_all": ("How much {T} is there in picture?", "How many {T} there is?"),
        "size": ("How much percent of image is the {e} {1}, only from these over {a}?",),
        "total_area": ("How much {u} is all {T} together, if not count the smaller than {a}?",),
        "total_all": ("How much {u} is {M}?", "How much {u} of {M} there is in picture?"),
        "comparison": ("Is {M} more as {N}?", "There is more {M} than {N}, yes or no?"),
        "threshold": ("Is {T} together more than 1 hectare, if not count the smaller than {a}?",),
        "presence": ("Is there {1} who is over {a}?",),
        "multiple": ("Is there more than one {1} who is over {a}?",),
        "prox_pct": ("How much percent of image is {M} what is near to {R}, maximum {d}?",),
        "prox_area": (
            "How much {u} of {M} is near to {R}, maximum {d}?",
            "In {d} from {R}, how much {u} is {M}?",
        ),
        "connectivity": ("How much {T} is there from {a} until {b}?",),
        "fragmentation": (
            "Is the {M} connected or is fragmented, when fragmented is more than 5 patches over {a}?",
        ),
        "prox_any": ("Is there {M} near to {R}, maximum {d}?",),
        "near_count": ("How much {T} over {a} is near to {R}, maximum {d}?",),
        "near_count_all": (
            "How much {T} is near to {R}, maximum {d}?",
            "In {d} from {R}, how much {T} there is?",
        ),
        "power": ("How much MW can give the solar panels, when is {w}?",),
        "large_near": ("From {T} over {a}, how much {u} is near to {R}, maximum {d}?",),
        "size_filter": ("How much {u} is all {T} over {a} together?",),
        "average": ("How big in {u} is {1} in average, if not count the smaller than {a}?",),
        "average_all": ("How big in {u} is {1} in average?",),
    },
)

LABELS = Family(
    "column headings",
    {
        "percentage": ("{M} [% of image]", "{M} share [%]"),
        "count": ("{T} (>= {a}) [count]", "count of {T} ({a} and larger)"),
        "count_all": ("{T} [count]", "count of {T}"),
        "size": ("{e} {1} (> {a}) [% of image]",),
        "total_area": ("{T} (>= {a}), total area [{u}]",),
        "total_all": ("{M}, total area [{u}]", "{M} [{u}]"),
        "comparison": ("{M} area > {N} area [yes/no]",),
        "threshold": ("{T} (>= {a}), total area > 1 ha [yes/no]",),
        "presence": ("{1} > {a} present [yes/no]",),
        "multiple": ("more than one {1} > {a} [yes/no]",),
        "prox_pct": ("{M} within {d} of {R} [% of image]",),
        "prox_area": ("{M} within {d} of {R} [{u}]",),
        "connectivity": ("{T} from {a} to {b} [count]",),
        "fragmentation": ("{M}, fragmented if more than 5 patches > {a} [connected/fragmented]",),
        "prox_any": ("{M} within {d} of {R} [yes/no]",),
        "near_count": ("{T} (> {a}) within {d} of {R} [count]",),
        "near_count_all": ("{T} within {d} of {R} [count]",),
        "power": ("solar potential at {w} [MW]",),
        "large_near": ("{T} (> {a}), area within {d} of {R} [{u}]",),
        "size_filter": ("{T} (> {a}), total area [{u}]",),
        "average": ("{T} (>= {a}), mean area [{u}]",),
        "average_all": ("{T}, mean area [{u}]",),
    },
)

EXERCISE = Family(
    "an exercise in a textbook",
    {
        "percentage": (
            "Exercise: from the image, work out which percentage is {M}.",
            "Consider the image. Express the area of {M} as a percentage of it.",
        ),
        "count": ("Consider the {T} in the image. How many remain when those smaller than {a} are removed?",),
        "count_all": ("Consider the {T} in the image. How many are there?", "Exercise: count the {T}."),
        "size": ("Consider the {T} larger than {a}. What percentage of the image does the {e} one cover?",),
        "total_area": (
            "Consider the {T} in the image. Remove those smaller than {a}. What is the total area of the rest, in {u}?",
        ),
        "total_all": (
            "Exercise: work out the total area of {M}, in {u}.",
            "Consider the {M} in the image. What is its area in {u}?",
        ),
        "comparison": ("Consider {M} and {N}. Is the area of the first larger?",),
        "threshold": (
            "Consider the {T} in the image. Remove those smaller than {a}. Do the rest cover more than 1 hectare?",
        ),
        "presence": ("Consider the {T} in the image. Is any of them larger than {a}?",),
        "multiple": ("Consider the {T} in the image. Is more than one of them larger than {a}?",),
        "prox_pct": ("Consider the {M} within {d} of {R}. What percentage of the image is it?",),
        "prox_area": ("Consider the {M} within {d} of {R}. What is its area in {u}?",),
        "connectivity": ("Consider the {T} in the image. How many of them are between {a} and {b}?",),
        "fragmentation": (
            "Consider the {M}. Call it fragmented if it has more than 5 patches larger than {a}, otherwise connected. Which is it?",
        ),
        "prox_any": ("Consider the {M} in the image. Is any of it within {d} of {R}?",),
        "near_count": ("Consider the {T} larger than {a}. How many of them are within {d} of {R}?",),
        "near_count_all": ("Consider the {T} in the image. How many of them are within {d} of {R}?",),
        "power": ("Exercise: a panel yields {w}. Work out the power of all solar panels in MW.",),
        "large_near": (
            "Consider the {T} larger than {a}. Which area of them, in {u}, is within {d} of {R}?",
        ),
        "size_filter": ("Consider the {T} larger than {a}. What is their total area in {u}?",),
        "average": (
            "Consider the {T} in the image. Remove those smaller than {a}. What is the average area of the rest, in {u}?",
        ),
        "average_all": ("Consider the {T} in the image. What is their average area in {u}?",),
    },
)

BUFFERED = Family(
    "a planner's words: buffer, threshold, inventory",
    {
        "percentage": ("{M} as a share of the scene, percent please", "land cover inventory: {M}, percent"),
        "count": (
            "inventory of {T} with a size threshold of {a}: how many?",
            "apply a threshold of at least {a} to the {T} and count them",
        ),
        "count_all": ("inventory of {T}: how many?", "{T} inventory, count only"),
        "size": ("with a size threshold above {a}, the {e} {1}: what percent of the scene?",),
        "total_area": ("inventory of {T} of at least {a}: total area in {u}?",),
        "total_all": ("inventory of {M}: total area in {u}?", "land cover inventory: {M}, {u}"),
        "comparison": ("land balance: more {M} than {N}?",),
        "threshold": ("inventory of {T} of at least {a}: more than 1 hectare in total?",),
        "presence": ("inventory of {T}: any above {a}?",),
        "multiple": ("inventory of {T}: more than one above {a}?",),
        "prox_pct": ("buffer {R} by {d}; what percent of the scene is {M} in that buffer?",),
        "prox_area": ("buffer {R} by {d}; how many {u} of {M} are in that buffer?",),
        "connectivity": ("inventory of {T} between {a} and {b}: how many?",),
        "fragmentation": (
            "land structure: {M} connected or fragmented? threshold: more than 5 patches above {a}",
        ),
        "prox_any": ("buffer {R} by {d}; is there any {M} in that buffer?",),
        "near_count": ("buffer {R} by {d}; how many {T} above {a} are in that buffer?",),
        "near_count_all": ("buffer {R} by {d}; how many {T} are in that buffer?",),
        "power": ("solar inventory: power in MW at {w}?",),
        "large_near": ("buffer {R} by {d}; how many {u} of {T} above {a} are in that buffer?",),
        "size_filter": ("inventory of {T} above {a}: total area in {u}?",),
        "average": ("inventory of {T} of at least {a}: mean area in {u}?",),
        "average_all": ("inventory of {T}: mean area in {u}?",),
    },
)
