"""What can be measured and how people say it: topics, units and number words, each written once."""
