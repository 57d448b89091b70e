// node tests/reference/node/signatures.mjs FILE
//
// FILE is a JSON list of {"key", "sig", "msg"}: hex, hex, text. Printed is for each whether the
// signature is valid in the strict profile, and whether its key may be registered.

import { readFileSync } from "node:fs";
import { hex, utf8 } from "./bytes.mjs";
import { isRegistrable, isValid } from "./ed25519.mjs";

const cases = JSON.parse(readFileSync(process.argv[2], "utf8"));
const found = cases.map(({ key, sig, msg }) => ({
  valid: isValid(hex(key), hex(sig), utf8(msg)),
  registrable: isRegistrable(hex(key)),
}));
console.log(JSON.stringify(found));
