"""Forms of electors."""
