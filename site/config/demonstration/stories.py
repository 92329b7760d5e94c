"""What the demonstration's pages say, in French and in English."""

from typing import Any, NamedTuple

Block = tuple[str, Any]


class Words(NamedTuple):
    """What a page in English calls its process; in French the process says it itself."""

    title: str
    summary: str


class Welcome(NamedTuple):
    """The head of the home page: its links are (label, address)."""

    title: str
    text: str
    links: tuple[tuple[str, str], tuple[str, str]]


WELCOMES = {
    "fr": Welcome(
        "Toulouse se décide avec vous",
        "Proposez vos idées, votez pour les projets de votre quartier et suivez leur réalisation.",
        (
            ("Voter pour les projets 2026", "/budget/toulouse-2026/"),
            ("Déposer une idée", "/budget/toulouse-2027/idees/proposer/"),
        ),
    ),
    "en": Welcome(
        "Toulouse decides with you",
        "Submit your ideas, vote for the projects of your district, and follow their delivery.",
        (
            ("Vote for the projects of 2026", "/en/budget/toulouse-2026/"),
            ("Submit an idea", "/en/budget/toulouse-2027/idees/proposer/"),
        ),
    ),
}

_FRENCH: dict[str, list[Block]] = {
    "toulouse-2027": [
        (
            "text",
            "<h2>Votre idée, votre quartier</h2><p>Un banc à l’ombre, une traversée plus sûre, un "
            "verger partagé : vous connaissez mieux que personne ce qui manque près de chez vous. "
            "Déposez votre idée en quelques minutes, avec un titre, une description et un lieu.</p>",
        ),
        (
            "faq",
            {
                "heading": "Questions fréquentes",
                "questions": [
                    {
                        "question": "Qui peut déposer une idée ?",
                        "answer": "<p>Toute personne de 16 ans et plus qui habite Toulouse, sans "
                        "condition de nationalité.</p>",
                    },
                    {
                        "question": "Combien peut coûter un projet ?",
                        "answer": "<p>400 000 euros au plus. Vous n’avez pas à chiffrer votre idée : "
                        "les services s’en chargent.</p>",
                    },
                    {
                        "question": "Que devient mon idée ?",
                        "answer": "<p>Les services l’étudient et publient leur réponse, motivée. Vous "
                        "recevez un courriel à chaque étape.</p>",
                    },
                ],
            },
        ),
    ],
    "toulouse-2026": [
        (
            "text",
            "<h2>Trois choix, un seul vote</h2><p>Choisissez de un à trois projets. Votre bulletin est "
            "scellé avant d’être enregistré : personne ne peut le lire avant la clôture, et personne "
            "ne pourra le rattacher à vous après. Vous pouvez revoter jusqu’à la fermeture du scrutin, "
            "seul le dernier bulletin compte.</p>",
        ),
    ],
    "toulouse-2024": [
        (
            "figures",
            {
                "heading": "L’édition 2024 en chiffres",
                "figures": [
                    {"value": "183", "label": "projets soumis au vote"},
                    {"value": "7 260", "label": "votants"},
                    {"value": "114", "label": "projets retenus"},
                ],
            },
        ),
        (
            "text",
            "<p>Chaque quartier disposait de 400 000 euros ; les sommes restantes ont été mises en "
            "commun. Le décompte publié ici est refait à partir des bulletins anonymes : chacun peut "
            "le vérifier.</p>",
        ),
    ],
    "toulouse-2022": [
        (
            "text",
            "<p>Vingt quartiers, vingt enveloppes : suivez chaque projet, des premières études à "
            "l’ouverture au public.</p>",
        ),
    ],
    "velo-et-fraicheur": [
        (
            "text",
            "<h2>Montrez-nous où</h2><p>La piste qui s’arrête d’un coup, le carrefour où l’on ne se "
            "voit pas, la place où il fait trop chaud l’été : posez un point, tracez une ligne ou "
            "entourez une zone. Vous pouvez aussi donner une adresse, sans carte.</p><p>Les services "
            "répondent à chaque contribution : à l’étude, prévue, faite, ou non retenue, avec ses "
            "raisons.</p>",
        ),
    ],
    "guingamp-paimpol": [
        (
            "text",
            "<p>De Guingamp à Paimpol, les habitantes et habitants de 57 communes ont montré sur la "
            "carte ce qui leur manque et ce qu’ils veulent protéger. Les services étudient "
            "aujourd’hui leurs propositions.</p>",
        ),
    ],
    "paris-2014-2024": [
        (
            "text",
            "<p>La Ville de Paris publie l’avancement de chacun des projets choisis par ses habitants "
            "depuis 2014. Ces données ouvertes montrent les écrans de suivi à grande taille.</p>",
        ),
    ],
}
_IN_FRENCH: Block = (
    "text",
    "<p>This page is translated. The rules, the dates and what residents and departments write "
    "are shown as they were written, in French.</p>",
)
_ENGLISH: dict[str, list[Block]] = {
    "toulouse-2027": [
        (
            "text",
            "<h2>Your idea, your district</h2><p>A bench in the shade, a safer crossing, a shared "
            "orchard: nobody knows better than you what is missing near your home. Submit your idea "
            "in a few minutes, with a title, a description and a place.</p>",
        ),
        (
            "faq",
            {
                "heading": "Frequent questions",
                "questions": [
                    {
                        "question": "Who may submit an idea?",
                        "answer": "<p>Anyone aged 16 or over who lives in Toulouse, whatever their "
                        "nationality.</p>",
                    },
                    {
                        "question": "How much may a project cost?",
                        "answer": "<p>400,000 euros at most. You need not cost your idea: the "
                        "departments do.</p>",
                    },
                    {
                        "question": "What becomes of my idea?",
                        "answer": "<p>The departments study it and publish their answer, with its "
                        "reasons. You get an e-mail at each step.</p>",
                    },
                ],
            },
        ),
    ],
    "toulouse-2026": [
        (
            "text",
            "<h2>Three choices, one vote</h2><p>Choose from one to three projects. Your ballot is "
            "sealed before it is recorded: nobody can read it before the close, and nobody will be "
            "able to tie it to you afterwards. You may vote again until the poll closes; only the "
            "last ballot counts.</p>",
        ),
    ],
    "toulouse-2024": [
        (
            "figures",
            {
                "heading": "The 2024 edition in figures",
                "figures": [
                    {"value": "183", "label": "projects put to the vote"},
                    {"value": "7,260", "label": "voters"},
                    {"value": "114", "label": "projects chosen"},
                ],
            },
        ),
        (
            "text",
            "<p>Each district had 400,000 euros; what remained was put together. The count published "
            "here is made again from the anonymous ballots: anyone can check it.</p>",
        ),
    ],
    "toulouse-2022": [
        (
            "text",
            "<p>Twenty districts, twenty envelopes: follow each project, from the first studies to "
            "its opening to the public.</p>",
        ),
    ],
    "velo-et-fraicheur": [
        (
            "text",
            "<h2>Show us where</h2><p>The cycle lane that stops short, the crossing where nobody "
            "sees you, the square that is too hot in summer: place a point, draw a line or outline "
            "an area. You may also give an address, without the map.</p><p>The departments answer "
            "each contribution: under study, planned, done, or not retained, with the reasons.</p>",
        ),
    ],
    "guingamp-paimpol": [
        (
            "text",
            "<p>From Guingamp to Paimpol, residents of 57 municipalities showed on the map what they "
            "lack and what they want to protect. The departments are now studying their "
            "proposals.</p>",
        ),
    ],
    "paris-2014-2024": [
        (
            "text",
            "<p>The City of Paris publishes the progress of each project chosen by its residents "
            "since 2014. These open data show the follow-up screens at full size.</p>",
        ),
    ],
}
STORIES: dict[str, dict[str, list[Block]]] = {
    "fr": _FRENCH,
    "en": {slug: [*blocks, _IN_FRENCH] for slug, blocks in _ENGLISH.items()},
}
"""The blocks of a process's page, by language then by process."""

ENGLISH_WORDS = {
    "toulouse-2027": Words(
        "Participatory budget of Toulouse 2027",
        "Submit your ideas for your district and for the whole city.",
    ),
    "toulouse-2026": Words(
        "Participatory budget of Toulouse 2026",
        "Vote for your projects: 3 million euros, up to three choices.",
    ),
    "toulouse-2024": Words(
        "Participatory budget of Toulouse 2024",
        "183 projects, 8 million euros, 7,260 voters: the results of the 2024 edition.",
    ),
    "toulouse-2022": Words(
        "Participatory budget of Toulouse 2022",
        "199 projects in 20 districts: follow the delivery of the projects of 2022.",
    ),
    "velo-et-fraicheur": Words(
        "Cycling and cool places: the map of your wishes",
        "Missing cycle lanes, dangerous places, squares that are too hot: show them.",
    ),
    "guingamp-paimpol": Words(
        "57 municipalities, one map: Guingamp-Paimpol",
        "Getting around, meeting, protecting: what residents propose.",
    ),
    "paris-2014-2024": Words(
        "Participatory budget of Paris: follow-up of the projects 2014–2024",
        "1,341 winning projects, 768 million euros: how far have they come?",
    ),
}

MAP_HEADING = {"fr": "Sur la carte", "en": "On the map"}
MAPPED = {
    "velo-et-fraicheur": {
        "fr": "Les contributions les plus soutenues",
        "en": "The most supported contributions",
    },
    "guingamp-paimpol": {
        "fr": "Ce qui a été le plus soutenu",
        "en": "What was most supported",
    },
}
"""Processes whose page shows their map, and what is said above its list."""

NEWS: tuple[tuple[str, str, str, int, str], ...] = (
    (
        "Le vote du budget participatif 2026 est ouvert",
        "Jusqu’à trois projets à choisir, en ligne, en cinq minutes.",
        "<p>Les projets étudiés par les services sont en ligne, avec leur coût et leur lieu. Prenez le "
        "temps de les lire : l’ordre d’affichage change d’une personne à l’autre, pour que chaque "
        "projet ait sa chance.</p>",
        3,
        "toulouse-2026",
    ),
    (
        "Vous avez jusqu’au mois prochain pour déposer vos idées",
        "L’édition 2027 démarre : quartier par quartier, dites ce qui manque près de chez vous.",
        "<p>Une idée tient en quelques lignes. Vous pouvez l’enregistrer comme brouillon, y revenir, "
        "ajouter des photos, et la placer sur la carte ou simplement en donner l’adresse.</p>",
        10,
        "toulouse-2027",
    ),
    (
        "Budget participatif 2024 : le décompte, bulletin par bulletin",
        "114 projets retenus : comment ils l’ont été, et comment le vérifier soi-même.",
        "<p>Les bulletins anonymes sont publiés dans un format ouvert. Le même calcul, refait par "
        "n’importe qui, donne les mêmes lauréats.</p>",
        24,
        "toulouse-2024",
    ),
)
