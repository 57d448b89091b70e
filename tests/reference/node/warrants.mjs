// F5, F6 and F7, which rest on the agreement: docs/spec/bundles.md 3.1 to 3.5.

import { WHOLE_MAX, must, readBase64 } from "./bytes.mjs";
import { overBar, unreported } from "./bands.mjs";
import { claimed } from "./easing.mjs";
import { corrects, excessOf, shownBy, statedBy } from "./figures.mjs";
import { reported } from "./inspections.mjs";
import { leastNotice } from "./joining.mjs";
import { ofKinds, requireUnder, statementBy } from "./proofs.mjs";
import { digestOf, isWithin } from "./register.mjs";
import { SERIES_PERIODS, Series, sentence } from "./series.mjs";
import { learned, overAmended, overStage } from "./staging.mjs";
import { energyOf } from "./statement.mjs";

/** bundles 3.5: the schedule's period of an index; null beyond what times can say. */
export function periodAt(schedule, index) {
  const start = schedule.start + index * schedule.period_s;
  const end = start + schedule.period_s;
  return end <= WHOLE_MAX ? { index, start, end } : null;
}

/** Whether a period is exactly the schedule's of its index. */
export function isScheduled(schedule, period) {
  if (period.index === undefined) return false;
  const found = periodAt(schedule, period.index);
  return found !== null && found.start === period.start && found.end === period.end;
}

function periodOf(register, statement) {
  const { period } = statement.said;
  must(isScheduled(register.agreement.schedule, period), "bundles 3.5: no period of the schedule");
  return period.index;
}

const ascends = (items) => items.every((item, at) => at === 0 || items[at - 1] < item);

// ----------------------------------------------------------------------------------- bundles 3.1

export function silence(register, materials) {
  const entries = ofKinds(materials, materials.map(() => "envelope"));
  const said = entries.map((entry) => statementBy(register, entry));
  const count = said.filter((each) => each.kind === "silence").length;
  const [silences, answers] = [said.slice(0, count), said.slice(count)];
  must(count > 0 && silences.every((each) => each.kind === "silence"), "3.1: silences first");
  const origin = silences[0].body.log;
  must(silences.every((each) => each.body.log === origin), "3.1: about one log");
  const accused = register.owner(origin);
  must(["lab", "meter"].includes(accused.role), "3.1: a lab's or a meter's");
  const periods = silentPeriods(register, silences);
  const due = accused.role === "lab" ? "compute-usage" : "reading";
  must(answers.every((each) => each.by === accused && each.kind === due), "3.1: answers");
  const answered = answers.map((each) => periodOf(register, each));
  must(answers.length === 0 || answered.join() === periods.join(), "3.1: an answer a period");
  const span =
    periods.length > 1
      ? `${periods.length} periods from ${periods[0]} to ${periods.at(-1)}`
      : `period ${periods[0]}`;
  const words = `nothing due was held at the close of ${span}, say ${register.under(periods.at(-1)).f + 1} verifiers`;
  return answers.length
    ? { accused, text: `withdrawn: ${words}; answered since`, grade: "unsupported", periods }
    : { accused, text: words, grade: "unresolved", periods };
}

function silentPeriods(register, silences) {
  const periods = [];
  for (let at = 0; at < silences.length; ) {
    const { due } = silences[at].body;
    const { f, verifiers } = register.under(due); // register 3.7
    const group = silences.slice(at, at + f + 1);
    must(group.length === f + 1, "3.1: f+1 verifiers a period");
    must(group.every((each) => each.body.due === due), "3.1: of one period");
    must(group.every((each) => register.isAlike(each.body, due)), "register 3.17: by this register");
    const names = group.map((each) => each.by.id);
    must(isWithin(names, verifiers) && ascends(names), "3.1: verifiers of its epoch, in register order");
    periods.push(due);
    at += f + 1;
  }
  must(ascends(periods), "3.1: periods ascend");
  return periods;
}

// ----------------------------------------------------------------------------------- bundles 3.2

export function overCap(register, all) {
  const end = all.findIndex((item) => item.kind === "envelope");
  const [materials, known] = end < 0 ? [all, []] : [all.slice(0, end), all.slice(end)];
  const starts = materials.flatMap((item, at) => (item.kind === "cut" ? [at] : []));
  must(starts.length === 3 && starts[0] === 0, "3.2: three cuts");
  const groups = starts.map((start, at) => materials.slice(start, starts[at + 1]));
  for (const group of groups) {
    must(group.length > 1, "3.2: a cut without a leaf");
    ofKinds(group, ["cut", ...group.slice(1).map(() => "leaf")]);
  }
  const cuts = groups.map(([cut]) => networkCut(register, cut));
  const leaves = groups.map((group, at) => group.slice(1).map((leaf) => held(register, cuts[at], leaf)));
  must(leaves[1].length === 1, "3.2: one usage statement");
  const [usage] = leaves[1];
  const index = periodOf(register, usage);
  const { agreementDigest } = register;
  must(usage.kind === "compute-usage" && register.signatories.includes(usage.by.id), "3.2: usage");
  must(usage.said.agreement === agreementDigest, "3.2: names the agreement");
  const bound = register.signedWith(usage.by.id);
  must(leaves[0].map((each) => each.by.id).join() === bound.join(), "3.2: each party, in order");
  for (const each of leaves[0]) {
    must(each.kind === "ratification", "3.2: a ratification");
    must(each.body.agreement === agreementDigest, "3.2: of the agreement");
    must(each.body.until >= cuts[0].period, "3.2: that has not ended");
  }
  must(index >= cuts[0].period + leastNotice(register, usage.by.id), "3.2: not in force yet");
  must(Math.max(cuts[1].period, index) < cuts[2].period, "3.2: no later cut");
  const told = known.length ? learned(register, usage.by, index, known) : null;
  const leavesOf = [groups[1][1], groups[2].slice(1), leaves[2]];
  const excess = uncorrected(register, cuts[2], usage, told, ...leavesOf);
  return { accused: usage.by, key: usage.key, text: excess.text, grade: "confirmed", periods: [index] };
}

/** bundles 7.3: what the third cut shows of the accused statement, and nothing else. */
function uncorrected(register, cut, usage, told, leaf, leaves, said) {
  must(ascends(leaves.map((each) => each.index)), "7.3: in the order of the log");
  must(said.every((each) => each.by === usage.by), "7.3: entries of the accused's log");
  const log = new Map(
    leaves.map((each, at) => [each.index, { bytes: readBase64(each.data).length, statement: said[at] }]),
  );
  const again = leaves.find((each) => each.index === leaf.index);
  must(again?.data === leaf.data, "3.2: the same usage statement");
  const { size } = cut.origins.find((item) => item.origin === usage.by.origin);
  const found = statedBy((place) => log.get(place), [...log.keys()], leaf.index, size);
  must(found.at(-1)?.place === leaf.index, "7.3: its whole window");
  const own = brokenBy(register, found, (place) => log.get(place), [...log.keys()]);
  must(told === null || own === null, "9.1: its own log shows it");
  const excess = told === null ? own : beyond(register, found, told);
  must(excess !== null, "3.2: within the caps");
  must(excess.places.join() === [...log.keys()].join(), "7.3: what is needed, and no more");
  return excess;
}

/** bundles 7.4, 11.4: what a lab's log shows to be broken by itself, and the places; null if nothing. */
export function brokenBy(register, found, at, places, ease = claimed(register.agreement, found.at(-1).body)) {
  const fixed = excessOf(register, found, ease);
  if (fixed !== null) return fixed;
  const over = unreported(register, found, at, places, ease);
  if (over === null) return null;
  const shown = shownBy(found, over.text, new Set([...over.needs, found.at(-1).place]));
  const all = new Set([...shown.places, ...over.alone]);
  return { ...shown, places: [...all].sort((a, b) => a - b) };
}

/** bundles 9.5, 9.6, 11.6: what is broken of what was told, and the places that show it. */
export function beyond(register, found, { limit, amended, barred }, ease = claimed(register.agreement, found.at(-1).body)) {
  const over =
    overStage(register, found, limit) ??
    overAmended(register, found, amended, ease) ??
    overBar(register, found, barred, ease);
  if (over === null) return null;
  const needed = new Set([...over.needs, found.at(-1).place]);
  return { ...shownBy(found, over.text, needed), amount: over.amount, barred: over.barred, clause: over.clause, ease };
}

/** bundles 3.4: a cut that exactly k verifiers of the epoch of its period endorse. */
export function networkCut(register, material) {
  const statement = statementBy(register, readBase64(material.data));
  must(statement.kind === "cut" && statement.by.role === "verifier", "3.4: a verifier's cut");
  const cut = statement.body;
  const { verifiers, k } = register.courtOf(cut);
  must(verifiers.includes(statement.by.id), "3.4: by a verifier of its epoch");
  const digest = digestOf(cut);
  const by = material.endorsements.map((entry) => {
    const each = statementBy(register, readBase64(entry));
    must(each.kind === "endorsement" && each.by.role === "verifier", "3.4: endorsements");
    const { period, view } = each.body;
    must(each.body.cut === digest && period === cut.period && view === cut.view, "3.4: of this cut");
    return each.by.id;
  });
  must(by.length === k && isWithin(by, verifiers) && ascends(by), "3.4: k verifiers in register order");
  return cut;
}

function held(register, cut, leaf) {
  const statement = statementBy(register, readBase64(leaf.data));
  const head = cut.origins.find((item) => item.origin === statement.by.origin);
  must(head !== undefined && statement.said.seq === leaf.index, "3.2: not held by the cut");
  requireUnder(leaf, head.size, Buffer.from(head.root, "hex"));
  return statement;
}

// ----------------------------------------------------------------------------------- bundles 3.3

export function discrepancy(register, materials) {
  const entries = ofKinds(materials, materials.map(() => "envelope"));
  const said = entries.map((entry) => statementBy(register, entry));
  if (said[0].kind === "declaration") return reported(register, said);
  const groups = byPeriod(said);
  must(groups.length >= 2 && groups.length <= SERIES_PERIODS, "3.3: two periods to a whole series");
  const channel = register.power;
  must(channel !== undefined, "3.3: no power channel");
  const accused = said[0].by;
  const balances = groups.map((group) => balance(register, accused, ...group));
  const [{ index: first }] = balances;
  must(balances.every(({ index }, at) => index === first + at), "3.3: consecutive periods");
  const series = new Series(channel);
  const alarms = balances.map((each) => series.take(each));
  must(alarms.slice(0, -1).every((each) => each.length === 0), "3.3: an alarm before the last period");
  const [alarm] = alarms.at(-1);
  must(alarm !== undefined, "3.3: not above the limits");
  const { index: last } = balances.at(-1);
  const periods = Array.from({ length: last - alarm.since + 1 }, (_, at) => alarm.since + at);
  return { accused, text: sentence(alarm, series, groups[0][2].by, accused), grade: "plausible", periods };
}

/** Usage, its correction where one is named, and reading, of each period. */
function byPeriod(said) {
  const groups = [];
  for (let at = 0; at < said.length; ) {
    const named = said[at + 1]?.kind === "correction";
    const [usage, correction, reading] = [said[at], named ? said[at + 1] : null, said[at + 1 + named]];
    must(reading !== undefined, "3.3: usage without a reading");
    groups.push([usage, correction, reading]);
    at += 2 + named;
  }
  return groups;
}

function balance(register, accused, usage, correction, reading) {
  const index = periodOf(register, usage);
  must(usage.kind === "compute-usage" && usage.by === accused, "3.3: usage of one lab");
  must(register.signatories.includes(accused.id), "3.3: by a party");
  must(usage.said.agreement === register.agreementDigest, "3.3: names the agreement");
  must(reading.kind === "reading", "3.3: a reading");
  must(register.meters(accused.id).includes(reading.by.id), "3.3: by its meter");
  must(reading.body.party === accused.id, "3.3: of it");
  const { start, end } = usage.said.period;
  const { period } = reading.said;
  must(period.index === index && period.start === start && period.end === end, "3.3: of that period");
  must(correction === null || corrects(correction, usage), "7.2: a correction of that usage");
  const stated = correction === null ? usage.body : correction.body.usage;
  return { index, declared: energyOf(stated), metered: BigInt(reading.body.energy_wh) };
}
