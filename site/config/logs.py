"""What the journals of the site may not hold."""

import logging

SECRETS = ("token", "secret")
"""What our addresses call that which lets in whoever knows it: tickets, feeds, mailed links."""
HIDDEN = "…"


class HideSecrets(logging.Filter):
    """Keep the secrets of addresses out of the lines about requests that Django writes."""

    def filter(self, record: logging.LogRecord) -> bool:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        secrets = (
            [match.kwargs[name] for name in SECRETS if match.kwargs.get(name)] if match else []
        )
        if secrets and isinstance(record.args, tuple):
            record.args = tuple(_without(secrets, value) for value in record.args)
        return True


def _without(secrets: list[str], value: object) -> object:
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, HIDDEN)
    return value
