// node tests/reference/node/check.mjs DIR
//
// Says of every case that `pausenet vectors make DIR` has written what this verifier finds, and
// compares. Exits 0 when all agree, 1 when one does not, 2 for a directory without cases.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Run, answer } from "./cases.mjs";

const readFile = (path) => JSON.parse(readFileSync(path, "utf8"));

function filesOf(directory) {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".json")).sort();
  } catch {
    return [];
  }
}

function main(directory) {
  const runs = new Map();
  const runOf = (name) => {
    if (!runs.has(name)) runs.set(name, new Run(readFile(join(directory, "shared", `${name}.json`))));
    return runs.get(name);
  };
  let [count, wrong] = [0, 0];
  for (const area of readdirSync(directory).sort()) {
    if (area === "shared") continue;
    for (const name of filesOf(join(directory, area))) {
      const { kind, inputs, expect } = readFile(join(directory, area, name));
      const found = answer(kind, inputs, inputs.run === undefined ? null : runOf(inputs.run));
      count += 1;
      if (isDeepStrictEqual(found, expect)) continue;
      wrong += 1;
      const says = `expected ${JSON.stringify(expect)}, found ${JSON.stringify(found)}`;
      console.log(`${area}/${name.slice(0, -5)}: ${says}`);
    }
  }
  console.log(`${count} cases, ${wrong} disagreements`);
  if (count === 0) return 2;
  return wrong ? 1 : 0;
}

if (process.argv.length !== 3) {
  console.error("usage: node check.mjs DIR");
  process.exitCode = 2;
} else {
  process.exitCode = main(process.argv[2]);
}
