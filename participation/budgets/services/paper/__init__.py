"""Acts on paper: desks and their marks, lots and their two passes, audits, explanations."""
