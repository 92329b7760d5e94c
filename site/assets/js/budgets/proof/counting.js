// Count again by the frozen rule: whole numbers only, no rounding anywhere.
import { canonical, compare, compareLists, sha256 } from "./reading.js";
import { equalShares, phragmen } from "./sharing.js";

export const COUNTED_RULES = ["greedy", "equal_shares", "phragmen"];

const split = (cell) => (cell ? cell.split(",") : []);

export class Count {
  constructor(options, votes) {
    this.options = options;
    this.budget = options.budget_cents;
    this.voters = votes.length;
    const grouped = options.group_budgets || options.minimum_winners;
    this.projects = new Map(
      options.projects.map((item) => [
        item.reference,
        { cost: item.cost_cents, group: grouped ? item.group : null, votes: 0, points: 0 },
      ]),
    );
    this.ballots = this.merged(votes);
    for (const [choices, points, number] of this.ballots) {
      choices.forEach((name, place) => {
        const project = this.projects.get(name);
        project.votes += number;
        if (points) project.points += points[place] * number;
      });
    }
    this.measure = options.measure === "points" ? "points" : "votes";
  }

  // Ballots that say the same are one, with their number; in an order that tells nothing.
  merged(votes) {
    const found = new Map();
    for (const vote of votes) {
      const form = this.normal(split(vote.vote), split(vote.points));
      const key = canonical(form);
      const known = found.get(key);
      if (known) known[2] += 1;
      else found.set(key, [...form, 1]);
    }
    return [...found.values()].sort(
      (one, two) =>
        compareLists(one[0], two[0], compare) ||
        compareLists(one[1] ?? [], two[1] ?? [], (left, right) => left - right),
    );
  }

  normal(choices, points) {
    const strange = choices.some((name) => !this.projects.has(name));
    if (strange || new Set(choices).size !== choices.length) throw new Error("ballot");
    if (!choices.length) return [[], null];
    if (this.options.ballot_kind === "ordinal")
      return [choices, this.options.rank_scores.slice(0, choices.length)];
    if (!points.length) return [[...choices].sort(compare), null];
    if (points.length !== choices.length) throw new Error("points");
    const pairs = choices.map((name, place) => [name, Number(points[place])]);
    pairs.sort((one, two) => compare(one[0], two[0]));
    return [pairs.map(([name]) => name), pairs.map(([, given]) => given)];
  }

  digest() {
    const candidates = [...this.projects]
      .map(([name, { cost, group }]) => [name, cost, group])
      .sort((one, two) => compare(one[0], two[0]));
    return sha256(canonical({ ballots: this.ballots, budget: this.budget, candidates }));
  }

  votes() {
    return Object.fromEntries([...this.projects].map(([name, { votes }]) => [name, votes]));
  }

  hasSupport(name) {
    const { options } = this;
    const { votes, points, cost } = this.projects.get(name);
    const [share, whole] = (options.minimum_share ?? [0, 1]).map(BigInt);
    const [times, unit] = (options.minimum_cost_share ?? [0, 1]).map(BigInt);
    const all = BigInt(this.voters);
    return (
      votes >= (options.minimum_votes ?? 1) &&
      BigInt(votes) * whole >= share * all &&
      BigInt(votes) * unit * BigInt(this.budget) >= times * BigInt(cost) * all &&
      (this.measure === "votes" || points >= (options.minimum_points ?? 0))
    );
  }

  // What decides between two projects with the same result; the lowest is before.
  ties(name) {
    const { votes, points, cost } = this.projects.get(name);
    const criteria = {
      higher_votes: -votes,
      higher_points: -points,
      lower_cost: cost,
      higher_cost: -cost,
      lot: this.options.lot[name],
    };
    return this.options.tie_chain.map((criterion) => criteria[criterion]);
  }

  isBefore(one, two) {
    return compareLists(this.ties(one), this.ties(two), (left, right) => left - right) < 0;
  }

  orderedBy(measure, names) {
    return names
      .map((name) => [name, [-this.projects.get(name)[measure], ...this.ties(name)]])
      .sort((one, two) => compareLists(one[1], two[1], (left, right) => left - right))
      .map(([name]) => name);
  }

  // The names that may win, from the best to the last.
  ranking() {
    const names = [...this.projects.keys()].filter((name) => this.hasSupport(name));
    return this.orderedBy(this.measure, names);
  }

  async winners() {
    if (this.options.rule === "greedy") return this.mostVotedFirst();
    if (this.options.group_budgets) return this.byEnvelope();
    return this.options.rule === "phragmen" ? phragmen(this) : equalShares(this);
  }

  // Each envelope is an election: its projects, its money and the ballots that name one of them. What
  // is put in common is one more, of all the ballots.
  async byEnvelope() {
    const { group_budgets: envelopes, remainder } = this.options;
    const won = [];
    for (const [group, money] of envelopes) {
      const isThere = (name) => this.projects.get(name).group === group;
      won.push(...(await this.part(isThere, money, (choices) => choices.length > 0).winners()));
    }
    if (remainder === "pooled") {
      const left = won.reduce((sum, name) => sum - this.projects.get(name).cost, this.budget);
      const isOut = (name) => !won.includes(name);
      won.push(...(await this.part(isOut, left, () => true).winners()));
    }
    return won;
  }

  part(isThere, money, isKept) {
    const part = Object.assign(Object.create(Count.prototype), this);
    part.options = { ...this.options, group_budgets: null };
    part.budget = money;
    part.projects = new Map([...this.projects].filter(([name]) => money > 0 && isThere(name)));
    part.ballots = this.ballots
      .map(([choices, points, number]) => {
        const places = [...choices.keys()].filter((place) => isThere(choices[place]));
        const given = points && places.map((place) => points[place]);
        return [places.map((place) => choices[place]), given, number];
      })
      .filter(([choices]) => isKept(choices));
    part.voters = part.ballots.reduce((sum, [, , number]) => sum + number, 0);
    return part;
  }

  mostVotedFirst() {
    const { options } = this;
    const ranking = this.ranking();
    const won = [];
    const cost = (name) => this.projects.get(name).cost;
    const group = (name) => this.projects.get(name).group;
    const left = () => this.budget - won.reduce((sum, name) => sum + cost(name), 0);
    const excluded = (name) =>
      (options.exclusive ?? []).some(
        (rivals) => rivals.includes(name) && rivals.some((rival) => won.includes(rival)),
      );

    const spend = (money, misfit, names, lacking = null) => {
      for (const name of names) {
        const closed = lacking !== null && (lacking.get(group(name)) ?? 0) <= 0;
        if (won.includes(name) || closed || excluded(name)) continue;
        if (cost(name) <= money) {
          won.push(name);
          money -= cost(name);
          lacking?.set(group(name), lacking.get(group(name)) - 1);
        } else if (misfit === "stop") return;
      }
    };

    const guarantee = () => {
      const lacking = new Map(Object.entries(options.minimum_winners ?? {}));
      for (const name of won)
        if (lacking.has(group(name))) lacking.set(group(name), lacking.get(group(name)) - 1);
      spend(left(), "skip", ranking, lacking);
    };

    if (!options.group_budgets) {
      guarantee();
      spend(left(), options.on_misfit, ranking);
      return won;
    }
    for (const [name, money] of options.group_budgets)
      spend(money, options.on_misfit, ranking.filter((each) => group(each) === name));
    if (options.remainder === "pooled") {
      guarantee();
      spend(left(), options.remainder_on_misfit || options.on_misfit, ranking);
    }
    return won;
  }
}
