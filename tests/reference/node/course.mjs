// node tests/reference/node/course.mjs FILE
//
// Takes courses of agreements, cut by cut. FILE is a list of {"agreement", "candidates", "epochs", "cuts"}, each
// epoch {"first", "verifiers", "k"}, each cut {"period", "said": [{"by", "kind", "body"}]}; printed is, for each course, one list of what
// stands after each cut: {party: [stage, [[from, until], ...], [[run, from], ...], eased, amended, [case, ...]]}, as one
// JSON list.

import { readFileSync } from "node:fs";
import { Course } from "./lifecycle.mjs";

function taken({ agreement, candidates, epochs, cuts }) {
  const under = (period) => epochs.findLast((each) => each.first <= period);
  const course = new Course({ agreement, candidates, under });
  return cuts.map(({ period, said }) => {
    course.take(period, said);
    const life = (party) => {
      const { stage, bound, barred, eased, amended, cases } = course.lifeOf(party);
      const stages = cases.map((each) => `${each.stage} since ${each.since}, ${each.grade}`);
      return [
        stage,
        bound.map(({ from, until }) => [from, until]),
        barred.map(({ run, from }) => [run, from]),
        eased,
        amended,
        stages.sort(),
      ];
    };
    return Object.fromEntries([...agreement.parties, ...candidates].map((party) => [party, life(party)]));
  });
}

console.log(JSON.stringify(JSON.parse(readFileSync(process.argv[2], "utf8")).map(taken)));
