"""The phrases of questions about two dates, by class; see ``classes``."""

from __future__ import annotations

CHANGE = {
    "lost": """
        lost, lose, loses, disappeared, disappear, vanished, cut, cut down, felled, cleared, removed,
        destroyed, gone, cut away, been lost, been cut, been cut down, been felled, been cleared, been
        removed, been destroyed, was lost, were lost, was cleared, was cut, was cut down, was felled, was
        removed, was destroyed, were cut, were cut down, were felled, were cleared, were removed, were
        destroyed, is lost, is gone, are gone, are lost, no longer there
    """,
    "gained": """
        gained, gain, gains, added, new, newly built, created, planted, newly created, was gained, were
        gained, was added, were added, been gained, been added, been created, is new, are new, was created,
        was planted, were planted, been planted, newly planted
    """,
    "kept": """
        kept, remained, remain, remains, preserved, unchanged, persisted, stayed, still there, left
        unchanged, was kept, were kept, been kept, was preserved, is unchanged, are unchanged, been
        preserved, has stayed, stayed same, remained unchanged, still forest, is still there, are still
        there, was unchanged, were unchanged, in both, at both dates
    """,
    "been": """
        has, have, had, has been, have been, was, were, is, are, been, did, does, do, got
    """,
    "was": "was, were, is, are, has, have, has been, have been",
    "bothdates": """
        two dates, two images, both dates, both images, dates, images, these dates, these images, these two
        dates, these two images, two, earlier and later image, earlier and later date, then and now, before
        and after, earlier image and later image, earlier image and later one
    """,
    "thendate": """
        before, then, earlier, past, previously, in past, earlier date, earlier image, first image, formerly
    """,
    "nowdate": "now, today, later date, later image, second image, after",
    "thenimage": """
        earlier image, earlier date, before image, first image, old image, image before
    """,
    "sincethen": """
        since then, since, since before, since earlier image, since earlier date, between images, between
        dates, over time, between two dates, between two images, in meantime, meanwhile, so far, between
        them, from before to after, between these dates, between these images, between these two dates,
        between these two images, compared to before, compared with before, compared to earlier image,
        compared with earlier image, by now, from then to now, from earlier image to later, since first
        image, over period, in period, between then and now, between both dates, between both images,
        compared to earlier date, compared with earlier date, from one date to other, relative to earlier
        image
    """,
    "lossname": """
        loss, losses, clearance, clearing, removal, disappearance, clearcut, cutting
    """,
    "gainname": "gain, gains",
    "becoming": """
        became, become, turned into, turn into, converted to, converted into, changed to, changed into, been
        converted to, been converted into, been turned into, was converted to, was converted into, were
        converted to, was turned into, turned to, been replaced by, was replaced by, replaced by, been
        changed to, is now, are now, was changed to, was changed into, were converted into, were turned
        into, were replaced by, transformed into, been transformed into, was transformed into
    """,
    "matrix": """
        transition matrix, transitions, land cover transitions, land cover transition, land cover change,
        land cover changes, change matrix, land use change, land use changes, land use transitions,
        transition table, change table, matrix of transitions, matrix of changes, from to matrix, cross
        tabulation, confusion matrix of two dates, table of changes, table of transitions, changes in land
        cover, changes in land use, change in land cover, change in land use, changes, land use land cover
        change, land cover transition matrix, land use transition matrix
    """,
    "grew": """
        grow, grown, grew, increase, increased, expand, expanded, become larger, become bigger, became
        larger, been growing, gain, gained, get larger, get bigger, got larger, got bigger, grow larger,
        rise, risen, rose, spread, grow bigger, is growing, been expanded, increase in size, increased in
        size, increase in area, grown in size, grown in area, grow in area, grow in size, enlarge, enlarged,
        extend, extended
    """,
    "shrank": """
        shrink, shrunk, shrank, decrease, decreased, decline, declined, become smaller, became smaller,
        recede, receded, diminish, diminished, get smaller, got smaller, retreat, retreated, fall, fallen,
        drop, dropped, reduce, reduced, been reduced, contract, contracted, lose area, lost area, decrease
        in size, decreased in size, shrink in size, shrunk in size, dwindle, dwindled
    """,
    "changedby": """
        change, changed, differ, changed in area, change in area, change in size, changed in size, been
        changed
    """,
    "new": """
        new, newly built, additional, built, added, been built, been added, were built, was built, were
        added, been constructed, were constructed, constructed, newly constructed, been newly built, are
        new, is new, appeared, have appeared, been erected, were erected, more recent, recently built,
        appear, came up, sprang up
    """,
    "gone": """
        gone, demolished, removed, disappeared, torn down, vanished, been demolished, been removed, been
        torn down, were demolished, were removed, were torn down, was demolished, was removed, lost, been
        lost, were lost, destroyed, been destroyed, were destroyed, are gone, is gone, no longer there, are
        no longer there, missing, are missing, are missing now, missing now, knocked down, been knocked
        down, were knocked down, are lost, have disappeared
    """,
    "stillthere": """
        kept, still there, still standing, still stand, remained, remain, unchanged, been kept, were kept,
        are still there, are still standing, in both, on both, there at both dates, persisted, are
        unchanged, stayed, at both dates, in both images, preserved, still exist
    """,
}
