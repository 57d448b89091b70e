// Envelopes and statements: docs/spec/statements.md, sections 2 to 5.

import { WHOLE_MAX, Bad, hex, isExactly, must, readBase64, readJson, sha256 } from "./bytes.mjs";
import { isValid, preAuthentication } from "./ed25519.mjs";
import { requireAgreement, mostOf } from "./agreement.mjs";
import { WORDS, require } from "./grammar.mjs";

const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const PREFIX = "https://pausenet.example/";
const ENTRY_MAX = 65_535;
const PAYLOAD_MAX = 48_000;

/** statements 2: an envelope's payload, statement_id and signatures; none is judged yet. */
export function readEnvelope(data, signaturesMax = 1) {
  const value = readJson(data, ENTRY_MAX); // 2.1
  must(isExactly(value, ["payload", "payloadType", "signatures"]), "2.1: exactly its members");
  must(value.payloadType === PAYLOAD_TYPE, "2.2: payloadType");
  const payload = readBase64(value.payload); // 2.3
  must(payload.length <= PAYLOAD_MAX, "2.1: the payload's length");
  const listed = value.signatures;
  must(Array.isArray(listed), "2.4: signatures");
  must(listed.length >= 1 && listed.length <= signaturesMax, "2.4: how many signatures");
  const signatures = listed.map((item) => {
    must(isExactly(item, ["keyid", "sig"]), "2.1: exactly its members");
    must(/^[0-9a-f]{64}$/.test(item.keyid), "2.5: keyid");
    const signature = readBase64(item.sig);
    must(signature.length === 64, "2.6: a signature has 64 bytes");
    return { keyId: item.keyid, signature };
  });
  must(signatures.length < 2 || signatures[0].keyId < signatures[1].keyId, "2.4: ascending");
  const signed = preAuthentication(PAYLOAD_TYPE, payload);
  return { payload, signatures, signed, id: sha256(signed).toString("hex") }; // 2.8
}

/** Require one valid signature by each of these raw keys, and no other. */
export function requireSigners(envelope, keys) {
  const byId = new Map(keys.map((key) => [sha256(key).toString("hex"), key])); // 2.5
  const found = envelope.signatures.map((each) => each.keyId);
  must(found.length === byId.size && found.every((id) => byId.has(id)), "2.5: who signed");
  for (const { keyId, signature } of envelope.signatures) {
    must(isValid(byId.get(keyId), signature, envelope.signed), "2.6: a signature does not verify");
  }
}

const remembered = new WeakMap();

/** statements 5: the kind, the predicate and the subject's digest of a payload that decodes. */
export function readStatement(payload) {
  const value = readJson(payload, PAYLOAD_MAX);
  const type = value?.predicateType;
  must(typeof type === "string" && type.startsWith(PREFIX) && type.endsWith("/v1"), "4: its kind");
  const kind = type.slice(PREFIX.length, -"/v1".length);
  must(WORDS.KIND.includes(kind), "4: an unknown kind");
  require("statement", value, { kind });
  const said = value.predicate;
  must((kind === "register-genesis") === (said.network === ""), "5.4: network");
  const { period } = said;
  must(Object.keys(period).length === 0 || period.start < period.end, "5.4: an empty period");
  BINDING[kind]?.(said.body);
  return { kind, said, subject: value.subject[0].digest.sha256 };
}

/** The kinds by which keys change: they alone have two signatures (2.4). */
export const CHANGES = ["key-rotation", "key-recovery"];

/** An envelope of as many signatures as its kind asks for, and what it says. */
export function openEntry(entry) {
  const sealed = readEnvelope(entry, 2);
  const found = readStatement(sealed.payload);
  const due = CHANGES.includes(found.kind) ? 2 : 1;
  must(sealed.signatures.length === due, "2.4: how many signatures");
  return { sealed, ...found, id: sealed.id };
}

/** The same; null where the entry does not decode. */
export function tryOpen(entry) {
  try {
    return openEntry(entry);
  } catch (error) {
    if (error instanceof Bad) return null;
    throw error;
  }
}

/** A statement by the bytes of its entry, remembered; null where it does not decode. */
export function tryEntry(entry) {
  if (!remembered.has(entry)) remembered.set(entry, tryOpen(entry));
  return remembered.get(entry);
}

// What binds the members of a body to each other.
const BINDING = {
  "register-genesis": (body) => {
    const roles = body.participants.map((item) => item.role);
    const count = (role) => roles.filter((each) => each === role).length;
    const n = count("verifier");
    must(count("registrar") === 1, "5.5: one registrar");
    must(n === 1 || (n >= 4 && n <= 64), "register 1.3: the number of verifiers");
    must(body.n === n && body.k === n - faulty(n), "register 1.3: n and k");
  },
  agreement: requireAgreement, // 5.6
  appraisal: ({ bound, caps, amended }) => {
    for (const limits of [caps, ...amended.map((each) => each.limits)]) {
      const falls = limits.every((each, at) => at === 0 || each.limit_pflop < limits[at - 1].limit_pflop);
      must(falls, "5.10: limits that fall");
    }
    bound.forEach(({ from, until }, at) => {
      must(until === -1 || from < until, "5.10: a span that ends before it begins");
      const next = bound[at + 1];
      must(next === undefined || (until !== -1 && until < next.from), "5.10: spans apart");
    });
  },
  // 5.15
  "membership-change": ({ change }) => {
    must(change.step !== "admits" || change.entry.role === "verifier", "5.15: only verifiers are admitted");
  },
  // 5.13, 5.14
  closure: ({ results }) => {
    const keys = results.map((each) => `${each.inspection} ${each.lab}`);
    must(keys.every((key, at) => at === 0 || keys[at - 1] < key), "5.13: the results' order");
  },
  "challenge-notice": (body) => must(body.place !== "" && body.grounds !== "", "5.14: place, grounds"),
  "inspection-report": (body) => must(body.undeclared <= body.found, "5.14: more than was found"),
  indicator: (body) => must(body.value <= mostOf(body.indicator), "5.9: more than the whole"),
  derogation: (body) => must(body.grounds !== "", "5.11: grounds"),
  excuse: (body) => must(body.reason !== "", "5.11: reason"),
  appeal: (body) => must(body.grounds !== "", "5.11: grounds"),
  determination: (body) => {
    const ofAll = body.outcome === "trigger-met" || body.outcome === "lift-met";
    must((body.party === "") === ofAll, "5.11: the party");
    must(body.reasons !== "", "5.11: reasons");
  },
  "compute-usage": requireSums,
  correction: (body) => {
    must(body.reason !== "", "5.7: reason");
    requireSums(body.usage);
  },
};

// 5.7
function requireSums(body) {
  const used = Object.values(body.classes).map((item) => item.used_pflop);
  must(sum(used) <= BigInt(WHOLE_MAX), "5.7: the operations' sum");
  must(energyOf(body) <= BigInt(WHOLE_MAX), "5.7: the energy's sum");
}

const sum = (numbers) => numbers.reduce((total, each) => total + BigInt(each), 0n);

/** The energy over all sites, in watt-hours. */
export const energyOf = (usage) => sum(usage.sites.map((site) => site.energy_wh));

/** How many faulty verifiers of n are borne. */
export const faulty = (n) => Math.floor((n - 1) / 3);

/** statements 3.3: `prev` of a log's first statement; no network for the register's own. */
export function firstPrev(network, origin, statementKey, logKey) {
  const parts = ["pausenet/genesis/v2\n", hex(network), origin, statementKey, logKey];
  return sha256(...parts).toString("hex");
}
