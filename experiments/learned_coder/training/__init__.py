"""Training of a coder: supervised on the built-in coder's programs, then from answers alone (GRPO)."""
