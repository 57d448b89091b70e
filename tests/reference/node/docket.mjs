// Cases against a party, with their clocks: docs/spec/lifecycle.md, section 6.
// A case is known by what it is about: a text of `thingsOf`, "" for the party as a whole, or REVIEW.

export const REVIEW = "derogation-refused";
export const STANDING = ["determined", "final"];
const TRIED = ["queried", "answered", "ripe"];
const OPEN = [...TRIED, "determined", "appealed", "final"];
const READY = ["answered", "ripe", "appealed"];
const WEIGHTS = ["unsupported", "unresolved", "plausible", "confirmed"];

// 6.10
const MOVES = {
  found: [[["not-opened"], "queried"]],
  charged: [[["not-opened", "closed"], "queried"]],
  overdue: [[["not-opened", "closed"], "queried"]],
  proven: [[["not-opened"], "ripe"]],
  executed: [[["not-opened", ...TRIED, "determined", "appealed"], "final"]],
  answered: [[["queried"], "answered"]],
  lapsed: [[["queried"], "ripe"], [["determined", "appealed"], "final"]],
  breached: [[["answered", "ripe"], "determined"], [["appealed"], "final"]],
  refused: [[["not-opened", "closed", ...TRIED], "determined"], [["appealed"], "final"]],
  appealed: [[["determined"], "appealed"]],
  cleared: [[OPEN, "closed"]],
  withdrawn: [[TRIED, "not-opened"]],
};

const weight = (grade) => WEIGHTS.indexOf(grade);

export class Docket {
  constructor({ adjudicator, schedule, clauses }) {
    this.clarify = 1 + Math.ceil(adjudicator.clarification_s / schedule.period_s); // 6.2
    this.appeal = adjudicator.appeal_periods;
    const dispute = clauses.find((item) => item.clause === "dispute");
    this.least = weight(dispute?.evidence ?? "unsupported");
    this.cases = new Map();
    this.isReady = new Set();
    this.moved = [];
    this.now = 0;
  }

  /** A cut is taken: clocks that have run, and what may be determined in it. */
  begin(period) {
    [this.now, this.moved] = [period, []];
    for (const each of this.cases.values()) if (this.hasRun(each)) this.sign(each.party, each.charge, "lapsed");
    const weighs = (each) => each.charge === REVIEW || weight(each.grade) >= this.least;
    const ready = [...this.cases.values()].filter((each) => READY.includes(each.stage) && weighs(each));
    this.isReady = new Set(ready.map(({ party, charge }) => `${party} ${charge}`));
  }

  hasRun({ stage, since }) {
    if (stage === "queried") return this.now >= since + this.clarify;
    return ["determined", "appealed"].includes(stage) && this.now > since + this.appeal;
  }

  all(party) {
    return [...this.cases.values()].filter((each) => each.party === party);
  }

  open(party) {
    return this.all(party).filter((each) => OPEN.includes(each.stage));
  }

  isOpen(party, charge) {
    return OPEN.includes(this.cases.get(`${party} ${charge}`)?.stage);
  }

  /** 6.7: the parties of whom this cut shows a new breach. */
  foundInBreach() {
    const past = [...STANDING, "appealed"];
    const found = this.moved.filter(({ before, after }) => STANDING.includes(after.stage) && !past.includes(before));
    return new Set(found.map(({ after }) => after.party));
  }

  /** 6.7, 6.8: what this cut closes, opens no longer, or lets the panel hear anew. */
  past() {
    const gone = this.moved.filter(({ after }) => ["not-opened", "closed", "appealed"].includes(after.stage));
    return gone.map(({ after }) => `${after.party} ${after.charge}`);
  }

  within(...stages) {
    const found = [...this.cases.values()].filter((each) => stages.includes(each.stage));
    return new Set(found.map((each) => each.party));
  }

  ready(party, charges) {
    return charges.filter((charge) => this.isReady.has(`${party} ${charge}`));
  }

  /** 6.3: what was found of its period in an earlier cut. */
  answer(party, due) {
    for (const { charge, since } of this.all(party)) {
      const isOfIt = /^F\w+ \d+$/.test(charge) && charge.endsWith(` ${due}`);
      if (isOfIt && since < this.now) this.sign(party, charge, "answered");
    }
  }

  /** 6.1, 6.5: what a verified appraisal finds of its lab, as [grade, things]. */
  find(party, found) {
    const things = new Set(found.flatMap(([, about]) => about));
    for (const [grade, about] of found) {
      const sign = grade === "confirmed" ? "proven" : "found";
      for (const charge of about) this.sign(party, charge, sign, { grade });
    }
    for (const { charge, grade } of this.all(party)) {
      if (grade !== "unsupported" && !things.has(charge)) this.sign(party, charge, "withdrawn");
    }
  }

  /** 6.8: whether an appeal came in time. */
  appealed(party, about) {
    const found = this.all(party).filter((each) => each.stage === "determined" && each.matter === about);
    for (const { charge } of found) this.sign(party, charge, "appealed");
    return found.length > 0;
  }

  sign(party, charge, sign, { grade = "unsupported", matter = null } = {}) {
    const key = `${party} ${charge}`;
    const none = { party, charge, stage: "not-opened", since: this.now, grade: "unsupported", matter: null };
    const before = this.cases.get(key) ?? none;
    const best = weight(grade) > weight(before.grade) ? grade : before.grade;
    const end = MOVES[sign].find(([from]) => from.includes(before.stage))?.[1];
    if (end === undefined) {
      if (this.cases.has(key)) this.cases.set(key, { ...before, grade: best });
      return;
    }
    const after = { ...before, stage: end, since: this.now, grade: end === "not-opened" ? "unsupported" : best };
    if (end === "determined") {
      after.matter = matter;
      if (this.appeal === 0) after.stage = "final"; // 6.8
    }
    this.cases.set(key, after);
    this.moved.push({ before: before.stage, after });
  }
}
