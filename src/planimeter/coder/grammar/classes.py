"""The phrases the grammar knows, by class.

Articles are gone, hyphens are spaces and number words are numbers when the grammar looks at a question; phrases are
written that way.
"""

from __future__ import annotations

from planimeter.coder.grammar.classes_change import CHANGE

_LISTINGS = {
    # measures and comparisons
    "over": """
        larger than, bigger than, greater than, more than, higher than, over, above, exceeding, in
        excess of, exceed, exceeds, of more than, of over, >, farther than, further than, beyond,
        longer than, more extensive than, wider than, upwards of, further away than, farther away
        than, superior to, not at most, not up to
    """,
    "atleast": """
        at least, no less than, not less than, no smaller than, not smaller than, no fewer than, not
        fewer than, minimum of, minimum, of at least, >=, not under, not below, at minimum, no
        closer than, not closer than, no nearer than, greater than or equal to, larger than or equal
        to, equal to or larger than, more than or equal to, equal to or greater than
    """,
    "under": """
        smaller than, less than, lower than, under, below, fewer than, <, of less than, of under,
        closer than, nearer than, shorter than, lesser than, closer by than, beneath, not at least
    """,
    "atmost": """
        at most, up to, no more than, not more than, no larger than, not larger than, no bigger
        than, not bigger than, no greater than, not greater than, not exceeding, maximum of,
        maximum, of at most, of up to, <=, not over, not above, at maximum, no farther than, no
        further than, not farther than, not further than, less than or equal to, smaller than or
        equal to, equal to or smaller than, equal to or less than, does not exceed, do not exceed,
        not beyond
    """,
    "ormore": """
        or more, or larger, or bigger, or above, or over, and more, and larger, and above, and over,
        and up, upwards, plus, or greater, or farther, or further, minimum, and bigger, at least
    """,
    "orless": """
        or less, or smaller, or below, or under, or fewer, and less, and smaller, and below,
        maximum, and under, or closer, or nearer, at most
    """,
    # nouns around topics
    "shapes": """
        regions, patches, areas, bodies, parcels, plots, pieces, clusters, blocks, installations,
        arrays, zones, polygons, shapes, segments, stands, tracts, fragments, components, sites,
        stretches, spots, sections, surfaces, features, units, expanses, systems, plots of land,
        footprints, facilities
    """,
    "shape": """
        region, patch, body, parcel, plot, piece, cluster, block, installation, array, zone,
        polygon, shape, segment, stand, tract, fragment, component, site, stretch, section, feature,
        expanse, footprint, facility
    """,
    "ground": """
        area, land, cover, coverage, ground, terrain, surface, land cover, surfaces, space, land
        area, surface area, land use
    """,
    "things": """
        those, ones, anything, any, everything, all, objects, items, any of those, any of them,
        them, these, all those, specks, individual ones, one
    """,
    "apart": "separate, distinct, individual, different, discrete, separated, disconnected",
    "solid": "single, contiguous, continuous, connected, unbroken",
    "any": """
        any, some, any of, at least one, one or more, at least some, at least one of, either of
    """,
    "all": "all, every, each, all of, each of, every one of",
    "largest": "largest, biggest, greatest, most extensive, maximum, most expansive, very largest",
    "smallest": "smallest, tiniest, littlest, least extensive, minimum, very smallest",
    "pronoun": "them, those, these, they, it, those ones, these ones, this, that",
    "possessive": "their, its",
    "generic": "that, those, these, this, such",
    "lonely": """
        isolated, detached, standalone, freestanding, lone, solitary, secluded
    """,
    "nearest": "nearest, closest",
    "farthest": """
        remotest, farthest away, furthest away, farthest off, furthest off, outermost, farthest, furthest, most distant,
        most remote
    """,
    "mean": "average, mean",
    "median": "median",
    "shortest": "shortest, minimum, smallest, least, closest, minimal, nearest",
    "longest": "longest, maximum, greatest, largest, maximal, farthest, furthest",
    "total": """
        total, combined, overall, aggregate, summed, cumulative, joint, entire, whole, sum of, all,
        total combined, collective, full, aggregated, complete, gross, summed up
    """,
    "together": """
        together, combined, put together, taken together, in combination, collectively, jointly,
        summed, added together, added up, in sum
    """,
    # verbs
    "ask": """
        put figure on, could you put figure on, can you put figure on,
        what is, what are, what was, tell me, calculate, compute, determine, estimate, find, find
        out, give, give me, report, measure, state, work out, can you tell me, could you tell me,
        can you calculate, could you calculate, i want to know, i would like to know, i need to
        know, i need, i want, let me know, please, provide, output, return, get, get me, quantify,
        assess, evaluate, derive, can you compute, could you compute, can you estimate, could you
        estimate, can you determine, could you determine, can you measure, could you measure, can
        you find, could you find, show me, what would be, what might be, calc, how about, can you
        give me, could you give me, list, do you know, we need, we want to know, we would like to know, i
        am interested in, help me find, would you tell me, would you calculate, can you work out,
        could you work out, figure out, what does, sum up, add up, total up, find me, tell us, will
        you tell me, identify
    """,
    "whether": "whether, if, whether or not",
    "is": "is, are, was, were",
    "does": "does, do, did",
    "can": "can, could",
    "have": """
        have, has, contain, contains, show, shows, include, includes, feature, features, hold,
        holds, depict, depicts, display, displays
    """,
    "exist": """
        you can find, you can spot, you can count, you can detect, we can find, i can find, can be detected,
        can you detect, can you spot, can you identify, you see, we see, do you find, can be spotted, lie there,
        are there, is there, exist, exists, are visible, is visible, can be seen, can you see, do
        you see, are present, is present, are found, can be found, do you count, can you count, can
        i see, can be counted, there are, there is, do we have, are shown, can we see, can you find,
        are in image, are seen, do exist, can be identified, can be made out, can you make out, are,
        can one see, you can see, we can see, one can see, i can see, do i see, do we see, does one
        see, are to be seen, is found, is seen, is shown, appear, occur, show up, shows up, turn up, turns up,
        pop up, crop up, is showing, are showing, come into view
    """,
    "present": """
        present, visible, found, seen, shown, there, in image, detectable, to be seen, to be found,
        seen anywhere, anywhere
    """,
    "covered": """
        is covered by, is covered with, is covered in, covered by, covered with, is, is occupied by,
        occupied by, is made up of, made up of, consists of, is composed of, comprises, is taken up
        by, taken up by, are, is comprised of, belongs to, falls under, is under, is filled with, is
        filled by, are covered by, are covered with, is classified as, classified as, is classed as,
        is used by, is taken by, is devoted to, are occupied by, does consist of, represents, is
        dedicated to, shows, contains, is made of
    """,
    "coveredpassive": "covered by, covered with, covered in, occupied by, taken up by, under, made up of",
    "cover": """
        cover, covers, occupy, occupies, take up, takes up, make up, makes up, account for, accounts
        for, fill, fills, span, spans, constitute, constitutes, represent, represents, add up to,
        adds up to, amount to, amounts to, comprise, comprises, form, forms, extend over, extends
        over, use, uses, measure, measures
    """,
    "find": """
        find, identify, take, select, consider, locate, look for, look at, pick, pick out, given,
        for, of, among, considering, looking at, using, find all, from, choose, get, detect, out of,
        for all, take all, of all, among all, starting from, extract, filter for, find every,
        consider all
    """,
    "then": "then, and then, and, so, next, now, after that, and now, afterwards, and next",
    # conditions
    "lead": """
        that, which, who, is, are, lie, lies, lying, fall, falls, falling, located, situated,
        positioned, found, be, can, there, stand, stands, standing, sit, sits, sitting, exist,
        exists, occur, occurs, built, both, were, was, to be, placed, does, do, either, being,
        visible, present, have been, having been, sited, nestle, nestled, perch, perched, huddle, huddled, reside,
        residing
    """,
    "finite": """
        is, are, was, were, lie, lies, fall, falls, stand, stands, sit, sits, exist, exists, occur, occurs, have, has,
        cover, covers, measure, measures, exceed, exceeds, occupy, occupies, span, spans, touch, touches, border,
        borders, overlap, overlaps, intersect, intersects, adjoin, adjoins, abut, abuts, do, does, can, nestle, perch,
        huddle, reside
    """,
    "relative": "that, which, who, whose",
    "join": """
        and, but, yet, while, as well as, and also, but also, and at same time, and yet, and still,
        and both, and simultaneously, while also, though
    """,
    "sizelead": """
        take up, takes up, taking up, whose footprint, have area that, have area which, with area that, have footprint
        that, with footprint that, has area that, has footprint that,
        with surface, with surface of,
        with area, with area of, with size, with size of, whose area is, whose area, whose size is,
        whose size, having area, having area of, covering, cover, covers, measuring, measure,
        measures, of, with, of size, sized, have area, have area of, having size, in size, having,
        with areas, with sizes, with areas of, with sizes of, have, has area, has area of, have
        size, have size of, has size, has size of, have sizes, have footprint, have footprint of,
        occupying, occupy, each, each covering, with footprint, with footprint of, spanning, span,
        whose footprint is, with surface area of, with surface area, with each, of area, of at
    """,
    "sizetail": """
        footprint, of footprint, area, of surface, surface,
        in size, in area, each, in extent, large, in surface, in surface area, of area, in
        footprint, in area each, in size each, big
    """,
    "from": """
        of, from, to, around, away from, off, distant from, distance from, distance of, distance to,
        apart from, of distance from, removed from, radius of, radius around, buffer of, buffer
        around, buffer from, radius from, of edge of, from edge of, of boundary of, from boundary
        of, vicinity of, remote from, or less from, in distance from, in distance to, from any,
        distance away from, of any, surrounding
    """,
    "at": """
        at distance of, at distance, at distances of, at distances, at, at range of, with distance
        of, within distance of, within radius of, within buffer of, within range of, inside, in, in
        radius of, inside buffer of, inside radius of, in distance of, lying at
    """,
    "within": """
        within, inside, in, within distance of, within radius of, within buffer of, within range of,
        in radius of, inside buffer of, inside radius of, within maximum of, within less than, not
        more than, in distance of, in range of, to within
    """,
    "withno": """
        lack, lacks, lacking, are missing, is missing, with no, without, without any, have no, has no, having no,
        not have, not have any
    """,
    "outside": "outside, outside of, beyond",
    "radius": """
        radius, buffer, distance, range, vicinity, zone, strip, band, buffer zone, reach, away, off,
        perimeter zone, wide buffer, radius buffer
    """,
    "distanceto": """
        whose distance to, whose distance from, with distance to, with distance from, whose nearest
        distance to
    """,
    "inside": """
        in, inside, within, on, overlapping, overlapping with, intersecting, on top of, that
        overlap, overlap, overlaps, overlap with, intersect, intersects, that intersect, inside of,
        intersecting with, which overlap
    """,
    "outof": """
        outside, outside of, not in, not inside, not on, not within, not overlapping, not
        intersecting
    """,
    "touching": """
        have direct contact with, has direct contact with, have contact with, has contact with,
        having contact with, directly against, right against, share edge with, shares edge with,
        share boundary with, share border with, sharing boundary with, sharing border with, shares boundary with,
        shares border with, sharing edge with, border on, borders on,
        touch or intersect, intersect or touch, touch or overlap, overlap or touch, border or touch, touch or border,
        touching, adjacent to, bordering, touch, touches, border, borders, abutting, directly
        adjacent to, in contact with, in direct contact with, directly touching, adjoining,
        bordering on, immediately adjacent to, abut, abuts, adjoin, adjoins, that touch, directly
        next to
    """,
    "exclude": """
        excluding, ignoring, ignore, exclude, disregard, disregarding, leaving out, leave out, omit,
        omitting, not counting, do not count, without counting, not including, do not include,
        discard, discarding, skip, skipping, except for, except, other than, dropping, drop,
        filtering out, filter out, apart from, neglect, neglecting, leaving aside, with exception
        of, without, besides, aside from, not considering, do not consider, when counting ignore, when counting exclude,
        while ignoring, while excluding, but ignore, but exclude, and ignore, and exclude,
        discounting, discount, not taking into account, when counting disregard, but ignoring, but
        excluding, to avoid artefacts ignore, to avoid artifacts ignore, when counting leave out,
        when counting omit, but not counting
    """,
    "besides": """
        other than, except, except for, apart from, besides, excluding, without, not counting, leaving out, but for,
        aside from, with exception of, not including, ignoring, disregarding, save for, leaving aside, minus, but not,
        without counting, omitting
    """,
    "only": """
        only counting, counting only, count only, only count, considering only, only considering,
        consider only, only consider, only include, including only, include only, only, among,
        restricted to, limited to, taking only, keeping only, use only, using only, when counting
        only consider, when counting consider only, but only count, looking only at, look only at,
        only looking at, only taking, when counting only count, when counting include only, when
        counting only include, restrict to, limited only to, where only, counting, considering, only
        those, but count only, but only, among only
    """,
    # quantities
    "count": """
        headcount of, headcount for, tally for,
        number of, count of, total number of, total count of, how many, overall number of, number,
        tally of, quantity of, exact number of, combined number of, total number, counts of
    """,
    "sharename": """
        percentage, proportion, fraction, share, portion, part, percentage share, area percentage,
        percentages, area fraction, coverage percentage, relative share, percentage cover,
        percentage coverage, area share, relative area
    """,
    "areaname": """
        area, surface, surface area, extent, size, land area, acreage, areas, footprint, total area,
        ground area, combined area, areal extent, hectarage, total extent, total surface area, sum
        of areas, total size, area total, surface extent, total footprint, footprint area, combined
        size, summed area, spatial extent, whole area, combined extent, total
        land area, sum of area, combined surface area, overall area, combined footprint, areas of,
        total areas, aggregate area, cumulative area, land mass, total surface, surface cover, surface coverage
    """,
    "sizename": """
        size, area, surface area, sizes, areas, extent, footprint, footprint size, footprint area,
        surface, footprints, region size, patch size, region area, patch area, land area, ground area
    """,
    "much": "how much, how much of",
    "land": """
        area, land, ground, surface, space, terrain, land area, surface area, total area, ground
        area
    """,
    "larger": """
        larger, bigger, more extensive, greater, more, larger in area, bigger in area, greater in
        area, more abundant, more widespread, more common, more dominant, larger in extent, higher,
        greater in extent, more prevalent, larger in total area, larger in total
    """,
    "smaller": """
        smaller, less extensive, less, lesser, smaller in area, less abundant, less widespread, less
        common, fewer, lower, less prevalent, smaller in extent, smaller in total area
    """,
    "most": """
        most, largest area, biggest area, largest share, most area, most land, most space, most
        ground, largest part, largest portion, biggest part, biggest share, most surface, maximum area,
        maximum extent, highest area, highest share, largest
        extent, greatest area, largest fraction, highest percentage, greatest extent, highest share,
        largest percentage, largest proportion, more, more area, more land, more ground, more space,
        larger area, bigger area, larger share, larger part, more surface, greater area, greater
        share, bigger part, larger portion, bigger share, larger extent, higher percentage, larger
        percentage
    """,
    "least": """
        least, smallest area, smallest share, least area, least land, smallest part, lowest
        percentage, smallest percentage, smallest extent, least space, least ground, smallest
        portion, less, less area, less land, smaller area, smaller share, less space, less ground,
        smaller part, lower percentage, smaller portion, smaller extent
    """,
    "dominant": """
        dominant, most common, largest, biggest, most extensive, most widespread, main, predominant,
        prevailing, most abundant, most dominant, most prevalent, primary
    """,
    "rarest": """
        rarest, scarcest, least common, smallest, least extensive, least widespread, least abundant, least
        dominant
    """,
    "coverclass": """
        land cover, land cover class, land cover type, land use, land use class, cover type, topic,
        class, land use type, cover class, category, type of land cover, kind of land cover, land
        use category, land cover category, surface type, type of land use, type of land, kind of land, land type,
        kind of land use, kind of ground
    """,
    "coverclasses": """
        land covers, land cover classes, land cover types, land uses, land use classes, land use types, cover types,
        topics, classes, cover classes, categories, types of land cover, kinds of land cover, land cover categories,
        surface types, types of land use, land use categories, kinds of land use, land use land cover classes,
        types of ground, types of land, kinds of land, land types
    """,
    "breakdown": """
        breakdown, composition, distribution, mix, split, statistics, summary, proportions, shares, percentages, areas,
        table, area table, inventory, area breakdown, percentage breakdown, area distribution, area statistics, makeup
    """,
    "each": "each, every, each of, every single, each single, all",
    "eachone": "each, every, each of, every single, each single, each individual, every one of",
    "ownarea": """
        area, size, areas, sizes, footprint, footprints, extent, surface area, surface areas, acreage, footprint area,
        individual areas, individual sizes
    """,
    "every": "all, every, each, all of, each of, different, all different, various, any",
    "separately": "separately",
    "rank": "rank, order, sort, arrange, put in order",
    "ranked": "ranked, ordered, sorted, arranged, in order",
    # lists and places
    "listverb": """
        list, list me, name, enumerate, show, show me, give me list of, list of, give list of, make list of, print,
        print list of, output list of, provide list of, table of, give me table of, return list of, i want list of,
        i need list of, create list of, itemise, itemize, show list of, show me list of
    """,
    "listnoun": "list, table, inventory, complete list, full list",
    "findverb": "find, identify, locate, find me, give me, get, get me, detect, extract, map, mark, point out",
    "ownmeasures": """
        areas, sizes, area, size, area of each, size of each, areas and positions, positions, locations, coordinates,
        areas and locations, areas and coordinates, sizes and locations, centroids, areas and centroids, surface areas,
        area each
    """,
    "coordinates": """
        coordinates, coordinate, location, position, locations, positions, centroid, centroids, place, whereabouts,
        geographic coordinates, pixel coordinates, lat lon, longitude and latitude, latitude and longitude
    """,
    "pointverb": """
        locate, find, show, show me, point to, point at, point out, point me to, mark, highlight, identify, find me
    """,
    "deviation": "standard deviation, sd, std, stddev, std dev, standard deviations",
    "histogram": "histogram, size distribution, distribution, frequency distribution, area distribution",
    "multiple": """
        multiple, more than one, at least two, two or more, several, numerous separate, more than
        single
    """,
    "connected": """
        connected, contiguous, unfragmented, continuous, in one piece, single connected block, one
        connected block, one piece, one connected region, single connected region, intact, one
        contiguous block, single contiguous block, one continuous block, all connected, one
        connected patch, connected together, unbroken, joined up, one block, all in one piece
    """,
    "connectedblock": """
        connected block, connected patch, connected region, contiguous block, continuous block,
        piece, block, connected piece, contiguous patch, contiguous region, continuous patch, patch,
        region, connected area, contiguous area
    """,
    "fragmented": """
        fragmented, broken up, split up, scattered, patchy, disconnected, split, broken, divided up,
        in pieces, divided
    """,
    "meaningfrag": """
        meaning, defined as, where fragmented means, if fragmented means, with fragmented meaning,
        fragmented meaning, fragmented being, fragmented if there are, if there are, into, with,
        fragmented means, call it fragmented if there are, call it fragmented if it has, fragmented
        if, i e, fragmented if it has, count it as fragmented if there are, consider it fragmented
        if there are, counting as fragmented with, treat it as fragmented if there are, treat as
        fragmented if there are, that is, where fragmented is, fragmented is, if it has, fragmented
        when there are, taking fragmented to mean, consider it fragmented if it has, fragmented
        with, when there are, if it consists of, consisting of, i.e., made up of, fragmented if it
        consists of, fragmented is defined as, fragmentation means, having, use fragmented for, say
        fragmented if there are, say fragmented for, into more pieces than
    """,
    "power": """
        power, power output, solar power, solar potential, output, generating capacity, capacity,
        solar capacity, solar output, electrical power, electricity output, peak power, solar power
        output, power capacity, solar power potential, power potential, potential power, potential
        power output, potential output, solar potential output, installed capacity, potential, power
        generation capacity, solar power capacity, potential solar power, potential solar output,
        electric power, generation capacity, solar generation capacity, peak output, peak capacity,
        power production, photovoltaic capacity, pv capacity, pv output, pv power, photovoltaic
        output, photovoltaic power, solar potential power, solar potential power output, potential
        power production, electrical output, potential solar power output, power yield, pv
        potential, photovoltaic potential, solar energy potential, electrical capacity
    """,
    "generate": """
        generate, produce, deliver, yield, provide, give, supply, make, output, put out, generated,
        produced, delivered, supplied, expected
    """,
    "assuming": """
        assuming, assume, at, given, with, if, for, based on, using, taking, supposing, when, where,
        on assumption of, under assumption of, and, presuming, suppose
    """,
    "efficiency": """
        efficiency, yield, output, power density, panel efficiency, of power, of panel, per panel
        area, power yield, of panel area, conversion, performance, peak, of output, of panels,
        specific power
    """,
    "sun": "irradiance, irradiation, insolation, sunlight, sun",
    "conversion": "efficiency, panel efficiency, module efficiency, conversion efficiency, efficient panels",
    "perimeter": """
        perimeter, outline, boundary, circumference, perimeter length, boundary length, outline
        length, length of perimeter, length of boundary, length of outline, edge length, border
        length, length of edge, length of edges, length of border, length of shoreline, shoreline
        length, shoreline, perimeters, length of shore, length of boundaries, length of outlines,
        length of perimeters
    """,
    "further": "more than, over, farther than, further than, beyond, >",
    "make": "create, draw, make, build, generate, take, apply, put, add, construct, compute, buffer",
    "bufferzone": "buffer, buffers, zone, zones, buffer zone, buffer zones",
    "below": "<",
    "above": ">",
    "density": "density, number density",
    "difference": """
        difference, area difference, difference in area, difference in size, difference in
        extent
    """,
    "countdifference": """
        difference in number, difference in numbers, difference in count, difference in counts
    """,
}

CLASSES: dict[str, tuple[str, ...]] = {
    name: tuple(" ".join(phrase.split()) for phrase in listing.split(","))
    for name, listing in (_LISTINGS | CHANGE).items()
}
"""Class → phrases."""
