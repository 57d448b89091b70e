// Challenge inspections, cut by cut: docs/spec/challenge.md.

import { writeText } from "./bytes.mjs";
import { challengeDigest } from "./inspections.mjs";
import { periodAt } from "./warrants.mjs";

const HOUR = 3_600;
const VOTE = 12 * HOUR;
const SPANS = { "going-ahead": 48 * HOUR, bargaining: 72 * HOUR, admitted: 84 * HOUR };
const TABLE = {
  "asked notice": "noticed",
  "noticed stop": "stopped",
  "noticed vote-over": "going-ahead",
  "going-ahead admit": "admitted",
  "going-ahead bargain": "bargaining",
  "going-ahead refuse": "refused",
  "going-ahead clock": "refused",
  "bargaining admit": "admitted",
  "bargaining refuse": "refused",
  "bargaining clock": "refused",
  "admitted report": "reported",
  "admitted clock": "lapsed",
  "refused close": "closed",
  "reported close": "closed",
};
const KINDS = ["challenge", "challenge-notice", "challenge-vote", "challenge-answer", "inspection-report", "closure"];

/** Every challenge after these cuts, and what each participant said of challenges. */
export function challenged({ register, joined }, views, cuts) {
  const told = views.map((view) => [view, view.said.filter((each) => KINDS.includes(each.kind))]);
  const sizes = new Map(views.map((view) => [view, 0]));
  const docket = new Docket(register, joined);
  for (const cut of cuts) {
    const fresh = [];
    for (const [view, said] of told) {
      const { role, origin } = view.member;
      const before = sizes.get(view);
      const size = Math.max(before, cut.origins.find((each) => each.origin === origin)?.size ?? 0);
      for (const each of said) if (before <= each.at && each.at < size) fresh.push({ role, ...each });
      sizes.set(view, size);
    }
    docket.take(cut.period, fresh);
  }
  return [[...docket.held.values()], new Map(told.map(([view, said]) => [view.member.id, said]))];
}

class Docket {
  constructor(register, joined) {
    this.agreement = register.agreement;
    this.joined = joined;
    this.need = register.f + 1;
    this.held = new Map();
  }

  take(period, fresh) {
    const here = [...this.joined].filter(([, first]) => first <= period).map(([lab]) => lab);
    this.parties = [...this.agreement.parties, ...here];
    const counts = fresh.filter(({ role, kind, said }) =>
      ["inspection-report", "closure"].includes(kind)
        ? role === "verifier"
        : this.parties.includes(said.author),
    );
    for (const { kind, said } of counts) {
      const { commitment } = said.body;
      if (kind !== "challenge" || this.held.has(commitment)) continue;
      const begun = { challenge: commitment, by: said.author, stage: "asked", since: period, finding: -1 };
      this.held.set(commitment, {
        ...begun, notice: null, against: new Set(), answer: null, reports: new Map(), closed: new Set(),
      });
    }
    for (const course of this.held.values()) {
      this.move(course, period, counts.filter((each) => speaksOf(each, course.challenge)));
    }
  }

  move(course, period, about) {
    const of = (kind) => about.filter((each) => each.kind === kind);
    for (const { said } of of("challenge-notice")) this.open(course, said, period);
    if (course.stage === "noticed") this.vote(course, of("challenge-vote"), period);
    for (const { said } of of("challenge-answer")) {
      if (course.notice?.lab === said.author) course.answer = said.body.answer;
    }
    if (course.answer !== null) step(course, course.answer, period);
    for (const { said } of of("inspection-report")) {
      if (!course.reports.has(said.author)) course.reports.set(said.author, said.body);
    }
    for (const { said } of of("closure")) course.closed.add(said.author);
    if (course.stage === "admitted") this.report(course, period);
    if (course.closed.size >= this.need) step(course, "close", period);
    const span = SPANS[course.stage];
    if (span !== undefined && this.isOver(course.since, span, period)) step(course, "clock", period);
  }

  open(course, { author, body }, period) {
    if (course.stage !== "asked" || author !== course.by || body.lab === author) return;
    if (!this.parties.includes(body.lab)) return;
    course.notice = body;
    step(course, "notice", period);
  }

  vote(course, votes, period) {
    for (const { said } of votes) course.against.add(said.author);
    if (4 * course.against.size >= 3 * this.parties.length) step(course, "stop", period);
    else if (this.isOver(course.since, VOTE, period)) step(course, "vote-over", period);
  }

  report(course, period) {
    const alike = new Map();
    for (const body of course.reports.values()) {
      const key = writeText(body);
      alike.set(key, { body, count: (alike.get(key)?.count ?? 0) + 1 });
    }
    const agreed = [...alike.values()].filter((each) => each.count >= this.need);
    if (agreed.length === 0) return;
    course.finding = Math.max(...agreed.map((each) => each.body.undeclared));
    step(course, "report", period);
  }

  isOver(since, span, period) {
    const { schedule } = this.agreement;
    const close = (index) => periodAt(schedule, index).end + schedule.deadline_s + schedule.grace_s;
    return period > since && close(period) >= close(since) + span;
  }
}

function step(course, move, period) {
  const stage = TABLE[`${course.stage} ${move}`];
  if (stage !== undefined) [course.stage, course.since] = [stage, period];
}

function speaksOf({ kind, said }, challenge) {
  const { body } = said;
  if (kind === "challenge-notice") return challengeDigest(body) === challenge;
  if (kind === "inspection-report") return body.inspection === challenge;
  if (kind === "closure") return body.results.some((each) => each.inspection === challenge);
  return kind !== "challenge" && body.challenge === challenge;
}

/** The faults that challenges of a party's places show, each with its envelopes. */
export function contested(record, cuts, party) {
  const { register, views } = record;
  const [courses, said] = challenged(record, [...views.values()], cuts);
  return courses
    .filter((course) => course.notice?.lab === party)
    .flatMap((course) => {
      const by = said.get(course.by);
      if (course.stage === "refused") {
        const asked = by.find((each) => each.kind === "challenge" && each.said.body.commitment === course.challenge);
        const notice = by.find(
          (each) => each.kind === "challenge-notice" && challengeDigest(each.said.body) === course.challenge,
        );
        const answer = said.get(party).find(({ kind, said: { body } }) =>
          kind === "challenge-answer" && body.challenge === course.challenge && body.answer === "refuse",
        );
        return [["F10r", [asked, notice, answer]]];
      }
      if (course.finding <= 0) return [];
      const declared = views.get(party).of("declaration").slice(0, 1);
      return [["F7", [...declared, ...alike(register, said, course)]]];
    })
    .map(([fault, found]) => [fault, found.filter((each) => each !== undefined).map((each) => each.entry)]);
}

function alike(register, said, course) {
  const byBody = new Map();
  for (const name of register.verifiers) {
    const report = said
      .get(name)
      .find(({ kind, said: { body } }) => kind === "inspection-report" && body.inspection === course.challenge);
    if (report === undefined || report.said.body.undeclared !== course.finding) continue;
    const key = writeText(report.said.body);
    byBody.set(key, [...(byBody.get(key) ?? []), report]);
  }
  const need = register.f + 1;
  return [...byBody.values()].find((each) => each.length >= need)?.slice(0, need) ?? [];
}
