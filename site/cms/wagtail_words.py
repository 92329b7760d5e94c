"""Sentences of Wagtail whose French is better said in our own catalogue, which wins over its own.

The editor meets them every day: a language is no "région", and nobody knows what "le/la" means.
"""

from django.utils.translation import gettext_noop as _

SAID_OTHERWISE = (
    _("Locale"),
    _("Locales"),
    _("Locale: "),
    _("Switch locales"),
    _("Unlocked"),
    _("Review this version"),
    _("Anyone can edit this %(model_name)s – lock it to prevent others from editing"),
    _("Choose when this page should go live and/or expire"),
    _("New: %(model_name)s"),
    _("The page '%(page_title)s' was successfully created in %(locales)s"),
    _(
        "Pages created here will not be accessible at any URL. To add pages to an existing site,"
        " create them as children of the homepage."
    ),
    _("{model_name} '{title}' is locked and has been scheduled to go live at {datetime}"),
)
