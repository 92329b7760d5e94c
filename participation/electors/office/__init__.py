"""The back office of electorates: who may vote, the roll, letters, people to recognise."""
