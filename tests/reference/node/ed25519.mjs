// The strict Ed25519 profile of statements 2.6 and 2.7. OpenSSL, below node:crypto, computes
// [S]B = R + [k]A without the cofactor; what it would take beyond the profile is refused here.

import { createPublicKey, verify } from "node:crypto";
import { utf8 } from "./bytes.mjs";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const Y8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022n;
const SIGN = 2n ** 255n;
const SPKI = Buffer.from("302a300506032b6570032100", "hex"); // RFC 8410, before the raw key

const little = (data) => BigInt(`0x${Buffer.from(data).reverse().toString("hex") || "0"}`);
// The eight points of low order have these y, canonical or not, with either sign.
const LOW_ORDER = new Set([0n, 1n, Y8, P - Y8, P - 1n, P, P + 1n]);

function isStrict(encoding) {
  const y = little(encoding) % SIGN;
  return y < P && !LOW_ORDER.has(y);
}

const keys = new Map();
const judged = new Map();

/** Whether a signature is this raw key's over these bytes. */
export function isValid(key, signature, message) {
  const name = `${key.toString("hex")}${signature.toString("hex")}`;
  const known = judged.get(name);
  if (known !== undefined && known.message.equals(message)) return known.answer;
  const answer = judge(key, signature, message);
  judged.set(name, { message, answer });
  return answer;
}

function judge(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64) return false;
  if (!isStrict(key) || !isStrict(signature.subarray(0, 32))) return false;
  if (little(signature.subarray(32)) >= L) return false;
  const name = key.toString("hex");
  try {
    if (!keys.has(name)) {
      const der = Buffer.concat([SPKI, key]);
      keys.set(name, createPublicKey({ key: der, format: "der", type: "spki" }));
    }
    return verify(null, message, keys.get(name), signature);
  } catch {
    return false; // the encoding is of no point
  }
}

const registered = new Map();

// statements 2.7: a strict key without torsion: a point P with [L]P neutral.
export function isRegistrable(key) {
  const name = key.toString("hex");
  if (!registered.has(name)) registered.set(name, isStrict(key) && hasPrimeOrder(key));
  return registered.get(name);
}

const mod = (a) => ((a % P) + P) % P;

function power(base, exponent) {
  let result = 1n;
  for (let e = exponent, b = mod(base); e > 0n; e >>= 1n, b = mod(b * b)) {
    if (e & 1n) result = mod(result * b);
  }
  return result;
}

function hasPrimeOrder(encoding) {
  const number = little(encoding);
  const y = number % SIGN;
  const square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
  if (mod(x * x) !== square) return false;
  if ((x & 1n) !== number >> 255n) x = mod(-x);
  const end = multiply(L, [x, y, 1n, mod(x * y)]);
  return end[0] === 0n && mod(end[1] - end[2]) === 0n;
}

// RFC 8032, 5.1.4, in extended coordinates.
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * t1 * D * t2);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function multiply(scalar, point) {
  let result = [0n, 1n, 1n, 0n];
  for (let s = scalar, p = point; s > 0n; s >>= 1n, p = add(p, p)) {
    if (s & 1n) result = add(result, p);
  }
  return result;
}

/** What a DSSE envelope signs (statements 2.6). */
export function preAuthentication(type, payload) {
  const head = `DSSEv1 ${utf8(type).length} ${type} ${payload.length} `;
  return Buffer.concat([utf8(head), payload]);
}
