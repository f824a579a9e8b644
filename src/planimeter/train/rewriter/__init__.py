"""Training of the rewriter: a small language model that says free wordings in the plain words of the grammar."""
