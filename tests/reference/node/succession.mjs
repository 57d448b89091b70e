// Whose key is in use where: docs/spec/bundles.md, section 8.

import { must, hex, readBase64, sha256, utf8 } from "./bytes.mjs";
import { isRegistrable, isValid } from "./ed25519.mjs";
import { isBy, readNote } from "./log.mjs";
import { CHANGES, openEntry, requireSigners, tryOpen } from "./statement.mjs";

const REVOCABLE = ["F1", "F2", "F3", "F4", "F9", "F10", "F11"];
const OF_PERIODS = ["F5", "F10", "F10r"];
const keyId = (key) => sha256(key).toString("hex");

/** An entry by keys that its owner had before: it is refused, and shows nothing (4.6). */
export class FormerKey extends Error {}

/** A participant's keys, era after era; every change gives a new succession. */
export class Succession {
  constructor(network, { id, role, origin, keys }, eras = [eraOf(origin, keys, 0)]) {
    Object.assign(this, { network, id, role, origin, first: keys, eras });
  }

  /** The era of the entry at a place, or of the checkpoint of that size. */
  at(place) {
    return this.eras.findLast((era) => era.start <= place);
  }

  /** What was so before the entry at a place. */
  until(place) {
    return this.with(this.eras.filter((era) => era.start <= place));
  }

  with(eras) {
    const { network, id, role, origin, first: keys } = this;
    return new Succession(network, { id, role, origin, keys }, eras);
  }

  get storingKeys() {
    return this.eras.flatMap((era) => era.storing ?? []).reverse();
  }

  /** The first era after a place that a recovery began: it revokes the key in use there. */
  revokedBy(place) {
    return this.eras.find((era) => era.recovered && era.start > place);
  }

  /** Require the signatures that an entry's place and kind ask for (8.2, 4.6). */
  requireSigned(sealed, kind, said) {
    const keys = this.signersOf(kind, said);
    const due = new Set(keys.map(keyId));
    const found = sealed.signatures.map((each) => each.keyId);
    const had = this.eras.filter((era) => era.start <= said.seq).map((era) => era.keys.statement);
    const former = new Map([...had, this.first.recovery].map((key) => [keyId(key), key]));
    const known = new Set([...had.map(keyId), ...due]);
    if (!found.every((each) => due.has(each)) && found.every((each) => known.has(each))) {
      must(found.every((each) => former.has(each)), "8.2: who signed");
      requireSigners(sealed, found.map((each) => former.get(each)));
      throw new FormerKey("4.6: a key replaced before");
    }
    requireSigners(sealed, keys);
  }

  signersOf(kind, { seq, body }) {
    const now = this.at(seq).keys.statement;
    if (!CHANGES.includes(kind)) return [now];
    const brought = body.keys.find((each) => each.purpose === "statement");
    must(brought !== undefined, "8.2: a statement key");
    return [kind === "key-recovery" ? this.first.recovery : now, hex(brought.key)];
  }

  /** The succession after an entry, whose signatures hold; itself for all but a change (8.1 to 8.4). */
  after(entry, kind, said) {
    if (!CHANGES.includes(kind)) return this;
    const { seq, body } = said;
    must(said.author === this.id && said.origin === this.origin, "8.1: in its author's log");
    const now = this.eras.at(-1);
    must(now.start <= seq, "8.1: before the era before");
    const due = Object.keys(this.first).filter((purpose) => purpose !== "recovery").sort();
    must(body.keys.map((each) => each.purpose).join() === due.join(), "8.2: each key of the role");
    for (const { purpose, key, possession } of body.keys) {
      must(isRegistrable(hex(key)), "8.2: a key's form");
      const message = lines("pausenet/possession/v1", this.network, this.id, this.role, purpose);
      must(isValid(hex(key), readBase64(possession), message), "8.2: possession");
    }
    const used = [this.first, ...this.eras.map((era) => era.keys)].flatMap((keys) => Object.values(keys));
    const all = [...used.map((key) => key.toString("hex")), ...body.keys.map((each) => each.key)];
    const fresh = new Set(body.keys.map((each) => each.key));
    must(fresh.size === body.keys.length, "8.2: all different");
    must(new Set(all).size === new Set(used.map((key) => key.toString("hex"))).size + fresh.size, "8.2: new");
    if (kind === "key-rotation") {
      const brought = body.keys.map(({ purpose, key }) => `${purpose} ${key}`);
      const message = lines("pausenet/handover/v1", this.network, this.id, `${seq}`, ...brought);
      must(isValid(now.keys.log, readBase64(body.handover), message), "8.3: the handover");
    } else {
      must(body.resumes === seq, "8.4: the place it names");
    }
    const keys = Object.fromEntries(body.keys.map(({ purpose, key }) => [purpose, hex(key)]));
    const era = { ...eraOf(this.origin, keys, seq + 1), entry, recovered: kind === "key-recovery" };
    return this.with([...this.eras, era]);
  }
}

function eraOf(origin, keys, start) {
  const log = { name: origin, type: 1, key: keys.log };
  const storing = keys.storing && { name: `${origin}/storing`, type: 4, key: keys.storing };
  return { start, keys, log, storing, entry: null, recovered: false };
}

const lines = (...parts) => utf8(parts.map((part) => `${part}\n`).join(""));

/** The register with the changes of keys that materials begin with, and the other materials (8.1). */
export function withChanges(register, materials) {
  const count = materials.filter((item) => item.kind === "key-change").length;
  for (const item of materials.slice(0, count)) {
    must(item.kind === "key-change", "8.1: changes first");
    const entry = readBase64(item.data);
    const { sealed, kind, said } = openEntry(entry);
    const by = register.members.get(said.author);
    must(by !== undefined && said.network === register.network, "8.1: nobody's");
    refusing(() => by.succession.requireSigned(sealed, kind, said));
    const after = by.succession.after(entry, kind, said);
    must(after !== by.succession, "8.1: no change of keys");
    register = register.succeeded([after]);
  }
  return [register, materials.slice(0, count), materials.slice(count)];
}

/** Do something that a former key refuses like any other key. */
export function refusing(action) {
  try {
    return action();
  } catch (error) {
    must(!(error instanceof FormerKey), "4.6: a key replaced before");
    throw error;
  }
}

/** bundles 8.5: the changes of keys that these materials need, as materials. */
export function neededChanges(register, fault, materials) {
  const places = new Map();
  for (const [id, place, isOfCut] of signed(register, materials)) {
    const { succession } = register.members.get(id);
    const revoked = REVOCABLE.includes(fault) && !isOfCut ? succession.revokedBy(place) : undefined;
    places.set(id, Math.max(places.get(id) ?? 0, revoked?.start ?? place));
  }
  return [...places.keys()].sort().flatMap((id) =>
    register.members
      .get(id)
      .succession.eras.filter((era) => era.entry !== null && era.start <= places.get(id))
      .map((era) => ({ kind: "key-change", data: era.entry.toString("base64") })),
  );
}

/** Which members signed what at which place, and whether it belongs to a cut. */
function signed(register, materials) {
  const found = [];
  let underNote = false;
  for (const item of materials) {
    if (item.kind === "note") {
      underNote = true;
      found.push(...placesOfNote(register, readBase64(item.data)).map(([id, place]) => [id, place, false]));
    } else if (item.kind === "cut") {
      underNote = false;
      for (const data of [item.data, ...item.endorsements]) found.push(...placeOfEntry(data, true));
    } else if (item.kind === "envelope" || (item.kind === "leaf" && !underNote)) {
      found.push(...placeOfEntry(item.data, false));
    }
  }
  return found.filter(([id]) => register.members.has(id));
}

function placeOfEntry(data, isOfCut) {
  const opened = tryOpen(readBase64(data));
  return opened === null ? [] : [[opened.said.author, opened.said.seq, isOfCut]];
}

/** bundles 10.2: how many entries of the register these materials need. */
export function neededSize(register, fault, materials) {
  const bound = signed(register, materials).map(([id]) => register.members.get(id).bound);
  const sizes = [register.sizeAtFirst, ...bound];
  const reporters = [];
  for (const { kind: form, data } of materials) {
    if (!["cut", "envelope", "leaf"].includes(form)) continue;
    const opened = tryOpen(readBase64(data));
    if (opened === null) continue;
    const { kind, said: { author, body } } = opened;
    if (form === "cut" && kind === "cut") sizes.push(body.register_size);
    else if (["silence", "inspection-request"].includes(kind) && OF_PERIODS.includes(fault)) {
      sizes.push(body.register_size, register.under(body.due ?? body.period).epoch.size);
    } else if (kind === "inspection-report") reporters.push(author);
  }
  if (fault === "F10" && materials[0].kind === "leaf") sizes.push(sizeSeen(materials.at(-1)));
  if (fault === "F7") sizes.push(register.epochOf(reporters)?.size ?? 0);
  return Math.max(...sizes);
}

/** How much of the register who left a request unanswered says that it had seen. */
function sizeSeen({ kind, data }) {
  const seen = kind === "envelope" ? tryOpen(readBase64(data))?.said.seen : undefined;
  return seen?.find((each) => each.origin === "pausenet.register")?.size ?? 0;
}

function placesOfNote(register, data) {
  const note = readNote(data);
  return note.lines.flatMap((line) =>
    [...register.members.values()].flatMap(({ id, origin, succession }) => [
      ...(line.name === origin ? [[id, note.size]] : []),
      ...succession.eras.filter((era) => era.storing && isBy(line, era.storing)).map((era) => [id, era.start]),
    ]),
  );
}

/** bundles 8.6: what a key shows that its owner has revoked accuses the key alone. */
export function revocable(accused, key, place, text) {
  const revoked = accused.succession.revokedBy(place) !== undefined;
  return {
    accused,
    key,
    text: revoked ? `key compromised: ${text}` : text,
    grade: revoked ? "plausible" : "confirmed",
    periods: [],
  };
}
