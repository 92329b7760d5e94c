"""The personal space of a member: what they did, what awaits them, their data."""
