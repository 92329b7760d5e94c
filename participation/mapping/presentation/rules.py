"""The rules of a map in sentences, made from the very settings that are applied."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participation.core.choices import ModerationMode
from participation.mapping import policies
from participation.mapping.models import ParticipatoryMap


def rules_of(map: ParticipatoryMap) -> dict[str, list[str]]:
    """`who` may contribute, and what is made of it (`what`)."""
    return {"who": _who(map), "what": _what(map)}


def _who(map: ParticipatoryMap) -> list[str]:
    process = map.activity.process
    said = []
    if process.minimum_age:
        said.append(
            ngettext(
                "From the age of %(age)d year.",
                "From the age of %(age)d years.",
                process.minimum_age,
            )
            % {"age": process.minimum_age}
        )
    if process.residents_only and process.perimeter:
        said.append(_("People who live here: %(place)s.") % {"place": process.perimeter.name})
    if not said:
        said.append(_("Anyone, wherever they live."))
    if policies.takes_guests(map):
        said.append(_("With an account, or without: an e-mail address is then confirmed."))
    else:
        said.append(_("With an account."))
    if map.per_person:
        said.append(
            ngettext(
                "%(number)d contribution per person.",
                "%(number)d contributions per person at most.",
                map.per_person,
            )
            % {"number": map.per_person}
        )
    return said


def _what(map: ParticipatoryMap) -> list[str]:
    said = []
    if map.moderation == ModerationMode.BEFORE:
        said.append(_("A moderator reads each contribution before it is published."))
    else:
        said.append(_("A contribution is published at once; moderators read it afterwards."))
    if not map.shows_others:
        said.append(_("Each one sees only their own contributions until the map closes, then all."))
    said.append(_("Its author may change it or take it back while the map is open."))
    said.append(_("The administration gives each contribution a status, and answers on its page."))
    said.append(_("All published contributions may be downloaded, without their authors' names."))
    return said
