// F1 to F4 and F8: docs/spec/bundles.md, sections 3 and 4.

import { Bad, must, readBase64 } from "./bytes.mjs";
import { exactNote, leafHash, originOf, requireInclusion } from "./log.mjs";
import { firstPrev, readEnvelope, readStatement, requireSigners } from "./statement.mjs";

/** The materials' bytes; they must be of exactly these kinds. */
export function ofKinds(materials, kinds) {
  must(materials.length === kinds.length, "bundles 2.2: the number of materials");
  must(materials.every((item, at) => item.kind === kinds[at]), "bundles 2.2: their kinds");
  return materials.map((item) => readBase64(item.data));
}

/** A statement by somebody (bundles 3): signed, decoding, of this network, in its own log. */
export function statementBy(register, entry) {
  const sealed = readEnvelope(entry);
  const { kind, said } = readStatement(sealed.payload);
  const by = register.members.get(said.author);
  must(by !== undefined && by.role !== "registrar", "bundles 3: nobody's statement");
  must(said.network === register.network, "bundles 3: another network");
  must(said.origin === by.origin, "bundles 3: a foreign log");
  requireSigners(sealed, [by.keys.statement]);
  return { by, kind, said, body: said.body, id: sealed.id };
}

/** The inclusion proof of a leaf holds under a head. */
export function requireUnder(leaf, size, root) {
  const proof = leaf.proof.map((each) => Buffer.from(each, "hex"));
  requireInclusion(leafHash(readBase64(leaf.data)), leaf.index, size, proof, root);
}

const confirmed = (accused, text) => ({ accused, text, grade: "confirmed", periods: [] });

export function equivocation(register, materials) {
  const entries = ofKinds(materials, ["envelope", "envelope"]);
  must(Buffer.compare(...entries) < 0, "bundles 3.F1: the order");
  const [one, other] = entries.map((entry) => statementBy(register, entry));
  must(one.by === other.by && one.said.seq === other.said.seq, "bundles 3.F1: one place");
  must(one.id !== other.id, "bundles 3.F1: one statement");
  return confirmed(one.by, "two different statements at one place in its log");
}

export function split(register, materials) {
  must(materials.length === 2, "bundles 3.F2: two notes");
  const owner = bothSides(register, materials, null);
  return confirmed(owner, "two checkpoints of one size with different roots");
}

export function fork(register, materials) {
  must(materials.length === 4, "bundles 3.F3: two notes, each with its leaf");
  const owner = bothSides(register, materials, null);
  return confirmed(owner, "two checkpoints that hold different statements at one place");
}

export function doubleCosigner(register, materials) {
  const verifier = cosignerOf(register, materials);
  bothSides(register, materials, verifier);
  return confirmed(verifier, "it cosigned both sides of a fork");
}

export function shrinkingCosigner(register, materials) {
  const data = ofKinds(materials, ["note", "note"]);
  must(Buffer.compare(...data) < 0, "bundles 3: the order of the notes");
  const verifier = cosignerOf(register, materials);
  const owner = register.owner(originOf(data[0]));
  const notes = data.map((each) => exactNote(each, [verifier.storing]));
  must(notes.every((note) => note.origin === owner.origin), "bundles 3.F8b: one log");
  const [earlier, later] = notes.sort((a, b) => a.time - b.time);
  must(earlier.time < later.time && later.size < earlier.size, "bundles 3.F8b: nothing shrank");
  return confirmed(verifier, "it cosigned a smaller log after a larger one");
}

/** The verifier whom the first note's last line names; its signature is judged later. */
function cosignerOf(register, materials) {
  must(materials[0]?.kind === "note", "bundles 3.F8: a note first");
  const last = readBase64(materials[0].data).toString("utf8").split("\n").at(-2) ?? "";
  const name = register.verifiers.find((id) =>
    last.startsWith(`\u2014 ${register.members.get(id).origin}/storing `),
  );
  must(name !== undefined, "bundles 3.F8: no verifier's line");
  return register.members.get(name);
}

/** Two notes of one size and different roots, or with different statements at one index. */
function bothSides(register, materials, verifier) {
  const withLeaves = materials.length === 4;
  const data = ofKinds(materials, withLeaves ? ["note", "leaf", "note", "leaf"] : ["note", "note"]);
  const step = withLeaves ? 2 : 1;
  must(Buffer.compare(data[0], data[step]) < 0, "bundles 3: the order of the notes");
  const owner = register.owner(originOf(data[0]));
  const keys = verifier === null ? [owner.log] : [owner.log, verifier.storing];
  const [one, other] = [data[0], data[step]].map((each) => exactNote(each, keys));
  must(one.origin === owner.origin && other.origin === owner.origin, "bundles 3: one log");
  if (!withLeaves) {
    must(one.size === other.size && !one.root.equals(other.root), "bundles 3.F2: no split");
    return owner;
  }
  must(materials[1].index === materials[3].index, "bundles 3.F3: one index");
  requireUnder(materials[1], one.size, one.root);
  requireUnder(materials[3], other.size, other.root);
  must(readEnvelope(data[1]).id !== readEnvelope(data[3]).id, "bundles 3.F3: one statement");
  return owner;
}

export function badEntry(register, materials) {
  const kinds = ["note", "leaf", "leaf"].slice(0, Math.max(2, materials.length));
  const data = ofKinds(materials, kinds);
  const owner = register.owner(originOf(data[0]));
  const note = exactNote(data[0], [owner.log]);
  const [, leaf, before] = materials;
  for (const each of materials.slice(1)) requireUnder(each, note.size, note.root);
  const alone = isWrongAlone(register, owner, leaf);
  if (before === undefined) {
    must(alone, "bundles 4: nothing is wrong");
  } else {
    must(!alone, "bundles 4.5: the leaf before is not needed");
    must(isWrongAfter(leaf, before), "bundles 4: nothing is wrong");
  }
  return confirmed(owner, "a log entry that cannot stand where it stands");
}

/** What is wrong whatever stands before: bundles 4.1 to 4.3, and at the first place its `prev`. */
function isWrongAlone(register, owner, leaf) {
  try {
    requireStanding(register, owner, readBase64(leaf.data), leaf.index);
    return false;
  } catch (error) {
    if (error instanceof Bad) return true;
    throw error;
  }
}

function requireStanding(register, owner, entry, index) {
  const sealed = readEnvelope(entry); // 4.1
  requireSigners(sealed, [owner.keys.statement]);
  const { said } = readStatement(sealed.payload);
  must(said.author === owner.id && said.origin === owner.origin, "bundles 4.2: another log");
  must(said.network === register.network, "bundles 4.2: another network");
  must(said.seq === index, "bundles 4.3: another place");
  const { statement, log } = owner.keys;
  const first = firstPrev(register.network, owner.origin, statement, log);
  must(index !== 0 || said.prev === first, "bundles 4.3: the beginning");
  return { said, id: sealed.id };
}

function isWrongAfter(leaf, before) {
  must(before.index + 1 === leaf.index, "bundles 4.5: not neighbours");
  const earlier = readEnvelope(readBase64(before.data));
  const heads = readStatement(earlier.payload).said.seen;
  const { said } = readStatement(readEnvelope(readBase64(leaf.data)).payload);
  return said.prev !== earlier.id || isLess(said.seen, heads);
}

/** bundles 4.4: an origin of the heads before has a larger size there than here. */
function isLess(seen, before) {
  const now = new Map(seen.map((head) => [head.origin, head.size]));
  return before.some((head) => (now.get(head.origin) ?? 0) < head.size);
}

/** A log from its first entry on: its size, root and last statement_id (bundles 4, statements 3). */
export function requireChain(register, owner, entries, tree) {
  let before = null;
  entries.forEach((entry, index) => {
    const { said, id } = requireStanding(register, owner, entry, index);
    must(before === null || said.prev === before.id, "bundles 4.3: prev");
    must(before === null || !isLess(said.seen, before.seen), "bundles 4.4: seen decreases");
    before = { id, seen: said.seen };
    tree.append(leafHash(entry));
  });
  return before?.id ?? null;
}
