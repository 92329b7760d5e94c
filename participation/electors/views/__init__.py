"""The entrance of a vote: come by one of its ways, say who one is, leave."""
