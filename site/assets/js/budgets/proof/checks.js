// The checks of a publication, one by one: each gives what it found, or throws.
import { COUNTED_RULES, Count } from "./counting.js";
import { bytes, canonical, cents, election, hex, hexLine, json, rows, sha256, unhex } from "./reading.js";

export const CONTENT = [
  "scrutin.pb",
  "result.json",
  "options.json",
  "journal.csv",
  "heads.json",
  "void.csv",
  "roll.json",
  "signing-key.txt",
  "recompte.py",
];
export const NAMES = [...CONTENT, "manifest.json", "manifest.sig"];

// Thrown by a check that this browser, or this page, cannot make; `reason` names a sentence.
export class Skipped extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

const PAPER = /^P-[0-9]+-[0-9]+$/;
const KINDS = "open cast recast cancel paper unmark close count recount destroy".split(" ");
const SMALLEST_CELL = 20;

function need(condition, why) {
  if (!condition) throw new Error(why);
}

async function isSigned(key, signature, message) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch (error) {
    // A key of 32 bytes that is no point is refused as such; else the browser lacks the algorithm.
    if (error.name === "DataError") return false;
    throw new Skipped("no_signatures");
  }
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

export class Publication {
  constructor(files) {
    this.files = files;
    this.kept = new Map();
  }

  // Read a file once, whatever the number of checks that need it.
  read(name, how) {
    if (!this.kept.has(name)) this.kept.set(name, how(this.files.get(name)));
    return this.kept.get(name);
  }

  get manifest() {
    return this.read("manifest.json", json);
  }
  get options() {
    return this.read("options.json", json);
  }
  get result() {
    return this.read("result.json", json);
  }
  get roll() {
    return this.read("roll.json", json);
  }
  get heads() {
    return this.read("heads.json", json);
  }
  get journal() {
    return this.read("journal.csv", rows).slice(1);
  }
  get void() {
    return this.read("void.csv", rows).slice(1);
  }
  get election() {
    return this.read("scrutin.pb", election);
  }
  get isImported() {
    return !this.options.public_key_sha256;
  }
  payloads(kind) {
    return this.journal.filter((row) => row[1] === kind).map((row) => row[2]);
  }

  async files_() {
    need(this.manifest.v === "parvis-manifest-v1", "version");
    const announced = Object.keys(this.manifest.files).sort();
    need(announced.join() === [...CONTENT].sort().join(), "names");
    for (const name of CONTENT)
      need((await sha256(this.files.get(name))) === this.manifest.files[name], name);
    return { files: CONTENT.length };
  }

  async signature() {
    const key = hexLine(this.files.get("signing-key.txt"), 64);
    const signature = hexLine(this.files.get("manifest.sig"), 128);
    need(await isSigned(key, signature, this.files.get("manifest.json")), "signature");
    return { key: hex(key) };
  }

  async chain() {
    if (this.isImported) {
      need(this.journal.length === 0, "journal");
      throw new Skipped("not_applicable");
    }
    let prev = "0".repeat(64);
    const seen = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
    for (const [place, row] of this.journal.entries()) {
      const [seq, kind, payload, before, digest] = row;
      const line = `parvis-journal-v1|${prev}|${this.manifest.poll}|${place + 1}|${kind}|${payload}`;
      need(row.length === 5 && seq === String(place + 1) && before === prev, `line ${place + 1}`);
      need(digest === (await sha256(line)), `line ${place + 1}`);
      need(KINDS.includes(kind) && (kind === "open") === (place === 0), `line ${place + 1}`);
      need(!seen.close || ["count", "recount", "destroy"].includes(kind), `line ${place + 1}`);
      need(!seen.destroy && (kind !== "recount" || seen.count === 1), `line ${place + 1}`);
      seen[kind] += 1;
      need(seen.cancel <= seen.cast && seen.unmark <= seen.paper, `line ${place + 1}`);
      prev = digest;
    }
    need(seen.close === 1 && seen.count === 1, "close");
    // A count after a judgment is in the journal, and its manifest names the one it replaces.
    const replaced = this.manifest.replaces;
    need(seen.recount === (replaced === undefined ? 0 : 1), "recount");
    need(replaced === undefined || /^[0-9a-f]{64}$/.test(replaced), "replaces");
    this.seen = seen;
    return { entries: this.journal.length };
  }

  async heads_() {
    if (this.isImported) {
      need(this.heads.length === 0, "heads");
      throw new Skipped("not_applicable");
    }
    const key = hexLine(this.files.get("signing-key.txt"), 64);
    const close = this.journal.findIndex((row) => row[1] === "close") + 1;
    for (const { day, head, seq, signature } of this.heads) {
      const said = canonical({ day, head, poll: this.manifest.poll, seq, v: "parvis-head-v1" });
      need(await isSigned(key, unhex(signature, 128), bytes(said)), day);
      need(this.journal[seq - 1]?.[4] === head, day);
    }
    need(this.heads.some(({ seq }) => close && seq >= close), "close");
    return { heads: this.heads.length };
  }

  async options_() {
    const digest = await sha256(this.files.get("options.json"));
    need(this.isImported || this.payloads("open").join() === digest, "open");
    const { options } = this;
    const stated = Object.fromEntries(options.projects.map((p) => [p.reference, p.cost_cents]));
    const listed = this.election.projects.map((p) => [p.project_id, cents(p.cost)]);
    need(canonical(stated) === canonical(Object.fromEntries(listed)), "projects");
    need(cents(this.election.meta.budget) === options.budget_cents, "budget");
    const drawn = await Promise.all(
      Object.keys(stated).map(async (name) => [name, await sha256(`${options.tie_seed}|${name}`)]),
    );
    drawn.sort((one, two) => (one[1] < two[1] ? -1 : 1));
    need(drawn.every(([name], place) => options.lot[name] === place + 1), "lot");
    return {};
  }

  async box() {
    const codes = this.election.votes.map((vote) => vote.voter_id);
    need(new Set(codes).size === codes.length, "twice");
    const all = [...codes, ...this.void.map(([code]) => code)];
    const paper = all.filter((code) => PAPER.test(code)).length;
    const web = all.length - paper;
    if (!this.isImported) {
      const count = (kind) => this.payloads(kind).length;
      need(count("cast") - count("cancel") === web, "web");
      need(count("paper") - count("unmark") >= paper, "paper");
    }
    return { web, paper, void: this.void.length };
  }

  async roll_() {
    const { roll } = this;
    need(roll.poll === this.manifest.poll, "poll");
    for (const cells of [roll.by_channel, roll.by_district]) {
      const sum = cells.reduce((total, cell) => total + cell.count, 0);
      need(!cells.length || sum === roll.voters, "sum");
      need(cells.every(({ count }) => count === 0 || count >= SMALLEST_CELL), "small");
    }
    if (!this.isImported) {
      const count = (kind) => this.payloads(kind).length;
      const voters = count("cast") - count("cancel") + count("paper") - count("unmark");
      need(voters === roll.voters, "voters");
    }
    return { voters: roll.voters };
  }

  get count() {
    this.counted ??= new Count(this.options, this.election.votes);
    return this.counted;
  }

  async inputs() {
    const digest = await this.count.digest();
    need(digest === this.result.input_sha256, "result");
    const counted = this.payloads("recount").length ? "recount" : "count";
    need(this.isImported || this.payloads(counted).join() === digest, "journal");
    return {};
  }

  async recount() {
    if (!COUNTED_RULES.includes(this.options.rule)) throw new Skipped("no_recount");
    const winners = await this.count.winners();
    need(canonical(winners) === canonical(this.result.winners), "winners");
    need(canonical(this.count.votes()) === canonical(this.result.votes), "votes");
    return { winners: winners.length };
  }

  // The checks by the code of the page, in their order.
  get checks() {
    return {
      files: () => this.files_(),
      signature: () => this.signature(),
      chain: () => this.chain(),
      heads: () => this.heads_(),
      options: () => this.options_(),
      box: () => this.box(),
      roll: () => this.roll_(),
      inputs: () => this.inputs(),
      recount: () => this.recount(),
    };
  }
}
