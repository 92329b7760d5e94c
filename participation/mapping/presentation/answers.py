"""Answers to a map's questions, in words."""

from django.utils.formats import number_format

from participation.mapping.models import QuestionAnswer


def answer_words(answer: QuestionAnswer) -> str:
    """`12,5`, `Vélo, Bus` or the text itself; the photo's description for a photo."""
    if answer.number is not None:
        return number_format(answer.number.normalize(), use_l10n=True, force_grouping=True)
    if answer.chosen:
        return ", ".join(answer.chosen)
    if answer.photo_id is not None and answer.photo is not None:
        return answer.photo.alt or answer.photo.title
    return answer.text
