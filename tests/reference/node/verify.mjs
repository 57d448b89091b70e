// node tests/reference/node/verify.mjs BUNDLE [--network-id HEX]
//
// Judges one evidence bundle, with the exit codes of `pausenet verify`: 1 a proof against known
// parties, 2 no valid bundle, 3 everything else; never 0.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { examine } from "./bundle.mjs";

const USAGE = "usage: node verify.mjs BUNDLE [--network-id HEX]";

function main() {
  const { values, positionals } = parseArgs({
    options: { "network-id": { type: "string" } },
    allowPositionals: true,
  });
  const pinned = values["network-id"] ?? null;
  if (positionals.length !== 1 || (pinned !== null && !/^[0-9a-f]{64}$/.test(pinned))) {
    throw new TypeError(USAGE);
  }
  const { outcome, exit, finding } = examine(readFileSync(positionals[0]), pinned);
  console.log(finding === null ? outcome : `${outcome}: ${finding.accused}: ${finding.fault}, ${finding.claim}`);
  return exit;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
