"""French words in addresses for the kinds of subjects."""

_WORDS = {
    "process": "demarche",
    "activity": "activite",
    "contribution": "contribution",
    "comment": "commentaire",
}
_KINDS = {word: kind for kind, word in _WORDS.items()}


class SubjectKind:
    """`/suivre/demarche/3` reads as kind `process`, pk 3."""

    regex = "|".join(_KINDS)

    def to_python(self, value: str) -> str:
        return _KINDS[value]

    def to_url(self, value: str) -> str:
        if value not in _WORDS:
            raise ValueError(value)
        return _WORDS[value]
