// What a cut shows of requests: unanswered, undelivered, answered since (appraisal 4.5).

import { LACKING, clockOf, isInChain, leavesFor, rightlyDrawn } from "./inspections.mjs";
import { isScheduled } from "./warrants.mjs";

export class Inspected {
  constructor(register, verifiers) {
    this.register = register;
    this.views = new Map(verifiers.map((view) => [view.member.id, view]));
    this.asked = [];
    this.closures = new Map();
    for (const view of verifiers) this.read(view);
    const byName = (a, b) => (a.by < b.by ? -1 : a.by > b.by ? 1 : 0);
    this.asked.sort((a, b) => a.body.period - b.body.period || byName(a, b) || a.at - b.at);
  }

  /** The requests of a log whose period's pre-image stands before them, and its closures. */
  read(view) {
    const by = view.member.id;
    const reveals = new Map();
    let head = null;
    for (const { at, entry, kind, said, id } of view.said) {
      const { body } = said;
      if (kind === "sample-commitment" && at === 0) head = body;
      else if (kind === "sample-reveal" && !reveals.has(body.period)) {
        if (head !== null && isInChain(head, body)) reveals.set(body.period, { at, image: body.image });
      } else if (kind === "inspection-request") {
        const reveal = reveals.get(body.period);
        const { register } = this; // register 3.7, 3.17
        const counts = register.under(body.period).verifiers.includes(by) && register.isAlike(body, body.period);
        if (reveal !== undefined && counts) this.asked.push({ by, at, entry, id, body, reveal });
      } else if (kind === "closure") {
        for (const { inspection, lab, result } of body.results) this.closed(`${inspection} ${lab}`, by, { at, entry, result });
      }
    }
  }

  closed(key, by, found) {
    if (!this.closures.has(key)) this.closures.set(key, new Map());
    const all = this.closures.get(key);
    if (!all.has(by)) all.set(by, []);
    all.get(by).push(found);
  }

  /** Requests that name a lab, with its usage statement where it is said. */
  askedOf(view) {
    const lab = view.member.id;
    const usages = new Map(view.of("compute-usage").map((each) => [each.id, each]));
    return this.asked.flatMap((asked) => {
      const drawn = asked.body.draws.find((item) => item.lab === lab);
      const usage = drawn && usages.get(drawn.usage);
      return usage === undefined ? [] : [{ asked, drawn, usage }];
    });
  }

  answerTo(view, drawn, usage) {
    const due = leavesFor(drawn.leaves, usage.said.body.leaves).join();
    return view.of("opening").find(({ said }) => {
      const { usage: of, leaves } = said.body;
      return of === drawn.usage && leaves.map((leaf) => leaf.index).join() === due;
    });
  }

  /** The materials of F10 for the earliest request that a lab attested past. */
  unanswered(view) {
    for (const { asked, drawn, usage } of this.askedOf(view)) {
      if (drawn.leaves.length === 0 || this.answerTo(view, drawn, usage) !== undefined) continue;
      const last = this.attestedPast(view, asked, usage.at);
      if (last === null || rightlyDrawn(this.register, asked.body, asked.reveal.image, usage) === null) continue;
      const said = this.views.get(asked.by);
      const { size } = last.said.seen.find((each) => each.origin === said.member.origin);
      const leaves = [0, asked.reveal.at, asked.at].map((place) => said.leaf(place, size));
      return [...leaves, ...envelopes(view.entries.slice(usage.at, last.at + 1))];
    }
    return [];
  }

  attestedPast(view, asked, start) {
    const due = clockOf(this.register.agreement, asked.body.period);
    const said = this.views.get(asked.by);
    const own = view.said.filter((each) => each.at >= start);
    if (!this.register.hadLearned(own, said.member.origin, asked.at, asked.body)) return null;
    for (const each of own) {
      if (each.at <= start) continue;
      if (each.kind === "key-recovery") return null;
      const { period, seen } = each.said;
      if (each.kind !== "compute-usage" || !isScheduled(this.register.agreement.schedule, period)) continue;
      if (period.index <= due) continue;
      const head = seen.find((item) => item.origin === said.member.origin);
      if (head === undefined || head.size <= asked.at || !said.hasRoot(head.size, head.root)) continue;
      if (this.register.hasLearned(seen, asked.body)) return each;
    }
    return null;
  }

  /** The materials of each F10r of what was drawn. */
  lacking(view) {
    const lab = view.member.id;
    return this.askedOf(view).flatMap(({ asked, drawn, usage }) => {
      const by = this.closures.get(`${asked.id} ${lab}`) ?? new Map();
      const { f, verifiers } = this.register.under(asked.body.period);
      const need = f + 1;
      return LACKING.flatMap((result) => {
        const first = verifiers
          .map((name) => [name, by.get(name)?.find((each) => each.result === result)])
          .filter(([, found]) => found !== undefined)
          .slice(0, need);
        if (first.length < need) return [];
        const answer = this.answerTo(view, drawn, usage);
        const since =
          result === "unanswered" ? (answer === undefined ? [] : [answer.entry]) : delivered(by, first);
        const entries = [asked.entry, usage.entry, ...first.map(([, found]) => found.entry), ...since];
        return [envelopes(entries)];
      });
    });
  }
}

/** The same verifiers' later word that the records came; nothing unless all say the same. */
function delivered(by, first) {
  const later = first.map(([name, before]) =>
    by.get(name).find((each) => each.at > before.at && !LACKING.includes(each.result)),
  );
  const alike = later.every((each) => each !== undefined && each.result === later[0].result);
  return alike ? later.map((each) => each.entry) : [];
}

const envelopes = (entries) =>
  entries.map((entry) => ({ kind: "envelope", data: entry.toString("base64") }));
