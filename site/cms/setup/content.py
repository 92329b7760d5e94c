"""The first words of a new site, in French and in English."""

from typing import Any, NamedTuple


class Words(NamedTuple):
    """What one language calls a page."""

    title: str
    slug: str
    summary: str


HOME = {
    "fr": Words("Accueil", "accueil", "La plateforme de participation de votre collectivité."),
    "en": Words("Home", "home-en", "Your authority’s participation platform."),
}
HERO = {
    "fr": (
        "Faisons la ville ensemble",
        "Proposez des idées, débattez, votez, et suivez ce que deviennent les projets.",
        "Voir les démarches",
    ),
    "en": (
        "Let’s shape the city together",
        "Submit ideas, discuss them, vote, and see what becomes of the projects.",
        "See the processes",
    ),
}
PROCESSES = {
    "fr": Words(
        "Démarches",
        "demarches",
        "Consultations, concertations, budgets participatifs : ce sur quoi vous pouvez peser.",
    ),
    "en": Words(
        "Processes",
        "processes",
        "Consultations, concertations, participatory budgets: what you can weigh on.",
    ),
}
NEWS = {
    "fr": Words("Actualités", "actualites", "Ce qui se passe dans les démarches."),
    "en": Words("News", "news", "What is going on in the processes."),
}
GUIDE = {
    "fr": Words(
        "Comment participer",
        "comment-participer",
        "De l’inscription au résultat, ce qu’il faut savoir pour peser sur une décision.",
    ),
    "en": Words(
        "How to take part",
        "how-to-take-part",
        "From signing up to the result: what to know to weigh on a decision.",
    ),
}
LEGAL = {
    "notice": {
        "fr": Words("Mentions légales", "mentions-legales", "Qui édite et héberge ce site."),
        "en": Words("Legal notice", "legal-notice", "Who publishes and hosts this site."),
    },
    "privacy": {
        "fr": Words(
            "Données personnelles",
            "donnees-personnelles",
            "Quelles données, pourquoi, combien de temps, et vos droits.",
        ),
        "en": Words(
            "Personal data", "personal-data", "Which data, why, for how long, and your rights."
        ),
    },
    "accessibility": {
        "fr": Words("Accessibilité", "accessibilite", "Déclaration d’accessibilité du site."),
        "en": Words("Accessibility", "accessibility", "Accessibility statement of the site."),
    },
    "terms": {
        "fr": Words(
            "Conditions d’utilisation",
            "conditions-d-utilisation",
            "Ce que vous pouvez attendre du site, et ce qu’il attend de vous.",
        ),
        "en": Words(
            "Terms of use",
            "terms-of-use",
            "What you may expect of the site, and what it expects of you.",
        ),
    },
    "moderation": {
        "fr": Words(
            "Règles de modération",
            "regles-de-moderation",
            "Ce qui n’est pas publié, pourquoi, et comment contester une décision.",
        ),
        "en": Words(
            "Rules of moderation",
            "rules-of-moderation",
            "What is not published, why, and how to contest a decision.",
        ),
    },
}

_GUIDE_BODY: dict[str, list[tuple[str, Any]]] = {
    "fr": [
        (
            "timeline",
            {
                "heading": "Le chemin d’une idée",
                "milestones": [
                    {
                        "date": "Étape 1",
                        "title": "Le dépôt",
                        "text": "Pendant la phase de collecte, vous décrivez votre idée et le lieu"
                        " concerné. Un numéro et un courriel confirment son dépôt.",
                    },
                    {
                        "date": "Étape 2",
                        "title": "L’étude",
                        "text": "Les services vérifient qu’elle est réalisable et en estiment le"
                        " coût. Chaque décision est motivée et vous est envoyée.",
                    },
                    {
                        "date": "Étape 3",
                        "title": "Le vote",
                        "text": "Les projets retenus sont soumis au vote. Vous recevez un récépissé"
                        " et pouvez changer d’avis jusqu’à la clôture.",
                    },
                    {
                        "date": "Étape 4",
                        "title": "La réalisation",
                        "text": "Les projets lauréats sont suivis, étape par étape, jusqu’à leur"
                        " livraison.",
                    },
                ],
            },
        ),
        (
            "faq",
            {
                "heading": "Questions fréquentes",
                "questions": [
                    {
                        "question": "Faut-il un compte ?",
                        "answer": "<p>Non pour lire, oui pour déposer une idée, commenter, soutenir"
                        " ou voter. Une adresse électronique suffit.</p>",
                    },
                    {
                        "question": "Qui peut participer ?",
                        "answer": "<p>Cela dépend de la démarche : l’âge et le territoire sont"
                        " indiqués sur sa page. Si vous ne pouvez pas participer, le site vous dit"
                        " exactement pourquoi.</p>",
                    },
                    {
                        "question": "Mon nom est-il public ?",
                        "answer": "<p>Seul le nom public que vous choisissez est affiché. Votre"
                        " adresse électronique ne l’est jamais.</p>",
                    },
                    {
                        "question": "Mon vote est-il secret ?",
                        "answer": "<p>Oui. Le site sait que vous avez voté, pour garantir un seul"
                        " bulletin par personne, mais votre bulletin est conservé à part, sans lien"
                        " avec votre compte.</p>",
                    },
                    {
                        "question": "Je n’utilise pas Internet, comment faire ?",
                        "answer": "<p>Des bulletins et des formulaires papier, ainsi qu’une aide"
                        " sur place, peuvent être proposés : la page de chaque démarche donne son"
                        " contact.</p>",
                    },
                ],
            },
        ),
    ],
    "en": [
        (
            "timeline",
            {
                "heading": "The path of an idea",
                "milestones": [
                    {
                        "date": "Step 1",
                        "title": "Submission",
                        "text": "During the collect phase, you describe your idea and the place it"
                        " is about. A number and an e-mail confirm it.",
                    },
                    {
                        "date": "Step 2",
                        "title": "Study",
                        "text": "Departments check that it can be done and estimate its cost. Each"
                        " decision gives its reasons and is sent to you.",
                    },
                    {
                        "date": "Step 3",
                        "title": "Vote",
                        "text": "The projects kept are put to the vote. You get a receipt, and may"
                        " change your mind until the close.",
                    },
                    {
                        "date": "Step 4",
                        "title": "Delivery",
                        "text": "The winning projects are followed, step by step, until they are"
                        " handed over.",
                    },
                ],
            },
        ),
        (
            "faq",
            {
                "heading": "Frequent questions",
                "questions": [
                    {
                        "question": "Do I need an account?",
                        "answer": "<p>Not to read; yes to submit an idea, comment, support or vote."
                        " An e-mail address is enough.</p>",
                    },
                    {
                        "question": "Who may take part?",
                        "answer": "<p>It depends on the process: age and territory are on its page."
                        " If you can’t take part, the site tells you exactly why.</p>",
                    },
                    {
                        "question": "Is my name public?",
                        "answer": "<p>Only the public name that you choose is shown. Your e-mail"
                        " address never is.</p>",
                    },
                    {
                        "question": "Is my vote secret?",
                        "answer": "<p>Yes. The site knows that you voted, so that there is one"
                        " ballot per person, but your ballot is kept apart, with no link to your"
                        " account.</p>",
                    },
                ],
            },
        ),
    ],
}


def guide_body(language: str) -> list[tuple[str, Any]]:
    """The blocks of the page "How to take part"."""
    return _GUIDE_BODY[language]
