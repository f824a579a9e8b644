"""Training of the small promptable segmenter that ships: image + box + points to one mask, of whatever kind."""
