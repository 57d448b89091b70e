// What has been found of each party: docs/spec/lifecycle.md, section 4.

import { writeText } from "./bytes.mjs";

const DOUBTFUL = ["discrepancy", "not-demonstrated", "breach-proven"];
const BREACHES = ["non-compliant", "derogation-refused"];
const CLEARS = ["no-breach", "excuse-accepted", "derogation-upheld", "restored"];
const ENDS = ["no-breach", "restored"];
const WHOLE = ""; // a breach of no finding by name

const confirmed = (appraisal) =>
  appraisal.findings.filter((each) => each.grade === "confirmed" && each.accused === appraisal.lab);
const open = (appraisal) => appraisal.findings.filter((each) => each.grade !== "unsupported");
const isAfter = (one, other) =>
  one.period > other.period || (one.period === other.period && one.view > other.view);

/** 4.5: what a finding of a lab is about. */
function thingsOf({ fault, accused, periods, bundle }, lab) {
  if (accused !== lab) return [`of ${accused}`];
  return periods.length ? periods.map((period) => `${fault} ${period}`) : [`by ${bundle}`];
}

/** A set in a map, made where it is not there yet. */
function setIn(map, key, empty = () => new Set()) {
  if (!map.has(key)) map.set(key, empty());
  return map.get(key);
}

export class Tribunal {
  constructor(register) {
    this.adjudicator = register.agreement.adjudicator;
    this.register = register;
    this.said = new Map();
    this.verified = new Map();
    this.words = new Map();
    this.recused = new Set();
    this.decided = new Map();
    this.excused = new Map();
    this.excusedUntil = new Map();
    this.found = new Map();
    this.breaches = new Map();
    this.executed = new Map();
    this.ofAll = new Set();
    this.begin();
  }

  begin() {
    [this.fresh, this.news, this.freshFaults, this.touched] = [[], new Map(), new Set(), new Map()];
  }

  hear(by, kind, body) {
    if (kind === "appraisal") this.appraised(by, body);
    else if (kind === "recusal") this.recused.add(`${by} ${body.party}`);
    else if (this.adjudicator.panel.includes(by) && !this.recused.has(`${by} ${body.party}`)) {
      this.word(by, body);
    }
  }

  // 4.1
  appraised(by, body) {
    const { lab } = body;
    const held = this.verified.get(lab);
    if (held !== undefined && !isAfter(body, held)) return;
    const said = setIn(this.said, lab, () => new Map());
    const { by: saidBy } = setIn(said, writeText(body), () => ({ body, by: new Set() }));
    const { k, verifiers } = this.register.under(body.period); // register 3.7
    saidBy.add(by);
    if ([...saidBy].filter((name) => verifiers.includes(name)).length < k) return;
    this.verified.set(lab, body);
    this.news.set(lab, body);
    const found = setIn(this.found, lab, () => new Map());
    for (const each of body.findings) found.set(each.bundle, thingsOf(each, lab));
    for (const [key, each] of [...said]) if (!isAfter(each.body, body)) said.delete(key);
  }

  /** 4.4: a member's word; who says late what was decided already has joined that decision. */
  word(by, { party, about, outcome }) {
    const key = `${party} ${about}`;
    const words = setIn(this.words, key, () => new Map());
    const decided = this.decided.get(key);
    words.delete(by);
    if (decided?.outcome === outcome && !decided.by.has(by)) {
      decided.by.add(by);
      return;
    }
    words.set(by, outcome);
    this.touched.set(key, { party, about });
  }

  // 4.3, 4.4
  close() {
    for (const [key, { party, about }] of this.touched) {
      const outcome = this.decide(key, party);
      if (outcome !== null) this.fresh.push({ party, about, outcome });
    }
    // Breaches first, as their signs are: what is restored in the same cut is restored.
    const rank = ({ party, about, outcome }) => [CLEARS.includes(outcome) ? "1" : "0", outcome, party, about];
    this.fresh.sort((a, b) => {
      const [one, other] = [rank(a), rank(b)];
      const at = one.findIndex((part, place) => part !== other[place]);
      return at < 0 ? 0 : one[at] < other[at] ? -1 : 1;
    });
    for (const each of this.fresh) this.follow(each);
    for (const [party, appraisal] of this.news) {
      const executed = setIn(this.executed, party);
      for (const finding of confirmed(appraisal)) {
        const things = thingsOf(finding, party);
        if (!this.adjudicator.self_executing.includes(finding.fault)) continue;
        if (things.every((each) => executed.has(each))) continue;
        for (const each of things) {
          executed.add(each);
          setIn(this.breaches, party).add(each);
        }
        this.freshFaults.add(party);
      }
    }
  }

  /** What the panel has decided of a matter; null where fewer than its quorum, or two quorums. */
  decide(key, party) {
    const votes = new Map();
    const words = this.words.get(key);
    for (const [by, outcome] of words) {
      if (party !== "" && this.recused.has(`${by} ${party}`)) continue;
      setIn(votes, outcome).add(by);
    }
    const found = [...votes].filter(([, by]) => by.size >= this.adjudicator.quorum);
    if (found.length !== 1) return null;
    const [[outcome, by]] = found;
    this.decided.set(key, { outcome, by });
    words.clear();
    return outcome;
  }

  // 4.6
  follow({ party, about, outcome }) {
    if (party === "") {
      this.ofAll.add(outcome);
      return;
    }
    const known = about === "" ? undefined : this.found.get(party)?.get(about);
    const things = [about === "" ? WHOLE : `by ${about}`, ...(known ?? [])];
    const breaches = setIn(this.breaches, party);
    if (BREACHES.includes(outcome)) {
      for (const each of things) breaches.add(each);
    } else if (outcome === "excuse-accepted") {
      this.excuse(party, things, about === "");
    } else if (outcome === "no-breach") {
      const whole = about === "" || (known === undefined && !breaches.has(`by ${about}`));
      this.excuse(party, things, whole);
      if (whole) breaches.clear();
      else for (const each of things) breaches.delete(each);
    } else if (outcome === "restored") {
      this.excuse(party, things, true);
      breaches.clear();
    }
  }

  excuse(party, things, whole) {
    const excused = setIn(this.excused, party);
    for (const each of things) if (each !== WHOLE) excused.add(each);
    const appraisal = this.verified.get(party);
    if (!whole || appraisal === undefined) return;
    for (const each of open(appraisal)) for (const thing of thingsOf(each, party)) excused.add(thing);
    this.excusedUntil.set(party, appraisal.period);
  }

  turn() {
    this.ofAll.clear();
    for (const held of [this.words, this.decided]) {
      for (const key of [...held.keys()]) if (key.startsWith(" ")) held.delete(key);
    }
  }

  isBreached(party) {
    return (this.breaches.get(party)?.size ?? 0) > 0;
  }

  /** 3.6: those whose derogation is upheld, or who are restored, in this cut. */
  reviewed() {
    const ends = ["derogation-upheld", "restored"];
    return this.fresh.filter((each) => ends.includes(each.outcome)).map((each) => each.party);
  }

  signs(party) {
    const found = new Set();
    for (const { outcome } of this.fresh.filter((each) => each.party === party)) {
      if (BREACHES.includes(outcome)) found.add("breached");
      else if (ENDS.includes(outcome) && !this.isBreached(party)) found.add("restored");
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
    const { lab, period } = appraisal;
    const findings = open(appraisal);
    if (findings.length === 0) return period <= (this.excusedUntil.get(lab) ?? -1);
    const excused = this.excused.get(lab) ?? new Set();
    return findings.every(
      (each) =>
        excused.has(`by ${each.bundle}`) || thingsOf(each, lab).every((thing) => excused.has(thing)),
    );
  }

  /** Why a lifted agreement may come back; all faults count where none are named. */
  grounds(faults) {
    const breached = [...this.breaches.keys()].filter((party) => this.isBreached(party));
    const found = new Set(breached.map((party) => `${party} non-compliant`));
    for (const appraisal of this.verified.values()) {
      for (const finding of confirmed(appraisal)) {
        if (faults !== null && !faults.includes(finding.fault)) continue;
        for (const thing of thingsOf(finding, appraisal.lab)) found.add(`${appraisal.lab} ${thing}`);
      }
    }
    return found;
  }
}
