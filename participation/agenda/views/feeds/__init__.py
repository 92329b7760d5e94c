"""The agenda for calendar programs, readers of news and other programs."""
