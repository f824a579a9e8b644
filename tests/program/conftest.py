"""Programs are data here: none of them is imported or collected."""

collect_ignore_glob = ["paper/*"]
