// Equal shares and Phragmén, in whole numbers of any length: nothing is rounded.
// A fraction is a pair [numerator, denominator], the denominator above zero and not reduced.

const less = ([a, b], [c, d]) => a * d < c * b;

const gcd = (one, other) => {
  while (other) [one, other] = [other, one % other];
  return one;
};

// A long count lets the page answer, some twenty times a second.
let lastBreath = 0;
const breathe = async () => {
  if (performance.now() - lastBreath < 50) return;
  await new Promise((resolve) => setTimeout(resolve));
  lastBreath = performance.now();
};

// What voters have left. Those who paid the same hold the same: one purse for all of them.
class Purses {
  constructor(groups, [amount, denominator]) {
    this.of = new Array(groups).fill(0);
    // An empty purse is null; the others keep the denominator of their last payment.
    this.held = [amount ? [amount, denominator] : null];
    this.denominator = denominator;
  }

  // Backers of a project with as much money and as many units, by a number of ours.
  holders(backers) {
    const found = new Map();
    for (const { group, unit, voters } of backers) {
      const purse = this.of[group];
      if (this.held[purse] === null) continue;
      const key = purse * 65536 + unit;
      const known = found.get(key);
      if (known) known.voters += voters;
      else found.set(key, { purse, unit: BigInt(unit), voters });
    }
    for (const holder of found.values()) {
      const [amount, denominator] = this.held[holder.purse];
      holder.money = amount * (this.denominator / denominator);
      holder.voters = BigInt(holder.voters);
    }
    return found;
  }

  // What is due for each unit, as [amount, units]: amount ÷ (denominator × units). From the poorest
  // on, who cannot pay as much as the others gives everything; null when they cannot pay together.
  price(backers, cost) {
    const ranked = [...this.holders(backers).values()];
    ranked.sort((one, two) => {
      const difference = one.money * two.unit - two.money * one.unit;
      return difference < 0n ? -1 : Number(difference > 0n);
    });
    let due = BigInt(cost) * this.denominator;
    let units = ranked.reduce((sum, { unit, voters }) => sum + unit * voters, 0n);
    for (const { money, unit, voters } of ranked) {
      if (money * units >= due * unit) return [due, units];
      due -= money * voters;
      units -= unit * voters;
    }
    return null;
  }

  pay(backers, [due, units]) {
    const shared = gcd(units, due % units);
    const finer = units / shared;
    const each = due / shared;
    const denominator = this.denominator * finer;
    const moved = new Map();
    for (const [key, { money, unit }] of this.holders(backers)) {
      const left = money * finer - each * unit;
      moved.set(key, this.held.length);
      this.held.push(left > 0n ? [left, denominator] : null);
    }
    for (const { group, unit } of backers) {
      const after = moved.get(this.of[group] * 65536 + unit);
      if (after !== undefined) this.of[group] = after;
    }
    this.denominator = denominator;
  }
}

// The groups of ballots that choose each project; `unit` is 1, or the points of one ballot.
const backersOf = (count, withPoints) => {
  const found = new Map([...count.projects.keys()].map((name) => [name, []]));
  count.ballots.forEach(([choices, points, voters], group) => {
    choices.forEach((name, place) => {
      const unit = withPoints ? (points?.[place] ?? 1) : 1;
      if (unit) found.get(name)?.push({ group, unit, voters });
    });
  });
  return found;
};

// One count: everybody has the same share, and the project that costs its backers least for what it
// is worth to them is bought first.
const bought = async (count, share, names, backers) => {
  const cost = (name) => count.projects.get(name).cost;
  const scale = (name) => (count.options.satisfaction === "cost" ? BigInt(cost(name)) : 1n);
  const purses = new Purses(count.ballots.length, share);
  const won = [];
  // A price only rises: those whose last one is above the lowest need no other look.
  let waiting = names.map((name) => ({ name, price: [0n, 1n] }));
  while (waiting.length) {
    await breathe();
    waiting.sort((one, two) =>
      less(one.price, two.price) ? -1 : Number(less(two.price, one.price)),
    );
    let lowest = null;
    let tied = [];
    for (const candidate of waiting) {
      if (lowest && less(lowest, candidate.price)) break;
      candidate.due = purses.price(backers.get(candidate.name), cost(candidate.name));
      if (!candidate.due) continue;
      const [due, units] = candidate.due;
      candidate.price = [due, purses.denominator * units * scale(candidate.name)];
      if (!lowest || less(candidate.price, lowest)) [lowest, tied] = [candidate.price, []];
      if (!less(lowest, candidate.price)) tied.push(candidate);
    }
    if (tied.length) {
      const chosen = tied.reduce((one, two) => (count.isBefore(two.name, one.name) ? two : one));
      purses.pay(backers.get(chosen.name), chosen.due);
      won.push(chosen.name);
      chosen.due = null;
    }
    waiting = waiting.filter(({ due }) => due !== null);
  }
  return won;
};

export const equalShares = async (count) => {
  const { options, budget, voters } = count;
  const cost = (name) => count.projects.get(name).cost;
  const spent = (won) => won.reduce((sum, name) => sum + cost(name), 0);
  const [support, of] = `${options.minimum_support ?? 0}/1`.split("/").map(BigInt);
  const names = count.ranking().filter((name) => {
    const votes = BigInt(count.projects.get(name).votes);
    const asked = support * BigInt(cost(name)) * BigInt(voters);
    return (
      votes * BigInt(budget) * of >= asked &&
      (cost(name) <= budget || options.over_budget !== "excluded")
    );
  });
  const backers = backersOf(count, options.satisfaction === "points");

  // The best ranked that still fit in the money are added.
  const fill = (won, order = names) => {
    const all = [...won];
    for (const name of order)
      if (!all.includes(name) && cost(name) <= budget - spent(all)) all.push(name);
    return all;
  };

  const increment = BigInt(options.increment ?? 100);
  const parts = BigInt(voters || 1);
  let share = [BigInt(budget), parts];
  if (options.start === "floor") share = [(BigInt(budget) / parts / increment) * increment, 1n];
  const raised = ([amount, denominator]) => [amount + increment * denominator, denominator];
  const isRaised = ["add1", "add1u"].includes(options.completion);

  // Whether an outcome with that share surely calls for another: all that could be bought with it,
  // and the cheapest of the others besides, cost no more than the budget.
  const goesOn = (shared) => {
    const isWithin = (name) => {
      const people = backers.get(name).reduce((sum, each) => sum + each.voters, 0);
      return !less([BigInt(people) * shared[0], shared[1]], [BigInt(cost(name)), 1n]);
    };
    const others = names.filter((name) => !isWithin(name)).map(cost);
    const within = spent(names.filter(isWithin));
    return others.length > 0 && within + Math.min(...others) <= budget;
  };
  while (isRaised && goesOn(raised(share))) share = raised(share);

  let won = await bought(count, share, names, backers);
  const untilFull =
    options.stops_when_exhaustive ?? (options.add1_stop ?? "exhaustive") === "exhaustive";
  while (isRaised && won.length < names.length) {
    if (untilFull && fill(won).length === won.length) break;
    share = raised(share);
    const more = await bought(count, share, names, backers);
    if (spent(more) > budget) break;
    won = more;
  }
  if (["add1u", "greedy"].includes(options.completion)) won = fill(won);
  if (options.comparison !== "greedy") return won;
  const byVotes = count.orderedBy("votes", names);
  return preferred(count, won, fill([], byVotes), backers);
};

// The outcome that more voters prefer; the first when they are as many.
const preferred = (count, one, other, backers) => {
  const gains = new Map();
  const add = (name, sign) => {
    const worth = count.options.satisfaction === "cost" ? count.projects.get(name).cost : 1;
    for (const { group, unit } of backers.get(name))
      gains.set(group, (gains.get(group) ?? 0) + sign * worth * unit);
  };
  for (const name of other) add(name, 1);
  for (const name of one) add(name, -1);
  let balance = 0;
  for (const [group, gain] of gains) balance += Math.sign(gain) * count.ballots[group][2];
  return balance > 0 ? other : one;
};

// All voters save at the same pace; a project is bought as soon as its backers have its cost, and
// they are left with nothing. What they had saved then is their load.
export const phragmen = async (count) => {
  const { options } = count;
  const project = (name) => count.projects.get(name);
  const backers = backersOf(count, false);
  let names = count
    .ranking()
    .filter((name) => project(name).votes && project(name).cost <= count.budget);
  let left = count.budget;
  // Voters are told apart by the last purchase that they bear; before any, it is number 0.
  const last = new Array(count.ballots.length).fill(0);
  let loads = [0n];
  let denominator = 1n;
  const won = [];
  const loadOf = (name) => {
    let total = BigInt(project(name).cost) * denominator;
    for (const { group, voters } of backers.get(name)) {
      const load = loads[last[group]];
      if (load) total += load * BigInt(voters);
    }
    return [total, BigInt(project(name).votes)];
  };
  while (names.length) {
    await breathe();
    const found = names.map((name) => [name, loadOf(name)]);
    const [, lightest] = found.reduce((one, two) => (less(two[1], one[1]) ? two : one));
    const tied = found.filter(([, load]) => !less(lightest, load)).map(([name]) => name);
    const tooDear = tied.filter((name) => project(name).cost > left);
    if (tooDear.length) {
      if ((options.on_misfit ?? "stop") === "stop") break;
      names = names.filter((name) => !tooDear.includes(name));
      continue;
    }
    const chosen = tied.reduce((one, two) => (count.isBefore(two, one) ? two : one));
    const [total, voters] = lightest;
    const shared = gcd(voters, total % voters);
    loads = loads.map((load) => load * (voters / shared));
    denominator *= voters / shared;
    loads.push(total / shared);
    for (const { group } of backers.get(chosen)) last[group] = loads.length - 1;
    won.push(chosen);
    left -= project(chosen).cost;
    names = names.filter((name) => name !== chosen);
  }
  return won;
};
