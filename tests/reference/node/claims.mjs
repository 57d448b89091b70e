// What a fault claims of whom, and the bundle that carries it: docs/spec/bundles.md 1.1, 2.3, 2.4.

import { sha256, writeJson } from "./bytes.mjs";
import { CLASS_OF } from "./grammar.mjs";
import { neededChanges, neededSize } from "./succession.mjs";

const BUNDLE_BYTES_MAX = 3 * 1024 * 1024;
const MATERIALS_MAX = 2_048;
const RESTS_ON_AGREEMENT = ["F5", "F6", "F7", "F10", "F10r"];

/** What a judge has found, as a claim; by the register's statement key where no other is named. */
export function claimOf(fault, { accused, key = accused.keys.statement, grade, periods, text }) {
  return {
    fault,
    class: CLASS_OF[fault],
    grade,
    accused: accused.id,
    role: accused.role,
    key: sha256(key).toString("hex"),
    periods,
    text,
  };
}

/** The digest of the agreement on which a fault rests; nothing where it rests on none (2.4). */
export const agreementOf = (register, fault) =>
  RESTS_ON_AGREEMENT.includes(fault) ? register.agreementDigest : "";

/** The bundle of a claim, sealed: its id and bytes (1.1). */
export function seal(register, claim, materials) {
  const entries = register.entries.slice(0, neededSize(register, claim.fault, materials)); // 10.2
  const body = {
    bundle: "v1",
    network: register.network,
    register: entries.map((entry) => entry.toString("base64")),
    agreement: agreementOf(register, claim.fault),
    materials: [...neededChanges(register, claim.fault, materials), ...materials],
    claim,
  };
  const digest = sha256(writeJson(body)).toString("hex");
  const data = writeJson({ ...body, digest });
  const isTooLarge = data.length > BUNDLE_BYTES_MAX || body.materials.length > MATERIALS_MAX;
  return { id: digest, data, isTooLarge };
}

/** The finding that an appraisal lists of a claim. */
export function findingOf(claim, bundle) {
  const { fault, grade, accused, periods, text } = claim;
  return { fault, class: CLASS_OF[fault], grade, claim: text, accused, periods, bundle };
}
