"""Training of segmenters: sources, sampling, losses, the loop, evaluation and export (extra ``train``)."""
