// F10, F10r and the reports of inspectors: docs/spec/inspection.md, and bundles.md 3.3, 3.6, 3.7.

import { Bad, hex, must, readBase64, readJson, sha256, utf8, writeJson, writeText } from "./bytes.mjs";
import { WORDS, requireType } from "./grammar.mjs";
import { leafHash, requireInclusion } from "./log.mjs";
import { ofKinds, requireUnder, statementBy } from "./proofs.mjs";
import { isWithin } from "./register.mjs";
import { readStatement, readEnvelope } from "./statement.mjs";
import { revocable } from "./succession.mjs";
import { isScheduled } from "./warrants.mjs";

const ANSWER_PERIODS = 2;
const SHARE_MAX = 8;
const RECORD_MAX = 4_096;
const WORD = 2n ** 64n;
const PPM = 1_000_000n;
export const LACKING = ["unanswered", "undelivered"];

// inspection 2.4
const RECORD = `{salt: hex, network: hex, lab: id, period: whole, index: count, site: id, class: CLASS, start: whole,
  end: whole, occupied_s: whole, used_pflop: whole, run: text 64,
  sums: {each CLASS: {occupied_s: whole, used_pflop: whole}}}`;

// ------------------------------------------------------------------------------------------ draws

const bytes8 = (number) => {
  const found = Buffer.alloc(8);
  found.writeBigUInt64BE(BigInt(number));
  return found;
};

/** inspection 1.2: whether this is the pre-image of its period. */
export function isInChain({ head, length }, { period, image }) {
  if (period >= length) return false;
  let value = hex(image);
  for (let step = 0; step <= period; step += 1) value = sha256("pausenet/chain/v1\n", value);
  return value.toString("hex") === head;
}

function* words(...parts) {
  const seed = sha256(...parts);
  for (let number = 0; ; number += 1) {
    const block = sha256(seed, bytes8(number));
    for (let at = 0; at < 32; at += 8) yield block.readBigUInt64BE(at);
  }
}

// inspection 1.3
function drawLeaves(start, leaves, share) {
  const found = new Set();
  const due = Math.min(share, leaves);
  if (due === 0) return [];
  const bound = WORD - (WORD % BigInt(leaves));
  for (const word of words("pausenet/sample/v1\n", ...start)) {
    if (word < bound) found.add(Number(word % BigInt(leaves)));
    if (found.size === due) break;
  }
  return [...found].sort((a, b) => a - b);
}

// inspection 1.4
function drawSites(start, sites, chance) {
  const bound = WORD - (WORD % PPM);
  return sites.filter((site) => {
    for (const word of words("pausenet/site/v1\n", ...start, utf8(site))) {
      if (word < bound) return word % PPM < BigInt(chance);
    }
    return false;
  });
}

/** inspection 1.5: what a request rightly draws of a usage statement; null where it does not. */
export function rightlyDrawn(register, request, image, usage) {
  const { agreement, agreementDigest } = register;
  const drawn = request.draws.find((item) => item.lab === usage.said.author);
  const { period } = usage.said;
  const binds =
    drawn !== undefined &&
    drawn.usage === usage.id &&
    usage.kind === "compute-usage" &&
    register.signatories.includes(usage.said.author) &&
    usage.said.agreement === agreementDigest &&
    isScheduled(agreement.schedule, period) &&
    period.index === request.period;
  if (!binds) return null;
  const { sample_quota: quota, sample_ppm: ppm } = agreement.annex;
  const start = [hex(register.network), hex(image), bytes8(request.period), hex(usage.id)];
  const n = register.under(request.period).verifiers.length; // register 3.7
  const share = Math.min(SHARE_MAX, Math.ceil(quota / n));
  const leaves = drawLeaves(start, usage.said.body.leaves, share);
  const sites = drawSites(start, usage.said.body.sites.map((each) => each.site), Math.ceil(ppm / n));
  const right = writeText([drawn.leaves, drawn.sites]) === writeText([leaves, sites]);
  return right ? drawn : null;
}

/** inspection 2.1: what is opened for drawn leaves. */
export function leavesFor(drawn, leaves) {
  if (drawn.length === 0) return [];
  const near = drawn.flatMap((index) => [index - 1, index, index + 1]);
  const found = new Set([...near.filter((each) => each >= 0 && each < leaves), leaves - 1]);
  return [...found].sort((a, b) => a - b);
}

/** inspection 4.1: the period by whose close a request of a period is due. */
export function clockOf({ schedule }, period) {
  const after = schedule.deadline_s + schedule.grace_s;
  return period + Math.floor(after / schedule.period_s) + ANSWER_PERIODS;
}

/** Whether a statement is the opening that a draw asks for. */
function isAnswer(drawn, usage, { kind, said }) {
  if (kind !== "opening" || said.body.usage !== drawn.usage) return false;
  const indices = said.body.leaves.map((leaf) => leaf.index);
  return indices.join() === leavesFor(drawn.leaves, usage.said.body.leaves).join();
}

// -------------------------------------------------------------------------------- F10: bundles 3.6

export function openingOrNone(register, materials) {
  return materials[0]?.kind === "leaf" ? missing(register, materials) : opening(register, materials);
}

function opening(register, materials) {
  const count = materials.length - 2;
  must(count >= 0 && count <= 2, "3.6: up to two records");
  const kinds = ["envelope", "envelope", ...Array(count).fill("record")];
  const [first, second, ...records] = ofKinds(materials, kinds);
  const [usage, opened] = [statementBy(register, first), statementBy(register, second)];
  must(usage.kind === "compute-usage" && usage.said.period.index !== undefined, "3.6: usage of a period");
  must(usage.by.role === "lab" && opened.by === usage.by, "3.6: what one lab has said");
  must(opened.kind === "opening", "3.6: an opening");
  must(opened.body.usage === usage.id, "3.6: of that usage");
  const { leaves } = opened.body;
  if (count === 0) {
    const { subject } = readStatement(readEnvelope(first).payload);
    must(!leaves.every((leaf) => isIn(leaf, usage.body.leaves, subject)), "O1: all are in");
  }
  const places = records.map((data) => {
    const found = leaves.find((leaf) => leaf.leaf === leafHash(data).toString("hex"));
    must(found !== undefined, "3.6: a record that is not shown");
    return found.index;
  });
  if (count === 1) must(!isRight(register, usage, records[0], places[0]), "O2 to O5: nothing is wrong");
  if (count === 2) {
    must(places[1] === places[0] + 1, "O6: neighbours");
    must(!follows(...records.map(readRecord)), "O6: nothing is wrong");
  }
  const text = "an opening, or the want of one, that its own log contradicts";
  return revocable(opened.by, opened.key, opened.said.seq, text);
}

const tried = (action) => {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof Bad) return false;
    throw error;
  }
};

const isIn = ({ index, leaf, proof }, size, root) =>
  tried(() => requireInclusion(hex(leaf), index, size, proof.map(hex), hex(root)));

function readRecord(data) {
  const record = readJson(data, RECORD_MAX);
  requireType(RECORD, record);
  return record;
}

// O2 to O5
function isRight(register, usage, data, index) {
  let record;
  if (!tried(() => (record = readRecord(data)))) return false;
  const { period } = usage.said;
  const { body } = usage;
  const isNamed =
    record.network === register.network &&
    record.lab === usage.by.id &&
    record.period === period.index &&
    record.index === index;
  if (!isNamed) return false;
  if (!(period.start <= record.start && record.start <= record.end && record.end <= period.end)) return false;
  if (!body.sites.some((each) => each.site === record.site)) return false;
  if (index === 0 && !isSame(record.sums, sumsAfter(null, record))) return false;
  return index !== body.leaves - 1 || isSame(record.sums, body.classes);
}

const isSame = (one, other) => writeText(one) === writeText(other);

function sumsAfter(before, record) {
  const unit = (name, member) =>
    (before?.sums[name][member] ?? 0) + (record.class === name ? record[member] : 0);
  const of = (name) => ({ occupied_s: unit(name, "occupied_s"), used_pflop: unit(name, "used_pflop") });
  return Object.fromEntries(WORDS.CLASS.map((name) => [name, of(name)]));
}

// O6
function follows(one, two) {
  const order = ["site", "start", "class", "run", "end", "occupied_s", "used_pflop"];
  const at = order.find((member) => one[member] !== two[member]);
  return at !== undefined && one[at] < two[at] && isSame(two.sums, sumsAfter(one, two));
}

function missing(register, materials) {
  must(materials.length >= 5, "3.6: three leaves, two envelopes at least");
  const kinds = [...Array(3).fill("leaf"), ...Array(materials.length - 3).fill("envelope")];
  const [head, reveal, request, ...log] = ofKinds(materials, kinds).map((entry) => statementBy(register, entry));
  const { by } = head;
  must(by.role === "verifier" && by === reveal.by && by === request.by, "1.5: one verifier");
  must(head.kind === "sample-commitment" && head.said.seq === 0, "1.1: the first");
  must(reveal.kind === "sample-reveal" && isInChain(head.body, reveal.body), "1.2: the pre-image");
  const { period } = reveal.body;
  must(request.kind === "inspection-request" && request.body.period === period, "1.5: of that period");
  must(register.under(period).verifiers.includes(by.id), "1.5: by a verifier of its epoch");
  must(register.isAlike(request.body, period), "register 3.17: by this register");
  const drawn = rightlyDrawn(register, request.body, reveal.body.image, log[0]);
  must(drawn !== null, "1.5: what was not drawn");
  const linked = log.every((each, at) => at === 0 || (each.by === log[0].by && each.said.prev === log[at - 1].id));
  must(linked, "3.6: without a gap");
  const last = log.at(-1);
  must(last.kind === "compute-usage" && isScheduled(register.agreement.schedule, last.said.period), "3.6: usage");
  must(last.said.period.index > clockOf(register.agreement, period), "3.6: past the clock");
  const seen = last.said.seen.find((each) => each.origin === by.origin);
  must(seen !== undefined, "3.6: not seen");
  must(register.hasLearned(last.said.seen, request.body), "register 3.18: as it knew");
  must(register.hadLearned(log, by.origin, request.said.seq, request.body), "register 3.18: when it first had seen it");
  [head, reveal, request].forEach((each, at) => {
    must(materials[at].index === each.said.seq, "3.6: its place");
    requireUnder(materials[at], seen.size, hex(seen.root));
  });
  must(!log.some((each) => isAnswer(drawn, log[0], each)), "3.6: answered");
  must(!log.some((each) => each.kind === "key-recovery"), "3.6: recovered since");
  const text = "it attested on without an answer to a request that it had seen";
  const found = revocable(last.by, last.key, last.said.seq, text);
  return { ...found, periods: [period, last.said.period.index] };
}

// ------------------------------------------------------------------------------- F10r: bundles 3.7

export function refusal(register, materials) {
  must(materials.length >= 3, "3.7: three envelopes at least");
  const entries = ofKinds(materials, materials.map(() => "envelope"));
  const said = entries.map((entry) => statementBy(register, entry));
  if (said[0].kind === "challenge") return refused(register, said);
  const [request, usage, ...rest] = said;
  must(request.kind === "inspection-request", "3.7: a request");
  const court = register.under(request.body.period); // register 3.7
  must(court.verifiers.includes(request.by.id), "3.7: by a verifier of its epoch");
  must(register.isAlike(request.body, request.body.period), "register 3.17: by this register");
  const need = court.f + 1;
  const drawn = request.body.draws.find((item) => item.lab === usage.by.id);
  must(usage.kind === "compute-usage" && drawn?.usage === usage.id, "3.7: the usage that it names");
  const [closures, since] = [rest.slice(0, need), rest.slice(need)];
  const result = resultOf(court, request, usage, closures);
  must(LACKING.includes(result), "3.7: answered");
  if (since.length && result === "unanswered") {
    must(since.length === 1 && since[0].by === usage.by && isAnswer(drawn, usage, since[0]), "3.7: an opening");
  } else if (since.length) {
    must(since.length === need && since.every((each, at) => each.by === closures[at].by), "3.7: the same");
    must(since.every((each, at) => each.said.seq > closures[at].said.seq), "3.7: later");
    must(!LACKING.includes(resultOf(court, request, usage, since)), "3.7: not given");
  }
  const what =
    result === "unanswered"
      ? "no opening was held in time"
      : "the opened records were not handed over in time";
  const { period } = request.body;
  const words = `inspection of period ${period}: ${what}, say ${need} verifiers`;
  return since.length
    ? { accused: usage.by, text: `withdrawn: ${words}; answered since`, grade: "unsupported", periods: [period] }
    : { accused: usage.by, text: words, grade: "unresolved", periods: [period] };
}

function resultOf({ f, verifiers }, request, usage, closures) {
  const names = closures.map((each) => each.by.id);
  const ascends = names.every((name, at) => at === 0 || names[at - 1] < name);
  must(names.length === f + 1 && isWithin(names, verifiers) && ascends, "3.7: f+1 in register order");
  must(closures.every((each) => each.kind === "closure"), "3.7: closures");
  const found = closures.map((each) =>
    each.body.results.find((item) => item.inspection === request.id && item.lab === usage.by.id),
  );
  must(found.every((each) => each !== undefined && each.result === found[0].result), "3.7: one result");
  return found[0].result;
}

export const challengeDigest = (notice) => sha256("pausenet/challenge/v1\n", writeJson(notice)).toString("hex");

function refused(register, said) {
  const kinds = said.map((each) => each.kind).join();
  must(kinds === "challenge,challenge-notice,challenge-answer", "3.7: a challenge refused");
  const [challenge, notice, answer] = said;
  const parties = register.signatories;
  const digest = challengeDigest(notice.body);
  must(digest === challenge.body.commitment, "3.7: opened by the notice");
  must(challenge.by === notice.by && parties.includes(challenge.by.id), "3.7: by one party");
  must(challenge.said.seq < notice.said.seq, "3.7: logged before");
  must(notice.body.lab === answer.by.id && parties.includes(answer.by.id), "3.7: the party named");
  must(answer.by !== challenge.by, "3.7: another's place");
  must(answer.body.challenge === digest && answer.body.answer === "refuse", "3.7: refuses");
  const text = `it refused the inspection that ${challenge.by.id} asked for, at its own word`;
  return { accused: answer.by, text, grade: "unresolved", periods: [] };
}

/** bundles 3.3: a declaration, and reports that are alike. */
export function reported(register, [declared, ...said]) {
  const need = said.length;
  const names = said.map((each) => each.by.id);
  const ascends = names.every((name, at) => at === 0 || names[at - 1] < name);
  must(register.epochOf(names) !== undefined && ascends, "3.3: f+1 of one epoch, in register order");
  must(said.every((each) => each.kind === "inspection-report"), "3.3: reports");
  const { body } = said[0];
  must(said.every((each) => writeText(each.body) === writeText(body)), "3.3: alike");
  const parties = register.signatories;
  must(body.lab === declared.by.id && parties.includes(body.lab), "3.3: on the party of the declaration");
  must(body.undeclared > 0, "3.3: nothing undeclared");
  const text =
    `an inspection found ${body.undeclared} of ${body.found} accelerators in no declaration, by UID, ` +
    `say ${need} verifiers; items are counted, with no false-alarm rate of their own`;
  return { accused: declared.by, text, grade: "plausible", periods: [] };
}
