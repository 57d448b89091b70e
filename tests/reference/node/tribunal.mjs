// What has been found of each party: docs/spec/lifecycle.md, section 4.

import { writeText } from "./bytes.mjs";

const DOUBTFUL = ["discrepancy", "not-demonstrated", "breach-proven"];
const BREACHES = ["non-compliant", "derogation-refused"];
const CLEARS = ["no-breach", "excuse-accepted", "derogation-upheld", "restored"];
const ENDS = ["no-breach", "restored"];

const confirmed = (appraisal) =>
  appraisal.findings.filter((each) => each.grade === "confirmed" && each.accused === appraisal.lab);

/** What there is to excuse: each finding by its bundle, or a status that rests on none. */
function mattersOf({ findings, status }) {
  const found = findings.filter((each) => each.grade !== "unsupported").map((each) => each.bundle);
  return found.length ? found : [status];
}

export class Tribunal {
  constructor(register) {
    this.adjudicator = register.agreement.adjudicator;
    this.k = register.k;
    this.said = new Map();
    this.verified = new Map();
    this.words = new Map();
    this.recused = new Set();
    this.decided = new Map();
    this.excused = new Map();
    this.executed = new Set();
    this.breached = new Set();
    this.ofAll = new Set();
    this.begin();
  }

  begin() {
    [this.fresh, this.news, this.freshFaults] = [[], new Map(), new Set()];
  }

  hear(by, kind, body) {
    if (kind === "appraisal") this.appraised(by, body);
    else if (kind === "recusal") this.recused.add(`${by} ${body.party}`);
    else if (this.adjudicator.panel.includes(by)) {
      const { party, about, outcome } = body;
      this.words.set(`${by} ${party} ${about}`, { by, party, matter: `${party} ${about}`, outcome });
    }
  }

  // 4.1
  appraised(by, body) {
    const key = writeText(body);
    if (!this.said.has(key)) this.said.set(key, new Set());
    const saidBy = this.said.get(key).add(by);
    const held = this.verified.get(body.lab);
    const later =
      held === undefined ||
      held.period < body.period ||
      (held.period === body.period && held.view < body.view);
    if (saidBy.size < this.k || !later) return;
    this.verified.set(body.lab, body);
    this.news.set(body.lab, body);
  }

  // 4.3, 4.4
  close() {
    const votes = new Map();
    for (const { by, party, matter, outcome } of this.words.values()) {
      if (party !== "" && this.recused.has(`${by} ${party}`)) continue;
      const key = `${matter} ${outcome}`;
      const vote = votes.get(key) ?? { party, matter, outcome, count: 0 };
      vote.count += 1;
      votes.set(key, vote);
    }
    for (const { party, matter, outcome, count } of votes.values()) {
      if (count < this.adjudicator.quorum || this.decided.get(matter) === outcome) continue;
      this.decided.set(matter, outcome);
      this.fresh.push({ party, outcome });
      this.follow(party, outcome);
    }
    for (const [party, appraisal] of this.news) {
      for (const { fault, bundle } of confirmed(appraisal)) {
        if (!this.adjudicator.self_executing.includes(fault) || this.executed.has(bundle)) continue;
        this.executed.add(bundle);
        this.freshFaults.add(party);
        this.breached.add(party);
      }
    }
  }

  follow(party, outcome) {
    if (party === "") {
      this.ofAll.add(outcome);
    } else if (BREACHES.includes(outcome)) {
      this.breached.add(party);
    } else if (CLEARS.includes(outcome)) {
      const appraisal = this.verified.get(party);
      if (appraisal !== undefined) {
        const excused = this.excused.get(party) ?? new Set();
        for (const matter of mattersOf(appraisal)) excused.add(matter);
        this.excused.set(party, excused);
      }
      if (ENDS.includes(outcome)) this.breached.delete(party);
    }
  }

  turn() {
    this.ofAll.clear();
    for (const [key, { party }] of [...this.words]) if (party === "") this.words.delete(key);
    for (const matter of [...this.decided.keys()]) if (matter.startsWith(" ")) this.decided.delete(matter);
  }

  signs(party) {
    const found = new Set();
    for (const { outcome } of this.fresh.filter((each) => each.party === party)) {
      if (BREACHES.includes(outcome)) found.add("breached");
      else if (ENDS.includes(outcome)) found.add("restored");
    }
    if (this.freshFaults.has(party)) found.add("breached");
    const appraisal = this.verified.get(party);
    if (appraisal !== undefined) {
      const doubt = DOUBTFUL.includes(appraisal.status) && !this.isExcused(appraisal);
      found.add(doubt ? "doubted" : "cleared");
    }
    return found;
  }

  isExcused(appraisal) {
    const excused = this.excused.get(appraisal.lab) ?? new Set();
    return mattersOf(appraisal).every((matter) => excused.has(matter));
  }

  /** Why a lifted agreement may come back; all faults count where none are named. */
  grounds(faults) {
    const found = new Set([...this.breached].map((party) => `${party} non-compliant`));
    for (const appraisal of this.verified.values()) {
      for (const { fault, bundle } of confirmed(appraisal)) {
        if (faults === null || faults.includes(fault)) found.add(`${appraisal.lab} ${bundle}`);
      }
    }
    return found;
  }
}
