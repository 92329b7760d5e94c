"""Who may vote, and how they show it: electorates, electors, their identities."""
