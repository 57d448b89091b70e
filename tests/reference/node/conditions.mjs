// When a trigger or a lift rule is met: docs/spec/lifecycle.md 3.1 and 3.2.

import { writeText } from "./bytes.mjs";

const PPM = 1_000_000;

export class Gauge {
  constructor() {
    this.values = new Map();
    this.counted = -1;
    this.turn();
  }

  turn() {
    this.incidents = new Map();
    this.assents = new Map();
    this.runs = new Map();
  }

  measured(by, { about, indicator, value }) {
    const key = `${indicator} ${about}`;
    if (!this.values.has(key)) this.values.set(key, { indicator, said: new Map() });
    this.values.get(key).said.set(by, value);
  }

  reported(by, { about }) {
    if (!this.incidents.has(about)) this.incidents.set(about, new Set());
    this.incidents.get(about).add(by);
  }

  /** Once a period: in how many cuts running each indicator is past its bound. */
  count(rules, period) {
    if (period <= this.counted) return;
    this.counted = period;
    for (const each of rules.flatMap((rule) => rule.conditions)) {
      if (each.condition !== "indicator-bound") continue;
      const key = writeText(each);
      this.runs.set(key, this.isPast(each) ? (this.runs.get(key) ?? 0) + 1 : 0);
    }
  }

  isPast({ indicator, side, bound, sources, quorum }) {
    return [...this.values.values()].some((each) => {
      if (each.indicator !== indicator) return false;
      const past = [...each.said].filter(
        ([source, value]) =>
          sources.includes(source) && (side === "at-least" ? value >= bound : value <= bound),
      );
      return past.length >= quorum;
    });
  }

  isMet(rule, state) {
    const met = rule.conditions.filter((each) => this.holds(each, state));
    const ofTime = met.every(({ condition }) => ["from-period", "after-periods"].includes(condition));
    return met.length >= rule.need && !(state.anew && ofTime); // 3.2
  }

  holds(condition, { period, ratified, triggered, parties, decided }) {
    switch (condition.condition) {
      case "on-ratification":
        return ratified;
      case "from-period":
        return period >= condition.period;
      case "after-periods":
        return triggered !== null && period >= triggered + condition.periods;
      case "indicator-bound":
        return (this.runs.get(writeText(condition)) ?? 0) >= condition.debounce_periods;
      case "incident-reported":
        return [...this.incidents.values()].some(
          (by) => condition.sources.filter((each) => by.has(each)).length >= condition.quorum,
        );
      case "parties-assent": {
        const count = parties.filter((party) => this.assents.get(party) === true).length;
        return count > 0 && count * PPM >= condition.need_ppm * parties.length;
      }
      case "adjudicator-determines":
        return decided;
      default:
        throw new Error(`no such condition: ${condition.condition}`);
    }
  }
}
