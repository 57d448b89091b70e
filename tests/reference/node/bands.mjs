// Runs reported or approved before they begin (C11): docs/spec/bundles.md, section 11, lifecycle 3.9.

import { WHOLE_MAX } from "./bytes.mjs";
import { asEased } from "./easing.mjs";

const LINES = ["report_from_pflop", "approve_from_pflop"];
const BARS_MAX = 32;
const SOON = 2;

/** bundles 11.1: the runs that grew since the period before, the largest first, and its place. */
export function grown(found) {
  const last = found.at(-1);
  const before = found.slice(0, -1).find((each) => each.period === last.period - 1);
  if (before === undefined) return { needs: [], runs: [] };
  const stood = new Map(before.body.runs.map((run) => [run.run, run.total_pflop]));
  const runs = last.body.runs.filter(({ run, total_pflop: total }) => total > (stood.get(run) ?? 0));
  runs.sort((a, b) => b.total_pflop - a.total_pflop || (a.run < b.run ? 1 : -1));
  return { needs: [before.place], runs };
}

/** The schedule's period of an index; null beyond what times can say. */
function isOfSchedule({ start, period_s: length }, period) {
  const from = start + period.index * length;
  return period.start === from && period.end === from + length && period.end <= WHOLE_MAX;
}

const periodsOf = (seconds, schedule) => Math.ceil(seconds / schedule.period_s);
const lagOf = ({ deadline_s: deadline, grace_s: grace, period_s: length }) =>
  Math.floor((deadline + grace) / length);

/** bundles 11.4: the largest run in the band without a timely report; null where there is none. */
export function unreported(register, found, at, places, ease) {
  const band = asEased(register, ease, "approval-band", ...LINES);
  const lines = LINES.map((name) => band?.[name] ?? 0).filter((line) => line > 0);
  if (lines.length === 0) return null;
  const least = lines.reduce((a, b) => (a < b ? a : b));
  const { needs, runs } = grown(found);
  for (const run of runs.filter((each) => each.total_pflop >= least)) {
    const amiss = amissIn(register, band, found.at(-1), run, at, places);
    if (amiss === null) continue;
    const text = `run ${run.run} has grown to ${run.total_pflop} PFLOP, and ${amiss.words}`;
    return { text, needs, alone: amiss.alone };
  }
  return null;
}

function amissIn(register, band, last, { run, total_pflop: total, reported: place }, at, places) {
  if (place < 0 || place >= last.place) return { words: "names no report of it", alone: [] };
  const named = at(place);
  if (named === undefined) return null;
  const body = named.statement?.said.body;
  const isReport =
    named.statement?.kind === "notification" &&
    body.what === "new-run" &&
    body.of === run &&
    body.amount >= total &&
    body.period <= last.period;
  if (!isReport) return { words: `what it names at place ${place} is no report of it`, alone: [place] };
  const due = last.period - 1 - waitsOf(register, band, body.amount);
  const late = places.find((each) => each < place && isUsageFrom(register, at(each).statement, due));
  if (late === undefined) return null;
  const words = `its report at place ${place} stands after the usage of a period from ${due} on`;
  return { words, alone: [place, late] };
}

// bundles 11.3
function waitsOf({ agreement: { schedule } }, band, amount) {
  const notice = periodsOf(band.notice_s, schedule);
  if (band.approve_from_pflop === 0n || amount < band.approve_from_pflop) return notice;
  return Math.max(notice, periodsOf(band.silence_s, schedule) + lagOf(schedule) + SOON);
}

function isUsageFrom({ agreement: { schedule } }, statement, due) {
  if (statement?.kind !== "compute-usage") return false;
  const { period } = statement.said;
  return period.index !== undefined && period.index >= due && isOfSchedule(schedule, period);
}

/** bundles 11.6: the largest barred run that grew from the approval line on; null where none did. */
export function overBar(register, found, barred, ease) {
  const line = asEased(register, ease, "approval-band", ...LINES)?.approve_from_pflop ?? 0n;
  if (line === 0n) return null;
  const { needs, runs } = grown(found);
  const over = runs.find((run) => run.total_pflop >= line && barred.includes(run.run));
  if (over === undefined) return null;
  const text = `run ${over.run} has grown to ${over.total_pflop} PFLOP, and was barred by an objection`;
  return { text, barred: over.run, needs };
}

/** The runs that are barred in a period. */
export const barredIn = (bars, period) => bars.filter((each) => each.from <= period).map((each) => each.run);

const keyOf = (...parts) => parts.join(" ");

/** lifecycle 3.9: what was reported and objected to, cut by cut. */
export class Banding {
  constructor(agreement, labs) {
    const band = agreement.clauses.find((item) => item.clause === "approval-band");
    this.line = band?.approve_from_pflop ?? 0;
    this.silence = band === undefined ? 0 : periodsOf(band.silence_s, agreement.schedule);
    this.panel = agreement.adjudicator.panel;
    this.quorum = agreement.adjudicator.quorum;
    this.parties = labs;
    this.reported = new Map();
    this.objections = new Map();
    this.recused = new Set();
    this.bars = new Map(labs.map((party) => [party, new Map()]));
    this.heard = [];
  }

  hear(by, kind, body) {
    this.heard.push({ by, kind, body });
  }

  count(period, notice) {
    const of = (kind) => this.heard.filter((each) => each.kind === kind);
    for (const { by, body } of of("recusal")) this.recused.add(keyOf(by, body.party));
    for (const { by, body } of of("notification")) {
      const asks = this.line > 0 && body.what === "new-run" && body.amount >= this.line;
      const key = keyOf(by, body.of);
      if (asks && this.parties.includes(by) && !this.reported.has(key)) this.reported.set(key, period);
    }
    for (const { by, body } of of("objection")) {
      const key = keyOf(body.party, body.run);
      if (this.line === 0 || !this.panel.includes(by) || !this.parties.includes(body.party)) continue;
      if (period > (this.reported.get(key) ?? period) + this.silence) continue;
      if (!this.objections.has(key)) this.objections.set(key, { ...body, by: new Set() });
      this.objections.get(key).by.add(by);
    }
    this.heard = [];
    this.bar(period + notice);
  }

  bar(from) {
    const ordered = [...this.objections.values()].sort((a, b) => (a.run < b.run ? -1 : 1));
    for (const { party, run, by } of ordered) {
      const said = [...by].filter((each) => !this.recused.has(keyOf(each, party)));
      const bars = this.bars.get(party);
      if (said.length < this.quorum || bars.has(run) || bars.size >= BARS_MAX || from > WHOLE_MAX) continue;
      bars.set(run, from);
    }
  }

  barred(party) {
    const bars = [...this.bars.get(party)].sort(([a], [b]) => (a < b ? -1 : 1));
    return bars.map(([run, from]) => ({ run, from }));
  }
}
