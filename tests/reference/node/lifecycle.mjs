// The life of an agreement, cut by cut: docs/spec/lifecycle.md.

import { WHOLE_MAX } from "./bytes.mjs";
import { Amending } from "./amending.mjs";
import { Banding } from "./bands.mjs";
import { Gauge } from "./conditions.mjs";
import { Easings } from "./easing.mjs";
import { Joining, leastNotice } from "./joining.mjs";
import { Staging } from "./staging.mjs";
import { Tribunal } from "./tribunal.mjs";

const SOON = 2;
const TOGGLES_MAX = 32; // lifecycle 3.7
const PPM = 1_000_000;

// lifecycle 1.3: whose words count.
const SAYS = {
  declaration: ["lab"],
  ratification: ["lab"],
  withdrawal: ["lab"],
  acceptance: ["lab"],
  retraction: ["lab"],
  proposal: ["lab"],
  derogation: ["lab"],
  assent: ["lab"],
  excuse: ["lab"],
  appeal: ["lab"],
  indicator: ["lab", "evaluator"],
  incident: ["lab", "evaluator"],
  determination: ["adjudicator"],
  recusal: ["adjudicator"],
  objection: ["adjudicator"],
  notification: ["lab"],
  appraisal: ["verifier"],
};

// lifecycle 5: signs in the order in which they are taken.
const SIGNS = [
  "tabled", "ratified", "revoked", "lapsed", "returns", "binds", "snaps back", "released", "derogates", "resumes",
  "doubted", "cleared", "breached", "appealed", "restored", "withdrawn", "exits",
];
const BOUND = ["in-force", "derogated", "breach-suspected", "breach-found", "snapped-back"];
const FROM = {
  tabled: [[["drafted"], "open-for-signature"]],
  ratified: [[["open-for-signature"], "conditionally-bound"]],
  revoked: [[["conditionally-bound"], "open-for-signature"]],
  lapsed: [[["open-for-signature", "conditionally-bound"], "void"]],
  returns: [[["in-notice"], "suspended"]],
  binds: [[["conditionally-bound", "suspended"], "in-force"]],
  "snaps back": [[["suspended"], "snapped-back"]],
  released: [[BOUND.filter((stage) => stage !== "breach-found"), "suspended"]],
  derogates: [[["in-force", "breach-suspected", "snapped-back"], "derogated"]],
  resumes: [[["derogated"], "in-force"]],
  doubted: [[["in-force"], "breach-suspected"]],
  cleared: [[["breach-suspected"], "in-force"]],
  breached: [[[...BOUND, "suspended", "in-notice"], "breach-found"]],
  appealed: [[["breach-found"], "breach-suspected"]],
  restored: [[["breach-suspected", "breach-found"], "in-force"]],
  withdrawn: [[["conditionally-bound", "suspended", ...BOUND], "in-notice"]],
  exits: [[["in-notice", "breach-found"], "ended"]],
};

function move(stage, signs) {
  let at = stage;
  for (const sign of SIGNS.filter((each) => signs.has(each))) {
    at = FROM[sign].find(([from]) => from.includes(at))?.[1] ?? at;
  }
  return at;
}

const inside = (period, { from, until }) => from <= period && (until === null || period < until);

/** One party's binding periods. */
class Terms {
  constructor() {
    this.spans = [];
    this.breaks = [];
    this.earliest = 0; // 8.4
  }

  get isOpen() {
    return this.spans.length > 0 && this.spans.at(-1).until === null;
  }

  begin(period) {
    const from = Math.min(Math.max(period, this.earliest), WHOLE_MAX);
    if (this.isOpen || this.spans.length >= TOGGLES_MAX) return;
    const last = this.spans.at(-1);
    if (last !== undefined && last.until >= from) last.until = null;
    else this.spans.push({ from, until: null });
  }

  /** Bind up to this period; what is to end before it does so. */
  end(period) {
    const until = Math.min(period, WHOLE_MAX);
    const last = this.spans.at(-1);
    if (last === undefined || (last.until !== null && last.until <= until)) return;
    this.spans.pop();
    if (last.from < until) this.spans.push({ from: last.from, until });
  }

  interrupt(from, until) {
    if (this.breaks.length < TOGGLES_MAX) this.breaks.push({ from, until });
  }

  binds(period) {
    return this.spans.some((span) => inside(period, span));
  }

  isInterrupted(period) {
    return this.breaks.some((each) => inside(period, each));
  }

  bound() {
    let found = this.spans.map((span) => ({ ...span }));
    for (const each of this.breaks) found = found.flatMap((span) => without(span, each));
    return found;
  }
}

function without(span, { from, until }) {
  if ((span.until !== null && span.until <= from) || until <= span.from) return [span];
  const left = span.from < from ? [{ from: span.from, until: from }] : [];
  const goesOn = span.until === null || until < span.until;
  return goesOn ? [...left, { from: until, until: span.until }] : left;
}

/** lifecycle 2: who has signed, and whether enough have. */
class Signatures {
  constructor(agreement) {
    this.agreement = agreement;
    this.until = new Map();
    this.capacity = new Map();
    this.active = new Set();
    this.void = false;
  }

  begin() {
    [this.fresh, this.revoked, this.lapsed] = [new Set(), new Set(), new Set()];
  }

  hear(party, kind, body) {
    if (kind === "ratification" && !this.until.has(party)) {
      this.until.set(party, body.until);
      this.fresh.add(party);
    } else if (kind === "declaration" && !this.capacity.has(party)) {
      const counts = body.sites.flatMap((site) => site.accelerators.map((item) => item.count));
      this.capacity.set(party, counts.reduce((a, b) => a + b, 0));
    }
  }

  count(period, leaving) {
    for (const party of this.fresh) {
      if (!leaving.includes(party)) continue; // lifecycle 1.2
      this.until.delete(party);
      this.revoked.add(party);
    }
    if (this.void) return [];
    const { parties } = this.agreement;
    const standing = parties.filter((party) => (this.until.get(party) ?? -1) >= period);
    const fresh = this.isMet(standing) ? standing.filter((party) => !this.active.has(party)) : [];
    for (const party of fresh) this.active.add(party);
    this.lapse(period);
    return fresh;
  }

  isMet(standing) {
    const { activation, parties } = this.agreement;
    if (this.active.size) return true;
    if (activation.kind === "unconditional") return standing.length > 0;
    if (activation.kind === "all-named") return standing.length === parties.length;
    if (activation.kind === "k-of-n") return standing.length >= activation.need;
    const total = [...this.capacity.values()].reduce((a, b) => a + b, 0);
    const covered = standing.reduce((sum, party) => sum + (this.capacity.get(party) ?? 0), 0);
    const known = this.capacity.size === parties.length;
    return known && total > 0 && BigInt(covered) * BigInt(PPM) >= BigInt(activation.need) * BigInt(total);
  }

  // lifecycle 2.3
  lapse(period) {
    const ended = [...this.until].filter(([party, until]) => until <= period && !this.active.has(party));
    const named = ["assurance-contract", "coverage-threshold"];
    const clause = this.agreement.clauses.find((item) => named.includes(item.clause));
    const late = clause !== undefined && period >= clause.deadline_period;
    const allNamed = this.agreement.activation.kind === "all-named";
    if (this.active.size === 0 && (late || (allNamed && ended.length))) {
      this.void = true;
      this.lapsed = new Set(this.agreement.parties);
    } else {
      this.lapsed = new Set(ended.map(([party]) => party));
    }
  }

  signs(party) {
    const found = { ratified: this.fresh, revoked: this.revoked, lapsed: this.lapsed };
    return Object.keys(found).filter((sign) => found[sign].has(party));
  }
}

export class Course {
  constructor(register) {
    const { agreement } = register;
    const { schedule } = agreement;
    const parties = [...agreement.parties, ...register.candidates];
    this.agreement = agreement;
    this.labs = parties;
    this.lag = Math.floor((schedule.deadline_s + schedule.grace_s) / schedule.period_s); // 1.4
    this.notice = schedule.notice_periods;
    this.signatures = new Signatures(agreement);
    this.joining = new Joining(register);
    this.gauge = new Gauge();
    this.staging = new Staging(agreement);
    this.banding = new Banding(agreement, parties);
    this.easings = new Easings(agreement);
    this.amending = new Amending(agreement);
    this.tribunal = new Tribunal(register);
    this.phase = "waiting";
    this.triggered = null;
    this.terms = new Map(parties.map((party) => [party, new Terms()]));
    this.exits = new Map();
    this.noticed = new Map();
    this.resumes = new Map();
    this.returning = new Set();
    this.released = new Set();
    this.unreviewed = new Map();
    this.latest = -1;
    this.heldOver = [];
    this.bad = new Map();
    this.snapped = false;
    this.knownBeforeLift = new Set();
    this.held = new Set();
    this.activated = new Map();
    this.stages = new Map(parties.map((party) => [party, "drafted"]));
  }

  /** How far the agreement has come for a party. */
  lifeOf(party) {
    const bound = this.terms.get(party).bound();
    return {
      stage: this.stages.get(party),
      activatedBy: this.activated.get(party) ?? null,
      caps: this.staging.caps(party),
      barred: this.banding.barred(party),
      eased: this.easings.easings(),
      amended: this.amending.amended(),
      cases: this.tribunal.docket.all(party),
      bound: bound.map(({ from, until }) => ({ from, until: until ?? -1 })),
      binds: (period) => bound.some((span) => inside(period, span)),
    };
  }

  /** Take one cut: what is new in it, all of it at once; a late one's words wait (1.1). */
  take(period, added) {
    if (period < this.latest) {
      this.heldOver.push(...added);
      return;
    }
    const said = [...this.heldOver, ...added];
    [this.latest, this.heldOver] = [period, []];
    const parties = this.labs;
    const signs = new Map(parties.map((party) => [party, new Set(["tabled"])]));
    const [leaving, asides] = [[], []];
    this.signatures.begin();
    this.joining.begin();
    this.tribunal.begin(period);
    for (const { by, kind, body } of said) this.hear(by, kind, body, leaving, asides);
    this.tribunal.close(this.unreviewed);
    const signed = this.signatures.count(period, leaving);
    const members = [...this.held, ...signed];
    for (const party of [...signed, ...this.joining.count(period, leaving, members, this.signatures.void)]) {
      this.held.add(party);
      this.activated.set(party, period);
      const terms = this.terms.get(party);
      terms.earliest = period + leastNotice(this, party);
      if (this.phase === "on") terms.begin(period + this.notice);
    }
    for (const party of parties) {
      for (const sign of this.signatures.signs(party)) signs.get(party).add(sign);
      for (const sign of this.joining.signs(party)) signs.get(party).add(sign);
    }
    this.return(period, signs);
    this.turn(period);
    this.leave(period, leaving, signs);
    this.setAside(period, asides);
    this.watchPeers(period);
    this.staging.count(period, this.after(SOON)); // 3.8
    this.banding.count(period, this.after(SOON)); // 3.9
    this.amending.count(period, this.after(SOON), this.members()); // 3.11
    const holding = { isHeld: this.held.size > 0, triggered: this.triggered };
    this.easings.count(period, this.after(SOON), holding); // 3.10
    for (const party of parties) {
      const [first] = this.terms.get(party).bound();
      if (first !== undefined) this.staging.begins(party, first.from);
    }
    for (const party of parties) {
      for (const sign of this.show(party, period)) signs.get(party).add(sign);
      this.stages.set(party, move(this.stages.get(party), signs.get(party)));
    }
  }

  hear(by, kind, body, leaving, asides) {
    const isParty = this.terms.has(by);
    const gauges = [this.gauge, this.staging.gauge, this.easings.gauge];
    if (kind === "indicator") for (const each of gauges) each.measured(by, body);
    else if (kind === "incident") for (const each of gauges) each.reported(by, body);
    else if (["notification", "objection"].includes(kind)) this.banding.hear(by, kind, body);
    else if (kind === "determination" && this.joining.isOutside(body.party)) return; // 8.1
    else if (["determination", "recusal", "appraisal"].includes(kind)) {
      this.tribunal.hear(by, kind, body);
      if (kind === "recusal") this.banding.hear(by, kind, body);
    } else if (!isParty) return;
    else if (kind === "withdrawal") leaving.push(by);
    else if (kind === "retraction") this.returning.add(by);
    else if (kind === "proposal") this.amending.hear(by, body);
    else if (kind === "derogation") asides.push([by, body]);
    else if (["excuse", "appeal"].includes(kind)) this.tribunal.hear(by, kind, body);
    else if (kind === "assent") this.gauge.assents.set(by, body.lift);
    else if (kind === "acceptance" || this.joining.candidates.includes(by)) this.joining.hear(by, kind, body);
    else this.signatures.hear(by, kind, body);
  }

  clause(kind) {
    return this.agreement.clauses.find((item) => item.clause === kind);
  }

  after(periods) {
    return this.lag + Math.max(SOON, periods);
  }

  members() {
    return this.labs.filter((party) => this.held.has(party));
  }

  // lifecycle 3.1 to 3.4
  turn(period) {
    const { trigger, lift } = this.agreement;
    this.gauge.count([trigger, lift], period);
    const snap = this.clause("snap-back");
    if (this.phase === "on") {
      if (snap?.veto && this.isVetoed(snap, period)) {
        [this.phase, this.snapped] = ["lifted", false];
        this.knownBeforeLift = this.tribunal.grounds(null);
        this.afterTurn((terms) => terms.end(period + this.after(SOON)));
        return;
      }
      const isBreached = this.members().some((party) => this.tribunal.isBreached(party));
      if (!isBreached && this.isMet(lift, "lift-met", period)) {
        this.phase = "lifted";
        this.knownBeforeLift = this.tribunal.grounds(null);
        this.afterTurn((terms) => terms.end(period + this.after(SOON)));
      }
      return;
    }
    if (this.phase === "lifted" && snap !== undefined && this.isSnapping(snap)) {
      [this.phase, this.triggered, this.snapped] = ["on", period, true];
      const delay = this.after(snap.after_periods);
      this.afterTurn((terms) => terms.begin(period + delay));
    } else if (this.isMet(trigger, "trigger-met", period)) {
      [this.phase, this.triggered, this.snapped] = ["on", period, false];
      this.afterTurn((terms) => terms.begin(period + this.notice));
    }
  }

  /** 7.4: most of those who are not in breach assent to the lift before it binds. */
  isVetoed(snap, period) {
    if (!this.snapped || period >= this.triggered + this.after(snap.after_periods)) return false;
    const grounds = [...this.tribunal.grounds(snap.faults)].filter((each) => !this.knownBeforeLift.has(each));
    const blamed = new Set(grounds.map((each) => each.split(" ")[0]));
    const voters = this.members().filter((each) => !blamed.has(each) && !this.tribunal.isBreached(each));
    return 2 * voters.filter((each) => this.gauge.assents.get(each)).length > voters.length;
  }

  isMet(rule, outcome, period) {
    if (this.held.size === 0) return false;
    return this.gauge.isMet(rule, {
      period,
      ratified: this.phase === "waiting",
      triggered: this.triggered,
      anew: outcome === "trigger-met" && this.phase === "lifted",
      parties: this.members(),
      decided: this.tribunal.ofAll.has(outcome),
    });
  }

  afterTurn(change) {
    this.gauge.turn();
    this.tribunal.turn();
    for (const party of this.members()) {
      if (this.released.has(party)) continue;
      change(this.terms.get(party));
      this.untilOut(party);
    }
  }

  /** Whatever binds a party that has given notice ends when the notice has run (3.6). */
  untilOut(party) {
    if (!this.exits.has(party)) return;
    const terms = this.terms.get(party);
    if (terms.isOpen) this.resumes.set(party, terms.spans.at(-1).from);
    terms.end(this.exits.get(party));
  }

  isSnapping(clause) {
    return [...this.tribunal.grounds(clause.faults)].some((each) => !this.knownBeforeLift.has(each));
  }

  // lifecycle 3.6: a notice taken back in time
  return(period, signs) {
    const coolingOff = this.clause("withdrawal")?.cooling_off_periods ?? 0;
    for (const party of this.returning) {
      if (!this.exits.has(party) || !this.held.has(party)) continue;
      const [noticed, out] = [this.noticed.get(party), this.exits.get(party)];
      const isTimely = noticed < period && period <= noticed + coolingOff;
      if (!isTimely || period + this.after(SOON) > out) continue;
      this.exits.delete(party);
      signs.get(party).add("returns");
      if (this.phase !== "on" || this.released.has(party)) continue;
      this.terms.get(party).begin(Math.max(out, this.resumes.get(party) ?? 0));
    }
    this.returning.clear();
  }

  // lifecycle 3.6
  leave(period, leaving, signs) {
    const clause = this.clause("withdrawal");
    const notice = this.after(clause === undefined ? this.notice : clause.notice_periods);
    for (const party of leaving) {
      if (!this.held.has(party) || this.exits.has(party)) continue;
      this.exits.set(party, period + notice);
      this.noticed.set(party, period);
      this.untilOut(party);
      signs.get(party).add("withdrawn");
    }
    for (const [party, at] of this.exits) {
      if (period >= at && this.held.delete(party)) signs.get(party).add("exits");
    }
  }

  setAside(period, asides) {
    const clause = this.clause("derogation");
    for (const party of this.tribunal.reviewed()) this.unreviewed.delete(party);
    for (const [party, body] of asides) {
      if (clause === undefined || !this.held.has(party) || this.unreviewed.has(party)) continue;
      const early = period + this.after(clause.notice_periods);
      const until = body.start + body.periods;
      if (body.start < early || body.periods > clause.periods_max || until > WHOLE_MAX) continue;
      this.terms.get(party).interrupt(body.start, until);
      this.unreviewed.set(party, until + clause.review_periods);
    }
  }

  // lifecycle 3.5
  watchPeers(period) {
    const clause = this.clause("peer-conditional");
    if (clause === undefined) return;
    const bad = new Set();
    for (const party of this.labs) {
      const appraisal = this.tribunal.news.get(party);
      if (appraisal !== undefined && this.terms.get(party).binds(appraisal.period)) {
        const fine = clause.statuses.includes(appraisal.status) || this.tribunal.isExcused(appraisal);
        this.bad.set(party, fine ? 0 : (this.bad.get(party) ?? 0) + 1);
      }
      const left = this.exits.has(party) && !this.held.has(party);
      if (left || (this.bad.get(party) ?? 0) > clause.grace_periods) bad.add(party);
    }
    for (const party of this.members()) {
      const others = [...bad].some((each) => each !== party);
      if (others && !this.released.has(party)) {
        this.released.add(party);
        this.terms.get(party).end(period + this.after(SOON));
      } else if (!others && this.released.delete(party) && this.phase === "on") {
        this.terms.get(party).begin(period + this.after(SOON));
        this.untilOut(party);
      }
    }
  }

  show(party, period) {
    const found = this.tribunal.signs(party);
    if (!this.held.has(party)) {
      return this.exits.has(party) && found.has("breached") ? new Set(["breached"]) : new Set();
    }
    const isFreed = found.has("restored") || found.has("appealed");
    if (this.exits.has(party) && isFreed) found.add("withdrawn");
    const terms = this.terms.get(party);
    if (terms.binds(period)) {
      found.add(this.snapped ? "snaps back" : "binds");
      if (this.stages.get(party) === "conditionally-bound") found.add("binds");
      found.add(terms.isInterrupted(period) ? "derogates" : "resumes");
    } else {
      found.delete("doubted");
      if (!this.exits.has(party)) found.add("released");
    }
    return found;
  }
}

/** lifecycle 1.2, 1.3: what counts of what these logs say, handed out cut by cut. */
export class Hearing {
  constructor(register, views) {
    this.said = new Map();
    this.next = new Map();
    for (const view of views) {
      const counts = view.said.filter(({ kind, said }) => {
        const about = said.body.agreement ?? register.agreementDigest;
        return SAYS[kind]?.includes(view.member.role) && about === register.agreementDigest;
      });
      this.said.set(view.member.origin, counts);
    }
  }

  newIn(cut) {
    return cut.origins.flatMap(({ origin, size }) => {
      const said = this.said.get(origin) ?? [];
      const start = this.next.get(origin) ?? 0;
      let end = start;
      while (end < said.length && said[end].at < size) end += 1;
      this.next.set(origin, end);
      const by = (each) => ({ by: each.said.author, kind: each.kind, body: each.said.body });
      return said.slice(start, end).map(by);
    });
  }
}

/** Every party's life after these cuts, each of which contains those before it (1.1). */
export function lifecycle(register, cuts, views) {
  const [hearing, course] = [new Hearing(register, views), new Course(register)];
  for (const cut of cuts) course.take(cut.period, hearing.newIn(cut));
  return course;
}

