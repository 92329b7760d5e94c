"""The queue of effects after commit: jobs are rows, committed with what causes them."""

from procrastinate import App


def ready(app: App) -> None:
    """Called by procrastinate when the application is ready: nothing to configure."""
