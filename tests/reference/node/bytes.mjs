// Digests, base64 and canonical JSON: docs/spec/statements.md, sections 1 and 2.3.

import { createHash } from "node:crypto";

export const WHOLE_MAX = Number.MAX_SAFE_INTEGER; // 2^53 - 1
const DEPTH_MAX = 16;

/** Something is not as the specification has it; nothing else is ever meant by a refusal. */
export class Bad extends Error {}

export function must(condition, what) {
  if (!condition) throw new Bad(what);
}

export function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export const utf8 = (text) => Buffer.from(text, "utf8");
export const hex = (text) => Buffer.from(text, "hex");

// statements 2.3: standard, padded, zero trailing bits. Buffer is lax, so the text is compared.
export function readBase64(text) {
  must(typeof text === "string", "statements 2.3: base64 is text");
  const data = Buffer.from(text, "base64");
  must(data.toString("base64") === text, "statements 2.3: not the one spelling of base64");
  return data;
}

/** Whether an object has exactly these members. */
export function isExactly(value, names) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const found = Object.keys(value);
  return found.length === names.length && names.every((name) => Object.hasOwn(value, name));
}

// statements 1.1: RFC 8785. Names are ASCII, so that any sorting of them is the right one, and
// JSON.stringify spells texts as RFC 8785 has them.
export function writeText(value) {
  if (Array.isArray(value)) return `[${value.map(writeText).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${writeText(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

export const writeJson = (value) => utf8(writeText(value));

// statements 1.4: a decoder re-encodes and compares. JSON.parse takes names twice, 1e0 and 1.0.
export function readJson(data, bytesMax) {
  must(data.length <= bytesMax, "longer than its bound");
  let value;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    value = JSON.parse(text);
  } catch {
    throw new Bad("statements 1.1: not JSON in UTF-8");
  }
  check(value, 1);
  must(writeJson(value).equals(data), "statements 1.4: another spelling of the same value");
  return value;
}

function check(value, depth) {
  if (typeof value === "string") {
    must(!/\p{Surrogate}/u.test(value), "statements 1.2: a lone surrogate");
    must(value.normalize("NFC") === value, "statements 1.2: not in NFC");
  } else if (typeof value === "number") {
    must(Number.isSafeInteger(value), "statements 1.2: a float, or an integer too large");
  } else if (value !== null && typeof value === "object") {
    must(depth <= DEPTH_MAX, "statements 1.2: nested too deep");
    if (!Array.isArray(value)) {
      for (const name of Object.keys(value)) {
        must(/^([A-Za-z_-]{1,64}|sha256)$/.test(name), "statements 1.3: a member's name");
      }
    }
    for (const member of Object.values(value)) check(member, depth + 1);
  } else {
    must(typeof value === "boolean", "statements 1.2: null");
  }
}
