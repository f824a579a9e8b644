"""Training of the prompter: scenes to learn on, a supervised warm start, then reinforcement by mask reward."""

from planimeter.segment.torchvision import let_torchvision_load

let_torchvision_load()  # before anything here imports transformers
