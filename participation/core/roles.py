"""Who does what in the back office. Permissions are patterns over `app.codename`."""

from dataclasses import dataclass

_ENTER = "wagtailadmin.access_admin"
_TRANSLATE = "simple_translation.submit_translation"


@dataclass(frozen=True, slots=True)
class Role:
    """A group of staff: its permissions, and whether it edits the site's pages and files."""

    name: str
    permissions: tuple[str, ...]
    edits_pages: bool = False


ROLES = (
    Role("Administration du site", ("*",), edits_pages=True),
    Role(
        "Édition",
        (
            _ENTER,
            _TRANSLATE,
            "cms.*",
            "wagtailredirects.*",
            "wagtailforms.*",
            "core.view_process",
        ),
        edits_pages=True,
    ),
    Role(
        "Participation",
        (
            _ENTER,
            _TRANSLATE,
            "core.add_*",
            "core.change_process",
            "core.change_activity",
            "core.change_phase",
            "core.delete_phase",
            "core.change_directorate",
            "core.view_*",
            "core.moderate_contribution",
            "core.answer_contribution",
            "core.change_answertemplate",
            "core.delete_answertemplate",
            "budgets.*",
            "mapping.*",
            "agenda.*",
            "electors.run_electorate",
            "electors.view_*",
            "maps.view_*",
            "maps.add_layer",
            "maps.change_layer",
            "maps.delete_layer",
            "cms.view_*",
        ),
        edits_pages=True,
    ),
    Role(
        "Modération",
        (
            _ENTER,
            "core.view_contribution",
            "core.view_comment",
            "core.view_report",
            "core.moderate_contribution",
        ),
    ),
    Role(
        "Instruction",
        (
            _ENTER,
            "core.view_contribution",
            "core.view_directorate",
            "core.answer_contribution",
            "budgets.view_*",
            "budgets.study_idea",
            "budgets.manage_delivery",
            "mapping.view_*",
            "agenda.view_*",
            "mapping.follow_up_map",
        ),
    ),
    Role("Accueil des rencontres", (_ENTER, "agenda.welcome_events")),
    Role("Élus de l’agenda", (_ENTER, "agenda.view_*", "agenda.endorse_agenda")),
    Role("Agent de bureau de vote", (_ENTER, "budgets.hold_desk")),
    Role("Agent de dépouillement", (_ENTER, "budgets.key_paper")),
)
