// Series of balances and their three tests: docs/spec/bundles.md, section 15. All in BigInt.

import { rulesBytes } from "./grammar.mjs";

const RULES = JSON.parse(rulesBytes.toString("utf8"));
const { series: LIMITS } = RULES;
const PAGES = [
  ["large shift", ...LIMITS.large.map(BigInt)],
  ["small shift", ...LIMITS.small.map(BigInt)],
];
export const SERIES_PERIODS = LIMITS.periods;
const ROW = BigInt(LIMITS.row_milli);
/** 15.3: the largest value that a sum takes. */
const VALUE_MAX = PAGES.map(([, k, h]) => k + h).reduce((a, b) => (a < b ? a : b));
const PPB = 1_000_000_000n;

const largest = (a, b) => (a > b ? a : b);
const smallest = (a, b) => (a < b ? a : b);
const floored = (a, b) => (a >= 0n ? a / b : -((-a + b - 1n) / b));

function squareRoot(n) {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** A series that has begun with no balance; `take` adds one and tells the alarms (15.4). */
export class Series {
  constructor(channel) {
    this.r2 = BigInt(Math.max(channel.random_ppm, 1)) ** 2n;
    this.s2 = BigInt(channel.systematic_ppm) ** 2n;
    this.every = channel.calibration_periods;
    this.strategic = BigInt(channel.strategic_wh);
    this.cut = squareRoot(16_000_000n * (this.r2 + this.s2));
    this.balances = [];
    this.before = 0n;
    this.sums = PAGES.map(() => ({ held: 0n, since: -1 }));
  }

  take({ index, declared, metered }) {
    const value = this.#value(index, declared, metered);
    const found = [];
    if (this.before > ROW && value > ROW) {
      const two = `${decimal(this.before)} and ${decimal(value)}`;
      found.push({ since: index - 1, text: `in periods ${index - 1} and ${index}: z = ${two}, limit ${decimal(ROW)}` });
    }
    this.before = value;
    PAGES.forEach(([name, reference, limit], at) => {
      const sum = this.sums[at];
      if (sum.held === 0n) sum.since = index;
      sum.held = largest(0n, sum.held + smallest(value, VALUE_MAX) - reference);
      if (sum.held > limit) {
        const text =
          `over periods ${sum.since} to ${index}: Page's test for a ${name}, k = ${decimal(reference)}, ` +
          `stands at ${decimal(sum.held)}, limit ${decimal(limit)}`;
        found.push({ since: sum.since, text });
      }
    });
    return found;
  }

  // 15.1, 15.2
  #value(index, declared, metered) {
    const block = this.every === 0 ? 0 : Math.floor(index / this.every);
    const same = this.balances.filter((each) => each.block === block);
    const y = floored((metered - declared) * PPB, largest(1n, declared));
    const a = this.r2 + BigInt(same.length) * this.s2;
    const over = a * y - this.s2 * same.reduce((total, each) => total + each.told, 0n);
    const size = squareRoot((over * over) / (this.r2 * a * (a + this.s2)));
    const told = largest(-this.cut, smallest(this.cut, y));
    this.balances.push({ index, block, told, metered });
    this.place = same.length;
    return over >= 0n ? size : -size;
  }

  // 15.5
  #shift(hidden, place) {
    const most = this.balances.map((each) => each.metered).reduce(largest, 1n);
    const y = (hidden * PPB) / most;
    const a = this.r2 + BigInt(place) * this.s2;
    return squareRoot((y * y * this.r2) / (a * (a + this.s2)));
  }

  get power() {
    const { periods } = LIMITS;
    const last = Math.min(this.every || periods, periods) - 1;
    const sudden = entry(RULES.sudden_percent, RULES.sudden_step_milli, this.#shift(this.strategic, this.place));
    const part = this.#shift(this.strategic / BigInt(periods), last);
    const spread = entry(RULES.spread_percent, RULES.spread_step_milli, part);
    return (
      `power against ${this.strategic} Wh: ${sudden} % in two periods that hide it each, ` +
      `${spread} % spread over ${periods}`
    );
  }
}

/** What an alarm at the last period says, and since when it lasts (bundles 3.3). */
export function sentence(alarm, series, meter, accused) {
  const { periods } = LIMITS;
  return (
    `metered energy is above declared energy ${alarm.text}; alpha ${RULES.alpha_ppm} ppm for all 3 tests ` +
    `over ${periods} periods; ${series.power}; series from ${series.balances[0].index}; ` +
    `read by ${meter.id} (group ${meter.group}), declared by ${accused.id} (group ${accused.group})`
  );
}

/** appraisal 4.3: the envelopes of each series that ends in a finding, from balances in order. */
export function alarmed(channel, balances) {
  const found = [];
  let [held, series, size, last] = [[], new Series(channel), 0, -Infinity];
  const anew = () => ([held, series, size] = [[], new Series(channel), 0]);
  for (const each of balances) {
    const more = each.entries.reduce((total, entry) => total + entry.length, 0);
    const isGap = held.length > 0 && held.at(-1).index + 1 !== each.index;
    if (isGap || held.length === LIMITS.periods || size + more > LIMITS.bytes_max) anew();
    held.push(each);
    size += more;
    if (series.take(each).length === 0) continue;
    if (each.index - last > LIMITS.repeat_periods) {
      found.push(held.flatMap((one) => one.entries));
      last = each.index;
    }
    anew();
  }
  return found;
}

function entry(table, step, milli) {
  const place = milli / BigInt(step);
  return table[place < BigInt(table.length) ? Number(place) : table.length - 1];
}

const decimal = (milli) => `${milli / 1000n}.${String(milli % 1000n).padStart(3, "0")}`;
