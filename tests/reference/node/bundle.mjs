// Evidence bundles: docs/spec/bundles.md, sections 1 and 2.

import { Bad, must, readBase64, readJson, sha256, writeJson, writeText } from "./bytes.mjs";
import { agreementOf, claimOf, findingOf } from "./claims.mjs";
import { requireType } from "./grammar.mjs";
import { openingOrNone, refusal } from "./inspections.mjs";
import { badEntry, doubleCosigner, equivocation, fork, shrinkingCosigner, split } from "./proofs.mjs";
import { readRegister } from "./register.mjs";
import { neededChanges, neededSize, withChanges } from "./succession.mjs";
import { NotRun, doubleVoice, falseAppraisal } from "./verdicts.mjs";
import { discrepancy, overCap, silence } from "./warrants.mjs";

const BUNDLE_MAX = 3 * 1024 * 1024;
const DATA_MAX = 90_000;
const JUDGES = {
  F1: equivocation,
  F2: split,
  F3: fork,
  F4: badEntry,
  F5: silence,
  F6: overCap,
  F7: discrepancy,
  F8a: doubleCosigner,
  F8b: shrinkingCosigner,
  F9: falseAppraisal,
  F10: openingOrNone,
  F10r: refusal,
  F11: doubleVoice,
};

const SHAPE = `{bundle: "v1", network: hex, agreement: hex or "", digest: hex, register: [1..512 text 90000, any order],
  claim: {fault: FAULT, class: its class, grade: GRADE, accused: id, role: role, key: hex, periods: [..4096 whole],
          text: text 600},
  materials: [1..2048 {kind: "key-change", data: text 90000} or {kind: "envelope", data: text 90000} or {kind: "note", data: text 90000} or {kind: "record", data: text 90000}
              or {kind: "cut", data: text 90000, endorsements: [..64 text 90000, any order]}
              or {kind: "leaf", data: text 90000, index: whole, proof: [..64 hex, any order]}
              or {kind: "log", origin: origin, entries: [1..4096 text 90000, any order]}]}`;
const MATERIALS = /materials: \[[\s\S]*\]/.exec(SHAPE)[0].slice("materials: ".length);

/** bundles 1: the shape alone. */
function readBundle(data) {
  const value = readJson(data, BUNDLE_MAX); // 1.1
  requireType(SHAPE, value); // 1.2 to 1.4
  value.register.forEach(requireData);
  requireMaterials(value.materials);
  const { digest, ...rest } = value;
  must(sha256(writeJson(rest)).toString("hex") === digest, "bundles 1.1: the digest");
  return value;
}

function requireData(text) {
  must(text.length <= DATA_MAX, "bundles 1.2: data too long");
  readBase64(text);
}

/** bundles 1.3: materials by their form. */
export function requireMaterials(materials) {
  requireType(MATERIALS, materials);
  for (const item of materials) {
    if (item.kind === "log") item.entries.forEach(requireData);
    else requireData(item.data);
    item.endorsements?.forEach(requireData);
  }
  const kinds = materials.map((item) => item.kind === "key-change");
  must(kinds.lastIndexOf(true) < kinds.filter(Boolean).length, "bundles 1.3: changes of keys first");
}

/** bundles 2.3: the claim that these materials give, and the size of the register that they need. */
export function derive(register, fault, all) {
  const [known, changes, materials] = withChanges(register, all);
  const claim = claimOf(fault, JUDGES[fault](known, materials));
  const needed = neededChanges(known, fault, materials);
  must(writeText(needed) === writeText(changes), "bundles 8.5: the changes of keys that are needed");
  return { claim, size: neededSize(known, fault, materials) };
}

const refused = (outcome, exit) => ({ outcome, exit, finding: null });

/** What comes of a bundle's bytes and the caller's network id (null without one). */
export function examine(data, network) {
  let bundle;
  try {
    bundle = readBundle(data);
  } catch (error) {
    if (error instanceof Bad) return refused("malformed", 2);
    throw error;
  }
  try {
    judge(bundle);
  } catch (error) {
    if (error instanceof NotRun) return refused("not-run", 3); // 6.2
    if (error instanceof Bad) return refused("not-supported", 3);
    throw error;
  }
  const finding = findingOf(bundle.claim, bundle.digest);
  if (network !== bundle.network) return { outcome: "unknown-parties", exit: 3, finding }; // 2.5
  if (bundle.claim.class === "proof" && bundle.claim.grade === "confirmed") return { outcome: "proven", exit: 1, finding };
  return { outcome: "reproduced", exit: 3, finding };
}

function judge(bundle) {
  const register = readRegister(bundle.register.map(readBase64));
  must(register.network === bundle.network, "bundles 2.1: the register's network");
  const { claim, materials } = bundle;
  const { claim: found, size } = derive(register, claim.fault, materials); // 2.2
  must(size === register.size, "bundles 10.2: as much of the register as is needed");
  must(writeJson(found).equals(writeJson(claim)), "bundles 2.3: another claim");
  must(bundle.agreement === agreementOf(register, claim.fault), "bundles 2.4: agreement");
}
