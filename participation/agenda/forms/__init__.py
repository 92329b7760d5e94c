"""What people and staff type about the agenda."""
