// node tests/reference/node/reproduce.mjs FILE
//
// Appraises cuts anew. FILE is {"network", "register", "logs", "cuts": [base64 of a cut's body]},
// like a shared file of the cases; printed are, for each cut, the appraisals' canonical forms, as
// one JSON list of lists of base64.

import { readFileSync } from "node:fs";
import { writeJson } from "./bytes.mjs";
import { appraise } from "./appraise.mjs";
import { Run, readCut } from "./cases.mjs";

const file = JSON.parse(readFileSync(process.argv[2], "utf8"));
const run = new Run(file);
const appraised = file.cuts.map((cut) =>
  appraise(run.register, readCut(Buffer.from(cut, "base64")), run.logs).map((each) =>
    writeJson(each).toString("base64"),
  ),
);
console.log(JSON.stringify(appraised));
