"""The demonstration: Toulouse's and Paris's real open data, and obviously invented residents."""
