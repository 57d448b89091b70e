// What the rules make of each party under one cut: docs/spec/appraisal.md, sections 4 and 5.

import { Bad, sha256, writeJson } from "./bytes.mjs";
import { contested } from "./challenges.mjs";
import { claimOf, findingOf, seal } from "./claims.mjs";
import { easedIn, isEasable } from "./easing.mjs";
import { figuresAt, statedBy } from "./figures.mjs";
import { rulesBytes } from "./grammar.mjs";
import { openingOrNone, refusal } from "./inspections.mjs";
import { digestOf } from "./register.mjs";
import { Record, holding } from "./record.mjs";
import { energyOf } from "./statement.mjs";
import { findLearned, toldOf } from "./staging.mjs";
import { alarmed } from "./series.mjs";
import { beyond, brokenBy, discrepancy, overCap, silence } from "./warrants.mjs";

export const RULES_DIGEST = sha256(rulesBytes).toString("hex"); // appraisal 1.2
const WARRANT_BYTES_MAX = 1_000_000;
const LISTED_MAX = 128;
const LISTED_BYTES_MAX = 32_000;
const LOWERED_MAX = 1_000;
const JUDGES = { F5: silence, F6: overCap, F7: discrepancy, F10: openingOrNone, F10r: refusal };
const MEANINGS = {
  F1: "two different statements at one place in its log",
  F2: "two checkpoints of one size with different roots",
  F3: "two checkpoints that hold different statements at one place",
  F4: "a log entry that cannot stand where it stands",
  F5: "what was due was not there on time",
  F7: "independent evidence shows more than was declared",
  F8a: "it cosigned both sides of a fork",
  F8b: "it cosigned a smaller log after a larger one",
  F9: "its appraisal does not follow from the cut it names",
  F10: "an opening, or the want of one, that its own log contradicts",
  F10r: "an inspection refused or unanswered",
  F11: "two endorsements, appraisals or approvals that differ, for one place",
};

/** The appraisals of all parties, in the agreement's order, as values to be written. */
export function appraise(register, cut, logs) {
  const record = new Record(register, cut, logs);
  return record.register.signatories.map((party) => appraiseParty(record, party));
}

function appraiseParty(record, party) {
  const { register, cut } = record;
  const life = record.lifeOf(party);
  const meters = register.power ? register.meters(party) : [];
  const confirmed = record.faults.filter((each) => each.grade === "confirmed");
  const accused = new Set(confirmed.map((each) => each.accused));
  const spoiled = meters.some((meter) => accused.has(meter));
  const given = new Map(meters.map((meter) => [meter, record.readings(meter, party)]));
  const usages = record.usages(party, life);
  const lab = { record, party, life, meters, usages, given, spoiled, isOverTold: false };
  const findings = record.isOutside(party) ? [] : found(lab);
  // 3.9
  const bound = [...usages].filter(([period]) => life.binds(period));
  const corrected = bound.filter(([, due]) => due.correction !== null);
  const lowered = bound.filter(([, due]) => due.lowered).map(([period]) => period);
  const bare = {
    period: cut.period,
    view: cut.view,
    cut: digestOf(cut), // 5.3
    rules: RULES_DIGEST,
    agreement: register.agreementDigest,
    lab: party,
    stage: life.stage,
    bound: life.bound,
    caps: life.caps,
    barred: life.barred,
    eased: life.eased,
    amended: life.amended,
    corrections: corrected.length,
    lowered: lowered.sort((a, b) => a - b).slice(-LOWERED_MAX),
    status: statusOf(lab, findings),
    claims: claimsOf(party, findings),
    findings: [],
  };
  return { ...bare, findings: listed(bare, findings) };
}

/** Section 4, in its order. */
function found(lab) {
  const { party, meters, usages, given } = lab;
  return [
    ...knownProofs(lab),
    ...overCaps(lab),
    ...discrepancies(lab),
    ...silencesOf(lab, party, usages),
    ...meters.flatMap((meter) => silencesOf(lab, meter, given.get(meter))),
    ...inspections(lab),
    ...challenges(lab),
  ];
}

// 4.1
function knownProofs({ record, party, meters }) {
  return record.faults
    .filter((each) => each.fault !== "F6" && [party, ...meters].includes(each.accused))
    .map(({ fault, grade, accused, bundle }) => {
      const text = grade === "confirmed" ? MEANINGS[fault] : `key compromised: ${MEANINGS[fault]}`;
      return findingOf({ fault, grade, accused, periods: [], text }, bundle);
    });
}

/** 4.7: the finding that these materials give; none where they give none. */
function judged({ record }, fault, materials) {
  if (materials.length === 0) return [];
  try {
    const claim = claimOf(fault, JUDGES[fault](record.register, materials));
    const { id, isTooLarge } = seal(record.register, claim, materials);
    return isTooLarge ? [] : [findingOf(claim, id)]; // 4.7
  } catch (error) {
    if (error instanceof Bad) return [];
    throw error;
  }
}

// 4.2
function overCaps(lab) {
  const { record, party, life } = lab;
  const { register } = record;
  const view = record.views.get(party);
  const candidates = view
    .of("compute-usage")
    .filter(
      ({ said }) =>
        said.period.index !== undefined &&
        life.binds(said.period.index) &&
        said.agreement === register.agreementDigest,
    )
    .sort((a, b) => a.said.period.index - b.said.period.index || a.at - b.at);
  const heads = record.heads(view);
  for (const { at, said } of candidates) {
    const { index } = said.period;
    const [first, second] = holding(heads, { at, period: index });
    if (second === undefined) continue;
    const ease = easedIn(life.eased, index);
    let places = placesOver(register, view, at, second.head.size);
    const isOver = isEasable(register.agreement)
      ? placesOver(register, view, at, second.head.size, ease).length > 0
      : places.length > 0;
    let known = [];
    if (isOver) {
      lab.isOverTold ||= places.length === 0;
    } else {
      const told = toldOf(register, life, index);
      if (places.length > 0 || told === null) continue;
      const near = figuresNear(view, register, { at, index }, second.head.size);
      if (beyond(register, near, told, ease) === null) continue;
      const over = beyond(register, near, told);
      lab.isOverTold = true;
      known = over === null ? [] : findLearned(register, view, record.verifiers, index, over);
      places = known.length ? over.places : [];
    }
    const shown = places.length ? overCapMaterials(lab, at, [first, second], places) : [];
    const found = judged(lab, "F6", shown.length ? [...shown, ...known] : []);
    if (found.length) return found;
  }
  return [];
}

/** The figures of a usage statement, the last, and of those before it of the period before. */
function figuresNear(view, register, { at, index }, size) {
  const { agreementDigest } = register;
  const near = view.of("compute-usage").filter((each) => {
    const { period, agreement } = each.said;
    if (agreement !== agreementDigest || period.index === undefined) return false;
    return each.at === at || (each.at < at && period.index === index - 1);
  });
  const found = near.map((each) => figuresAt((place) => view.at(place), each.at, size));
  return found.filter((each) => each !== null);
}

/** The places that show usage over a cap by a size of its log, as it says that clauses bind or as told. */
function placesOver(register, view, at, size, ease) {
  const places = view.of("compute-usage").map((each) => each.at);
  const found = statedBy((place) => view.at(place), places, at, size);
  return brokenBy(register, found, (place) => view.at(place), places, ease)?.places ?? [];
}

function overCapMaterials({ record, party, life }, at, [first, second], places) {
  const { register } = record;
  const named = register.signedWith(party);
  const activating = record.cuts.filter((each) => each.cut.period === life.activatedBy);
  const ratified = named.map((id) => [id, record.ratified.get(id)?.at ?? record.views.get(id).size]);
  const groups = [
    leavesUnder(record, activating, ratified),
    leavesUnder(record, [first], [[party, at]]),
    leavesUnder(record, [second], places.map((place) => [party, place])),
  ];
  return groups.every((group) => group.length) ? groups.flat() : [];
}

/** The first of these cuts that holds all these entries, with their leaves; else nothing. */
function leavesUnder(record, cuts, places) {
  for (const { cut, entry, endorsements } of cuts) {
    const leaves = places.flatMap(([id, at]) => {
      const view = record.views.get(id);
      const head = cut.origins.find((item) => item.origin === view.member.origin);
      if (head === undefined || at >= head.size || !view.hasRoot(head.size, head.root)) return [];
      return [view.leaf(at, head.size)];
    });
    if (leaves.length === places.length) {
      const kept = endorsements.slice(0, record.register.courtOf(cut).k).map((each) => each.toString("base64"));
      return [{ kind: "cut", data: entry.toString("base64"), endorsements: kept }, ...leaves];
    }
  }
  return [];
}

const envelopes = (entries) =>
  entries.map((entry) => ({ kind: "envelope", data: entry.toString("base64") }));

// 4.3
function discrepancies(lab) {
  const { record, given, spoiled } = lab;
  const channel = record.register.power;
  if (channel === undefined || spoiled) return [];
  return [...given.values()].flatMap((readings) =>
    alarmed(channel, balancesOf(lab, readings)).flatMap((entries) => judged(lab, "F7", envelopes(entries))),
  );
}

function balancesOf({ record, life, usages }, readings) {
  const found = [];
  for (let index = 0; index <= record.cut.period; index += 1) {
    const [usage, reading] = [usages.get(index), readings.get(index)];
    if (!life.binds(index) || usage === undefined || reading === undefined) continue;
    const entries = [usage.entry, usage.correction, reading.entry].filter((each) => each !== null);
    const metered = BigInt(reading.body.energy_wh);
    found.push({ index, declared: energyOf(usage.body), metered, entries });
  }
  return found;
}

// 4.4
function silencesOf(lab, participant, given) {
  const { record } = lab;
  const { origin } = record.register.members.get(participant);
  const [open, answered] = [[], []];
  for (let period = record.owedFrom(lab.party); period <= record.cut.period; period += 1) {
    const need = record.register.under(period).f + 1;
    const said = record.silencesOf(origin, period);
    if (said.length < need) continue;
    const due = given.get(period);
    if (due === undefined) {
      open.push({ said: said.slice(0, need), answer: [] });
    } else if (!record.isOnTime(participant, period, due)) {
      answered.push({ said: said.slice(0, need), answer: [due.entry] });
    }
  }
  return [open, answered].flatMap((group) => {
    const kept = withinBounds(group);
    const entries = [...kept.flatMap((each) => each.said), ...kept.flatMap((each) => each.answer)];
    return judged(lab, "F5", envelopes(entries));
  });
}

// 4.5: what was drawn; a log with two faces has been judged.
function inspections(lab) {
  const { record, party } = lab;
  const forked = record.faults.some(
    (each) => each.accused === party && ["F1", "F2", "F3"].includes(each.fault),
  );
  if (forked) return [];
  const view = record.views.get(party);
  return [
    ...judged(lab, "F10", record.inspected.unanswered(view)),
    ...record.inspected.lacking(view).flatMap((materials) => judged(lab, "F10r", materials)),
  ];
}

// 4.6: what came of challenges of this party's places.
function challenges(lab) {
  const { record, party } = lab;
  const cuts = [...record.cuts.map((each) => each.cut), record.cut];
  return contested(record, cuts, party).flatMap(([fault, entries]) =>
    judged(lab, fault, envelopes(entries)),
  );
}

function withinBounds(group) {
  const kept = [];
  let total = 0;
  for (const each of group) {
    total += [...each.said, ...each.answer].reduce((bytes, entry) => bytes + entry.length, 0);
    if (kept.length && total > WARRANT_BYTES_MAX) break;
    kept.push(each);
  }
  return kept;
}

// 4.8
function listed(bare, findings) {
  const kept = [];
  let total = writeJson(bare).length;
  for (const finding of findings.slice(0, LISTED_MAX)) {
    total += writeJson(finding).length;
    if (total > LISTED_BYTES_MAX) break;
    kept.push(finding);
  }
  return kept;
}

// 5.1
function statusOf(lab, findings) {
  const { record, party, life } = lab;
  if (findings.some((each) => each.grade === "confirmed" && each.accused === party)) {
    return "breach-proven";
  }
  if (findings.some((each) => each.fault === "F7")) return "discrepancy";
  const refused = findings.some((each) => each.fault === "F10r" && each.grade !== "unsupported");
  if (refused || lab.isOverTold || !isDemonstrated(lab)) return "not-demonstrated";
  return life.binds(record.cut.period) ? "no-breach-found-in-what-was-declared" : "not-in-force";
}

function isDemonstrated({ record, party, usages, given, spoiled }) {
  if (spoiled) return false;
  const now = record.cut.period;
  if (record.isOutside(party)) return true;
  for (const [participant, held] of [[party, usages], ...given]) {
    for (let period = record.owedFrom(party); period <= now; period += 1) if (!held.has(period)) return false;
    if (!record.isOnTime(participant, now, held.get(now))) return false;
  }
  return true;
}

// 5.2
function claimsOf(party, findings) {
  const counts = (each) => each.class === "warrant" || each.grade !== "plausible";
  const own = new Set(
    findings.filter((each) => each.accused === party && counts(each)).map((each) => each.fault),
  );
  const says = (contradicted) => (contradicted ? "contradicted" : "no-conclusion");
  const account = says(["F1", "F2", "F3", "F4", "F10"].some((fault) => own.has(fault)));
  return {
    "declared-run-correctness": account,
    "declared-run-completeness": account,
    "fleet-completeness": says(own.has("F7")),
  };
}
