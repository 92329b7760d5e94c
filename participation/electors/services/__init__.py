"""Write electorates and electors: each verb is one transaction."""

from participation.electors.services.electorates import (
    electorate_of,
    freeze_electorate,
    note_results,
    save_electorate,
)
from participation.electors.services.enrolment import (
    Proof,
    arrive,
    enrol_account,
    enrol_at_desk,
    enrol_newcomer,
    mark_way,
)
from participation.electors.services.letters import (
    cancel_letter,
    draw_codes,
    plan_anonymous_letters,
    plan_letters,
    redeem,
    replace_letter,
)
from participation.electors.services.matching import accept_match, refuse_match
from participation.electors.services.networks import (
    confirm_in_person,
    decide_on_network,
    forget_networks,
    note_arrival,
)
from participation.electors.services.retention import erase_civil_data, erase_what_is_due
from participation.electors.services.roll import (
    ask_import,
    hold_roll_file,
    import_asked,
    import_roll,
    take_off_roll,
)
from participation.electors.services.statements import Statement, state_identity
from participation.electors.services.texts import admit_proof, check_text_code, send_text_code

__all__ = [
    "Proof",
    "Statement",
    "accept_match",
    "admit_proof",
    "arrive",
    "ask_import",
    "cancel_letter",
    "check_text_code",
    "confirm_in_person",
    "decide_on_network",
    "draw_codes",
    "electorate_of",
    "enrol_account",
    "enrol_at_desk",
    "enrol_newcomer",
    "erase_civil_data",
    "erase_what_is_due",
    "forget_networks",
    "freeze_electorate",
    "hold_roll_file",
    "import_asked",
    "import_roll",
    "mark_way",
    "note_arrival",
    "note_results",
    "plan_anonymous_letters",
    "plan_letters",
    "redeem",
    "refuse_match",
    "replace_letter",
    "save_electorate",
    "send_text_code",
    "state_identity",
    "take_off_roll",
]
