"""How the agenda is put in words and pictures."""
