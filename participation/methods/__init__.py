"""Counting, exchange formats and proofs of inputs, in pure Python.

Nothing here knows Django, a database, a clock or a source of randomness: everything that decides
a result is an argument, so that anyone may run the same code on the published files and find the
same winners.
"""
