"""The roll: files as town halls have them, read, compared, imported, imported again."""

import datetime
import io

import pytest
from django.db import OperationalError, connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook

from config.bench.proving.roll import roll_of
from participation.core.verdict import Refused
from participation.electors.choices import Way
from participation.electors.models import Elector, ElectorIdentity, RollImport
from participation.electors.names import civil_fingerprint
from participation.electors.services import (
    Statement,
    freeze_electorate,
    hold_roll_file,
    import_roll,
    state_identity,
    take_off_roll,
)
from tests.factories.accounts import make_territory, make_user
from tests.factories.electors import load_roll, make_clerk, make_electorate, roll_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("french")]
ALIX = "1;MODÈLE;;Alix;01/05/1980;1 rue des Essais;31000;VILLENEUVE"
NOUR = "2;ESSAI;FICTIF;Nour Lina;1992-02-29;2 rue des Essais;31000;VILLENEUVE"


def read(electorate, content, *, whole=True):
    return hold_roll_file(
        electorate=electorate,
        name="liste.csv",
        content=content,
        is_whole_roll=whole,
        actor=make_clerk(),
        at=timezone.now(),
    )


def reasons(electorate, *lines, **options):
    _held, change = read(electorate, roll_file(*lines, **options))
    return [(fault.line, fault.reason) for fault in change.faults]


class TestFiles:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
    @pytest.mark.parametrize("delimiter", [";", ",", "\t"])
    def test_encodings_and_delimiters(self, encoding, delimiter):
        headings = "numéro;nom;prénoms;date de naissance".replace(";", delimiter)
        line = "1;MODÈLE;Élodie;31/12/1980".replace(";", delimiter)
        electorate = make_electorate()
        content = roll_file(line, headings=headings, encoding=encoding)
        held, change = read(electorate, content)
        assert (change.lines, change.added, change.faults) == (1, 1, ())
        import_roll(held=held, actor=make_clerk(), at=timezone.now())
        person = Elector.objects.get(electorate=electorate)
        assert (person.family_name, person.given_names, person.birth_date) == (
            "MODÈLE",
            "Élodie",
            datetime.date(1980, 12, 31),
        )

    def test_a_spreadsheet_with_true_dates_and_numbers(self):
        book = Workbook()
        sheet = book.active
        sheet.append(["N°", "Nom", "Prénom(s)", "Date de naissance", "Profession"])
        sheet.append([12, "MODÈLE", "Alix", datetime.datetime(1980, 5, 1), "fleuriste"])  # noqa: DTZ001 -- spreadsheets have no zone
        content = io.BytesIO()
        book.save(content)
        electorate = make_electorate()
        held, change = read(electorate, content.getvalue())
        assert change.left_out == ("Profession",)
        import_roll(held=held, actor=make_clerk(), at=timezone.now())
        person = Elector.objects.get(electorate=electorate)
        assert (person.roll_number, person.birth_date) == ("12", datetime.date(1980, 5, 1))

    def test_each_bad_line_is_told_with_its_number_and_its_reason(self):
        electorate = make_electorate()
        found = reasons(
            electorate,
            ALIX,
            "2;ESSAI;;Nour;31/02/1990;;;",
            "3;ESSAI;;Zoé;12/13/1990;;;",
            "4;;;Tom;01/01/1990;;;",
            "1;SPÉCIMEN;;Ange;01/01/1990;;;",
            "6;SPÉCIMEN;;Ange;01/01/2190;;;",
            "7;SPÉCIMEN;;Ange;00/00/1950;;;",
        )
        no_date = "«\u00a0{}\u00a0» n’est pas une date\u00a0: écrivez 31/12/1980, ou laissez vide."
        assert found == [
            (3, no_date.format("31/02/1990")),
            (4, no_date.format("12/13/1990")),
            (5, "Il manque le nom de famille ou les prénoms."),
            (6, "Le numéro 1 est déjà à la ligne 2."),
            (7, "Personne sur une liste n’est né le 01/01/2190."),
            (8, no_date.format("00/00/1950")),
        ]
        assert not RollImport.objects.exists()
        assert not Elector.objects.exists()

    def test_a_neighbourhood_is_found_by_name_or_code_inside_the_perimeter_alone(self):
        town = make_territory("Villeneuve")
        port = make_territory("Le Port", kind="neighbourhood", code="Q1", parent=town)
        make_territory("Ailleurs", kind="neighbourhood", code="Q2")
        electorate = make_electorate(perimeter=town)
        headings = "numéro;nom;prénoms;quartier"
        load_roll(electorate, "1;MODÈLE;Alix;le port", "2;ESSAI;Nour;Q1", headings=headings)
        people = Elector.objects.filter(electorate=electorate)
        assert {person.territory for person in people} == {port}
        assert reasons(electorate, "3;ESSAI;Tom;Ailleurs", headings=headings) == [
            (2, "Le quartier «\u00a0Ailleurs\u00a0» est inconnu ici.")
        ]

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "file_empty"),
            (roll_file(), "file_empty"),
            (roll_file("1;2", headings="couleur;forme"), "columns_missing"),
            (b"PK\x03\x04nothing", "file_unreadable"),
            (b'nom;pr\xc3\xa9noms\r\n"un;deux', "file_unreadable"),
        ],
    )
    def test_a_file_that_is_no_roll_is_refused_in_words(self, content, code):
        with pytest.raises(Refused) as refused:
            read(make_electorate(), content)
        assert refused.value.verdict.codes == (code,)

    @pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
    def test_a_spreadsheet_cut_short_is_refused_in_words(self, kept):
        book = Workbook()
        book.active.append(["N°", "Nom", "Prénoms"])
        for number in range(500):
            book.active.append([number, "MODÈLE", f"Alix {number}"])
        content = io.BytesIO()
        book.save(content)
        whole = content.getvalue()
        with pytest.raises(Refused) as refused:
            read(make_electorate(), whole[: int(len(whole) * kept)])
        assert refused.value.verdict.codes == ("file_unreadable",)
        assert not RollImport.objects.exists()

    def test_a_text_cut_in_the_middle_of_a_person_is_told_by_its_line(self):
        content = roll_file(ALIX, "2;ESSAI;;Nour").rstrip()
        _held, change = read(make_electorate(), content[:-6])
        assert [fault.line for fault in change.faults] == [3]
        assert not RollImport.objects.exists()

    def test_a_text_cut_in_the_middle_of_a_letter_is_refused_in_words(self):
        content = roll_file(ALIX, NOUR, encoding="utf-16").rstrip()
        with pytest.raises(Refused) as refused:
            read(make_electorate(), content[: len(content) // 4 * 2 + 1])
        assert refused.value.verdict.codes == ("file_unreadable",)

    def test_only_those_in_charge_import(self):
        with pytest.raises(Refused) as refused:
            hold_roll_file(
                electorate=make_electorate(),
                name="liste.csv",
                content=roll_file(ALIX),
                is_whole_roll=True,
                actor=make_user(),
                at=timezone.now(),
            )
        assert refused.value.verdict.codes == ("not_allowed",)


class TestLargeRolls:
    """The long form, 200,000 lines, is `./parvis bench roll`."""

    @staticmethod
    def statements(electorate, content):
        with CaptureQueriesContext(connection) as caught:
            held, change = read(electorate, content)
            import_roll(held=held, actor=make_clerk(), at=timezone.now())
        assert change.fault_count == 0
        return len(caught)

    def test_a_longer_file_takes_no_more_statements(self):
        self.statements(make_electorate(), roll_of(1))  # reads what the process then remembers
        few = self.statements(make_electorate(), roll_of(10))
        electorate = make_electorate()
        assert self.statements(electorate, roll_of(4_000)) == few
        assert Elector.objects.filter(electorate=electorate, is_on_roll=True).count() == 4_000
        kinds = ElectorIdentity.objects.filter(electorate=electorate).values_list("kind")
        assert dict(kinds.annotate(number=Count("pk"))) == {"civil": 5_000, "roll_number": 4_000}

    def test_a_file_that_fails_at_its_end_writes_nobody(self):
        electorate = make_electorate()
        held, _change = read(electorate, roll_of(300))
        with connection.cursor() as cursor:
            cursor.execute(
                """
                CREATE FUNCTION no_more() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$;
                CREATE TRIGGER no_more BEFORE INSERT ON electors_electoridentity
                FOR EACH ROW EXECUTE FUNCTION no_more();
                """
            )
        with pytest.raises(OperationalError):
            import_roll(held=held, actor=make_clerk(), at=timezone.now())
        assert not Elector.objects.exists()
        held.refresh_from_db()
        assert (held.imported_at, held.held is None) == (None, False)


class TestImports:
    def test_the_same_file_again_changes_nothing(self):
        electorate = make_electorate()
        first = load_roll(electorate, ALIX, NOUR)
        people = list(Elector.objects.order_by("pk").values())
        again = load_roll(electorate, ALIX, NOUR)
        assert (first.added, first.changed, first.gone) == (2, 0, 0)
        assert (again.added, again.changed, again.unchanged, again.gone) == (0, 0, 2, 0)
        assert list(Elector.objects.order_by("pk").values()) == people

    def test_added_changed_and_gone_are_told_and_done(self):
        electorate = make_electorate()
        load_roll(electorate, ALIX, NOUR)
        change = load_roll(
            electorate, ALIX.replace("rue", "quai"), "3;SPÉCIMEN;;Ange;03/03/1993;;;"
        )
        assert (change.added, change.changed, change.unchanged, change.gone) == (1, 1, 0, 1)
        states = Elector.objects.order_by("roll_number").values_list(
            "roll_number", "is_on_roll", "postal_address"
        )
        assert list(states) == [
            ("1", True, "1 quai des Essais\n31000 VILLENEUVE"),
            ("2", False, "2 rue des Essais\n31000 VILLENEUVE"),
            ("3", True, ""),
        ]

    def test_a_file_that_adds_takes_nobody_off(self):
        electorate = make_electorate()
        load_roll(electorate, ALIX)
        assert load_roll(electorate, NOUR, whole=False).gone == 0
        assert Elector.objects.filter(is_on_roll=True).count() == 2

    def test_the_preview_writes_nobody_and_forgets_its_file_once_imported(self):
        electorate = make_electorate()
        held, change = read(electorate, roll_file(ALIX))
        assert change.added == 1
        assert not Elector.objects.exists()
        import_roll(held=held, actor=make_clerk(), at=timezone.now())
        held.refresh_from_db()
        assert (held.held, held.added) == (None, 1)
        with pytest.raises(Refused) as refused:
            import_roll(held=held, actor=make_clerk(), at=timezone.now())
        assert refused.value.verdict.codes == ("already_imported",)

    def test_two_people_of_one_name_and_date_stay_two_and_neither_opens_by_it(self):
        electorate = make_electorate()
        change = load_roll(electorate, ALIX, ALIX.replace("1;", "9;", 1))
        assert change.homonyms == ((2, 3),)
        people = Elector.objects.filter(electorate=electorate)
        assert list(people.values_list("is_homonym", flat=True)) == [True, True]
        kinds = ElectorIdentity.objects.values_list("kind", flat=True)
        assert set(kinds) == {"roll_number"}

    def test_homonyms_without_number_are_told_apart_again_at_the_next_import(self):
        electorate = make_electorate()
        line = ";MODÈLE;;Alix;01/05/1980;;;"
        load_roll(electorate, line, line)
        again = load_roll(electorate, line, line)
        assert (again.added, again.changed, again.unchanged, again.gone) == (0, 0, 2, 0)

    def test_taking_one_of_two_homonyms_off_lets_the_other_be_found(self):
        electorate = make_electorate(is_roll_closed=True)
        load_roll(electorate, ALIX, ALIX.replace("1;", "9;", 1))
        one, other = Elector.objects.order_by("roll_number")
        take_off_roll(elector=other, reason="Deux fois", actor=make_clerk(), at=timezone.now())
        found = state_identity(
            electorate=electorate,
            way=Way.ATTESTATION,
            statement=Statement("Modele", "alix", datetime.date(1980, 5, 1)),
            account=make_user(),
            at=timezone.now(),
        )
        assert found == one

    def test_whoever_came_before_the_roll_becomes_their_line_of_it(self):
        electorate = make_electorate(ways=["attestation"])
        account = make_user()
        early = state_identity(
            electorate=electorate,
            way=Way.ATTESTATION,
            statement=Statement("modele", "Alix", datetime.date(1980, 5, 1)),
            account=account,
            at=timezone.now(),
        )
        change = load_roll(electorate, ALIX)
        assert (change.added, change.changed) == (0, 1)
        (person,) = Elector.objects.filter(electorate=electorate)
        assert (person.pk, person.is_on_roll, person.account) == (early.pk, True, account)

    def test_fingerprints_alone_recognise_people_whose_names_were_never_given(self):
        electorate = make_electorate(is_roll_closed=True)
        born = datetime.date(1980, 5, 1)
        print_ = civil_fingerprint(family_name="Modèle", given_names="Alix", birth_date=born)
        load_roll(electorate, f"1;{print_}", headings="numéro;empreinte")
        person = Elector.objects.get()
        assert (person.family_name, person.birth_date) == ("", None)
        found = state_identity(
            electorate=electorate,
            way=Way.ATTESTATION,
            statement=Statement("MODELE", "Alix Rose", born),
            account=make_user(),
            at=timezone.now(),
        )
        assert found == person

    def test_once_sealed_a_file_only_adds(self):
        electorate = make_electorate()
        load_roll(electorate, ALIX)
        freeze_electorate(electorate=electorate, actor=make_clerk(), at=timezone.now())
        with pytest.raises(Refused) as refused:
            read(electorate, roll_file(NOUR))
        assert refused.value.verdict.codes == ("roll_sealed",)
        assert load_roll(electorate, NOUR, whole=False).added == 1

    def test_what_is_kept_to_recognise_people_is_not_their_names(self):
        electorate = make_electorate()
        load_roll(electorate, ALIX)
        born = datetime.date(1980, 5, 1)
        plain = civil_fingerprint(family_name="Modèle", given_names="Alix", birth_date=born)
        digests = set(ElectorIdentity.objects.values_list("digest", flat=True))
        assert len(digests) == 2
        assert plain not in digests
