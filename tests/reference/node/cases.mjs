// What this verifier says of a conformance case: one function for each kind.

import { Bad, hex, readBase64, readJson, sha256, writeJson, writeText } from "./bytes.mjs";
import { RULES_DIGEST, appraise } from "./appraise.mjs";
import { derive, examine, requireMaterials } from "./bundle.mjs";
import { require } from "./grammar.mjs";
import { Tree, leafHash, openNote, readNote, readVkey, requireConsistency, requireInclusion } from "./log.mjs";
import { requireChain } from "./proofs.mjs";
import { readRegister } from "./register.mjs";
import { preAuthentication } from "./ed25519.mjs";
import { readEnvelope, readStatement, requireSigners } from "./statement.mjs";

const bytes = (text) => Buffer.from(text, "base64");
const accepted = (facts = {}) => ({ verdict: "accept", ...facts });

/** A network's register and logs, from a shared file. */
export class Run {
  constructor(value) {
    this.register = readRegister(value.register.map(bytes));
    if (this.register.network !== value.network) throw new Error("a shared file of another network");
    this.logs = readLogs(value.logs);
  }
}

export const readLogs = (logs) => new Map(logs.map((log) => [log.origin, log.entries.map(bytes)]));

/** Read a cut's body in its canonical form. */
export function readCut(data) {
  const cut = readJson(data, 48_000);
  require("cut", cut);
  return cut;
}

function underCut(inputs, run) {
  const logs = new Map([...run.logs, ...readLogs(inputs.logs ?? [])]);
  return appraise(run.register, readCut(bytes(inputs.cut)), logs);
}

const ANSWERS = {
  "decode-envelope": (inputs) => {
    const keys = inputs.keys.map(hex);
    const sealed = readEnvelope(bytes(inputs.data), keys.length);
    requireSigners(sealed, keys);
    return accepted({ statement_id: sealed.id });
  },
  statement: (inputs) => {
    const payload = bytes(inputs.payload);
    const { kind, said } = readStatement(payload);
    const id = sha256(preAuthentication("application/vnd.in-toto+json", payload)).toString("hex");
    return accepted({ kind, author: said.author, seq: said.seq, statement_id: id });
  },
  chain: (inputs, run) => {
    const tree = new Tree();
    const entries = inputs.entries.map(bytes);
    const last = requireChain(run.register, run.register.owner(inputs.origin), entries, tree);
    return accepted({ size: entries.length, root: tree.root(entries.length).toString("hex"), last });
  },
  register: (inputs) => {
    const { network, size, root, agreementDigest, verifiers } = readRegister(inputs.entries.map(bytes));
    return accepted({ network, size, root, agreement: agreementDigest, verifiers });
  },
  inclusion: (inputs) => {
    const leaf = leafHash(bytes(inputs.entry));
    requireInclusion(leaf, inputs.index, inputs.size, inputs.proof.map(hex), hex(inputs.root));
    return accepted();
  },
  consistency: (inputs) => {
    const { old_size: old, new_size: size, old_root: oldRoot, new_root: root } = inputs;
    requireConsistency(old, size, inputs.proof.map(hex), hex(oldRoot), hex(root));
    return accepted();
  },
  checkpoint: checkpoint,
  cosignature: checkpoint,
  "agreement-lifecycle": (inputs, run) => {
    const parties = underCut(inputs, run).map(({ lab, stage, bound }) => ({ lab, stage, bound }));
    const anybody = parties.some((each) => each.bound.length);
    return { verdict: anybody ? "accept" : "refuse", parties };
  },
  "party-stages": (inputs, run) => {
    const { parties } = ANSWERS["agreement-lifecycle"](inputs, run);
    const stands = writeText(parties) === writeText(inputs.parties);
    return { verdict: stands ? "accept" : "refuse", parties };
  },
  fault: (inputs, run) => {
    requireMaterials(inputs.materials);
    return accepted({ claim: derive(run.register, inputs.fault, inputs.materials).claim });
  },
  bundle: (inputs) => {
    const { outcome, exit, finding } = examine(bytes(inputs.data), inputs.network_id || null);
    const verdict = ["proven", "reproduced"].includes(outcome) ? "accept" : "refuse";
    return { verdict, outcome, exit_code: exit, ...(finding === null ? {} : { finding }) };
  },
  appraisal: (inputs, run) => {
    if (inputs.rules !== RULES_DIGEST) return { verdict: "refuse", reason: "unknown rules: not run" };
    const right = underCut(inputs, run).find((each) => each.lab === inputs.lab);
    if (right === undefined) return { verdict: "refuse" };
    const data = writeJson(right);
    const verdict = data.equals(bytes(inputs.appraisal)) ? "accept" : "refuse";
    return { verdict, digest: sha256(data).toString("hex") };
  },
};

function checkpoint(inputs) {
  const cosigners = inputs.cosigners.map(readVkey);
  const log = readVkey(inputs.log);
  const note = readNote(readBase64(inputs.note));
  const cosignatures = openNote(note, log, cosigners);
  if (cosignatures.length < inputs.cosigners_min) throw new Bad("logs 4.1: too few cosignatures");
  return accepted({
    origin: note.origin,
    size: note.size,
    root: note.root.toString("hex"),
    cosignatures,
  });
}

/** The verdict on a case, with its facts; a refusal has none, but where its kind says so. */
export function answer(kind, inputs, run) {
  try {
    return ANSWERS[kind](inputs, run);
  } catch (error) {
    if (error instanceof Bad) return { verdict: "refuse" };
    throw error;
  }
}
