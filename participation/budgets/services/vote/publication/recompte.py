#!/usr/bin/env python3
"""Vérifier et recompter un vote publié par Parvis, sans rien installer et sans croire Parvis.

    python3 recompte.py DOSSIER [--bulletin CODE] [--cle EMPREINTE] [--pabutools]

DOSSIER est celui de publication.zip, une fois ouvert. Ce programme n'a besoin que de Python 3.10
ou plus récent ; il ne se connecte à rien et n'écrit rien. Il ne contient aucune ligne du programme
qui a compté. Il se lit de haut en bas :

  1. la signature   vérifier une signature Ed25519 (RFC 8032), en arithmétique pure ;
  2. la lecture     ouvrir les fichiers, en refusant toute forme inattendue ;
  3. les contrôles  manifeste, journal, têtes signées, règle, urne ;
  4. le comptage    les trois règles, en nombres exacts (entiers et fractions) ;
  5. le récit       une ligne par contrôle, ✓ ou ✗. La sortie vaut 0 si tout tient, 1 sinon.

--cle EMPREINTE compare la clé qui signe à celle que la collectivité a affichée ailleurs (procès-
verbal, mairie). Sans elle, on sait que les fichiers vont ensemble, pas qui les a signés.
"""

import argparse
import csv
import hashlib
import io
import json
import re
import sys
from collections import Counter
from copy import copy
from fractions import Fraction
from pathlib import Path

# ── 1. La signature ───────────────────────────────────────────────────────────────────────────────
# Un point de la courbe est (X, Y, Z, T), où x = X/Z, y = Y/Z et x·y = T/Z.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(one, two):
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    """Le point ajouté `number` fois à lui-même."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def read_point(data):
    """Le point écrit en 32 octets (y, puis le signe de x dans le dernier bit), ou None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def write_point(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = read_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(key, signature, message):
    """La signature (64 octets) du message est-elle de cette clé (32 octets) ?"""
    public = read_point(key) if len(key) == 32 and len(signature) == 64 else None
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    minus = (P - public[0], public[1], public[2], P - public[3])
    return write_point(add(times(scalar, BASE), times(challenge, minus))) == signature[:32]


# ── 2. La lecture ─────────────────────────────────────────────────────────────────────────────────

NAMES = "scrutin.pb result.json options.json journal.csv heads.json void.csv roll.json"
FILES = [*NAMES.split(), "signing-key.txt", "recompte.py"]  # ce que le manifeste annonce
PAPER = re.compile(r"P-([0-9]+)-([0-9]+)")  # code d'un bulletin en papier : lot et rang


class Unsound(Exception):
    """Ce qui ne va pas, en une phrase."""


def need(condition, sentence):
    if not condition:
        raise Unsound(sentence)


def sha256(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def canonical(value):
    """La seule écriture JSON admise d'une valeur : clés triées, ni blanc ni nombre à virgule."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def table(data):
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=";", strict=True))


def cents(text):
    """Des centimes, depuis « 12 » ou « 12.50 »."""
    need(re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", text), f"« {text} » n'est pas une somme")
    units, _, rest = text.partition(".")
    return int(units) * 100 + int(rest.ljust(2, "0"))


def split(cell):
    return cell.split(",") if cell else []


def plain_code(code):
    """Un code recopié à la main : espaces, minuscules, 0 pour O, 1 pour I, 8 pour B."""
    text = re.sub(r"\s", "", code.upper())
    if paper := PAPER.fullmatch(text):
        return f"P-{int(paper[1]):03d}-{int(paper[2]):02d}"
    return text.replace("-", "").translate(str.maketrans("018", "OIB"))


class Publication:
    """Les fichiers publiés. Chaque contrôle rend une phrase, ou lève Unsound."""

    def __init__(self, folder):
        files = (path for path in Path(folder).iterdir() if path.is_file())
        self.raw = {path.name: path.read_bytes() for path in files}
        self.manifest = self.json("manifest.json")
        self.poll = self.manifest["poll"]

    def file(self, name):
        need(name in self.raw, f"le fichier {name} manque")
        return self.raw[name]

    def json(self, name):
        value = json.loads(self.file(name))
        need(canonical(value).encode() == self.raw[name], f"{name} n'a pas sa forme canonique")
        return value

    def hex(self, name, length):
        need(re.fullmatch(b"[0-9a-f]{%d}\n" % length, self.file(name)), f"{name} est mal écrit")
        return bytes.fromhex(self.raw[name].decode().strip())

    def read(self):
        """Ouvre tout ce que les contrôles suivants comparent."""
        self.options, self.result = self.json("options.json"), self.json("result.json")
        self.roll, self.heads = self.json("roll.json"), self.json("heads.json")
        header, *self.journal = table(self.file("journal.csv"))
        need(header == ["seq", "kind", "payload", "prev", "hash"], "journal.csv est mal écrit")
        header, *self.void = table(self.file("void.csv"))
        need(header == ["code", "reason"], "void.csv est mal écrit")
        parts, current = {"META": [], "PROJECTS": [], "VOTES": []}, None
        for row in table(self.file("scrutin.pb")):
            if len(row) == 1 and row[0] in parts:
                current = parts[row[0]]
            else:
                current.append(row)
        self.meta, self.projects, self.votes = (
            [dict(zip(header, row, strict=True)) for row in rows]
            for header, *rows in parts.values()
        )
        self.meta = {row["key"]: row["value"] for row in self.meta}
        # Un vote compté ailleurs, et repris ici depuis son fichier, n'a ni urne ni journal.
        self.imported = not self.options["public_key_sha256"]
        return f"{len(self.votes)} bulletins, {len(self.projects)} projets"

    def payload(self, kind):
        return [row[2] for row in self.journal if row[1] == kind]

    # ── 3. Les contrôles ──────────────────────────────────────────────────────────────────────────

    def check_files(self):
        need(self.manifest["v"] == "parvis-manifest-v1", "manifeste d'une version inconnue")
        announced = self.manifest["files"]
        need(sorted(announced) == sorted(FILES), "le manifeste n'annonce pas les bons fichiers")
        strangers = set(self.raw) - {*FILES, "manifest.json", "manifest.sig"}
        need(not strangers, f"fichiers que rien n'annonce : {', '.join(sorted(strangers))}")
        for name, digest in announced.items():
            need(sha256(self.file(name)) == digest, f"{name} n'est pas celui du manifeste")
        return f"les {len(FILES)} fichiers sont ceux que le manifeste annonce"

    def check_signature(self, expected):
        self.key, signature = self.hex("signing-key.txt", 64), self.hex("manifest.sig", 128)
        signed = is_signed(self.key, signature, self.file("manifest.json"))
        need(signed, "la signature du manifeste est fausse")
        wanted = re.sub(r"[^0-9a-f]", "", (expected or "").lower())
        known = ("", self.key.hex(), sha256(self.key))
        need(wanted in known, "ce n'est pas la clé que vous attendiez")
        return f"le manifeste est signé par la clé {self.key.hex()}"

    def check_journal(self):
        """Chaque ligne contient l'empreinte de la précédente : on n'en ôte aucune sans bruit."""
        if self.imported:
            need(not self.journal, "un vote compté ailleurs n'a pas de journal")
            return "vote compté ailleurs et repris ici : il n'a pas de journal"
        prev, seen = "0" * 64, Counter()
        for number, (seq, kind, payload, before, digest) in enumerate(self.journal, start=1):
            text = f"parvis-journal-v1|{prev}|{self.poll}|{number}|{kind}|{payload}"
            follows = (seq, before, digest) == (str(number), prev, sha256(text))
            need(follows, f"la ligne {number} ne suit pas la précédente")
            need((kind == "open") == (number == 1), "l'ouverture n'est pas la première ligne")
            late = seen["close"] and kind not in ("count", "recount", "destroy")
            late = late or seen["destroy"] or (kind == "recount" and not seen["count"])
            seen[kind] += 1
            undone = seen["cancel"] > seen["cast"] or seen["unmark"] > seen["paper"]
            need(not (late or undone), f"la ligne {number} ({kind}) n'a pas lieu d'être")
            prev = digest
        need(seen["close"] == seen["count"] == 1, "il faut une clôture et un dépouillement")
        known = {"open", "cast", "recast", "cancel", "paper", "unmark", "close", "count"}
        need(
            (known | {"recount", "destroy"}).issuperset(seen),
            "le journal a une ligne d'un genre inconnu",
        )
        revised = seen["recount"] == 1 and len(self.manifest.get("replaces", "")) == 64
        first = seen["recount"] == 0 and "replaces" not in self.manifest
        need(revised or first, "le manifeste et le journal diffèrent sur un second compte")
        if revised:
            return (
                f"les {len(self.journal)} lignes s'enchaînent ; compté à nouveau après un jugement,"
                f" à la place de {self.manifest['replaces'][:16]}…"
            )
        return f"les {len(self.journal)} lignes s'enchaînent"

    def check_heads(self):
        """La dernière ligne fut signée chaque soir : le passé ne peut plus être réécrit."""
        if self.imported:
            need(not self.heads, "un vote compté ailleurs n'a pas de têtes signées")
            return "sans objet"
        for head in self.heads:
            said = {name: head[name] for name in ("day", "head", "seq")}
            statement = canonical({**said, "poll": self.poll, "v": "parvis-head-v1"})
            signature = bytes.fromhex(head["signature"])
            good = is_signed(self.key, signature, statement.encode())
            need(good, f"la tête du {head['day']} est mal signée")
            line = self.journal[head["seq"] - 1] if head["seq"] > 0 else [""] * 5
            need(line[4] == head["head"], f"le journal a été réécrit après le {head['day']}")
        kinds = [row[1] for row in self.journal]
        covered = any(head["seq"] > kinds.index("close") for head in self.heads)
        need(covered, "aucune tête signée ne couvre la clôture")
        return f"{len(self.heads)} têtes signées, toutes dans le journal"

    def check_rule(self):
        """La règle, les projets et le lot qui départage ont été figés avant le premier bulletin."""
        digest, options = sha256(self.file("options.json")), self.options
        same = self.imported or self.payload("open") == [digest]
        need(same, "la règle n'est pas celle de l'ouverture")
        stated = {item["reference"]: item["cost_cents"] for item in options["projects"]}
        listed = {item["project_id"]: cents(item["cost"]) for item in self.projects}
        need(stated == listed, "les projets ne sont pas ceux d'avant le vote")
        need(cents(self.meta["budget"]) == options["budget_cents"], "le budget a changé")
        drawn = sorted(stated, key=lambda name: sha256(f"{options['tie_seed']}|{name}"))
        lot = {name: rank for rank, name in enumerate(drawn, start=1)}
        need(lot == options["lot"], "le lot n'est pas celui de la graine tirée avant le vote")
        return f"elle est celle de l'ouverture ({digest[:16]}…)"

    def check_box(self):
        void = [code for code, reason in self.void if reason != "repeated_code"]
        codes = [vote["voter_id"] for vote in self.votes] + void
        need(len(set(codes)) == len(codes), "un code de bulletin vient deux fois")
        codes += [code for code, reason in self.void if reason == "repeated_code"]
        paper = sum(1 for code in codes if PAPER.fullmatch(code))
        web, voters = len(codes) - paper, self.roll["voters"]
        if not self.imported:
            said = Counter(row[1] for row in self.journal)
            cast, marked = said["cast"] - said["cancel"], said["paper"] - said["unmark"]
            need(cast == web, f"{cast} enveloppes au journal, {web} dans l'urne")
            need(marked >= paper, f"{marked} venus au bureau, {paper} bulletins en papier")
            need(cast + marked == voters, "l'émargement et le journal diffèrent")
        for cells in (self.roll["by_channel"], self.roll["by_district"]):
            counts = [cell["count"] for cell in cells]
            need(not counts or sum(counts) == voters, "l'émargement ne s'additionne pas")
            need(not any(0 < count < 20 for count in counts), "un groupe de moins de 20 paraît")
        return f"{web} bulletins en ligne, {paper} en papier ; nuls : {len(self.void)}"

    def check_count(self):
        count, told = Count(self.options, self.votes), self.result
        digest = count.digest()
        need(digest == told["input_sha256"], "ce qui fut compté n'est pas ce qui est publié")
        counted = self.payload("recount") or self.payload("count")
        same = self.imported or counted == [digest]
        need(same, "le journal annonce le dépouillement d'autre chose")
        won = count.winners()
        need(won == told["winners"], f"nous trouvons d'autres lauréats : {', '.join(won)}")
        spent = sum(count.cost[name] for name in won)
        need(spent == told["spent"] and count.budget == told["budget"], "la dépense est fausse")
        need(count.votes == told["votes"], "les voix annoncées sont fausses")
        blank = sum(1 for vote in self.votes if not vote["vote"])
        numbers = (len(self.votes), blank) == (told["voters"], told["blank"])
        need(numbers, "le nombre de bulletins annoncé est faux")
        return f"{len(won)} lauréats, {spent / 100:.2f} dépensés sur {count.budget / 100:.2f}"

    def ballot(self, code):
        """Ce que contient un bulletin, ou pourquoi il est nul."""
        names = {item["project_id"]: item["name"] for item in self.projects}
        for vote in self.votes:
            if plain_code(vote["voter_id"]) == plain_code(code):
                chosen = [names[name] for name in split(vote["vote"])] or ["bulletin blanc"]
                return f"{vote['voter_id']} : {' ; '.join(chosen)}"
        for other, reason in self.void:
            need(plain_code(other) != plain_code(code), f"{other} est nul : {reason}")
        raise Unsound(f"aucun bulletin ne porte le code {code}")


# ── 4. Le comptage ────────────────────────────────────────────────────────────────────────────────


class Count:
    """Les projets, les bulletins et la règle. Toutes les sommes sont des centimes entiers."""

    def __init__(self, options, votes):
        self.options, self.budget, self.voters = options, options["budget_cents"], len(votes)
        projects = options["projects"]
        self.cost = {item["reference"]: item["cost_cents"] for item in projects}
        grouped = options.get("group_budgets") or options.get("minimum_winners")
        self.group = {item["reference"]: item["group"] if grouped else None for item in projects}
        # Les bulletins identiques sont réunis : (choix, points, nombre).
        forms = (self.form(split(vote["vote"]), split(vote.get("points"))) for vote in votes)
        merged = sorted(Counter(forms).items(), key=lambda item: (item[0][0], item[0][1] or ()))
        self.ballots = [(choices, points, number) for (choices, points), number in merged]
        self.votes, self.points = dict.fromkeys(self.cost, 0), dict.fromkeys(self.cost, 0)
        for choices, points, number in self.ballots:
            for name, given in zip(choices, points or [0] * len(choices), strict=True):
                self.votes[name] += number
                self.points[name] += number * given
        self.score = self.points if options.get("measure") == "points" else self.votes

    def form(self, choices, points):
        """Deux bulletins qui disent la même chose s'écrivent pareil."""
        known = len(set(choices)) == len(choices) and set(choices) <= set(self.cost)
        need(known, "un bulletin nomme un projet deux fois, ou un projet inconnu")
        if self.options["ballot_kind"] == "ordinal" and choices:
            return tuple(choices), tuple(self.options["rank_scores"][: len(choices)])
        if not points:
            return tuple(sorted(choices)), None
        pairs = sorted(zip(choices, map(int, points), strict=True))
        return tuple(name for name, _ in pairs), tuple(given for _, given in pairs)

    def digest(self):
        """L'empreinte de ce qui est compté, quel que soit l'ordre des bulletins."""
        projects = [[name, self.cost[name], self.group[name]] for name in sorted(self.cost)]
        what = {"ballots": self.ballots, "budget": self.budget, "candidates": projects}
        return sha256(canonical(what))

    def winners(self):
        rules = {"greedy": self.greedy, "equal_shares": self.equal_shares}
        rules["phragmen"] = self.phragmen
        need(self.options["rule"] in rules, f"règle inconnue : {self.options['rule']}")
        if self.options["rule"] != "greedy" and self.options.get("group_budgets"):
            return self.by_envelope()
        return rules[self.options["rule"]]()

    def by_envelope(self):
        """Chaque enveloppe est une élection : ses projets, son argent, et les bulletins qui nomment
        au moins un d'eux. Le reste mis en commun en est une dernière, de tous les bulletins."""
        won = []
        for group, money in self.options["group_budgets"]:
            names = {name for name in self.cost if self.group[name] == group}
            won += self.part(names, money, lambda choices: bool(choices)).winners()
        if self.options["remainder"] == "pooled":
            money = self.budget - sum(self.cost[name] for name in won)
            won += self.part(set(self.cost) - set(won), money, lambda choices: True).winners()
        return won

    def part(self, names, money, keeps):
        """L'élection de ces projets seulement, avec cet argent."""
        rows = [
            (*kept, number)
            for choices, points, number in self.ballots
            if keeps((kept := self.only(names, choices, points))[0])
        ]
        part = copy(self)
        part.options = {**self.options, "group_budgets": None}
        part.cost = {name: self.cost[name] for name in self.cost if name in names and money > 0}
        part.votes = {name: self.votes[name] for name in part.cost}
        part.points = {name: self.points[name] for name in part.cost}
        part.score = part.points if self.score is self.points else part.votes
        part.budget, part.ballots = money, rows
        part.voters = sum(number for _, _, number in rows)
        return part

    def only(self, names, choices, points):
        """Ce qu'un bulletin dit de ces projets."""
        places = [place for place, name in enumerate(choices) if name in names]
        kept = tuple(points[place] for place in places) if points else None
        return tuple(choices[place] for place in places), kept

    def tie(self, name):
        """De quoi départager deux projets à égalité : le plus petit passe devant."""
        criteria = {"higher_votes": -self.votes[name], "higher_points": -self.points[name]}
        criteria |= {"lower_cost": self.cost[name], "higher_cost": -self.cost[name]}
        criteria["lot"] = self.options["lot"][name]
        return [criteria[criterion] for criterion in self.options["tie_chain"]]

    def ranking(self):
        """Les projets qui atteignent les minimums du règlement, du premier au dernier."""
        options = self.options
        share, shares = options.get("minimum_share") or (0, 1)
        times, parts = options.get("minimum_cost_share") or (0, 1)
        return sorted(
            (
                name
                for name, votes in self.votes.items()
                if votes >= options.get("minimum_votes", 1)
                and votes * shares >= share * self.voters
                and votes * parts * self.budget >= times * self.cost[name] * self.voters
                and (
                    self.score is self.votes or self.score[name] >= options.get("minimum_points", 0)
                )
            ),
            key=lambda name: [-self.score[name], *self.tie(name)],
        )

    def greedy(self):
        """Du plus voté au moins voté, tant qu'il reste de l'argent."""
        options, ranking, won = self.options, self.ranking(), []
        rivals = [set(names) for names in options.get("exclusive") or []]

        def left():
            return self.budget - sum(self.cost[name] for name in won)

        def spend(money, misfit, names, lacking=None):
            for name in names:
                rival = any(name in some and some & set(won) for some in rivals)
                enough = lacking is not None and lacking.get(self.group[name], 0) <= 0
                if name in won or rival or enough:
                    continue
                if self.cost[name] <= money:
                    won.append(name)
                    money -= self.cost[name]
                    if lacking is not None:
                        lacking[self.group[name]] -= 1
                elif misfit == "stop":
                    return

        def guarantee():
            """D'abord les lauréats promis à chaque groupe, dans l'ordre du classement."""
            lacking = Counter(options.get("minimum_winners") or {})
            lacking.subtract(self.group[name] for name in won)
            spend(left(), "skip", ranking, lacking)

        misfit = options["on_misfit"]
        for group, money in options.get("group_budgets") or []:
            spend(money, misfit, [name for name in ranking if self.group[name] == group])
        if options.get("group_budgets") and options["remainder"] != "pooled":
            return won
        if options.get("group_budgets"):
            misfit = options.get("remainder_on_misfit") or misfit
        guarantee()
        spend(left(), misfit, ranking)
        return won

    def equal_shares(self):
        """Parts égales, puis ce que le règlement fait de l'argent qu'elles laissent."""
        options, names = self.options, self.ranking()
        support = Fraction(options.get("minimum_support") or 0)
        names = [
            name
            for name in names
            if self.votes[name] * self.budget >= support * self.cost[name] * self.voters
            and (self.cost[name] <= self.budget or options.get("over_budget") != "excluded")
        ]

        def fill(won, order=names):
            """On ajoute les mieux classés qui tiennent encore dans l'argent."""
            for name in order:
                if name not in won and self.cost[name] <= self.budget - spent(won):
                    won = [*won, name]
            return won

        def spent(won):
            return sum(self.cost[name] for name in won)

        share, increment = Fraction(self.budget, self.voters or 1), options.get("increment", 100)
        if options.get("start") == "floor":
            share = Fraction(share // increment * increment)
        until_full = options.get("add1_stop", "exhaustive") == "exhaustive"
        until_full = options.get("stops_when_exhaustive", until_full)
        won = self.shares(share, names)
        while options["completion"] in ("add1", "add1u") and len(won) < len(names):
            # On augmente la part de chacun et on recommence, tant que la dépense tient.
            share += increment
            more = won if until_full and fill(won) == won else self.shares(share, names)
            if more is won or spent(more) > self.budget:
                break
            won = more
        if options["completion"] in ("add1u", "greedy"):
            won = fill(won)
        if options.get("comparison") == "greedy":
            by_votes = sorted(names, key=lambda name: [-self.votes[name], *self.tie(name)])
            won = self.preferred(won, fill([], by_votes))
        return won

    def preferred(self, one, other):
        """L'issue que plus de votants préfèrent ; la première s'ils se partagent."""
        balance, worth = 0, {name: dict(self.backers(name)) for name in {*one, *other}}
        for ballot, (_, _, number) in enumerate(self.ballots):
            gain = sum(worth[name].get(ballot, 0) for name in other)
            loss = sum(worth[name].get(ballot, 0) for name in one)
            balance += number * ((gain > loss) - (gain < loss))
        return other if balance > 0 else one

    def shares(self, share, names):
        """Chacun a la même part. Un projet s'achète avec les parts de ceux qui l'ont choisi, chacun
        payant autant pour une même satisfaction, sauf qui n'a plus assez et donne son reste. À
        chaque tour gagne le projet dont la satisfaction coûte le moins cher."""
        money, won = [share] * len(self.ballots), []
        # Un prix ne fait que monter : on n'examine que ceux qui peuvent être les moins chers.
        prices = dict.fromkeys(names, Fraction(0))
        backers = {name: self.backers(name) for name in names}
        while prices:
            lowest, tied = None, []
            for name in sorted(prices, key=prices.get):
                if lowest is not None and prices[name] > lowest:
                    break
                price = self.price(name, backers[name], money)
                if price is None:
                    del prices[name]  # ceux qui l'ont choisi n'ont plus de quoi le payer
                    continue
                prices[name] = price
                if lowest is None or price < lowest:
                    lowest, tied = price, []
                if price == lowest:
                    tied.append(name)
            if tied:
                chosen = min(tied, key=self.tie)
                for ballot, worth in backers[chosen]:
                    money[ballot] -= min(money[ballot], lowest * worth)
                won.append(chosen)
                del prices[chosen]
        return won

    def backers(self, name):
        """Les bulletins qui choisissent un projet, et la satisfaction qu'il donne à chacun."""
        kind, found = self.options["satisfaction"], []
        for ballot, (choices, points, _) in enumerate(self.ballots):
            if name in choices:
                given = points[choices.index(name)] if points and kind == "points" else 1
                found += [(ballot, given * (self.cost[name] if kind == "cost" else 1))]
        return [(ballot, worth) for ballot, worth in found if worth]

    def price(self, name, backers, money):
        """Le prix d'une unité de satisfaction quand ces bulletins paient le projet, ou None."""
        due = self.cost[name]
        weight = sum(worth * self.ballots[ballot][2] for ballot, worth in backers)
        for ballot, worth in sorted(backers, key=lambda backer: money[backer[0]] / backer[1]):
            if money[ballot] * weight >= due * worth:
                return Fraction(due) / weight
            due -= money[ballot] * self.ballots[ballot][2]  # il donne tout, les autres le reste
            weight -= worth * self.ballots[ballot][2]
        return None

    def phragmen(self):
        """Chacun gagne de l'argent au même rythme. Un projet s'achète à l'instant où ceux qui l'ont
        choisi peuvent le payer ; ils y laissent tout. Si lui ou un ex æquo ne tient plus dans le
        reste, on s'arrête, ou on l'écarte si la règle est de passer. Un projet plus cher que toute
        l'enveloppe ne concourt pas."""
        emptied, won, left = [Fraction(0)] * len(self.ballots), [], self.budget
        names = [name for name in self.ranking() if self.votes[name]]
        names = [name for name in names if self.cost[name] <= self.budget]
        while names:
            instants = {}
            for name in names:
                saved = sum(
                    emptied[ballot] * number
                    for ballot, (choices, _, number) in enumerate(self.ballots)
                    if name in choices
                )
                instants[name] = (self.cost[name] + saved) / Fraction(self.votes[name])
            first = min(instants.values())
            tied = [name for name in names if instants[name] == first]
            too_dear = {name for name in tied if self.cost[name] > left}
            if too_dear and self.options.get("on_misfit", "stop") == "stop":
                break
            if too_dear:
                names = [name for name in names if name not in too_dear]
                continue
            chosen = min(tied, key=self.tie)
            for ballot, (choices, _, _) in enumerate(self.ballots):
                if chosen in choices:
                    emptied[ballot] = first
            won.append(chosen)
            left -= self.cost[chosen]
            names.remove(chosen)
        return won


# ── 5. Le récit ───────────────────────────────────────────────────────────────────────────────────


def pabutools(options, folder):
    """Les deux lignes qui recomptent avec une bibliothèque tierce, quand elle connaît la règle."""
    if options.get("group_budgets") or options.get("on_misfit") == "stop":
        return "pabutools ne connaît ni les enveloppes par groupe ni l'arrêt au premier trop cher."
    sat = "Cardinality_Sat" if options.get("satisfaction") == "cardinality" else "Cost_Sat"
    calls = {
        "greedy": "greedy_utilitarian_welfare(e, v, sat_class=Cost_Sat)",
        "equal_shares": f"method_of_equal_shares(e, v, {sat}, voter_budget_increment=1)",
        "phragmen": "sequential_phragmen(e, v)",
    }
    return (
        f"from pabutools.election import *; from pabutools.rules import *\n"
        f'e, v = parse_pabulib("{folder}/scrutin.pb"); print({calls[options["rule"]]})'
    )


def main():
    parser = argparse.ArgumentParser(description="Vérifier et recompter un vote publié.")
    parser.add_argument("dossier", help="dossier de la publication")
    parser.add_argument("--bulletin", metavar="CODE", help="montrer ce que contient ce bulletin")
    parser.add_argument("--cle", metavar="EMPREINTE", help="clé attendue, ou son empreinte")
    parser.add_argument("--pabutools", action="store_true", help="écrire les lignes de recompte")
    asked = parser.parse_args()
    broken = (Unsound, OSError, ValueError, LookupError, TypeError, AttributeError)
    try:
        publication = Publication(asked.dossier)
    except broken as problem:
        print(f"✗ Dossier illisible : {problem}")
        return 1
    checks = {
        "Fichiers": publication.check_files,
        "Signature": lambda: publication.check_signature(asked.cle),
        "Lecture": publication.read,
        "Journal": publication.check_journal,
        "Têtes": publication.check_heads,
        "Règle": publication.check_rule,
        "Urne": publication.check_box,
        "Comptage": publication.check_count,
    }
    if asked.bulletin:
        checks["Bulletin"] = lambda: publication.ballot(asked.bulletin)
    failed = 0
    for title, check in checks.items():
        try:
            print(f"✓ {title} : {check()}", flush=True)
        except broken as problem:
            failed += 1
            print(f"✗ {title} : {problem}", flush=True)
    if failed:
        print(f"\n{failed} contrôle(s) en échec : ne tenez pas cette publication pour exacte.")
        return 1
    if asked.pabutools:
        print("\n" + pabutools(publication.options, asked.dossier))
    print("\nTout concorde.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
