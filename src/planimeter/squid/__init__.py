"""SQuID, the benchmark of the QVLM paper: questions made from labels, systems run on them, and their scores."""
