// What usage statements say in the end, and runs with their ancestors: docs/spec/bundles.md, 7.

import { writeText } from "./bytes.mjs";
import { grown } from "./bands.mjs";
import { asComeDown, asEased } from "./easing.mjs";

const WINDOW_ENTRIES = 64;
const WINDOW_BYTES = 200_000;

/** Whether a statement of the same log corrects this usage statement (bundles 7.2). */
export function corrects(later, usage) {
  return (
    later.kind === "correction" &&
    later.said.author === usage.said.author &&
    later.said.body.of === usage.id &&
    later.said.body.seq === usage.said.seq &&
    writeText(later.said.period) === writeText(usage.said.period)
  );
}

/**
 * The figures of the usage statement at a place, and the place after its window (bundles 7.1).
 *
 * `at(place)` gives {bytes, statement} of what stands there (no statement where none can), or
 * nothing where it is not at hand; null where there is no usage, or a part of its window lacks.
 */
export function figuresAt(at, place, size) {
  const usage = at(place)?.statement;
  if (usage?.kind !== "compute-usage") return null;
  const { body } = usage.said;
  const period = usage.said.period.index ?? -1;
  const found = { place, period, stated: body, said: [], body, correction: null, end: place + 1 };
  for (let bytes = 0; found.end < size; found.end += 1) {
    if (found.end > place + WINDOW_ENTRIES || bytes >= WINDOW_BYTES) break;
    const later = at(found.end);
    if (later === undefined) return null;
    bytes += later.bytes;
    if (later.statement !== null && corrects(later.statement, usage)) {
      [found.body, found.correction] = [later.statement.said.body.usage, found.end];
      found.said.push(found.body);
    }
  }
  return found;
}

/** bundles 7.4: of these places up to the last, those that name its agreement, with whole windows. */
export function statedBy(at, places, last, size) {
  const { agreement } = at(last).statement.said;
  return places
    .filter((place) => place <= last && at(place).statement?.said.agreement === agreement)
    .map((place) => figuresAt(at, place, size))
    .filter((each) => each !== null);
}

/** Whether any correction in a window takes compute back (appraisal 3.9). */
export const isLowered = ({ stated, said }) => said.some((body) => lowers(stated, body));

/** Whether a correction does: in total, of a class, or of a run. */
function lowers(stated, body) {
  const total = (usage) => Object.values(usage.classes).reduce((sum, each) => sum + each.used_pflop, 0);
  const runs = new Map(body.runs.map((run) => [run.run, run.total_pflop]));
  return (
    total(body) < total(stated) ||
    Object.keys(stated.classes).some(
      (name) => body.classes[name].used_pflop < stated.classes[name].used_pflop,
    ) ||
    stated.runs.some((run) => (runs.get(run.run) ?? 0) < run.total_pflop)
  );
}

/** What of the last of these is over a fixed cap, in words, and the places that show it. */
export function excessOf(register, found, ease) {
  const { body: usage, period, place } = found.at(-1);
  const needed = new Set([place]);
  const words = runsOver(register, found, ease, needed);
  const totalCap = asComeDown(register, ease, "lab-total-cap", "limit_pflop", period);
  if (totalCap !== undefined) {
    const { classes, limit_pflop: limit } = totalCap;
    const used = classes.reduce((total, name) => total + usage.classes[name].used_pflop, 0);
    if (used > limit) words.push(`the period's total is ${used} PFLOP, the cap on it is ${limit}`);
  }
  return words.length === 0 ? null : shownBy(found, words.join("; "), needed);
}

/** 7.4, 13.3: the runs over their cap; where it has come down, only those that grew. */
function runsOver(register, found, ease, needed) {
  const { body, period } = found.at(-1);
  const full = asEased(register, ease, "per-run-training-cap", "limit_pflop");
  if (full === undefined) return [];
  const words = anyOver(found, body.runs, full, needed);
  const now = asComeDown(register, ease, "per-run-training-cap", "limit_pflop", period);
  if (words.length || now.limit_pflop === full.limit_pflop) return words;
  const { needs, runs } = grown(found);
  const rising = anyOver(found, runs, now, needed);
  if (rising.length) for (const each of needs) needed.add(each);
  return rising;
}

function anyOver(found, runs, { limit_pflop: limit, lineage }, needed) {
  const over = runs.filter((run) => run.total_pflop > limit);
  over.sort((a, b) => a.total_pflop - b.total_pflop || (a.run < b.run ? -1 : 1));
  const largest = over.at(-1);
  if (largest !== undefined) {
    return [`run ${largest.run} stands at ${largest.total_pflop} PFLOP, the cap on a run is ${limit}`];
  }
  return lineage === "run-and-ancestors" ? lineageOver(found, runs, limit, needed) : [];
}

/** The text, and the places of the statements that are needed with their windows. */
export function shownBy(found, text, needed) {
  const shown = found.filter((each) => needed.has(each.place));
  const places = shown.flatMap(({ place, end }) => Array.from({ length: end - place }, (_, at) => place + at));
  return {
    text: [...text].slice(0, 300).join(""),
    places: [...new Set(places)].sort((a, b) => a - b),
  };
}

/** bundles 7.4: the first of these that its ancestors bring over the limit; what says so is needed. */
function lineageOver(found, runs, limit, needed) {
  const known = knownRuns(found);
  const byName = [...runs].sort((a, b) => (a.run < b.run ? -1 : 1));
  for (const { run, total_pflop: own } of byName) {
    let total = BigInt(own);
    const met = new Set([run]);
    const places = [];
    const waiting = parentsOf(known, run);
    while (waiting.length && total <= BigInt(limit)) {
      const [name, place] = waiting.shift();
      if (met.has(name) || !known.has(name)) continue;
      met.add(name);
      total += BigInt(known.get(name).total);
      places.push(place, known.get(name).place);
      waiting.push(...parentsOf(known, name));
    }
    if (total > BigInt(limit)) {
      for (const place of places) needed.add(place);
      const ancestors = `${met.size - 1} of its ancestors`;
      return [`run ${run} with ${ancestors} stands at ${total} PFLOP, the cap on a run is ${limit}`];
    }
  }
  return [];
}

function knownRuns(found) {
  const known = new Map();
  for (const { place, body } of found) {
    for (const { run, total_pflop: total, parents } of body.runs) {
      if (!known.has(run)) known.set(run, { total, place, parents: new Map() });
      const held = known.get(run);
      if (held.total < total) [held.total, held.place] = [total, place];
      for (const parent of parents) if (!held.parents.has(parent)) held.parents.set(parent, place);
    }
  }
  return known;
}

const parentsOf = (known, run) => [...(known.get(run)?.parents ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
