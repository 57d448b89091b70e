// Single clauses that bind later, or less (C17, C18): docs/spec/lifecycle.md 3.10, bundles.md, 12.

import { WHOLE_MAX } from "./bytes.mjs";
import { Gauge } from "./conditions.mjs";

const EASABLE = ["approval-band", "lab-total-cap", "per-run-training-cap"];
const PPM = 1_000_000n;
const FREE = -1;

const clauseOf = (agreement, kind) => agreement.clauses.find((item) => item.clause === kind);

/** The clauses that the agreement has and that C17 starts, and those that C18 lifts. */
function easable(agreement) {
  const has = EASABLE.filter((kind) => clauseOf(agreement, kind) !== undefined);
  const starts = clauseOf(agreement, "trigger-activated")?.starts ?? [];
  const lifts = clauseOf(agreement, "lift-condition")?.lifts ?? [];
  return [has.filter((kind) => starts.includes(kind)), has.filter((kind) => lifts.includes(kind))];
}

/** Whether any clause can be eased at all. */
export const isEasable = (agreement) => easable(agreement).flat().length > 0;

/** bundles 12.1: what a usage statement says is eased, of what may be. */
export function claimed(agreement, usage) {
  const named = easable(agreement).flat();
  const may = usage.eased.filter((each) => named.includes(each.clause));
  return new Map(may.map((each) => [each.clause, each.raised_ppm]));
}

/** What is eased in a period. */
export function easedIn(easings, period) {
  const at = ({ changes }) => changes.filter((each) => each.from <= period).at(-1)?.raised_ppm ?? 0;
  return new Map(easings.map((each) => [each.clause, at(each)]));
}

/** bundles 13.1: what a limit of the agreement has come down to in a period. */
export function comeDown({ agreement }, limit, period) {
  const { halving_periods: each, floor_pflop: floor } = clauseOf(agreement, "amendment") ?? { halving_periods: 0 };
  if (each === 0) return limit;
  const halved = Number(BigInt(limit) >> BigInt(Math.floor(Math.max(0, period) / each)));
  return Math.max(halved, Math.min(limit, floor));
}

/** bundles 13.2: a clause with one limit as it has come down by a period, and then raised. */
export function asComeDown(register, ease, kind, limit, period) {
  const clause = register.clause(kind);
  if (clause === undefined) return undefined;
  const down = { ...clause, [limit]: comeDown(register, clause[limit], period) };
  return asEased({ clause: () => down }, ease, kind, limit);
}

/** bundles 12.2: a clause with these limits raised; undefined where it does not bind. */
export function asEased(register, ease, kind, ...limits) {
  const clause = register.clause(kind);
  const by = ease.get(kind) ?? 0;
  if (clause === undefined || by === FREE) return undefined;
  const raised = limits.map((name) => [name, (BigInt(clause[name]) * (PPM + BigInt(by))) / PPM]);
  return { ...clause, ...Object.fromEntries(raised) };
}

/** lifecycle 3.10: when single clauses begin to bind and are lifted. */
export class Easings {
  constructor(agreement) {
    [this.started, this.lifted] = easable(agreement);
    this.trigger = clauseOf(agreement, "trigger-activated");
    this.lift = clauseOf(agreement, "lift-condition");
    this.gauge = new Gauge();
    this.starts = null;
    this.ends = null;
  }

  count(period, notice, { isHeld, triggered }) {
    const rules = [this.trigger, this.lift].filter((each) => each !== undefined).map((each) => each.rule);
    this.gauge.count(rules, period);
    const state = { period, ratified: true, triggered, anew: false, parties: [], decided: false };
    const isMet = (clause) => isHeld && clause !== undefined && this.gauge.isMet(clause.rule, state);
    if (this.starts === null && isMet(this.trigger)) this.starts = period + notice;
    if (this.ends === null && isMet(this.lift)) this.ends = period + notice;
  }

  easings() {
    const named = [...new Set([...this.started, ...this.lifted])].sort();
    const found = named.map((clause) => ({ clause, changes: this.changesOf(clause) }));
    return found.filter((each) => each.changes.length > 0);
  }

  changesOf(clause) {
    const steps = this.lifted.includes(clause) ? this.steps() : [];
    const waits = this.started.includes(clause);
    const times = [0, ...(waits && this.starts !== null ? [this.starts] : []), ...steps.map(([at]) => at)];
    const found = [];
    for (const from of [...new Set(times)].filter((at) => at <= WHOLE_MAX).sort((a, b) => a - b)) {
      const isWaiting = waits && (this.starts === null || from < this.starts);
      const reached = steps.filter(([at]) => at <= from).at(-1)?.[1] ?? 0;
      const raised = isWaiting ? FREE : reached;
      if (raised !== (found.at(-1)?.raised_ppm ?? 0)) found.push({ from, raised_ppm: raised });
    }
    return found;
  }

  steps() {
    if (this.ends === null) return [];
    if (this.lift.stages.length === 0) return [[this.ends, FREE]];
    let raised = 0;
    return this.lift.stages.map((stage) => {
      raised += stage.raise_ppm;
      return [this.ends + stage.after_periods, raised];
    });
  }
}
