// Staged caps and lowered limits: docs/spec/lifecycle.md 3.8, and bundles.md, sections 9 and 14.

import { amendedIn } from "./amending.mjs";
import { WHOLE_MAX, hex, must, readBase64, writeText } from "./bytes.mjs";
import { barredIn, grown } from "./bands.mjs";
import { Gauge } from "./conditions.mjs";
import { asEased, comeDown } from "./easing.mjs";
import { requireUnder, statementBy } from "./proofs.mjs";
import { isWithin } from "./register.mjs";
import { isScheduled } from "./warrants.mjs";

const AHEAD = 2;

/** The limit that holds in a period; null where there is none yet. */
export const limitIn = (caps, period) => caps.filter((each) => each.from <= period).at(-1)?.limit_pflop ?? null;

/** Which limits have been reached, cut by cut; none is ever given back. */
export class Staging {
  constructor(agreement) {
    const clause = agreement.clauses.find((item) => item.clause === "staged-cap");
    this.stages = clause?.stages ?? [];
    this.milestones = clause?.milestones ?? [];
    this.gauge = new Gauge();
    this.met = new Map();
    this.began = new Map();
  }

  count(period, notice) {
    this.gauge.count(this.milestones.map((each) => each.rule), period);
    for (const { limit_pflop: limit, rule } of this.milestones) {
      const state = { period, ratified: false, triggered: null, parties: [], decided: false, anew: false };
      if (!this.met.has(limit) && this.gauge.isMet(rule, state)) this.met.set(limit, period + notice);
    }
  }

  begins(party, period) {
    if (!this.began.has(party)) this.began.set(party, period);
  }

  caps(party) {
    const reached = [...this.met].map(([limit, from]) => [from, limit]);
    const began = this.began.get(party);
    if (began !== undefined) {
      reached.push(...this.stages.map((each) => [began + each.after_periods, each.limit_pflop]));
    }
    const found = [];
    for (const [from, limit] of reached.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      if (from > WHOLE_MAX || (found.length && limit >= found.at(-1).limit_pflop)) continue;
      found.push({ from, limit_pflop: limit });
    }
    return found;
  }
}

/** What limits, as far as they have come down, and bars say of a period; null if nothing. */
export function toldOf(register, { caps, barred, amended }, period) {
  const limit = limitIn(caps, period);
  const told = {
    limit: limit === null ? null : comeDown(register, limit, period),
    amended: amendedIn(amended, period),
    barred: barredIn(barred, period),
  };
  return told.limit === null && told.amended.length + told.barred.length === 0 ? null : told;
}

/** bundles 9.5, 9.6: what of the last of these is over a stage's limit; null where nothing is. */
export function overStage(register, found, limit) {
  const clause = register.clause("staged-cap");
  if (clause === undefined || limit === null) return null;
  return overOf(register, found, clause.metric, limit, "staged");
}

/** bundles 14.2: what of the last of these is over a limit that the parties have lowered; or null. */
export function overAmended(register, found, amended, ease) {
  for (const [kind, lower] of amended) {
    const down = { clause: () => ({ limit: lower }) };
    const limit = asEased(down, ease, kind, "limit")?.limit;
    if (limit === undefined) continue;
    const metric = kind === "lab-total-cap" ? "total" : "run";
    const over = overOf(register, found, metric, limit, "amended");
    if (over !== null) return { ...over, clause: kind, ease };
  }
  return null;
}

function overOf(register, found, metric, limit, cap) {
  const last = found.at(-1);
  if (metric === "total") {
    const classes = register.clause("lab-total-cap")?.classes ?? Object.keys(last.body.classes);
    const used = classes.reduce((sum, name) => sum + last.body.classes[name].used_pflop, 0);
    const text = `the period's total is ${used} PFLOP, the ${cap} cap on it is ${limit}`;
    return used > limit ? { text, amount: used, needs: [] } : null;
  }
  const { needs, runs } = grown(found);
  const largest = runs.find((each) => each.total_pflop > limit);
  if (largest === undefined) return null;
  const { run, total_pflop: amount } = largest;
  const text = `run ${run} has grown to ${amount} PFLOP, the ${cap} cap on a run is ${limit}`;
  return { text, amount, needs };
}

/** bundles 9.2 to 9.4: what the accused had been told of a period before it. */
export function learned(register, accused, period, [first, second, ...rest]) {
  must(first?.kind === "envelope" && second?.kind === "envelope", "9.1: two envelopes");
  const [before, usage] = [first, second].map((each) => statementBy(register, readBase64(each.data)));
  must(before.by === accused && usage.by === accused, "9.2: by the accused");
  must(usage.said.prev === before.id && usage.said.seq === before.said.seq + 1, "9.2: neighbours");
  must(usage.kind === "compute-usage", "9.2: usage");
  must(isScheduled(register.agreement.schedule, usage.said.period), "9.2: of a period");
  must(usage.said.period.index + AHEAD <= period, "9.2: early enough");
  const seen = new Map(usage.said.seen.map((head) => [head.origin, head]));
  const earlier = new Map(before.said.seen.map((head) => [head.origin, head.size]));
  const said = rest.map((leaf) => {
    must(leaf.kind === "leaf", "9.1: leaves");
    const each = statementBy(register, readBase64(leaf.data));
    const head = seen.get(each.by.origin);
    must(head !== undefined && each.said.seq === leaf.index, "9.3: seen");
    requireUnder(leaf, head.size, hex(head.root));
    must(each.kind === "appraisal" && each.by.role === "verifier", "9.3: an appraisal");
    return { ...each, isNew: leaf.index >= (earlier.get(each.by.origin) ?? 0) };
  });
  const names = said.map((each) => each.by.id);
  const ascends = names.every((name, at) => at === 0 || names[at - 1] < name);
  must(said.length > 0, "9.3: appraisals");
  const { body } = said[0];
  const { k, verifiers } = register.under(body.period);
  must(names.length === k && isWithin(names, verifiers) && ascends, "9.3: k of its epoch in register order");
  must(said.some((each) => each.isNew), "9.3: one of them new");
  must(said.every((each) => writeText(each.body) === writeText(body)), "9.3: one body");
  must(body.lab === accused.id && body.agreement === register.agreementDigest, "9.3: of the accused");
  const told = toldOf(register, body, period);
  must(told !== null, "9.4: a limit or a bar");
  return told;
}

/** The first materials of a lab's log that show it to know of the limit broken (appraisal 4.2). */
export function findLearned(register, own, verifiers, period, broken) {
  const told = tellingOf(register, own, verifiers, period, broken);
  for (let at = 1; at < own.size && told.length; at += 1) {
    const [before, usage] = [own.byPlace.get(at - 1), own.byPlace.get(at)];
    if (before === undefined || usage?.kind !== "compute-usage") continue;
    const { index } = usage.said.period;
    if (index === undefined || index + AHEAD > period) continue;
    for (const said of told) {
      const leaves = leavesSeen(said, before, usage);
      if (leaves.length === 0) continue;
      const pair = [own.entries[at - 1], own.entries[at]];
      return [...pair.map((entry) => ({ kind: "envelope", data: entry.toString("base64") })), ...leaves];
    }
  }
  return [];
}

function tellingOf(register, own, verifiers, period, broken) {
  const found = new Map();
  for (const view of verifiers) {
    for (const { at, said: { body } } of view.of("appraisal")) {
      if (body.lab !== own.member.id || body.agreement !== register.agreementDigest) continue;
      if (!isTold(toldOf(register, body, period), broken)) continue;
      const { k, verifiers: counting } = register.under(body.period);
      if (!counting.includes(view.member.id)) continue;
      const key = writeText(body);
      if (!found.has(key)) found.set(key, { body, k, by: [] });
      const { by } = found.get(key);
      if (by.at(-1)?.view !== view) by.push({ view, at });
    }
  }
  const rank = ({ body }) => [body.period, body.view, body.cut, body.status];
  const ordered = [...found.values()].sort((a, b) => {
    const [one, other] = [rank(a), rank(b)];
    const at = one.findIndex((part, place) => part !== other[place]);
    return at < 0 ? 0 : one[at] < other[at] ? -1 : 1;
  });
  return ordered;
}

function isTold(told, { amount, barred, clause, ease }) {
  if (told === null) return false;
  if (amount === undefined) return told.barred.includes(barred);
  if (clause === undefined) return told.limit !== null && told.limit < amount;
  const lower = told.amended.find(([kind]) => kind === clause)?.[1];
  if (lower === undefined) return false;
  return asEased({ clause: () => ({ limit: lower }) }, ease, clause, "limit").limit < amount;
}

function leavesSeen({ by: told, k }, before, usage) {
  const seen = new Map(usage.said.seen.map((head) => [head.origin, head]));
  const earlier = new Map(before.said.seen.map((head) => [head.origin, head.size]));
  const first = told
    .map(({ view, at }) => ({ view, at, head: seen.get(view.member.origin) }))
    .filter(({ view, at, head }) => head !== undefined && at < head.size && view.hasRoot(head.size, head.root))
    .slice(0, k);
  const isNew = ({ view, at }) => at >= (earlier.get(view.member.origin) ?? 0);
  if (first.length < k || !first.some(isNew)) return [];
  return first.map(({ view, at, head }) => view.leaf(at, head.size));
}
