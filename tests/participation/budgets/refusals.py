"""Read the codes of a refusal, whole."""

from collections.abc import Callable
from typing import Any

import pytest

from participation.core.verdict import Refused


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, ...]:
    """The codes with which `call` refuses; each has its sentence."""
    with pytest.raises(Refused) as caught:
        call(**arguments)
    for reason in caught.value.verdict.refusals:
        sentence = str(reason)
        assert sentence
        assert "%(" not in sentence
    return caught.value.verdict.codes
