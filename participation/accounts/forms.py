"""Forms of accounts."""

from django import forms


class SignupForm(forms.Form):
    """What signing up asks besides the e-mail address and the password."""

    def signup(self, request, user) -> None:
        """Called by allauth once the person is saved."""
