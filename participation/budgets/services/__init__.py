"""Verbs of participatory budgets, one module per trade."""
