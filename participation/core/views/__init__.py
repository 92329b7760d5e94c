"""Acts around a contribution: comment, support, follow, report, open a file."""
