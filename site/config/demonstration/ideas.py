"""Invented ideas placed on real districts, so that the collecting edition has something to read."""

from dataclasses import dataclass

NATURE, LIFE, MOBILITY, CLIMATE = (
    "Nature en ville et biodiversité",
    "Cadre de vie",
    "Éco-mobilité et transports",
    "Adaptation au changement climatique",
)
CATEGORIES = (NATURE, LIFE, MOBILITY, CLIMATE)


@dataclass(frozen=True, slots=True)
class ExampleIdea:
    """`district` is the code of a territory, `cost` in euros."""

    title: str
    body: str
    category: str
    district: str
    address: str = ""
    cost: int | None = None
    supports: int = 0
    comments: tuple[str, ...] = ()


IDEAS = (
    ExampleIdea(
        "Une cour d’école ouverte et plantée le week-end",
        "Planter la cour de l’école, y poser des bancs et l’ouvrir aux familles du quartier le samedi "
        "et le dimanche. Nous manquons d’ombre et d’endroits calmes où se retrouver.\n\nLes parents "
        "d’élèves sont prêts à arroser les arbres les deux premiers étés.",
        CLIMATE,
        "31555-06",
        "École, quartier Saint-Cyprien",
        120_000,
        41,
        (
            "Très bonne idée, mes enfants n’ont aucun espace vert à moins de dix minutes.",
            "Qui fermerait la grille le soir ? Il faudrait y penser dès le départ.",
        ),
    ),
    ExampleIdea(
        "Des fontaines à boire sur la coulée verte",
        "Installer trois fontaines à boire, accessibles en fauteuil roulant, avec un bec pour remplir "
        "une gourde et une coupelle pour les animaux.",
        CLIMATE,
        "31555-01",
        "Le long du canal",
        45_000,
        37,
        ("Utile pour les coureurs comme pour les personnes âgées pendant les canicules.",),
    ),
    ExampleIdea(
        "Un stationnement vélo abrité devant la médiathèque",
        "Une trentaine de places abritées et éclairées, dont cinq pour les vélos cargos.",
        MOBILITY,
        "31555-03",
        "Place devant la médiathèque",
        28_000,
        29,
        ("Pensez aux arceaux bas : les vélos d’enfants ne tiennent pas sur les hauts.",),
    ),
    ExampleIdea(
        "Une rue aux écoles, fermée aux voitures aux heures d’entrée et de sortie",
        "Poser des barrières amovibles et des plantations pour que les enfants arrivent à pied en "
        "sécurité. Un essai d’un trimestre permettrait d’ajuster les horaires avec les riverains.",
        MOBILITY,
        "31555-08",
        "Rue de l’école",
        35_000,
        52,
        (
            "Je suis riverain et favorable, si l’accès des soins à domicile reste possible.",
            "Le marché du mercredi passe par là, à coordonner.",
            "Une autre ville l’a fait en trois mois, avec de bons résultats.",
        ),
    ),
    ExampleIdea(
        "Un verger partagé au bord de la Garonne",
        "Planter une vingtaine d’arbres fruitiers d’espèces locales sur la pelouse, avec des panneaux "
        "qui expliquent la taille et la récolte. Une association du quartier s’en occuperait.",
        NATURE,
        "31555-07",
        "Berges de la Garonne",
        22_000,
        33,
        ("Des figuiers ! Ils supportent la sécheresse.",),
    ),
    ExampleIdea(
        "Des bancs tous les cent mètres entre le métro et le centre de soins",
        "Ma mère ne peut plus faire ce trajet d’une traite. Quelques bancs avec accoudoirs "
        "suffiraient.",
        LIFE,
        "31555-16",
        "Entre le métro et le centre de soins",
        18_000,
        46,
        ("Oui, avec accoudoirs et dossier, c’est ce qui aide à se relever.",),
    ),
    ExampleIdea(
        "Une aire de jeux pour tous les enfants",
        "Remplacer l’aire actuelle par des jeux que les enfants en situation de handicap peuvent "
        "utiliser avec les autres : balançoire-nid, sol souple continu, panneaux tactiles.",
        LIFE,
        "31555-13",
        "Jardin public",
        160_000,
        38,
        ("Ce serait la première du quartier.",),
    ),
    ExampleIdea(
        "Des nichoirs à mésanges et à chauves-souris",
        "Poser deux cents nichoirs fabriqués par les écoles et les centres de loisirs, contre les "
        "moustiques et les chenilles processionnaires.",
        NATURE,
        "31555-12",
        "",
        9_000,
        24,
    ),
    ExampleIdea(
        "Une piste d’athlétisme en accès libre",
        "Ouvrir et rénover la piste du stade pour les habitants, avec un éclairage jusqu’à 22 heures.",
        LIFE,
        "31555-09",
        "Stade du quartier",
        240_000,
        19,
    ),
    ExampleIdea(
        "Désimperméabiliser le parking du gymnase",
        "Remplacer le bitume par des pavés à joints enherbés et planter douze arbres. L’été, le sol "
        "dépasse cinquante degrés.",
        CLIMATE,
        "31555-18",
        "Parking du gymnase",
        95_000,
        31,
        ("Garder quand même quatre places pour les personnes handicapées.",),
    ),
    ExampleIdea(
        "Un four à pain de quartier",
        "Un four collectif sous la halle, avec un planning partagé et des ateliers le dimanche.",
        LIFE,
        "31555-05",
        "Sous la halle",
        32_000,
        27,
        ("On en rêve depuis des années.",),
    ),
    ExampleIdea(
        "Une traversée sûre vers le collège",
        "Un plateau surélevé, un meilleur éclairage et un passage piéton décalé de l’arrêt de bus.",
        MOBILITY,
        "31555-20",
        "Devant le collège",
        60_000,
        35,
    ),
    ExampleIdea(
        "Une mare pédagogique dans le parc",
        "Creuser une petite mare clôturée, avec un ponton d’observation pour les classes.",
        NATURE,
        "31555-18",
        "Parc du quartier",
        40_000,
        16,
    ),
    ExampleIdea(
        "Des composteurs collectifs au pied des immeubles",
        "Dix composteurs avec une formation des référents. Les bacs les plus proches sont à un quart "
        "d’heure à pied.",
        NATURE,
        "31555-17",
        "",
        14_000,
        22,
        ("Il faut prévoir le bois broyé, sinon ça sent.",),
    ),
    ExampleIdea(
        "Des brumisateurs et des voiles d’ombrage sur la place du marché",
        "Rendre le marché supportable en juillet et en août, pour les commerçants comme pour les "
        "clients.",
        CLIMATE,
        "31555-10",
        "Place du marché",
        75_000,
        28,
    ),
    ExampleIdea(
        "Une boîte à livres et un kiosque à sieste",
        "Une boîte à livres couverte, entourée de transats en bois fixés au sol, à l’ombre.",
        LIFE,
        "31555-02",
        "Jardin",
        11_000,
        21,
    ),
    ExampleIdea(
        "Relier les deux pistes cyclables du boulevard",
        "Il manque trois cents mètres entre les deux pistes : c’est là que tout le monde a peur.",
        MOBILITY,
        "31555-11",
        "Boulevard",
        380_000,
        48,
        (
            "Le tronçon le plus dangereux de mon trajet.",
            "Attention aux arbres d’alignement, à préserver.",
        ),
    ),
    ExampleIdea(
        "Un mur d’expression libre encadré par des artistes",
        "Offrir un mur aux graffeurs, repeint chaque trimestre, avec des ateliers pour les jeunes.",
        LIFE,
        "31555-14",
        "Mur du dépôt",
        8_000,
        18,
    ),
)
