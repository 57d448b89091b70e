// F9 and F11, what a verifier says about cuts: docs/spec/bundles.md, sections 5 and 6.

import { Bad, must, readBase64, writeText } from "./bytes.mjs";
import { RULES_DIGEST, appraise } from "./appraise.mjs";
import { Tree, leafHash } from "./log.mjs";
import { ofKinds, statementBy } from "./proofs.mjs";
import { digestOf } from "./register.mjs";
import { revocable } from "./succession.mjs";
import { networkCut } from "./warrants.mjs";

/** By other rules than ours an appraisal is neither right nor wrong (bundles 6.2). */
export class NotRun extends Bad {}

const PERIOD_MAX = 10_000;
const PLACES = { endorsement: ["period", "view"], appraisal: ["period", "view", "lab"], approval: ["after"] };

export function doubleVoice(register, materials) {
  const entries = ofKinds(materials, ["envelope", "envelope"]);
  must(Buffer.compare(...entries) < 0, "bundles 3.F11: the order");
  const [one, other] = entries.map((entry) => statementBy(register, entry));
  must(one.by === other.by && one.by.role === "verifier", "bundles 5.1: one verifier");
  const place = PLACES[one.kind];
  must(one.kind === other.kind && place !== undefined, "bundles 5.1: of one kind");
  must(place.every((member) => one.body[member] === other.body[member]), "bundles 5.1: one place");
  const same = one.kind === "approval" ? one.body.change === other.body.change : writeText(one.body) === writeText(other.body);
  must(!same, "bundles 5.2: they say the same");
  must(one.key.equals(other.key), "bundles 5.3: by two keys");
  const text = "two endorsements, appraisals or approvals that differ, for one place";
  return revocable(one.by, one.key, one.said.seq, text);
}

export function falseAppraisal(register, materials) {
  const [first, second, ...whole] = materials;
  must(first?.kind === "envelope" && second !== undefined, "bundles 6: the appraisal, its cut, the logs");
  const { by, kind, said: { seq }, body, key } = statementBy(register, readBase64(first.data));
  must(kind === "appraisal" && by.role === "verifier", "bundles 6: a verifier's appraisal");
  if (body.rules !== RULES_DIGEST) throw new NotRun("bundles 6.2: other rules");
  must(second.kind === "cut", "bundles 6: the network cut");
  const cut = networkCut(register, second);
  must(body.cut === digestOf(cut), "bundles 6: another cut");
  must(cut.period <= PERIOD_MAX, "bundles 6.5: a period too far");
  const logs = logsOf(cut, whole);
  const said = writeText(body);
  const follows = appraise(register, cut, logs);
  must(!follows.some((each) => writeText(each) === said), "bundles 6.3: it follows");
  return revocable(by, key, seq, "its appraisal does not follow from the cut it names");
}

/** bundles 6.1: each log of the cut once, in its order, whole and of the root there. */
function logsOf(cut, materials) {
  must(materials.length === cut.origins.length, "bundles 6.1: one log for each origin");
  return new Map(
    cut.origins.map(({ origin, size, root }, at) => {
      const { kind, origin: found, entries: texts } = materials[at];
      must(kind === "log" && found === origin && texts.length === size, "bundles 6.1: the log");
      const entries = texts.map(readBase64);
      const tree = new Tree();
      for (const entry of entries) tree.append(leafHash(entry));
      must(tree.root(size).toString("hex") === root, "bundles 6.1: its root");
      return [origin, entries];
    }),
  );
}
