// What binds the members of an agreement to each other: docs/spec/statements.md, section 6.

import { WHOLE_MAX, must } from "./bytes.mjs";
import { SHARES } from "./grammar.mjs";

/** 5.9: the largest value of an indicator: a share is at most the whole. */
export const mostOf = (indicator) => (SHARES.has(indicator) ? 1_000_000 : WHOLE_MAX);

/** A body that fits the grammar MUST keep all of section 6. */
export function requireAgreement(body) {
  const { parties, annex, clauses, activation, adjudicator, legal_basis: basis } = body;
  const kinds = new Map(clauses.map((item) => [item.clause, item]));
  must(kinds.size === clauses.length, "6.1: a clause twice");
  const read = annex.channels.map((item) => item.party);
  must(kinds.has("accession") || read.every((party) => parties.includes(party)), "6.2: a channel of no party");
  if (Object.keys(annex.power).length) {
    must(annex.power.random_ppm + annex.power.systematic_ppm > 0, "6.3: no error stated");
    const own = read.filter((party) => parties.includes(party));
    must(own.sort().join() === parties.join(), "6.3: exactly one meter a party");
  }
  requireActivation(activation, parties, kinds);
  const { panel, quorum } = adjudicator;
  must((quorum === 0) === (panel.length === 0) && quorum <= panel.length, "6.5: the quorum");
  const involved = [...parties, ...annex.channels.map((item) => item.meter)];
  must(!panel.some((member) => involved.includes(member)), "6.5: nobody of the panel");
  const milestones = kinds.get("staged-cap")?.milestones ?? [];
  const own = [...clauses.flatMap((item) => item.rule ?? []), ...milestones.map((each) => each.rule)];
  const rules = [body.trigger, body.lift, ...own];
  const named = clauses.flatMap((item) => [...(item.starts ?? []), ...(item.lifts ?? [])]);
  must(!named.includes("staged-cap"), "6.10: C17 and C18 do not name C10");
  for (const rule of rules) requireRule(rule, parties);
  for (const clause of clauses) TERMS[clause.clause]?.(clause);
  must(!basis.voluntary || basis.exchange_of_information !== "", "6.9: what is exchanged");
}

// 6.4
function requireActivation(activation, parties, kinds) {
  const { kind, need } = activation;
  must((need === 0) === ["unconditional", "all-named"].includes(kind), "6.4: need");
  must(kind !== "k-of-n" || need <= parties.length, "6.4: more than all");
  must(!kinds.has("assurance-contract") || kind === "all-named", "6.4: C02");
  const coverage = kinds.get("coverage-threshold");
  if (coverage === undefined) return;
  const expected = { parties: "k-of-n", "declared-capacity": "coverage" }[coverage.measure];
  must(kind === expected && need === coverage.need, "6.4: C03");
}

function requireRule({ conditions, need }, parties) {
  must(need <= conditions.length, "6.6: need");
  for (const each of conditions.filter((item) => item.condition === "indicator-bound")) {
    const own = each.sources.every((source) => parties.includes(source));
    must(each.self_reported === own, "6.7: self_reported");
    must(each.bound <= mostOf(each.indicator), "6.7, 5.9: the bound");
  }
}

// 6.8
const TERMS = {
  // 6.10
  "staged-cap": ({ stages, milestones }) => {
    must(stages.length + milestones.length > 0, "6.10: no stage");
    const waits = milestones.flatMap((each) => each.rule.conditions.map((item) => item.condition));
    const allowed = ["indicator-bound", "incident-reported"];
    must(waits.every((each) => allowed.includes(each)), "6.10: what a milestone waits for");
  },
  "cluster-rate-cap": (clause) => {
    const { rate_pflop_per_s: rate, accelerators, link_mbit_per_s: link, memory_gb: memory } = clause;
    must([rate, accelerators, link, memory].some((line) => line > 0), "6.8: C07");
  },
  "inference-cap": (clause) => {
    must(clause.rate_pflop_per_s > 0 || clause.egress_bytes_per_s > 0, "6.8: C14");
  },
  "research-budget": ({ levy }) => {
    must(levy.every((item, at) => at === 0 || levy[at - 1].rate_ppm < item.rate_ppm), "6.8: C09");
  },
  withdrawal: (clause) => must(clause.cooling_off_periods <= clause.notice_periods, "6.8: C21"),
  stake: ({ deposit_usd: deposit, losses }) => {
    must(losses.every((loss) => loss.amount_usd <= deposit), "6.8: C24");
  },
};
