"""What the demonstration's town announces over its mandate: the rhythm is that of the law, the
subjects are invented."""

import datetime
from dataclasses import dataclass

from participation.agenda.choices import Certainty, ItemKind, Precision

Day = datetime.date

THEMES = (
    # slug, name, icon, tone
    ("democratie-locale", "Démocratie locale", "users", 1),
    ("mobilites", "Mobilités et espace public", "bike", 2),
    ("nature", "Nature et climat", "trees", 3),
    ("habitat", "Habitat et urbanisme", "home", 4),
    ("solidarites", "Solidarités et éducation", "heart", 5),
    ("finances", "Finances et services publics", "coin-euro", 6),
)


@dataclass(frozen=True, slots=True)
class Announced:
    """One item. `district` is the number of one of Toulouse's twenty, or none: the whole town."""

    title: str
    theme: str
    kind: str
    start: Day
    end: Day
    precision: str
    certainty: str
    summary: str = ""
    district: int | None = None
    process: str = ""
    former: tuple[Day, Day, str, str] | None = None
    drop_reason: str = ""


@dataclass(frozen=True, slots=True)
class Reserved:
    label: str
    start: Day
    end: Day
    notice: str


RESERVED = (
    Reserved(
        "Élections sénatoriales 2026",
        Day(2026, 9, 1),
        Day(2026, 10, 1),
        "Scrutin de septembre 2026 en Haute-Garonne : pas de réunion publique d’élus candidats avec les moyens de la Ville.",
    ),
    Reserved(
        "Élections présidentielle et législatives 2027",
        Day(2027, 3, 1),
        Day(2027, 7, 1),
        "Neutralité : ni tribune pour un candidat, ni salle prêtée sans règle égale pour tous. Dates exactes à porter dès le décret.",
    ),
    Reserved(
        "Élections départementales et régionales 2028",
        Day(2027, 9, 1),
        Day(2028, 4, 1),
        "Code électoral, L52-1 : six mois avant le mois du scrutin, pas de campagne de promotion par les collectivités concernées.",
    ),
    Reserved(
        "Élections européennes 2029",
        Day(2029, 5, 1),
        Day(2029, 7, 1),
        "Neutralité des réunions publiques pendant la campagne.",
    ),
    Reserved(
        "Période préélectorale des municipales de 2032",
        Day(2031, 9, 1),
        Day(2032, 3, 22),
        "Code électoral, L52-1 : à partir du premier jour du sixième mois avant le mois du scrutin, aucune campagne de promotion des réalisations.",
    ),
)


def items(today: Day) -> list[Announced]:
    """Every item of the mandate; what is past is done, what is near is announced."""
    return [
        *_beginning(today),
        *(each for year in range(2026, 2032) for each in _year(year, today)),
        *_subjects(today),
        *_ending(today),
    ]


def _sure(start: Day, end: Day, today: Day) -> str:
    """How sure an item is that nothing disturbed."""
    if end <= today:
        return Certainty.DONE
    if start <= today:
        return Certainty.IN_PROGRESS
    if (start - today).days < 900:
        return Certainty.ANNOUNCED
    return Certainty.VALIDATED


def _usual(
    title: str, theme: str, kind: str, start: Day, end: Day, precision: str, today: Day, text: str
) -> Announced:
    return Announced(title, theme, kind, start, end, precision, _sure(start, end, today), text)


def _beginning(today: Day) -> list[Announced]:
    """What the law asks in the months that follow the renewal of March 2026."""
    return [
        _usual(
            "Installation du conseil municipal",
            "democratie-locale",
            ItemKind.COUNCIL,
            Day(2026, 3, 27),
            Day(2026, 3, 28),
            Precision.DAY,
            today,
            "Élection du maire et des adjoints (CGCT, L2121-7 et L2122-8), après le second tour du 22 mars 2026.",
        ),
        _usual(
            "Budget de l’année du renouvellement",
            "finances",
            ItemKind.COUNCIL,
            Day(2026, 4, 1),
            Day(2026, 5, 1),
            Precision.MONTH,
            today,
            "L’année d’un renouvellement, le budget peut être adopté jusqu’au 30 avril (CGCT, L1612-2).",
        ),
        _usual(
            "Métropole : débats sur le pacte de gouvernance et la participation",
            "democratie-locale",
            ItemKind.COUNCIL,
            Day(2026, 6, 1),
            Day(2026, 9, 1),
            Precision.SEASON,
            today,
            "Après chaque renouvellement, la Métropole débat d’un pacte de gouvernance avec les communes, puis de la "
            "consultation du conseil de développement et de la participation du public (CGCT, L5211-11-2).",
        ),
        _usual(
            "Règlement intérieur du conseil municipal",
            "democratie-locale",
            ItemKind.COUNCIL,
            Day(2026, 9, 1),
            Day(2026, 10, 1),
            Precision.MONTH,
            today,
            "Dans les six mois de l’installation (CGCT, L2121-8).",
        ),
        _usual(
            "Conseils de quartier : périmètres et composition",
            "democratie-locale",
            ItemKind.CONSULTATION,
            Day(2026, 9, 15),
            Day(2026, 12, 15),
            Precision.DAY,
            today,
            "Obligatoires à partir de 80 000 habitants (CGCT, L2143-1). Vingt quartiers, vingt conseils.",
        ),
    ]


def _year(year: int, today: Day) -> list[Announced]:
    """What comes back each year."""
    found = [
        _usual(
            f"Budget participatif {year + 1} : dépôt des idées",
            "democratie-locale",
            ItemKind.BUDGET,
            Day(year, 10, 1),
            Day(year, 12, 1),
            Precision.MONTH,
            today,
            "Chaque année : les idées à l’automne, leur étude en hiver, le vote au printemps.",
        ),
        _usual(
            f"Débat d’orientations budgétaires {year + 1}",
            "finances",
            ItemKind.COUNCIL,
            Day(year, 11, 1),
            Day(year, 12, 1),
            Precision.MONTH,
            today,
            "Dans les dix semaines avant l’examen du budget (CGCT, L2312-1 et L5217-10-4).",
        ),
        _usual(
            f"Rapport du second semestre {year} des conseils de quartier",
            "democratie-locale",
            ItemKind.RESTITUTION,
            Day(year + 1, 1, 1),
            Day(year + 1, 2, 1),
            Precision.MONTH,
            today,
            "Deux fois par an : les avis rendus, et ce que la Ville en a fait.",
        ),
        _usual(
            f"Réunions de quartier de printemps {year + 1}",
            "democratie-locale",
            ItemKind.MEETINGS,
            Day(year + 1, 3, 1),
            Day(year + 1, 6, 1),
            Precision.SEASON,
            today,
            "Une réunion dans chacun des vingt quartiers.",
        ),
    ]
    if year >= 2027:
        found += [
            _usual(
                f"Budget participatif {year} : vote",
                "democratie-locale",
                ItemKind.BUDGET,
                Day(year, 5, 1),
                Day(year, 6, 1),
                Precision.MONTH,
                today,
                "Vote en ligne et sur papier, à partir de 16 ans.",
            ),
            _usual(
                f"Rapport du premier semestre {year} des conseils de quartier",
                "democratie-locale",
                ItemKind.RESTITUTION,
                Day(year, 7, 1),
                Day(year, 8, 1),
                Precision.MONTH,
                today,
                "Deux fois par an : les avis rendus, et ce que la Ville en a fait.",
            ),
        ]
    return [each for each in found if each.end <= Day(2031, 12, 31)]


def _subjects(today: Day) -> list[Announced]:
    """Invented subjects, of every certainty and precision."""
    return [
        Announced(
            "Plan vélo : les pistes des dix prochaines années",
            "mobilites", ItemKind.CONSULTATION, Day(2026, 10, 1), Day(2027, 2, 1), Precision.DAY,
            _sure(Day(2026, 10, 1), Day(2027, 2, 1), today),
            "Où passer, à quelle largeur, dans quel ordre : carte, ateliers, balades.",
            process="velo-et-fraicheur",
        ),
        Announced(
            "Rues aux enfants : vingt écoles", "mobilites", ItemKind.CONSULTATION,
            Day(2027, 9, 1), Day(2027, 12, 1), Precision.SEASON, Certainty.MOVED,
            "Fermer la rue de l’école aux voitures aux heures d’entrée et de sortie.",
            former=(Day(2027, 3, 1), Day(2027, 6, 1), Precision.SEASON,
                    "La concertation est reportée après les élections nationales du printemps 2027, pour que tous les quartiers puissent y prendre part."),
        ),
        Announced(
            "Passerelle de l’île du Ramier : deuxième enquête", "mobilites", ItemKind.SURVEY,
            Day(2027, 1, 1), Day(2027, 2, 1), Precision.MONTH, Certainty.DROPPED,
            "Une seconde enquête sur les usages de nuit.", district=5,
            drop_reason="La première enquête a recueilli assez de réponses pour décider ; une seconde coûterait sans rien apprendre.",
        ),
        Announced(
            "Cours d’école ombragées : choix des prochaines", "nature", ItemKind.CONSULTATION,
            Day(2027, 2, 1), Day(2027, 3, 1), Precision.MONTH, Certainty.ANNOUNCED,
            "Enfants, familles et équipes choisissent l’ordre des travaux.",
        ),
        Announced(
            "Plan climat : ce que nous changeons au quotidien", "nature", ItemKind.CONSULTATION,
            Day(2028, 3, 1), Day(2028, 6, 1), Precision.SEASON, Certainty.ANNOUNCED,
            "Révision du plan climat (Code de l’environnement, L229-26), avec un panel tiré au sort.",
        ),
        Announced(
            "Bilan à mi-mandat", "democratie-locale", ItemKind.RESTITUTION,
            Day(2029, 1, 1), Day(2030, 1, 1), Precision.YEAR, Certainty.ANNOUNCED,
            "Ce qui est fait, ce qui reste, ce qui change : réunions dans les quartiers et réponses publiées.",
        ),
        Announced(
            "Habitat : loger les étudiants", "habitat", ItemKind.CONSULTATION,
            Day(2027, 10, 1), Day(2027, 12, 1), Precision.MONTH, Certainty.ANNOUNCED,
            "Avec les universités et les bailleurs.", district=13,
        ),
        Announced(
            "Plan local d’urbanisme : modification", "habitat", ItemKind.CONSULTATION,
            Day(2028, 9, 1), Day(2028, 12, 1), Precision.SEASON, Certainty.VALIDATED,
            "Enquête publique.",
        ),
        Announced(
            "Tarifs de la restauration scolaire", "solidarites", ItemKind.SURVEY,
            Day(2027, 1, 11), Day(2027, 2, 8), Precision.DAY, Certainty.ANNOUNCED,
            "Une enquête auprès des familles avant la délibération du printemps.",
        ),
        Announced(
            "Maisons de la citoyenneté : horaires et services", "finances", ItemKind.SURVEY,
            Day(2027, 6, 1), Day(2027, 9, 1), Precision.SEASON, Certainty.ANNOUNCED,
            "Quand ouvrir, et pour quoi faire.",
        ),
        Announced(
            "Assemblée des habitants tirée au sort", "democratie-locale", ItemKind.COUNCIL,
            Day(2028, 1, 1), Day(2029, 1, 1), Precision.YEAR, Certainty.PROPOSED,
            "Proposition d’un groupe d’habitants, à l’étude.",
        ),
        Announced(
            "Fête des quartiers", "solidarites", ItemKind.OTHER,
            Day(2028, 6, 1), Day(2028, 9, 1), Precision.SEASON, Certainty.IDEA, "Une idée, rien de plus.",
        ),
        Announced(
            "Place de la Patte-d’Oie : réaménagement", "mobilites", ItemKind.CONSULTATION,
            Day(2027, 11, 1), Day(2028, 1, 1), Precision.MONTH, Certainty.ANNOUNCED,
            "Trois esquisses mises en discussion.", district=6,
        ),
    ]  # fmt: skip


def _ending(today: Day) -> list[Announced]:
    return [
        _usual(
            "Restitution du mandat : ce que la participation a changé",
            "democratie-locale",
            ItemKind.RESTITUTION,
            Day(2031, 6, 1),
            Day(2031, 7, 1),
            Precision.MONTH,
            today,
            "Avant la période préélectorale, qui commence le 1er septembre 2031.",
        ),
    ]
