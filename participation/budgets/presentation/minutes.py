"""Minutes as a page to print and sign."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext, override
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetchingError

from participation.budgets.choices import BoardOrigin, Channel, JournalKind, RecordKind, VoidReason
from participation.budgets.models import OfficialRecord
from participation.budgets.presentation.figures import euros
from participation.core.dates import date_format

_STYLE = Path(__file__).parents[1] / "static" / "budgets" / "minutes.css"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the minutes; `is_code` for a fingerprint, which is set in fixed width."""

    label: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    facts: list[Fact]


def record_response(record: OfficialRecord) -> HttpResponse:
    """The minutes as a PDF to download, in the language of the site."""
    name = slugify(f"pv-{record.get_kind_display()}-{record.poll.envelope.name}")
    return HttpResponse(
        record_pdf(record),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


def record_pdf(record: OfficialRecord) -> bytes:
    """The minutes as a tagged PDF. They name no resource: nothing is fetched."""
    with override(settings.LANGUAGE_CODE):
        page = render_to_string(
            "budgets/minutes.html",
            {
                "record": record,
                "envelope": record.poll.envelope,
                "budget": record.poll.envelope.budget,
                "title": record.get_kind_display(),
                "parts": parts_of(record),
                "signers": _signers(record),
                "language": settings.LANGUAGE_CODE,
            },
        )
    return HTML(string=page, url_fetcher=_fetch_nothing).write_pdf(
        stylesheets=[CSS(filename=str(_STYLE))], pdf_variant="pdf/ua-1"
    )


def parts_of(record: OfficialRecord) -> list[Part]:
    """What the minutes say, part by part."""
    body = record.body
    match record.kind:
        case RecordKind.OPENING:
            return _opening(body)
        case RecordKind.COUNT:
            return _count(body)
        case RecordKind.REVISION:
            return _revision(body)
    return _destruction(body)


def _opening(body: dict[str, Any]) -> list[Part]:
    periods = [
        gettext("from %(opens)s to %(closes)s")
        % {"opens": _moment(opens), "closes": _moment(closes) if closes else "…"}
        for opens, closes in body["periods"]
    ]
    return [
        Part(
            gettext("The vote"),
            [
                Fact(gettext("Dates of the vote"), " ; ".join(periods)),
                Fact(gettext("Projects on the ballot"), str(body["projects"])),
                Fact(gettext("Envelope"), euros(body["amount_cents"])),
                Fact(gettext("Sealed by"), body["officer"]),
            ],
        ),
        Part(
            gettext("The board"),
            [
                Fact(gettext("Members, any two of whom open the box"), ", ".join(body["members"])),
                Fact(
                    gettext("Where the keys were made"), _label(BoardOrigin, body["board_origin"])
                ),
                Fact(gettext("Fingerprint of the key"), body["board_fingerprint"], is_code=True),
                Fact(
                    gettext("Keys destroyed"),
                    gettext("%(days)d days after the publication of the results")
                    % {"days": body["challenge_days"]},
                ),
            ],
        ),
        Part(
            gettext("What is frozen"),
            [
                Fact(
                    gettext("Fingerprint of the rule and the projects"),
                    body["options_sha256"],
                    is_code=True,
                ),
                Fact(gettext("Seed of the tie lot"), body["tie_seed"], is_code=True),
                *_ending(body),
            ],
        ),
    ]


def _count(body: dict[str, Any]) -> list[Part]:
    parts = [
        Part(
            gettext("The opening of the box"),
            [
                Fact(gettext("Closed"), _moment(body["closed_at"])),
                Fact(gettext("Opened with the secrets of"), ", ".join(body["opened_by"])),
                Fact(gettext("In the presence of"), body["officer"]),
            ],
        ),
        Part(
            gettext("Totals"),
            [
                *_channels(gettext("Voters on the roll"), body["voters"]),
                *_channels(gettext("Valid ballots"), body["ballots"]),
                Fact(gettext("of which blank"), str(body["blank"])),
                *_channels(gettext("Void ballots"), body["void"]),
                *(
                    [
                        Fact(
                            gettext("of which set aside unopened, their voters not confirmed"),
                            str(body["set_aside"]),
                        )
                    ]
                    if body.get("set_aside")
                    else []
                ),
                Fact(gettext("Marked at a desk without a ballot"), str(body["gap"])),
                *(
                    [Fact(gettext("Explanation of the difference"), body["gap_explanation"])]
                    if body["gap"]
                    else []
                ),
            ],
        ),
        Part(
            gettext("The result"),
            [
                Fact(gettext("Selected projects"), str(body["winners"])),
                Fact(
                    gettext("Money used"),
                    gettext("%(spent)s of %(amount)s")
                    % {
                        "spent": euros(body["spent_cents"]),
                        "amount": euros(body["amount_cents"]),
                    },
                ),
                Fact(
                    gettext("Fingerprint of the rule and the projects"),
                    body["options_sha256"],
                    is_code=True,
                ),
                Fact(
                    gettext("Fingerprint of what was counted"), body["input_sha256"], is_code=True
                ),
                Fact(gettext("Version of the method"), body["method_version"]),
            ],
        ),
        *_selected(body),
        *_paper_audits(body),
        Part(
            gettext("The journal"),
            [
                *(
                    Fact(_label(JournalKind, kind), str(number))
                    for kind, number in sorted(
                        body["journal"].items(), key=lambda line: _place(JournalKind, line[0])
                    )
                ),
                Fact(
                    gettext("Head at the close (line %(seq)d)") % {"seq": body["close_seq"]},
                    body["close_head"],
                    is_code=True,
                ),
                *_ending(body),
            ],
        ),
    ]
    if body["void_ballots"]:
        parts.append(
            Part(
                gettext("Void ballots"),
                [Fact(code, _label(VoidReason, reason)) for code, reason in body["void_ballots"]],
            )
        )
    return parts


def _selected(body: dict[str, Any]) -> list[Part]:
    """The winners by name; minutes of before they were kept there have none."""
    facts = [
        Fact(
            f"{reference} – {title}",
            ngettext("%(votes)s vote", "%(votes)s votes", votes) % {"votes": votes}
            + f" – {euros(cost_cents)}",
        )
        for reference, title, votes, cost_cents in body.get("selected", ())
    ]
    return [Part(gettext("Selected projects"), facts)] if facts else []


def _paper_audits(body: dict[str, Any]) -> list[Part]:
    """The comparisons of a vote that has paper; minutes of before they were kept say nothing."""
    if "paper_audits" not in body or not body["ballots"][Channel.PAPER]:
        return []
    title = gettext("Paper ballots drawn and compared")
    if not body["paper_audits"]:
        return [Part(title, [Fact(title, gettext("None before the count."))])]
    parts = []
    for drawn in body["paper_audits"]:
        left = drawn["size"] - drawn["agree"] - len(drawn["differ"])
        facts = [
            Fact(gettext("Drawn on"), _moment(drawn["drawn_at"])),
            Fact(gettext("Public seed"), drawn["seed"]),
            Fact(gettext("Ballots drawn"), str(drawn["size"])),
            Fact(gettext("The paper says the same"), str(drawn["agree"])),
            Fact(gettext("The paper differs"), str(len(drawn["differ"]))),
            *(Fact(code, note) for code, note in drawn["differ"]),
        ]
        if left:
            facts.append(Fact(gettext("Not compared before the count"), str(left)))
        parts.append(Part(title, facts))
    return parts


def _revision(body: dict[str, Any]) -> list[Part]:
    parts = [
        Part(
            gettext("The judgment"),
            [
                Fact(gettext("Reference"), body["reference"]),
                Fact(gettext("Reason"), body["reason"]),
                Fact(gettext("Envelopes set aside, opened"), str(body["opened"])),
                Fact(gettext("Opened with the secrets of"), ", ".join(body["opened_by"])),
                Fact(gettext("In the presence of"), body["officer"]),
            ],
        ),
        _result_part(gettext("The result in force"), body["after"], body["amount_cents"]),
        _result_part(gettext("The former result"), body["before"], body["amount_cents"]),
        Part(gettext("The journal"), _ending(body)),
    ]
    if body["void_ballots"]:
        parts.append(
            Part(
                gettext("Void ballots among those opened"),
                [Fact(code, _label(VoidReason, reason)) for code, reason in body["void_ballots"]],
            )
        )
    return parts


def _result_part(title: str, totals: dict[str, Any], amount_cents: int) -> Part:
    return Part(
        title,
        [
            Fact(gettext("Voters on the roll"), str(totals["voters"])),
            Fact(gettext("Valid ballots"), str(totals["ballots"])),
            Fact(gettext("of which blank"), str(totals["blank"])),
            Fact(gettext("Void ballots"), str(totals["void"])),
            Fact(gettext("Selected projects"), ", ".join(totals["winners"]) or "–"),
            Fact(
                gettext("Money used"),
                gettext("%(spent)s of %(amount)s")
                % {"spent": euros(totals["spent_cents"]), "amount": euros(amount_cents)},
            ),
            Fact(gettext("Fingerprint of what was counted"), totals["input_sha256"], is_code=True),
        ],
    )


def _destruction(body: dict[str, Any]) -> list[Part]:
    published = body["results_published_at"]
    return [
        Part(
            gettext("The destruction"),
            [
                Fact(gettext("Results published"), _moment(published)),
                Fact(gettext("Days to challenge a result"), str(body["challenge_days"])),
                Fact(gettext("Destroyed by"), body["officer"]),
                Fact(gettext("Fingerprint of the key"), body["board_fingerprint"], is_code=True),
                Fact(
                    gettext("On the server"),
                    gettext("The sealed keys are removed from the database."),
                ),
                Fact(
                    gettext("By hand, to be noted here"),
                    gettext("Sheets of the members: ………  Backups that hold envelopes: ………"),
                ),
            ],
        ),
        Part(gettext("The journal"), _ending(body)),
    ]


def _ending(body: dict[str, Any]) -> list[Fact]:
    facts = [
        Fact(
            gettext("Head of the journal (line %(seq)d)") % {"seq": body["seq"]},
            body["head"],
            is_code=True,
        )
    ]
    if "signing_key" in body:
        facts.append(Fact(gettext("Public key of the site"), body["signing_key"], is_code=True))
    return facts


def _channels(label: str, numbers: dict[str, int]) -> Iterable[Fact]:
    yield Fact(label, str(sum(numbers.values())))
    for channel, number in numbers.items():
        yield Fact(f"{label} – {_label(Channel, channel)}", str(number))


def _signers(record: OfficialRecord) -> list[str]:
    body = record.body
    return [body["officer"], *(body["opened_by"] if "opened_by" in body else body["members"])]


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


def _place(choices: Any, value: str) -> int:
    """Where a kind comes in the life of a vote, rather than by its name."""
    return choices.values.index(value) if value in choices.values else len(choices.values)


def _moment(text: str | None) -> str:
    if text is None:
        return "–"
    moment = timezone.localtime(datetime.datetime.fromisoformat(text))
    return date_format(moment, "DATETIME_FORMAT")


def _fetch_nothing(url: str, *_args: Any, **_kwargs: Any) -> Any:
    raise URLFetchingError(f"minutes fetch nothing: {url}")
