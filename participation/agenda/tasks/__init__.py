"""Effects after commit. They decide nothing; each may run twice without harm.

Each module is imported here, so that the worker knows its tasks.
"""
