// F1 to F4 and F8: docs/spec/bundles.md, sections 3 and 4.

import { Bad, hex, must, readBase64 } from "./bytes.mjs";
import { exactNote, isBy, leafHash, originOf, readNote, requireInclusion } from "./log.mjs";
import { firstPrev, openEntry, readEnvelope, readStatement, requireSigners } from "./statement.mjs";
import { FormerKey, refusing, revocable } from "./succession.mjs";

/** The materials' bytes; they must be of exactly these kinds. */
export function ofKinds(materials, kinds) {
  must(materials.length === kinds.length, "bundles 2.2: the number of materials");
  must(materials.every((item, at) => item.kind === kinds[at]), "bundles 2.2: their kinds");
  return materials.map((item) => readBase64(item.data));
}

/** A statement by somebody (bundles 3): signed, decoding, of this network, in its own log. */
export function statementBy(register, entry) {
  const { sealed, kind, said, id } = openEntry(entry);
  const by = register.members.get(said.author);
  must(by !== undefined && by.role !== "registrar", "bundles 3: nobody's statement");
  must(said.network === register.network, "bundles 3: another network");
  must(said.origin === by.origin, "bundles 3: a foreign log");
  refusing(() => by.succession.requireSigned(sealed, kind, said));
  return { by, kind, said, body: said.body, id, key: by.succession.at(said.seq).keys.statement };
}

/** register 2.9: a change of membership by the registrar, signed as 3.1 there asks; null for another statement. */
function changeBy(register, entry) {
  const sealed = readEnvelope(entry, 2);
  const { kind, said } = readStatement(sealed.payload);
  const by = register.members.get(said.author);
  if (kind !== "membership-change" || by?.role !== "registrar") return null;
  must(said.network === register.network && said.origin === by.origin, "bundles 3: another network's");
  const { change } = said.body;
  const newcomer = change.step === "admits" ? [hex(change.entry.keys.statement)] : [];
  requireSigners(sealed, [by.keys.statement, ...newcomer]);
  return { by, kind, said, body: said.body, id: sealed.id, key: by.keys.statement };
}

/** The inclusion proof of a leaf holds under a head. */
export function requireUnder(leaf, size, root) {
  const proof = leaf.proof.map((each) => Buffer.from(each, "hex"));
  requireInclusion(leafHash(readBase64(leaf.data)), leaf.index, size, proof, root);
}

const cosigned = (accused, { key }, text) => ({ accused, key, text, grade: "confirmed", periods: [] });

export function equivocation(register, materials) {
  const entries = ofKinds(materials, ["envelope", "envelope"]);
  must(Buffer.compare(...entries) < 0, "bundles 3.F1: the order");
  const [one, other] = entries.map((entry) => changeBy(register, entry) ?? statementBy(register, entry));
  must(one.by === other.by && one.said.seq === other.said.seq, "bundles 3.F1: one place");
  must(one.id !== other.id, "bundles 3.F1: one statement");
  const recovers = [one, other].some((each) => each.kind === "key-recovery");
  must(!recovers, "bundles 3.F1: not by the statement key");
  return revocable(one.by, one.key, one.said.seq, "two different statements at one place in its log");
}

export function split(register, materials) {
  must(materials.length === 2, "bundles 3.F2: two notes");
  const sides = bothSides(register, materials);
  return byOneLogKey(sides, "two checkpoints of one size with different roots");
}

export function fork(register, materials) {
  must(materials.length === 4, "bundles 3.F3: two notes, each with its leaf");
  const sides = bothSides(register, materials);
  return byOneLogKey(sides, "two checkpoints that hold different statements at one place");
}

// bundles 8.7
function byOneLogKey({ owner, notes }, text) {
  const keys = notes.map((note) => owner.succession.at(note.size).log.key);
  must(keys.every((key) => key.equals(keys[0])), "bundles 8.7: by two keys");
  return revocable(owner, keys[0], Math.max(...notes.map((note) => note.size)), text);
}

export function doubleCosigner(register, materials) {
  const [verifier, key] = cosignerOf(register, materials);
  bothSides(register, materials, key);
  return cosigned(verifier, key, "it cosigned both sides of a fork");
}

export function shrinkingCosigner(register, materials) {
  const data = ofKinds(materials, ["note", "note"]);
  must(Buffer.compare(...data) < 0, "bundles 3: the order of the notes");
  const [verifier, key] = cosignerOf(register, materials);
  const owner = register.owner(originOf(data[0]));
  const notes = data.map((each) => exactNote(each, [key]));
  must(notes.every((note) => note.origin === owner.origin), "bundles 3.F8b: one log");
  const [earlier, later] = notes.sort((a, b) => a.time - b.time);
  must(earlier.time < later.time && later.size < earlier.size, "bundles 3.F8b: nothing shrank");
  return cosigned(verifier, key, "it cosigned a smaller log after a larger one");
}

/** The verifier whom the first note's last line names, and its one storing key on all notes. */
function cosignerOf(register, materials) {
  must(materials[0]?.kind === "note", "bundles 3.F8: a note first");
  const last = readBase64(materials[0].data).toString("utf8").split("\n").at(-2) ?? "";
  const name = register.everVerifiers.find((id) =>
    last.startsWith(`\u2014 ${register.members.get(id).origin}/storing `),
  );
  must(name !== undefined, "bundles 3.F8: no verifier's line");
  const verifier = register.members.get(name);
  const notes = materials.filter((item) => item.kind === "note").map((item) => readNote(readBase64(item.data)));
  const key = verifier.succession.storingKeys.find((each) =>
    notes.every((note) => note.lines.some((line) => isBy(line, each))),
  );
  must(key !== undefined, "bundles 3.F8: not by one key of the verifier's");
  return [verifier, key];
}

/** Two notes of one size and different roots, or with different statements at one index. */
function bothSides(register, materials, ...cosigners) {
  const withLeaves = materials.length === 4;
  const data = ofKinds(materials, withLeaves ? ["note", "leaf", "note", "leaf"] : ["note", "note"]);
  const step = withLeaves ? 2 : 1;
  must(Buffer.compare(data[0], data[step]) < 0, "bundles 3: the order of the notes");
  const owner = register.owner(originOf(data[0]));
  const notes = [data[0], data[step]].map((each) => logNote(owner, each, ...cosigners));
  const [one, other] = notes;
  must(one.origin === owner.origin && other.origin === owner.origin, "bundles 3: one log");
  if (!withLeaves) {
    must(one.size === other.size && !one.root.equals(other.root), "bundles 3.F2: no split");
    return { owner, notes };
  }
  must(materials[1].index === materials[3].index, "bundles 3.F3: one index");
  requireUnder(materials[1], one.size, one.root);
  requireUnder(materials[3], other.size, other.root);
  must(readEnvelope(data[1], 2).id !== readEnvelope(data[3], 2).id, "bundles 3.F3: one statement");
  return { owner, notes };
}

/** A note of a log by the log key in use at its size, then by these cosigners. */
function logNote(owner, data, ...cosigners) {
  return exactNote(data, [owner.succession.at(readNote(data).size).log, ...cosigners]);
}

export function badEntry(register, materials) {
  const kinds = ["note", "leaf", "leaf"].slice(0, Math.max(2, materials.length));
  const data = ofKinds(materials, kinds);
  const owner = register.owner(originOf(data[0]));
  const note = logNote(owner, data[0]);
  const [, leaf, before] = materials;
  for (const each of materials.slice(1)) requireUnder(each, note.size, note.root);
  const alone = isWrongAlone(register, owner, leaf);
  if (before === undefined) {
    must(alone, "bundles 4: nothing is wrong");
  } else {
    must(!alone, "bundles 4.5: the leaf before is not needed");
    must(isWrongAfter(owner, leaf, before), "bundles 4: nothing is wrong");
  }
  return byOneLogKey({ owner, notes: [note] }, "a log entry that cannot stand where it stands");
}

/** What is wrong whatever stands before: bundles 4.1 to 4.3, and at the first place its `prev`. */
function isWrongAlone(register, owner, leaf) {
  try {
    const succession = owner.succession.until(leaf.index);
    requireStanding(register, owner, succession, readBase64(leaf.data), leaf.index);
    return false;
  } catch (error) {
    if (error instanceof Bad) return true;
    if (error instanceof FormerKey) return false; // 4.6
    throw error;
  }
}

function requireStanding(register, owner, succession, entry, index) {
  const { sealed, kind, said } = openEntry(entry); // 4.1
  succession.requireSigned(sealed, kind, said);
  const after = succession.after(entry, kind, said); // 4.7
  must(said.author === owner.id && said.origin === owner.origin, "bundles 4.2: another log");
  must(said.network === register.network, "bundles 4.2: another network");
  must(said.seq === index, "bundles 4.3: another place");
  const { statement, log } = owner.keys;
  const first = firstPrev(register.network, owner.origin, statement, log);
  must(index !== 0 || said.prev === first, "bundles 4.3: the beginning");
  return { said, id: sealed.id, after };
}

function isWrongAfter(owner, leaf, before) {
  must(before.index + 1 === leaf.index, "bundles 4.5: not neighbours");
  const earlier = openEntry(readBase64(before.data));
  const { sealed, kind, said } = openEntry(readBase64(leaf.data));
  refusing(() => owner.succession.until(leaf.index).requireSigned(sealed, kind, said)); // 4.6
  return said.prev !== earlier.id || isLess(said.seen, earlier.said.seen);
}

/** bundles 4.4: an origin of the heads before has a larger size there than here. */
function isLess(seen, before) {
  const now = new Map(seen.map((head) => [head.origin, head.size]));
  return before.some((head) => (now.get(head.origin) ?? 0) < head.size);
}

/** A log from its first entry on: its size, root and last statement_id (bundles 4, statements 3). */
export function requireChain(register, owner, entries, tree) {
  let [before, succession] = [null, owner.succession];
  entries.forEach((entry, index) => {
    const { said, id, after } = refusing(() => requireStanding(register, owner, succession, entry, index));
    succession = after;
    must(before === null || said.prev === before.id, "bundles 4.3: prev");
    must(before === null || !isLess(said.seen, before.seen), "bundles 4.4: seen decreases");
    before = { id, seen: said.seen };
    tree.append(leafHash(entry));
  });
  return before?.id ?? null;
}
