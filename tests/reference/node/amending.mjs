// Limits that the parties lower (C27): docs/spec/lifecycle.md 3.11, and bundles.md 14.

import { WHOLE_MAX } from "./bytes.mjs";

const AMENDABLE = ["lab-total-cap", "per-run-training-cap"];
const LIMITS_MAX = 8;
const PPM = 1_000_000n;

const clauseOf = (agreement, kind) => agreement.clauses.find((item) => item.clause === kind);
const lastIn = (limits, period) => limits.filter((each) => each.from <= period).at(-1)?.limit_pflop;

/** The limits that hold in a period, by clause: [clause, limit] pairs. */
export function amendedIn(amended, period) {
  const found = amended.map(({ clause, limits }) => [clause, lastIn(limits, period)]);
  return found.filter(([, limit]) => limit !== undefined);
}

/** lifecycle 3.11: what the parties want limits to be, and to what they have lowered them. */
export class Amending {
  constructor(agreement) {
    this.terms = clauseOf(agreement, "amendment");
    const has = AMENDABLE.filter((kind) => clauseOf(agreement, kind) !== undefined);
    this.written = new Map(has.map((kind) => [kind, clauseOf(agreement, kind).limit_pflop]));
    this.words = new Map(has.map((kind) => [kind, new Map()]));
    this.limits = new Map(has.map((kind) => [kind, []]));
  }

  hear(by, { clause, limit_pflop: limit, start }) {
    this.words.get(clause)?.set(by, { limit, start });
  }

  count(period, notice, members) {
    if (this.terms === undefined) return;
    for (const [kind, words] of this.words) {
      const wanted = members.filter((each) => words.has(each)).map((each) => words.get(each));
      wanted.sort((a, b) => a.start - b.start || a.limit - b.limit);
      for (const { limit, start } of wanted) {
        const same = wanted.filter((each) => each.limit === limit && each.start === start).length;
        const isEnough = BigInt(same) * PPM >= BigInt(this.terms.need_ppm) * BigInt(members.length);
        if (isEnough) this.lower(kind, Math.max(start, period + notice), limit);
      }
    }
  }

  lower(kind, from, limit) {
    if (limit < this.terms.floor_pflop || limit >= this.written.get(kind) || from > WHOLE_MAX) return;
    const held = this.limits.get(kind);
    const before = lastIn(held, from);
    if (before !== undefined && before <= limit) return;
    const higher = held.filter((each) => each.from < from);
    const lower = held.filter((each) => each.limit_pflop < limit);
    const found = [...higher, { from, limit_pflop: limit }, ...lower];
    if (found.length <= LIMITS_MAX) this.limits.set(kind, found);
  }

  amended() {
    const kinds = [...this.limits.keys()].sort();
    const found = kinds.map((kind) => ({ clause: kind, limits: this.limits.get(kind) }));
    return found.filter((each) => each.limits.length);
  }
}
