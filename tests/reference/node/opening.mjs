// Openings of usage ledgers: docs/spec/openings.md.

import { must, readBase64, readJson } from "./bytes.mjs";
import { requireType } from "./grammar.mjs";
import { requireUnder } from "./proofs.mjs";
import { readStatement } from "./statement.mjs";

const LEAF_MAX = 4_096;
// openings 1.1
const SHAPE = `{salt: hex, network: hex, lab: id, period: whole, index: whole, site: id, class: class, start: whole,
  end: whole, occupied_s: whole, used_pflop: whole, run: id or "",
  sums: {each CLASS: {occupied_s: whole, used_pflop: whole}}}`;

/** The record at a place, tied to its neighbours and to the statement's totals. */
export function openLeaf(payload, place, leaves) {
  const { kind, said, subject } = readStatement(payload);
  must(kind === "compute-usage" && said.period.index !== undefined, "openings 2.1: usage");
  const last = said.body.leaves - 1;
  must(place >= 0 && place <= last, "openings 2.1: the place");
  const asked = new Set([place, last, Math.max(0, place - 1), Math.min(last, place + 1)]);
  const expected = [...asked].sort((a, b) => a - b);
  must(leaves.map((leaf) => leaf.index).join() === expected.join(), "openings 2.1: which leaves");
  const records = new Map(leaves.map((leaf) => [leaf.index, readRecord(said, subject, leaf)]));
  for (const [index, record] of records) {
    const before = records.get(index - 1);
    if (index === 0 || before !== undefined) requireNext(before, record);
  }
  const totals = said.body.classes;
  must(isSame(records.get(last).sums, totals), "openings 2.5: the last leaf's sums");
  return records.get(place);
}

function readRecord(said, subject, leaf) {
  requireUnder(leaf, said.body.leaves, Buffer.from(subject, "hex")); // 2.2
  const record = readJson(readBase64(leaf.data), LEAF_MAX);
  requireType(SHAPE, record);
  must(record.start < record.end, "openings 1.1: start before end");
  must(record.network === said.network && record.lab === said.author, "openings 2.3: another ledger");
  must(record.period === said.period.index, "openings 2.3: another period");
  must(record.index === leaf.index, "openings 2.3: another place");
  return record;
}

// openings 2.4
function requireNext(before, record) {
  const sums = {};
  for (const name of Object.keys(record.sums)) {
    const own = name === record.class ? record : { occupied_s: 0, used_pflop: 0 };
    const { occupied_s: occupied, used_pflop: used } = before?.sums[name] ?? { occupied_s: 0, used_pflop: 0 };
    sums[name] = { occupied_s: occupied + own.occupied_s, used_pflop: used + own.used_pflop };
  }
  must(isSame(sums, record.sums), "openings 2.4: the running sums");
  if (before === undefined) return;
  const inOrder = before.site < record.site || (before.site === record.site && before.start <= record.start);
  must(inOrder, "openings 2.4: the order of site and start");
}

function isSame(one, other) {
  return Object.keys(one).every(
    (name) =>
      one[name].occupied_s === other[name].occupied_s && one[name].used_pflop === other[name].used_pflop,
  );
}
