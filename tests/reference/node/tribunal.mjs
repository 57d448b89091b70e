// What has been found of each party: docs/spec/lifecycle.md, section 4.

import { writeText } from "./bytes.mjs";
import { Docket, REVIEW, STANDING } from "./docket.mjs";

const DOUBTFUL = ["discrepancy", "not-demonstrated", "breach-proven"];
const BREACHES = ["non-compliant", "derogation-refused"];
const REVIEWS = ["derogation-upheld", REVIEW];
const CLEARS = ["no-breach", "excuse-accepted", "derogation-upheld", "restored"];
const ENDS = ["no-breach", "restored"];
const WHOLE = ""; // a breach of no finding by name
const PROOFS = /^F(1|2|3|4|6|8a|8b|9|10|11)$/;

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
    this.docket = new Docket(register.agreement);
    this.overdue = new Map();
    this.ofAll = new Set();
  }

  begin(period) {
    this.accused = this.docket.within(...STANDING, "appealed");
    this.docket.begin(period);
    [this.fresh, this.news, this.touched, this.spoken] = [[], new Map(), new Map(), new Map()];
    [this.excuses, this.appeals, this.charged] = [[], [], []];
  }

  hear(by, kind, body) {
    if (kind === "appraisal") this.appraised(by, body);
    else if (kind === "recusal") this.recused.add(`${by} ${body.party}`);
    else if (kind === "excuse") this.excuses.push([by, body.due]);
    else if (kind === "appeal") this.appeals.push([by, body.about]);
    else if (this.adjudicator.panel.includes(by) && !this.recused.has(`${by} ${body.party}`)) {
      this.spoken.set(`${by} ${body.party} ${body.about}`, { by, body }); // 4.4: the latest counts
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
    const on = this.on({ party, about, outcome });
    if (on === null) return;
    words.set(by, { outcome, on });
    this.touched.set(key, { party, about });
  }

  /** 6.7: words that clear, said before the cut in which a breach comes to stand, are used up. */
  outdate() {
    const found = this.docket.foundInBreach();
    for (const [key, words] of this.words) {
      const [party] = key.split(" ");
      if (!found.has(party)) continue;
      for (const [by, { outcome }] of words) {
        if (CLEARS.includes(outcome) && !this.spoken.has(`${by} ${key}`)) words.delete(by);
      }
    }
  }

  /** 6.7: a word goes with the cases that it was said on, and where they are heard anew. */
  forget() {
    const past = new Set([...this.docket.past(), ...this.reviewed().map((party) => `${party} ${REVIEW}`)]);
    for (const [key, words] of past.size > 0 ? this.words : []) {
      const [party] = key.split(" ");
      for (const [by, word] of words) {
        const left = word.on.filter((charge) => !past.has(`${party} ${charge}`));
        if (word.on.length > 0 && left.length === 0) words.delete(by);
        else word.on = left;
      }
    }
  }

  /** 6.2, 6.4: on which cases a word counts, null where it does not count at all. */
  on({ party, about, outcome }) {
    if (party === "" || ![...BREACHES, ...REVIEWS].includes(outcome)) return [];
    if (REVIEWS.includes(outcome)) {
      const waits = this.reviewing.has(party) || this.docket.ready(party, [REVIEW]).length > 0;
      return waits ? [REVIEW] : null;
    }
    const charges = this.charges(party, about);
    const ready = this.docket.ready(party, charges);
    if (ready.length > 0) return ready;
    if (!charges.some((charge) => this.docket.isOpen(party, charge))) {
      for (const charge of charges) this.charged.push([party, charge]);
    }
    return null;
  }

  /** 6.4: what a word on a matter is on. */
  charges(party, about) {
    if (about !== "") return this.found.get(party)?.get(about) ?? [`by ${about}`];
    const open = this.docket.open(party).map((each) => each.charge);
    return open.length ? open : [WHOLE];
  }

  openCases(party, appraisal) {
    const ours = open(appraisal)
      .filter(({ accused, fault, grade }) => accused === party && !(PROOFS.test(fault) && grade === "plausible"))
      .map((each) => [each, thingsOf(each, party)]);
    this.docket.find(party, ours.map(([{ grade }, things]) => [grade, things]));
    for (const [{ fault, grade }, things] of ours) {
      if (grade !== "confirmed" || !this.adjudicator.self_executing.includes(fault)) continue;
      for (const charge of things) this.docket.sign(party, charge, "executed");
    }
  }

  // 4.3, 4.4
  close(reviewing) {
    this.reviewing = reviewing;
    // By what was open when the cut began: all of one cut is simultaneous.
    for (const { by, body } of this.spoken.values()) this.word(by, body);
    for (const [party, due] of this.excuses) this.docket.answer(party, due);
    for (const [party, appraisal] of this.news) this.openCases(party, appraisal);
    for (const [party, charge] of this.charged) this.docket.sign(party, charge, "charged");
    // Breaches first, as their signs are: what is restored in the same cut is restored.
    const rank = ({ party, about, outcome }) => [CLEARS.includes(outcome) ? "1" : "0", outcome, party, about];
    for (const breaches of [true, false]) {
      this.outdate();
      const found = [];
      for (const [key, { party, about }] of this.touched) {
        const outcome = this.decide(key, party);
        if (outcome !== null) found.push({ party, about, outcome });
      }
      found.sort((a, b) => {
        const [one, other] = [rank(a), rank(b)];
        const at = one.findIndex((part, place) => part !== other[place]);
        return at < 0 ? 0 : one[at] < other[at] ? -1 : 1;
      });
      for (const each of found) if (BREACHES.includes(each.outcome) === breaches) this.settle(each);
    }
    for (const [party, about] of this.appeals) {
      if (!this.docket.appealed(party, about)) continue;
      for (const held of [this.words, this.decided]) held.delete(`${party} ${about}`); // 6.8: heard anew
    }
    const reviewed = this.reviewed();
    for (const [party, due] of reviewing) {
      if (reviewed.includes(party) || this.docket.now < due || this.overdue.get(party) === due) continue;
      this.overdue.set(party, due);
      this.docket.sign(party, REVIEW, "overdue"); // 6.9
    }
    this.forget();
  }

  /** What the panel has decided of a matter; null where fewer than its quorum, or two quorums. */
  decide(key, party) {
    const words = new Set([...this.words.get(key).values()].map(({ outcome }) => outcome));
    const { quorum } = this.adjudicator;
    const found = [...words].filter((outcome) => this.say(key, party, outcome).length >= quorum);
    if (found.length !== 1) return null;
    return found[0] === "non-compliant" && this.upheld(key, party).length === 0 ? null : found[0];
  }

  /** Who says this of a matter and is not recused from it, each with its cases. */
  say(key, party, word) {
    const said = [...this.words.get(key)].filter(([, { outcome }]) => outcome === word);
    return said.filter(([by]) => party === "" || !this.recused.has(`${by} ${party}`));
  }

  /** 6.2: the cases on which a quorum says that there is a breach, each when it was ripe. */
  upheld(key, party) {
    const times = new Map();
    for (const [, { on }] of this.say(key, party, "non-compliant")) {
      for (const charge of on) times.set(charge, (times.get(charge) ?? 0) + 1);
    }
    const found = [...times].filter(([, number]) => number >= this.adjudicator.quorum);
    return this.docket.ready(party, found.map(([charge]) => charge));
  }

  /** 4.4: a decision uses up the words that made it, and has what follows from it. */
  settle({ party, about, outcome }) {
    const key = `${party} ${about}`;
    const upheld = this.upheld(key, party);
    this.fresh.push({ party, about, outcome });
    this.decided.set(key, { outcome, by: new Set(this.say(key, party, outcome).map(([by]) => by)) });
    this.words.get(key).clear();
    this.follow({ party, about, outcome }, upheld);
  }

  // 4.6
  follow({ party, about, outcome }, upheld) {
    if (party === "") {
      this.ofAll.add(outcome);
      return;
    }
    const known = about === "" ? undefined : this.found.get(party)?.get(about);
    const things = [about === "" ? WHOLE : `by ${about}`, ...(known ?? [])];
    const charges = this.docket.open(party).map((each) => each.charge);
    const clear = (those) => those.forEach((each) => this.docket.sign(party, each, "cleared"));
    const ofThem = charges.filter((each) => things.includes(each));
    if (outcome === "non-compliant") {
      for (const charge of upheld) this.docket.sign(party, charge, "breached", { matter: about });
    } else if (outcome === REVIEW) {
      this.docket.sign(party, REVIEW, "refused", { matter: about });
    } else if (outcome === "derogation-upheld") {
      clear(charges.filter((each) => each === REVIEW));
    } else if (outcome === "excuse-accepted") {
      this.excuse(party, things, about === "");
      clear(about === "" ? charges : ofThem);
    } else if (outcome === "no-breach") {
      const whole = about === "" || (known === undefined && !charges.includes(`by ${about}`));
      this.excuse(party, things, whole);
      clear(whole ? charges : ofThem);
    } else if (outcome === "restored") {
      this.excuse(party, things, true);
      clear(charges);
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
    return this.docket.within(...STANDING).has(party);
  }

  /** 3.6: those whose derogation is upheld, or who are restored, in this cut. */
  reviewed() {
    const ends = ["derogation-upheld", "restored"];
    return this.fresh.filter((each) => ends.includes(each.outcome)).map((each) => each.party);
  }

  signs(party) {
    const found = new Set();
    for (const { outcome } of this.fresh.filter((each) => each.party === party)) {
      if (ENDS.includes(outcome) && !this.isBreached(party)) found.add("restored");
    }
    const isFresh = this.docket.moved.some(
      ({ before, after }) =>
        after.party === party && STANDING.includes(after.stage) && !STANDING.includes(before),
    );
    if (isFresh) found.add("breached");
    const isAppealed = this.docket.within("appealed").has(party);
    if ((isFresh || this.accused.has(party)) && !this.isBreached(party)) {
      found.add(isAppealed ? "appealed" : "restored");
    }
    const appraisal = this.verified.get(party);
    const isDoubtful = appraisal !== undefined && DOUBTFUL.includes(appraisal.status);
    if (isAppealed || (isDoubtful && !this.isExcused(appraisal))) found.add("doubted");
    else if (appraisal !== undefined) found.add("cleared");
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
    const final = [...this.docket.within("final")]; // 3.4: what can be appealed brings nothing back
    const found = new Set(final.map((party) => `${party} non-compliant`));
    for (const appraisal of this.verified.values()) {
      for (const finding of confirmed(appraisal)) {
        if (faults !== null && !faults.includes(finding.fault)) continue;
        for (const thing of thingsOf(finding, appraisal.lab)) found.add(`${appraisal.lab} ${thing}`);
      }
    }
    return found;
  }
}
