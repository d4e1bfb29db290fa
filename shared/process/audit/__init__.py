"""What is told of runs to whoever checks them: the summary of one, a report over many."""
