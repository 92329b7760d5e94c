"""Events of the demonstration's town around today: real public places, invented meetings."""

from dataclasses import dataclass

from participation.agenda.choices import Attendance, EventKind, EventState

VENUES = (
    # name, address, longitude, latitude, seats, wheelchair
    ("Capitole, salle des Illustres", "place du Capitole", 1.44394, 43.60446, 250, True),
    ("Médiathèque José-Cabanis", "1 allée Jacques-Chaban-Delmas", 1.45520, 43.61090, 200, True),
    ("Centre culturel Bellegarde", "17 rue Bellegarde", 1.44230, 43.60990, 90, False),
    ("Espace JOB", "105 route de Blagnac", 1.41030, 43.61850, 220, True),
    ("Centre culturel Alban-Minville", "1 place Martin-Luther-King", 1.39780, 43.56640, 300, True),
    ("Quai des Savoirs", "39 allées Jules-Guesde", 1.44960, 43.59370, 180, True),
    ("Médiathèque Grand M", "37 avenue de Reynerie", 1.40240, 43.57360, 120, True),
    ("Halles de la Cartoucherie", "10 place de la Charte-des-Libertés", 1.40840, 43.60230, 300, True),
)  # fmt: skip

STOPS = (
    # title, what is seen, longitude, latitude
    ("Place du Capitole", "Départ : la place sans voitures et ses heures de chaleur.", 1.44367, 43.60440),
    ("Place Saint-Sernin", "Les arbres plantés autour de la basilique, cinq étés plus tard.", 1.44190, 43.60830),
    ("Place Arnaud-Bernard", "Bancs, fontaine, marché : à qui est l’ombre ?", 1.43890, 43.61050),
    ("Jardin Compans-Caffarelli", "Le plus grand îlot de fraîcheur du centre.", 1.43560, 43.61100),
    ("Place Saint-Pierre", "Arrivée au bord de la Garonne : l’accès à l’eau.", 1.43640, 43.60380),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meeting:
    """One event, `day` days from today at the local `hour`. `seats` opens registration."""

    title: str
    kind: str
    theme: str
    day: int
    hour: int
    venue: int | None
    hours: int = 2
    seats: int | None = None
    summary: str = ""
    attendance: str = Attendance.IN_PERSON
    state: str = EventState.SCHEDULED
    reason: str = ""
    council: str = ""
    process: str = ""
    moved_from: int | None = None
    minutes: str = ""
    decided: str = ""
    people: int = 0
    taken: int = 0


_MINUTES = (
    "Compte rendu d’exemple, écrit pour la démonstration : cette rencontre n’a pas eu lieu.\n\n"
    "1. Ce qui a été présenté : {subject}.\n"
    "2. Ce qui a été dit dans la salle : plus d’ombre, des horaires compatibles avec le travail, "
    "des réponses plus rapides.\n"
    "3. Ce qui est décidé : la Ville répond par écrit à chaque question avant un mois."
)


def _minutes(subject: str) -> str:
    return _MINUTES.format(subject=subject)


MEETINGS = (
    Meeting("Réunion publique : le plan vélo, premières cartes", EventKind.PUBLIC_MEETING, "mobilites",
            -45, 18, 5, minutes=_minutes("les cartes du plan vélo"), process="velo-et-fraicheur", people=86,
            decided="La route de Blagnac passe en tête des études, devant les boulevards (exemple)."),
    Meeting("Atelier : dessiner la piste de la route de Blagnac", EventKind.WORKSHOP, "mobilites",
            -38, 18, 3, minutes=_minutes("trois coupes de la route"), process="velo-et-fraicheur", people=34),
    Meeting("Réunion de quartier : Saint-Cyprien", EventKind.NEIGHBOURHOOD, "democratie-locale", -33, 19, 7,
            minutes=_minutes("les travaux de l’année dans le quartier")),
    Meeting("Réunion de quartier : Bellefontaine", EventKind.NEIGHBOURHOOD, "democratie-locale", -30, 19, 4,
            minutes=_minutes("la rénovation des pieds d’immeubles")),
    Meeting("Échange avec la maire : vos questions de rentrée", EventKind.MAYOR, "democratie-locale", -26, 18, 0,
            minutes=_minutes("le programme de l’année")),
    Meeting("Conseil citoyen : séance plénière d’automne", EventKind.PLENARY, "democratie-locale", -24, 18, 1,
            council="Conseil citoyen", minutes=_minutes("l’avis sur le budget participatif")),
    Meeting("Groupe de travail : ombre et fontaines", EventKind.WORKING_GROUP, "nature", -20, 18, 2,
            council="Conseil citoyen", minutes=_minutes("la liste des fontaines à remettre en eau")),
    Meeting("Atelier : les tarifs de la cantine", EventKind.WORKSHOP, "solidarites", -16, 18, 6,
            minutes=_minutes("quatre grilles de tarifs")),
    Meeting("Visite : les cours d’école déjà transformées", EventKind.VISIT, "nature", -12, 14, None,
            minutes=_minutes("trois cours ombragées")),
    Meeting("Réunion publique : budget participatif, les idées reçues", EventKind.PUBLIC_MEETING,
            "democratie-locale", -7, 18, 1, process="toulouse-2027", minutes=_minutes("le bilan du dépôt")),
    Meeting("Permanence : déposer une idée", EventKind.OTHER, "democratie-locale", -3, 14, 6, 3,
            process="toulouse-2027", minutes=_minutes("l’aide au dépôt")),
    Meeting("Conseil de quartier Rangueil : séance annulée", EventKind.PLENARY, "democratie-locale", -2, 19, 5,
            state=EventState.CANCELLED, council="Conseil de quartier Rangueil",
            reason="La salle est fermée pour un dégât des eaux ; une autre date sera proposée."),
    Meeting("Réunion de quartier : Minimes et Barrière de Paris", EventKind.NEIGHBOURHOOD, "democratie-locale",
            2, 19, 2, seats=90, taken=12),
    Meeting("Atelier en ligne : lire le budget de la Ville", EventKind.WORKSHOP, "finances", 4, 18, None,
            attendance=Attendance.ONLINE, seats=200, taken=9),
    Meeting("Balade urbaine : de l’ombre du Capitole à la Garonne", EventKind.VISIT, "nature", 6, 10, None,
            seats=25, taken=25, summary="Cinq arrêts, deux kilomètres, à pied et sans marche."),
    Meeting("Réunion publique : débat d’orientations budgétaires, pour comprendre", EventKind.PUBLIC_MEETING,
            "finances", 8, 18, 0, seats=250, taken=31, attendance=Attendance.HYBRID),
    Meeting("Groupe de travail : règlement des conseils de quartier", EventKind.WORKING_GROUP,
            "democratie-locale", 9, 18, 1, council="Conseil citoyen"),
    Meeting("Atelier : rues aux enfants, premières écoles", EventKind.WORKSHOP, "mobilites", 11, 18, 6,
            seats=40, taken=6),
    Meeting("Échange avec la maire : questions du marché", EventKind.MAYOR, "democratie-locale", 13, 10, None,
            summary="Sans inscription, sous la halle."),
    Meeting("Réunion de quartier : Croix-de-Pierre", EventKind.NEIGHBOURHOOD, "democratie-locale", 15, 19, 5,
            seats=120, taken=4, moved_from=10),
    Meeting("Réunion de quartier : Sept Deniers", EventKind.NEIGHBOURHOOD, "democratie-locale", 17, 19, 3, seats=150),
    Meeting("Conseil citoyen : séance plénière d’hiver", EventKind.PLENARY, "democratie-locale", 20, 18, 1,
            council="Conseil citoyen"),
    Meeting("Sortie à vélo : les coupures du nord", EventKind.VISIT, "mobilites", 22, 14, None, seats=30, taken=3,
            process="velo-et-fraicheur"),
    Meeting("Atelier : choisir les cours d’école", EventKind.WORKSHOP, "nature", 25, 17, 4, seats=60),
    Meeting("Réunion publique : loger les étudiants", EventKind.PUBLIC_MEETING, "habitat", 29, 18, 5, seats=180),
    Meeting("Conseil de quartier Saint-Cyprien : première séance", EventKind.PLENARY, "democratie-locale", 33, 19, 7,
            council="Conseil de quartier Saint-Cyprien"),
    Meeting("Réunion publique : place de la Patte-d’Oie", EventKind.PUBLIC_MEETING, "mobilites", 37, 18, 7,
            state=EventState.POSTPONED, reason="Les esquisses ne sont pas prêtes : la nouvelle date sera dite en janvier."),
    Meeting("Atelier : la Reynerie dans dix ans", EventKind.WORKSHOP, "habitat", 41, 18, 6, seats=80),
    Meeting("Réunion de quartier : Rangueil", EventKind.NEIGHBOURHOOD, "democratie-locale", 48, 19, 5, seats=120),
    Meeting("Restitution : la carte du vélo et de la fraîcheur", EventKind.PUBLIC_MEETING, "mobilites", 60, 18, 0,
            seats=250, process="velo-et-fraicheur"),
)  # fmt: skip
