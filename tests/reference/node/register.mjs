// The register: docs/spec/register.md.

import { hex, must, readBase64, sha256, utf8, writeJson } from "./bytes.mjs";
import { isRegistrable, isValid } from "./ed25519.mjs";
import { Tree, leafHash } from "./log.mjs";
import { candidatesOf } from "./joining.mjs";
import { Succession } from "./succession.mjs";
import { faulty, firstPrev, readEnvelope, readStatement, requireSigners } from "./statement.mjs";

const ORIGIN = "pausenet.register";

export const digestOf = (value) => sha256(writeJson(value)).toString("hex");

/** Whether these are all among those. */
export const isWithin = (names, those) => names.every((name) => those.includes(name));

/** Who counts from a period on, and how many entries of the register it takes to know of it. */
function epochOf(first, verifiers, size) {
  const f = faulty(verifiers.length);
  return { first, verifiers: [...verifiers].sort(), size, f, k: verifiers.length - f };
}

export class Register {
  constructor(network) {
    this.network = network;
    this.members = new Map();
    this.agreement = null;
  }

  finish(entries, epochs) {
    this.entries = entries;
    this.epochs = epochs;
    this.epoch = epochs.at(-1);
    this.tree = new Tree();
    for (const entry of entries) this.tree.append(leafHash(entry));
    this.agreementDigest = digestOf(this.agreement);
    return this;
  }

  get size() {
    return this.entries.length;
  }

  get root() {
    return this.tree.root(this.size).toString("hex");
  }

  /** How many entries made it whole. */
  get sizeAtFirst() {
    return this.epochs[0].size;
  }

  /** Who counts in the epoch, the latest unless another was asked for. */
  get verifiers() {
    return this.epoch.verifiers;
  }

  get f() {
    return this.epoch.f;
  }

  get k() {
    return this.epoch.k;
  }

  /** Verifiers of every epoch, and who is admitted only, in register order (2.7). */
  get everVerifiers() {
    const all = [...this.members.values()];
    return all.filter((each) => each.role === "verifier").map((each) => each.id).sort();
  }

  with(members) {
    return Object.assign(Object.create(Register.prototype), this, members);
  }

  /** 3.6: the same register, in the epoch of a period. */
  under(period) {
    return this.with({ epoch: this.epochs.findLast((each) => each.first <= period) });
  }

  /** 3.7: the register that a cut names, in the epoch of its period. */
  courtOf({ register_size: size, register_root: root, period }) {
    must(size >= this.sizeAtFirst && size <= this.size, "bundles 3.4: the register's size");
    must(this.tree.root(size).toString("hex") === root, "bundles 3.4: the register's root");
    const members = [...this.members].filter(([, each]) => each.bound <= size);
    const epochs = this.epochs.filter((each) => each.size <= size);
    const entries = this.entries.slice(0, size);
    return this.with({ members: new Map(members), epochs, entries }).under(period);
  }

  /** 3.17: whether so much of the register gives a period the same epoch as all of it. */
  isAlike({ register_size: size, register_root: root }, period) {
    if (size < this.sizeAtFirst || size > this.size) return false;
    if (this.tree.root(size).toString("hex") !== root) return false;
    const known = this.epochs.filter((each) => each.size <= size);
    return known.findLast((each) => each.first <= period) === this.under(period).epoch;
  }

  /** 3.18: whether who had seen this knew by which register a request counts. */
  hasLearned(seen, request) {
    const said = seen.find((each) => each.origin === ORIGIN);
    const size = said?.size ?? this.sizeAtFirst;
    if (size < request.register_size) return false;
    const root = said?.root ?? this.tree.root(size).toString("hex");
    return this.isAlike({ register_size: size, register_root: root }, request.period);
  }

  /** 3.18: the same of the first of a lab's statements that had seen it at its place in a log. */
  hadLearned(log, origin, place, request) {
    const past = (each) => each.said.seen.some((head) => head.origin === origin && head.size > place);
    const first = log.find(past);
    return first !== undefined && this.hasLearned(first.said.seen, request);
  }

  /** The first epoch of which these are f+1 verifiers. */
  epochOf(names) {
    return this.epochs.find(({ verifiers, f }) => names.length === f + 1 && isWithin(names, verifiers));
  }

  /** Whose log this is; the register is nobody's (2.9). */
  owner(origin) {
    const found = [...this.members.values()].find((each) => each.origin === origin);
    must(found !== undefined && found.role !== "registrar", "register 2.9: nobody's log");
    return found;
  }

  /** The same register, with what these logs say of their owners' keys (2.8). */
  succeeded(successions) {
    const members = new Map(this.members);
    for (const succession of successions) {
      const { id } = succession;
      members.set(id, { ...members.get(id), succession });
    }
    return this.with({ members });
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

  /** lifecycle 8.1 */
  get candidates() {
    return candidatesOf(this);
  }

  /** All who may sign the agreement. */
  get signatories() {
    return [...this.agreement.parties, ...this.candidates];
  }

  /** bundles 3.2: whose ratifications show that the agreement came to hold a party. */
  signedWith(party) {
    const { parties } = this.agreement;
    return this.isAllNamed && parties.includes(party) ? parties : [party];
  }
}

/** A whole register, with its network id. */
export function readRegister(entries) {
  must(entries.length >= 3 && entries.length <= 512, "register 2.1: the number of entries");
  const [genesis, registrar] = readGenesis(entries[0]);
  const found = new Register(genesis.id);
  const named = [...genesis.named.values()];
  const whole = named.length + 2; // 2.2
  const verifiers = named.filter((each) => each.role === "verifier").map((each) => each.id);
  const epochs = [epochOf(0, verifiers, whole)];
  const state = { found, registrar, named: genesis.named, used: new Set(), whole, epochs };
  let prev = genesis.id;
  for (let seq = 1; seq < entries.length; seq += 1) prev = readEntry(state, entries[seq], seq, prev);
  requireWhole(state, genesis);
  return found.finish(entries, epochs);
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
  } else if (kind === "membership-change") {
    must(seq >= state.whole, "register 2.2: after all others");
    must(subject === digestOf(said.body.change), "register 3.1: the change's subject");
    requireApproved(state, said, subject);
    change(state, sealed, said.body.change, seq + 1);
  } else {
    must(kind === "agreement" && found.agreement === null, "register 2.2: the one agreement");
    found.agreement = said.body;
    must(subject === digestOf(said.body), "register 2.2: the agreement's subject");
    requireSigners(sealed, [hex(registrar.statement_key)]); // 2.3
  }
  return sealed.id;
}

// 3.2
function requireApproved({ found, epochs }, { prev, body }, digest) {
  const { verifiers, k } = epochs.at(-1);
  const by = body.approvals.map((each) => each.by);
  must(by.length === k && isWithin(by, verifiers), "register 3.2: k of the epoch before");
  const lines = ["pausenet/membership/v1", found.network, prev, digest];
  const message = utf8(lines.map((line) => `${line}\n`).join(""));
  for (const each of body.approvals) {
    const { recovery } = found.members.get(each.by).keys;
    must(isValid(recovery, readBase64(each.signature), message), "register 3.2: an approval");
  }
}

// 3.3 to 3.5
function change(state, sealed, { step, entry, epoch, first, verifier }, size) {
  const { found, registrar, epochs } = state;
  const signers = step === "admits" ? [registrar.statement_key, entry.keys.statement] : [registrar.statement_key];
  requireSigners(sealed, signers.map(hex)); // 3.1
  if (step === "admits") {
    must(!found.members.has(entry.id), "register 3.3: of a new id");
    requireOrigin(state, entry);
    hold(state, entry, size);
    return;
  }
  const last = epochs.at(-1);
  must(found.members.get(verifier)?.role === "verifier", "register 3.4: was never admitted");
  must((step === "joins") !== last.verifiers.includes(verifier), "register 3.4: comes or goes");
  must(epoch === epochs.length && first > last.first, "register 3.5: the next epoch");
  const others = last.verifiers.filter((each) => each !== verifier);
  const after = step === "joins" ? [...others, verifier] : others;
  const counts = [after.length, last.verifiers.length];
  must(Math.min(...counts) >= 4 && Math.max(...counts) <= 64, "register 3.5: how many verifiers");
  epochs.push(epochOf(first, after, size));
}

function requireOrigin({ found }, { id, role, origin }) {
  const short = found.network.slice(0, 32);
  const due = role === "registrar" ? ORIGIN : `pausenet.${short}/${role}/${id}`;
  must(origin === due, "register 2.4: the origin");
}

function bind(state, sealed, body) {
  const { found, registrar, named } = state;
  const { id } = body;
  const as = named.get(id);
  must(as !== undefined && !found.members.has(id), "register 2.4: nobody, or twice");
  must(as.role === body.role && as.bloc === body.bloc, "register 2.4: as genesis has it");
  must(as.statement_key === body.keys.statement, "register 2.4: the statement key");
  requireOrigin(state, body);
  const signers = new Set([registrar.statement_key, as.statement_key]);
  requireSigners(sealed, [...signers].map(hex)); // 2.3
  hold(state, body, state.whole);
}

function hold({ found, used }, body, bound) {
  const { id, role, origin } = body;
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
  found.members.set(id, { id, role, origin, group: body.group, keys, succession, bound });
}

// 2.6
function requireWhole({ found, registrar, named }, { logKey }) {
  must([...named.keys()].every((id) => found.members.has(id)) && found.agreement !== null, "register 2.6: not whole");
  const own = found.members.get(registrar.id);
  must(own.keys.log.toString("hex") === logKey, "register 2.4: the registrar's log key");
  const roleOf = (id) => found.members.get(id)?.role;
  const { parties, adjudicator, annex } = found.agreement;
  const { channels } = annex;
  must(adjudicator.panel.every((id) => roleOf(id) === "adjudicator"), "register 2.6: the panel");
  must(parties.every((party) => roleOf(party) === "lab"), "register 2.6: a party");
  must(channels.every((item) => roleOf(item.meter) === "meter"), "register 2.6: a meter");
  must(channels.every((item) => roleOf(item.party) === "lab"), "register 2.6: a lab read");
}
