"""Invented contributions for the demonstration's two maps, to be placed on real geography.

`{place}` is the name of the district or of the commune where each copy is put.
"""

from dataclasses import dataclass

from participation.mapping.choices import Pattern, QuestionKind, Shape


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """One question of a category; `options` for lists."""

    label: str
    kind: str
    options: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class ExampleWish:
    """What somebody could have sent, several times in different places."""

    title: str
    body: str
    shape: str
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExampleCategory:
    """One category of a map, with what it asks and what it received."""

    name: str
    description: str
    icon: str
    tone: int
    pattern: str
    shapes: tuple[str, ...]
    questions: tuple[ExampleQuestion, ...]
    wishes: tuple[ExampleWish, ...]


POINT, LINE, AREA = Shape.POINT, Shape.LINE, Shape.AREA

TOULOUSE = (
    ExampleCategory(
        "Piste à créer ou à prolonger",
        "Tracez le parcours qui vous manque.",
        "bike",
        1,
        Pattern.PLAIN,
        (LINE,),
        (
            ExampleQuestion(
                "Pour aller où ?",
                QuestionKind.CHOICES,
                ("À l’école", "Au travail", "Faire des courses", "Se promener"),
                required=True,
            ),
            ExampleQuestion("Combien de fois par semaine y passez-vous ?", QuestionKind.NUMBER),
        ),
        (
            ExampleWish(
                "Une piste continue vers le métro, {place}",
                "La bande cyclable s’arrête d’un coup et l’on se retrouve au milieu des voitures. "
                "Quelques centaines de mètres suffiraient pour rejoindre le métro sans danger.",
                LINE,
                ("Je fais ce trajet tous les matins, c’est exactement là que ça bloque.",),
            ),
            ExampleWish(
                "Relier l’école et le jardin, {place}",
                "Les enfants roulent sur le trottoir faute de mieux. Une piste séparée permettrait "
                "de les laisser aller seuls à l’école.",
                LINE,
            ),
            ExampleWish(
                "Un double sens cyclable, {place}",
                "La rue est large et calme, mais le sens unique oblige à un détour par le "
                "boulevard. Un double sens pour les vélos changerait tout.",
                LINE,
                ("D’accord, avec un marquage bien visible aux carrefours.",),
            ),
            ExampleWish(
                "Une voie verte le long de l’eau, {place}",
                "Le chemin existe, il est boueux six mois par an. Un revêtement perméable le "
                "rendrait praticable à vélo, en poussette et en fauteuil.",
                LINE,
            ),
        ),
    ),
    ExampleCategory(
        "Endroit dangereux à vélo",
        "Montrez où l’on se sent en danger.",
        "alert-triangle",
        2,
        Pattern.PLAIN,
        (POINT,),
        (
            ExampleQuestion(
                "Que s’y passe-t-il ?",
                QuestionKind.CHOICE,
                (
                    "On y roule trop vite",
                    "On ne s’y voit pas",
                    "La chaussée est abîmée",
                    "Des véhicules y stationnent",
                ),
                required=True,
            ),
        ),
        (
            ExampleWish(
                "Carrefour sans visibilité, {place}",
                "Les voitures tournent à droite sans voir les vélos. Un sas et un feu décalé "
                "aideraient beaucoup.",
                POINT,
                ("J’y ai vu deux accidents cette année.",),
            ),
            ExampleWish(
                "Nid-de-poule au milieu de la bande, {place}",
                "Impossible à éviter sans se déporter devant les voitures, surtout la nuit.",
                POINT,
            ),
            ExampleWish(
                "Livraisons sur la piste, {place}",
                "Chaque matin, des camionnettes occupent la piste. Une aire de livraison vingt "
                "mètres plus loin réglerait le problème.",
                POINT,
            ),
        ),
    ),
    ExampleCategory(
        "Stationnement vélo",
        "Arceaux, abris, places pour vélos cargos.",
        "parking",
        3,
        Pattern.PLAIN,
        (POINT,),
        (ExampleQuestion("Combien de places faudrait-il ?", QuestionKind.NUMBER),),
        (
            ExampleWish(
                "Des arceaux devant le marché, {place}",
                "On attache les vélos aux arbres et aux barrières. Dix arceaux suffiraient.",
                POINT,
            ),
            ExampleWish(
                "Un abri fermé près de la station, {place}",
                "Pour laisser son vélo la journée sans craindre le vol, avec quelques places pour "
                "les vélos cargos.",
                POINT,
                ("Avec une prise pour recharger, ce serait parfait.",),
            ),
        ),
    ),
    ExampleCategory(
        "Îlot de fraîcheur à créer",
        "Une place, une cour, un parking où il fait trop chaud l’été.",
        "trees",
        4,
        Pattern.DOTS,
        (AREA, POINT),
        (
            ExampleQuestion(
                "Que faudrait-il ?",
                QuestionKind.CHOICES,
                ("Des arbres", "De l’eau", "Des bancs", "Un sol qui boit la pluie"),
                required=True,
            ),
            ExampleQuestion("Une précision ?", QuestionKind.LONG_TEXT),
        ),
        (
            ExampleWish(
                "Une place à débitumer, {place}",
                "En juillet, personne ne traverse cette place l’après-midi. Des arbres et un sol "
                "vivant la rendraient à ses habitants.",
                AREA,
                ("Et des bancs à l’ombre, avec un dossier.",),
            ),
            ExampleWish(
                "Un parking à planter, {place}",
                "La moitié des places reste vide. On pourrait en planter un rang sur deux.",
                AREA,
            ),
            ExampleWish(
                "Ouvrir la cour de l’école l’été, {place}",
                "Elle vient d’être plantée : l’ouvrir le soir et pendant les vacances profiterait "
                "à tout le quartier.",
                AREA,
                ("Il faudrait une présence le soir.",),
            ),
            ExampleWish(
                "De l’ombre à l’arrêt de bus, {place}",
                "On attend en plein soleil. Un arbre ou un abri végétalisé suffirait.",
                POINT,
            ),
        ),
    ),
    ExampleCategory(
        "Eau à boire",
        "Fontaines à installer ou à réparer.",
        "droplet",
        5,
        Pattern.PLAIN,
        (POINT,),
        (),
        (
            ExampleWish(
                "Une fontaine près des jeux, {place}",
                "Les enfants jouent tout l’après-midi et il faut rentrer pour boire.",
                POINT,
            ),
            ExampleWish(
                "Remettre la fontaine en eau, {place}",
                "Elle est là depuis toujours mais ne coule plus. La réparer coûterait peu.",
                POINT,
            ),
        ),
    ),
)

GUINGAMP_PAIMPOL = (
    ExampleCategory(
        "Liaison à pied ou à vélo",
        "Entre deux bourgs, vers une gare, une école, la mer.",
        "route",
        1,
        Pattern.PLAIN,
        (LINE,),
        (
            ExampleQuestion(
                "Pour aller où ?",
                QuestionKind.CHOICES,
                ("À l’école", "À la gare", "Au bourg voisin", "À la mer", "Se promener"),
                required=True,
            ),
        ),
        (
            ExampleWish(
                "Une liaison douce depuis {place}",
                "La route est étroite et rapide. L’ancien chemin pourrait être rouvert et relié au "
                "réseau voisin.",
                LINE,
                ("Le chemin existe encore sur les deux tiers du parcours.",),
            ),
            ExampleWish(
                "Rejoindre la gare à vélo, {place}",
                "Dix minutes suffiraient s’il y avait un itinéraire sûr et éclairé.",
                LINE,
            ),
        ),
    ),
    ExampleCategory(
        "Arrêt de bus ou covoiturage",
        "Là où il manque, ou à améliorer.",
        "bus",
        2,
        Pattern.PLAIN,
        (POINT,),
        (
            ExampleQuestion(
                "Que manque-t-il ?",
                QuestionKind.CHOICE,
                ("Un arrêt", "Un abri", "Un passage accessible", "Des horaires adaptés"),
                required=True,
            ),
        ),
        (
            ExampleWish(
                "Un abri à l’arrêt du bourg, {place}",
                "Les collégiens attendent sous la pluie, dans le noir l’hiver.",
                POINT,
            ),
            ExampleWish(
                "Un point de covoiturage, {place}",
                "Quelques places et un panneau au croisement : beaucoup partent au même endroit "
                "aux mêmes heures.",
                POINT,
                ("Bonne idée, près du rond-point.",),
            ),
        ),
    ),
    ExampleCategory(
        "Lieu à faire vivre",
        "Un bâtiment vide, une place, un jardin.",
        "home-heart",
        3,
        Pattern.STRIPES,
        (POINT, AREA),
        (ExampleQuestion("Qu’y verriez-vous ?", QuestionKind.LONG_TEXT),),
        (
            ExampleWish(
                "L’ancienne école, un lieu pour tous, {place}",
                "Une salle pour les associations, un café une fois par semaine, un atelier.",
                POINT,
                ("Notre association cherche un local depuis deux ans.",),
            ),
            ExampleWish(
                "Un jardin partagé au bourg, {place}",
                "Le terrain communal n’est plus entretenu. Des habitants sont prêts à s’en "
                "occuper.",
                AREA,
            ),
        ),
    ),
    ExampleCategory(
        "Nature à protéger",
        "Zone humide, haie, sentier côtier.",
        "leaf",
        4,
        Pattern.DOTS,
        (AREA, LINE),
        (),
        (
            ExampleWish(
                "Une zone humide à préserver, {place}",
                "On y voit des grenouilles et des hérons. La mettre en valeur sans l’aménager.",
                AREA,
            ),
            ExampleWish(
                "Des haies à replanter, {place}",
                "Elles coupaient le vent et retenaient l’eau le long de cette route.",
                LINE,
                ("Plusieurs agriculteurs sont d’accord.",),
            ),
        ),
    ),
)

ANSWERS: dict[str, tuple[str, ...]] = {
    "under_study": (
        "Les services se rendront sur place avant la fin du trimestre, avec les riverains.",
        "Une étude de circulation est lancée sur ce secteur ; ses résultats seront publiés ici.",
    ),
    "planned": (
        "Les travaux sont inscrits au programme de l’an prochain. Le calendrier sera affiché sur "
        "place un mois avant.",
    ),
    "done": ("C’est fait : merci de nous l’avoir montré.",),
    "not_retained": (
        "L’emprise disponible est trop étroite à cet endroit pour une piste séparée. Un "
        "aménagement à vitesse réduite est étudié à la place dans la rue voisine.",
    ),
}
