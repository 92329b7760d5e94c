"""Ballot codes as people copy them."""

import re

_PAPER = re.compile(r"P-?([0-9]{1,6})-([0-9]{1,4})")
_BASE32 = str.maketrans("018", "OIB")
"""The alphabet of the codes has no 0, 1 nor 8: they are O, I and B badly read."""


def plain_code(text: str) -> str:
    """A code as it is published: capitals, no blank, no dash but those of a paper ballot.

    `p 3 7`, `P-3-7` and `p3-07` are `P-003-07`, as stamped; `mfxc 0zja` is `MFXCOZJA`.
    """
    words = re.sub(r"[\s\u00a0\u202f._–—-]+", "-", text.strip().upper()).strip("-")
    if paper := _PAPER.fullmatch(words):
        return f"P-{int(paper[1]):03d}-{int(paper[2]):02d}"
    return words.replace("-", "").translate(_BASE32)


def grouped_code(code: str) -> str:
    """A code by groups of four, to be read aloud; a paper ballot's stays as it is."""
    if code.startswith("P-"):
        return code
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
