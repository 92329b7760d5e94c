"""What the running site may do in its database: read and write, and add alone where that matters.

Migrations run as the owner of the tables; the site and its worker as `APP_ROLE`, which owns
nothing. It may not empty any table, and what is written in the tables below stays as it was
written: who takes over the site cannot rewrite a journal, a ballot or a decision.
"""

APP_ROLE = "parvis_app"

APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "budgets_addedballot": (),
    "budgets_ballot": (),
    "budgets_ideadecision": (),
    "budgets_journalentry": (),
    "budgets_officialrecord": (),
    "budgets_paperaudit": (),
    "budgets_papercheck": (),
    "budgets_paperexplanation": (),
    "budgets_revision": (),
    "budgets_signedhead": ("timestamp_token",),
    "budgets_tally": (),
    "budgets_voidballot": (),
    "core_moderationdecision": (),
    "electors_networkdecision": (),
    "wagtailcore_modellogentry": ("label", "data"),
    "wagtailcore_pagelogentry": ("label", "data"),
}
"""Tables to which the site adds only, each with the columns that it may still change: the stamp
that comes after the signature; what an erased person's log entries say about them."""

NOT_THE_SITES = ("django_migrations",)
"""Tables that the site reads alone: what the schema is."""
