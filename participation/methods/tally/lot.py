"""The lot that settles the last ties, drawn once and published before the count."""

from collections.abc import Iterable

from participation.methods.digest import sha256_hex


def draw_order(seed: str, identifiers: Iterable[str]) -> dict[str, int]:
    """Rank of each identifier in the lot, from 1 (the first to be preferred).

    The order is that of SHA-256(seed + "|" + identifier), texts in UTF-8, digests compared in
    hexadecimal, smallest first. Anyone recomputes it with `printf '%s|%s' SEED ID | sha256sum`.
    Nobody can choose the order if the seed is drawn in public once the list of candidates is
    closed; the order does not depend on the order in which the identifiers are given.

    Raises `ValueError` when an identifier comes twice.
    """
    listed = list(identifiers)
    if len(set(listed)) != len(listed):
        raise ValueError("an identifier comes twice in the lot")
    drawn = sorted(listed, key=lambda identifier: sha256_hex(f"{seed}|{identifier}"))
    return {identifier: rank for rank, identifier in enumerate(drawn, start=1)}
