// Trees, proofs, checkpoints and cosignatures: docs/spec/logs.md.

import { WHOLE_MAX, must, readBase64, sha256, utf8 } from "./bytes.mjs";
import { isValid } from "./ed25519.mjs";

const PROOF_MAX = 64;
const DASH = "\u2014 ";

export const leafHash = (entry) => sha256(Buffer.of(0), entry); // logs 1.1
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);
const EMPTY = sha256();

/** A tree that grows, and knows its root at every size that it has had. */
export class Tree {
  constructor() {
    this.peaks = []; // roots of full subtrees, the largest first, with their sizes
    this.roots = [EMPTY];
    this.leaves = [];
  }

  append(leaf) {
    this.leaves.push(leaf);
    this.peaks.push([1, leaf]);
    while (this.peaks.length > 1 && this.peaks.at(-1)[0] === this.peaks.at(-2)[0]) {
      const [size, right] = this.peaks.pop();
      const [, left] = this.peaks.pop();
      this.peaks.push([2 * size, nodeHash(left, right)]);
    }
    this.roots.push(this.peaks.map(([, node]) => node).reduceRight((node, peak) => nodeHash(peak, node)));
  }

  root(size) {
    return this.roots[size];
  }

  /** The inclusion proof of a leaf in the tree of `size` leaves, its sibling first. */
  inclusion(index, size) {
    return path(this.leaves.slice(0, size), index);
  }
}

const split = (n) => 2 ** (32 - Math.clz32(n - 1) - 1); // the largest power of two below n

function range(leaves) {
  if (leaves.length === 1) return leaves[0];
  const k = split(leaves.length);
  return nodeHash(range(leaves.slice(0, k)), range(leaves.slice(k)));
}

function path(leaves, index) {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  if (index < k) return [...path(leaves.slice(0, k), index), range(leaves.slice(k))];
  return [...path(leaves.slice(k), index - k), range(leaves.slice(0, k))];
}

function requireHashes(hashes) {
  must(hashes.length <= PROOF_MAX + 2, "logs 1.2: the proof's length");
  for (const each of hashes) must(each.length === 32, "logs 1.2: a hash has 32 bytes");
}

/** logs 1.3: RFC 9162, 2.1.3.2. Sizes may be beyond 32 bits, so that they are BigInt here. */
export function requireInclusion(leaf, index, size, proof, root) {
  must(proof.length <= PROOF_MAX, "logs 1.2: the proof's length");
  requireHashes([leaf, root, ...proof]);
  must(index >= 0 && index < size, "logs 1.3: the index");
  let [fn, sn, node] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const sibling of proof) {
    must(sn !== 0n, "logs 1.3: a hash too many");
    if (fn & 1n || fn === sn) {
      node = nodeHash(sibling, node);
      while (fn !== 0n && !(fn & 1n)) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      node = nodeHash(node, sibling);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  must(sn === 0n, "logs 1.3: a hash too few");
  must(node.equals(root), "logs 1.3: another root");
}

/** logs 1.3: RFC 9162, 2.1.4.2; an old size of 0 is an error. */
export function requireConsistency(oldSize, newSize, proof, oldRoot, newRoot) {
  must(proof.length <= PROOF_MAX, "logs 1.2: the proof's length");
  requireHashes([oldRoot, newRoot, ...proof]);
  must(oldSize > 0 && oldSize <= newSize, "logs 1.3: the sizes");
  if (oldSize === newSize) {
    return must(proof.length === 0 && oldRoot.equals(newRoot), "logs 1.3: one size, two roots");
  }
  let [fn, sn] = [BigInt(oldSize) - 1n, BigInt(newSize) - 1n];
  const isPower = (BigInt(oldSize) & fn) === 0n;
  const way = isPower ? [oldRoot, ...proof] : [...proof];
  must(way.length > 0, "logs 1.3: a hash too few");
  while (fn & 1n) [fn, sn] = [fn >> 1n, sn >> 1n];
  let [older, newer] = [way[0], way[0]];
  for (const sibling of way.slice(1)) {
    must(sn !== 0n, "logs 1.3: a hash too many");
    if (fn & 1n || fn === sn) {
      [older, newer] = [nodeHash(sibling, older), nodeHash(sibling, newer)];
      while (fn !== 0n && !(fn & 1n)) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      newer = nodeHash(newer, sibling);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  must(sn === 0n, "logs 1.3: a hash too few");
  must(older.equals(oldRoot) && newer.equals(newRoot), "logs 1.3: other roots");
}

// ------------------------------------------------------------------------------------------ notes

// No Unicode space, no plus, no control character.
const NAME =
  /^[^\0-\x20+\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/u;

function readName(text) {
  must(!/^(DSSEv1 |cosignature\/)/.test(text), "logs 3.2: a reserved name");
  must(NAME.test(text) && utf8(text).length <= 255, "logs 3.2: a name");
  return text;
}

function readText(data) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    must(false, "logs 3.1: UTF-8");
  }
  must(!/[\x00-\x09\x0b-\x1f]/.test(text), "logs 3.1: a control character");
  return text;
}

/** The four bytes by which a line names its key (logs 3.3). */
export function keyHash(name, type, key) {
  return sha256(name, Buffer.of(10, type), key).subarray(0, 4);
}

/** logs 3.1: a signed note by its shape; no line is judged. */
export function readNote(data) {
  must(data.length <= 131_072, "logs 3.1: a note's length");
  const gap = data.indexOf("\n\n");
  must(gap >= 0, "logs 3.1: no empty line");
  const body = data.subarray(0, gap + 1);
  must(body.length <= 512, "logs 3.1: a text's length");
  const lines = readText(body).split("\n");
  must(lines.length === 4 && lines[3] === "", "logs 3.1: three lines");
  const [origin, digits, encoded] = lines;
  readName(origin);
  must(/^(0|[1-9][0-9]{0,18})$/.test(digits), "logs 3.1: size");
  must(BigInt(digits) <= BigInt(WHOLE_MAX), "logs 3.1: size");
  const size = Number(digits);
  const root = readBase64(encoded);
  must(root.length === 32, "logs 1.2: a root has 32 bytes");
  must(size > 0 || root.equals(EMPTY), "logs 1.1: the empty tree's root");
  const signed = readText(data.subarray(gap + 2)).split("\n");
  must(signed.length >= 2 && signed.length <= 65 && signed.at(-1) === "", "logs 3.1: the lines");
  return { origin, size, root, body: Buffer.from(body), lines: signed.slice(0, -1).map(readLine) };
}

function readLine(text) {
  must(text.startsWith(DASH), "logs 3.1: a line");
  const parts = text.slice(DASH.length).split(" ");
  must(parts.length === 2, "logs 3.1: a line's name and signature");
  const raw = readBase64(parts[1]);
  must(raw.length > 4 && raw.length <= 4 + 8_192, "logs 3.1: a signature's length");
  return { name: readName(parts[0]), hash: raw.subarray(0, 4), blob: raw.subarray(4) };
}

/** A verifier key's text: name+hash+key. */
export function readVkey(text) {
  must(text.length <= 512, "logs 3.3: a vkey's length");
  const [, name, hash, encoded] = /^([^+]*)\+([^+]*)\+([\s\S]*)$/.exec(text) ?? [];
  must(encoded !== undefined, "logs 3.3: a vkey");
  const typed = readBase64(encoded);
  must(typed.length === 33 && (typed[0] === 1 || typed[0] === 4), "logs 3.3: a vkey's type");
  const key = { name: readName(name), type: typed[0], key: typed.subarray(1) };
  must(keyHash(name, key.type, key.key).toString("hex") === hash, "logs 3.3: a vkey's hash");
  return key;
}

export const isBy = (line, { name, type, key }) =>
  line.name === name && line.hash.equals(keyHash(name, type, key));

/** logs 3.3, 3.4: the note's head, and each cosigner's time; lines of unknown keys are ignored. */
export function openNote(note, log, cosigners) {
  must(log.type === 1, "logs 3.3: a log's key");
  must(note.origin === log.name, "logs 3.2: the origin");
  must(requireLine(note, log), "logs 3.3: the log has not signed");
  const cosignatures = [];
  for (const cosigner of [...cosigners].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    must(cosigner.type === 4, "logs 3.3: a cosigner's key");
    const found = requireLine(note, cosigner);
    if (found) cosignatures.push({ name: cosigner.name, time: found.time });
  }
  return cosignatures;
}

/** The one line by a key, judged; null where there is none. A bad line refuses the note. */
function requireLine(note, key) {
  const lines = note.lines.filter((line) => isBy(line, key));
  must(lines.length <= 1, "logs 3.3: a line twice");
  if (lines.length === 0) return null;
  const { blob } = lines[0];
  if (key.type === 1) {
    must(blob.length === 64 && isValid(key.key, blob, note.body), "logs 3.3: the log's line");
    return { time: 0 };
  }
  must(blob.length === 72, "logs 3.4: a cosignature's length");
  const time = blob.readBigUInt64BE();
  must(time <= BigInt(WHOLE_MAX), "logs 3.4: a cosignature's time");
  const message = cosigned(time, note.body);
  must(isValid(key.key, blob.subarray(8), message), "logs 3.4: a cosignature");
  return { time: Number(time) };
}

const cosigned = (time, body) => Buffer.concat([utf8(`cosignature/v1\ntime ${time}\n`), body]);

/** Whether a storing key signed a head at a time: the evidence of time in cuts (logs 3.4). */
export function isCosigned(key, signature, origin, { size, root, time }) {
  const encoded = Buffer.from(root, "hex").toString("base64");
  return isValid(key, signature, cosigned(time, utf8(`${origin}\n${size}\n${encoded}\n`)));
}

/** A note of exactly these keys' lines in this order: what evidence asks for (bundles 3). */
export function exactNote(data, keys) {
  const note = readNote(data);
  must(note.lines.length === keys.length, "bundles 2.2: exactly the lines asked for");
  const times = keys.map((key, at) => {
    must(isBy(note.lines[at], key), "bundles 2.2: a line's key");
    return requireLine(note, key).time;
  });
  return { ...note, time: times.at(-1) };
}

/** The origin that a note's first line says, before anything is judged. */
export const originOf = (data) => data.toString("utf8").split("\n", 1)[0];
