// The register: docs/spec/register.md.

import { hex, must, readBase64, sha256, utf8, writeJson } from "./bytes.mjs";
import { isRegistrable, isValid } from "./ed25519.mjs";
import { Tree, leafHash } from "./log.mjs";
import { Succession } from "./succession.mjs";
import { faulty, firstPrev, readEnvelope, readStatement, requireSigners } from "./statement.mjs";

const ORIGIN = "pausenet.register";

export const digestOf = (value) => sha256(writeJson(value)).toString("hex");

export class Register {
  constructor(network) {
    this.network = network;
    this.members = new Map();
    this.agreement = null;
  }

  // register 2.7: ascending by id.
  finish(entries) {
    this.entries = entries;
    this.size = entries.length;
    const tree = new Tree();
    for (const entry of entries) tree.append(leafHash(entry));
    this.root = tree.root(entries.length).toString("hex");
    const all = [...this.members.values()];
    this.verifiers = all.filter((each) => each.role === "verifier").map((each) => each.id).sort();
    this.f = faulty(this.verifiers.length);
    this.k = this.verifiers.length - this.f;
    this.agreementDigest = digestOf(this.agreement);
    return this;
  }

  /** Whose log this is; the register is nobody's (2.9). */
  owner(origin) {
    const found = [...this.members.values()].find((each) => each.origin === origin);
    must(found !== undefined && found.role !== "registrar", "register 2.9: nobody's log");
    return found;
  }

  /** The same register, with what these logs say of their owners' keys (2.8). */
  succeeded(successions) {
    const found = Object.assign(Object.create(Register.prototype), this);
    found.members = new Map(this.members);
    for (const succession of successions) {
      const { id } = succession;
      found.members.set(id, { ...this.members.get(id), succession });
    }
    return found;
  }

  /** The same register, before anybody has changed a key. */
  atFirst() {
    const changed = [...this.members.values()].filter((each) => each.succession.eras.length > 1);
    return this.succeeded(changed.map((each) => each.succession.until(0)));
  }

  clause(kind) {
    return this.agreement.clauses.find((item) => item.clause === kind);
  }

  meters(party) {
    const { channels } = this.agreement.annex;
    return channels.filter((item) => item.party === party).map((item) => item.meter);
  }

  /** The power channel's errors; undefined where the annex has none. */
  get power() {
    const { power } = this.agreement.annex;
    return Object.keys(power).length ? power : undefined;
  }

  get isAllNamed() {
    return this.agreement.activation.kind === "all-named";
  }
}

/** A whole register, with its network id. */
export function readRegister(entries) {
  must(entries.length >= 3 && entries.length <= 512, "register 2.1: the number of entries");
  const [genesis, registrar] = readGenesis(entries[0]);
  const found = new Register(genesis.id);
  const state = { found, registrar, named: genesis.named, used: new Set() };
  let prev = genesis.id;
  for (let seq = 1; seq < entries.length; seq += 1) prev = readEntry(state, entries[seq], seq, prev);
  requireWhole(state, genesis);
  return found.finish(entries);
}

function readGenesis(entry) {
  const sealed = readEnvelope(entry);
  const { kind, said } = readStatement(sealed.payload);
  must(kind === "register-genesis", "register 1.1: no genesis");
  const { participants, registrar_log_key: logKey } = said.body;
  const registrar = participants.find((item) => item.role === "registrar");
  const key = hex(registrar.statement_key);
  requireSigners(sealed, [key]); // 1.1
  must(said.author === registrar.id && said.origin === ORIGIN, "register 1.2: author, origin");
  must(said.seq === 0 && said.seen.length === 0, "register 1.2: seq, seen");
  must(said.prev === firstPrev("", ORIGIN, key, hex(logKey)), "register 1.2: prev");
  const named = new Map(participants.map((item) => [item.id, item]));
  return [{ id: sealed.id, named, logKey }, registrar];
}

function readEntry(state, entry, seq, prev) {
  const { found, registrar } = state;
  const sealed = readEnvelope(entry, 2);
  const { kind, said, subject } = readStatement(sealed.payload);
  // 2.1
  must(said.network === found.network && said.author === registrar.id, "register 2.1: author");
  must(said.origin === ORIGIN && said.seen.length === 0, "register 2.1: origin, seen");
  must(said.seq === seq && said.prev === prev, "register 2.1: seq, prev");
  if (kind === "register-entry") {
    bind(state, sealed, said.body);
  } else {
    must(kind === "agreement" && found.agreement === null, "register 2.2: the one agreement");
    found.agreement = said.body;
    must(subject === digestOf(said.body), "register 2.2: the agreement's subject");
    requireSigners(sealed, [hex(registrar.statement_key)]); // 2.3
  }
  return sealed.id;
}

function bind({ found, registrar, named, used }, sealed, body) {
  const { id, role } = body;
  const as = named.get(id);
  must(as !== undefined && !found.members.has(id), "register 2.4: nobody, or twice");
  must(as.role === role && as.bloc === body.bloc, "register 2.4: as genesis has it");
  must(as.statement_key === body.keys.statement, "register 2.4: the statement key");
  const short = found.network.slice(0, 32);
  const origin = role === "registrar" ? ORIGIN : `pausenet.${short}/${role}/${id}`;
  must(body.origin === origin, "register 2.4: the origin");
  const signers = new Set([registrar.statement_key, as.statement_key]);
  requireSigners(sealed, [...signers].map(hex)); // 2.3
  const keys = {};
  for (const [purpose, text] of Object.entries(body.keys)) {
    const key = hex(text);
    must(isRegistrable(key) && !used.has(text), "register 2.5: a key's form, or twice");
    used.add(text);
    const lines = ["pausenet/possession/v1", found.network, id, role, purpose];
    const message = utf8(lines.map((line) => `${line}\n`).join(""));
    must(isValid(key, readBase64(body.possession[purpose]), message), "register 2.5: possession");
    keys[purpose] = key;
  }
  const succession = new Succession(found.network, { id, role, origin, keys });
  found.members.set(id, { id, role, origin, keys, succession });
}

// 2.6
function requireWhole({ found, registrar, named }, { logKey }) {
  must(found.members.size === named.size && found.agreement !== null, "register 2.6: not whole");
  const own = found.members.get(registrar.id);
  must(own.keys.log.toString("hex") === logKey, "register 2.4: the registrar's log key");
  const roleOf = (id) => found.members.get(id)?.role;
  const { parties, adjudicator, annex } = found.agreement;
  const { channels } = annex;
  must(adjudicator.panel.every((id) => roleOf(id) === "adjudicator"), "register 2.6: the panel");
  must(parties.every((party) => roleOf(party) === "lab"), "register 2.6: a party");
  must(channels.every((item) => roleOf(item.meter) === "meter"), "register 2.6: a meter");
}
