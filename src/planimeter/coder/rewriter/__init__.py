"""The rewriter: free wordings said in the plain words that the grammar reads."""
