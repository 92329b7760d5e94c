"""The checks of a publication in words, for the page that makes them and for its script."""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy


@dataclass(frozen=True, slots=True)
class CheckWords:
    """One check: its name, what it proves, and the two sentences of its outcome.

    `{…}` are filled in by the browser's script.
    """

    code: str
    label: str
    proves: str
    holds: str
    fails: str


def check_words() -> list[CheckWords]:
    """The checks in the order in which they are made; codes as in `methods.proof`."""
    return [
        CheckWords(
            "files",
            gettext("The files"),
            gettext("Each file has the digest that the signed manifest announces."),
            gettext("The {files} files are those of the manifest."),
            gettext("A file is missing or was altered."),
        ),
        CheckWords(
            "signature",
            gettext("The signature"),
            gettext("The manifest is signed with the authority’s key."),
            gettext("The signature is right. Compare the key {key} with the one on display."),
            gettext("The manifest is not signed by this key."),
        ),
        CheckWords(
            "chain",
            gettext("The journal"),
            gettext("Each line holds the digest of the line before: none can be removed."),
            gettext("The {entries} lines follow from one another."),
            gettext("The journal is broken."),
        ),
        CheckWords(
            "heads",
            gettext("The signed heads"),
            gettext("Every day the last line was signed: the past cannot be written again."),
            gettext("The {heads} signed heads are in the journal."),
            gettext("A signed head does not go with the journal."),
        ),
        CheckWords(
            "options",
            gettext("The rule"),
            gettext("Projects, costs, rule and lot are those that were frozen before the vote."),
            gettext("The rule is that of the opening."),
            gettext("The rule is not the one that was frozen before the vote."),
        ),
        CheckWords(
            "box",
            gettext("The box"),
            gettext("There are as many ballots as the journal has deposits."),
            gettext("{web} ballots online and {paper} on paper, {void} of them void."),
            gettext("The box has not as many ballots as the journal."),
        ),
        CheckWords(
            "roll",
            gettext("The turnout"),
            gettext("The numbers of voters add up, and no small group is shown."),
            gettext("{voters} voters."),
            gettext("The numbers of voters do not add up."),
        ),
        CheckWords(
            "inputs",
            gettext("What was counted"),
            gettext("What was counted is what is published."),
            gettext("The digest of what was counted is the one of the journal."),
            gettext("What was counted is not what is published."),
        ),
        CheckWords(
            "recount",
            gettext("The recount"),
            gettext("The ballots and the rule give the announced winners."),
            gettext("Counted again: the same {winners} winners."),
            gettext("The count gives other winners than those announced."),
        ),
    ]


def verification_texts() -> dict[str, str]:
    """What the script says besides the checks."""
    return {
        "running": gettext("Checking…"),
        "holds": gettext("Right"),
        "fails": gettext("Wrong"),
        "skipped": gettext("Not checked here"),
        "not_applicable": gettext("This vote was counted elsewhere: it has no journal here."),
        "no_signatures": gettext(
            "This browser cannot check Ed25519 signatures. The downloaded script can."
        ),
        "no_recount": gettext(
            "This page does not know the rule of this vote. The downloaded script counts it again."
        ),
        "unreachable": gettext(
            "A file could not be read: {why}. Check your connection, try again."
        ),
        "all_right": gettext("Everything that this page checks is right."),
        "all_right_but": gettext(
            "What this page could check is right, but it could not check everything: use the "
            "script."
        ),
        "something_wrong": gettext(
            "Something is wrong: this publication cannot be relied upon as it is. Tell the "
            "authority, and keep the files."
        ),
    }


FILE_WORDS = {
    "scrutin.pb": gettext_lazy("Projects and anonymous ballots, in the Pabulib format"),
    "result.json": gettext_lazy("The result, round by round"),
    "options.json": gettext_lazy("The rule and the projects as frozen before the vote"),
    "journal.csv": gettext_lazy("The journal of deposits"),
    "heads.json": gettext_lazy("The last line of the journal, signed every day"),
    "void.csv": gettext_lazy("The void ballots and why"),
    "roll.json": gettext_lazy("How many voted, small groups merged"),
    "signing-key.txt": gettext_lazy("The public key that signs"),
    "recompte.py": gettext_lazy("The program that checks and counts again"),
    "manifest.json": gettext_lazy("The digests of all the files above"),
    "manifest.sig": gettext_lazy("The signature of the manifest"),
    "publication.zip": gettext_lazy("All the files in one archive"),
}
