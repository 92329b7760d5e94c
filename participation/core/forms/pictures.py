"""The words that go with a picture."""

from django import forms


class PictureWordsField(forms.CharField):
    """What a picture shows: empty without the picture, needed with it.

    The form judges it. Its label does not say that it is optional, since it is not quite.
    """

    goes_with_another = True

    def __init__(self, **options: object) -> None:
        super().__init__(required=False, max_length=250, **options)  # type: ignore[arg-type]  # CharField's own
