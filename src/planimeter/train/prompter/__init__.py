"""Training of the prompter: scenes to learn on, a supervised warm start, then reinforcement by mask reward."""
