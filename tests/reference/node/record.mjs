// What one cut holds: docs/spec/appraisal.md, sections 1 to 3.

import { Bad } from "./bytes.mjs";
import { figuresAt, isLowered } from "./figures.mjs";
import { Inspected } from "./inspected.mjs";
import { lifecycle } from "./lifecycle.mjs";
import { Tree, isCosigned, leafHash } from "./log.mjs";
import { digestOf } from "./register.mjs";
import { CHANGES, tryEntry } from "./statement.mjs";
import { refusing } from "./succession.mjs";
import { isScheduled, periodAt } from "./warrants.mjs";

/** The first entries of one participant's log. */
class View {
  constructor(register, member, entries, size) {
    if (entries.length < size) throw new Error(`${member.origin}: fewer entries than the cut names`);
    this.member = member;
    this.size = size;
    this.entries = entries;
    this.tree = treeOf(entries);
    this.said = []; // appraisal 1.4
    this.byPlace = new Map();
    for (let at = 0; at < size; at += 1) {
      const found = tryEntry(entries[at]);
      const { network, author, origin, seq } = found?.said ?? {};
      const stands = network === register.network && author === member.id && origin === member.origin;
      if (!stands || seq !== at) continue;
      this.said.push({ at, entry: entries[at], ...found });
      this.byPlace.set(at, found);
    }
  }

  /** What stands at a place, as windows are read (bundles 7.1). */
  at(place) {
    if (place >= this.size) return undefined;
    return { bytes: this.entries[place].length, statement: this.byPlace.get(place) ?? null };
  }

  of(kind) {
    return this.said.filter((each) => each.kind === kind);
  }

  /** Whether so many entries of this view have this root. */
  hasRoot(size, root) {
    return size > 0 && size <= this.size && this.tree.root(size).toString("hex") === root;
  }

  leaf(at, size) {
    const proof = this.tree.inclusion(at, size).map((node) => node.toString("hex"));
    return { kind: "leaf", index: at, data: this.entries[at].toString("base64"), proof };
  }
}

/** appraisal 1.6: the keys of a log's owner as the log says; what is no change changes nothing. */
function keysSaid(view) {
  let { succession } = view.member;
  for (const { kind, entry, sealed, said } of view.said) {
    if (!CHANGES.includes(kind)) continue;
    try {
      const before = succession;
      refusing(() => before.requireSigned(sealed, kind, said));
      succession = before.after(entry, kind, said);
    } catch (error) {
      if (!(error instanceof Bad)) throw error;
    }
  }
  return succession === view.member.succession ? [] : [succession];
}

const trees = new WeakMap();

function treeOf(entries) {
  if (!trees.has(entries)) {
    const tree = new Tree();
    for (const entry of entries) tree.append(leafHash(entry));
    trees.set(entries, tree);
  }
  return trees.get(entries);
}

export class Record {
  constructor(register, cut, logs) {
    register = register.courtOf(cut).atFirst(); // 1.6, register 3.7
    this.cut = cut;
    const sizes = new Map(cut.origins.map((item) => [item.origin, item.size]));
    const members = [...register.members.values()].filter((each) => each.role !== "registrar");
    this.views = new Map(
      members.map((each) => {
        const entries = logs.get(each.origin) ?? [];
        return [each.id, new View(register, each, entries, sizes.get(each.origin) ?? 0)];
      }),
    );
    this.register = register.succeeded([...this.views.values()].flatMap(keysSaid));
    this.verifiers = register.everVerifiers.map((id) => this.views.get(id));
    const own = digestOf(cut);
    this.cuts = this.networkCuts().filter((each) => each.digest !== own);
    this.standing = this.readStanding();
    this.faults = this.knownFaults();
    this.silences = this.readSilences();
    this.inspected = new Inspected(this.register, this.verifiers);
    this.ratified = new Map(register.signatories.map((id) => [id, this.ratification(id)]));
  }

  // appraisal 2.1
  networkCuts() {
    const stated = new Map();
    const endorsed = new Map();
    for (const view of this.verifiers) {
      for (const { kind, entry, said } of view.said) {
        if (kind === "cut") {
          const digest = digestOf(said.body);
          if (!stated.has(digest)) stated.set(digest, { digest, cut: said.body, by: new Map() });
          const { by } = stated.get(digest);
          if (!by.has(view.member.id)) by.set(view.member.id, entry);
        } else if (kind === "endorsement") {
          const by = endorsed.get(said.body.cut) ?? new Map();
          endorsed.set(said.body.cut, by);
          if (!by.has(view.member.id)) by.set(view.member.id, { body: said.body, entry });
        }
      }
    }
    const found = [];
    for (const each of stated.values()) {
      const court = this.courtOf(each.cut);
      if (court === null) continue; // it rests on another register
      const { digest, cut, by } = each;
      const counts = ([id]) => court.verifiers.includes(id);
      const valid = [...(endorsed.get(digest) ?? [])].filter(
        (item) => item[1].body.period === cut.period && item[1].body.view === cut.view && counts(item),
      );
      const stating = [...by].filter(counts);
      if (stating.length && valid.length >= court.k) {
        found.push({ digest, cut, entry: stating[0][1], endorsements: valid.map(([, { entry }]) => entry) });
      }
    }
    return found.sort(byPeriod);
  }

  /** The register that a cut names, in the epoch of its period; null for another register's. */
  courtOf(cut) {
    try {
      return this.register.courtOf(cut);
    } catch (error) {
      if (error instanceof Bad) return null;
      throw error;
    }
  }

  // appraisal 2.2: each contains those before it, but for the entries of forked logs.
  inOrder() {
    const forks = this.faults.filter(
      (each) => ["F1", "F2", "F3"].includes(each.fault) && each.grade === "confirmed",
    );
    const forked = new Set(forks.map((each) => this.register.members.get(each.accused).origin));
    return [...this.cuts]
      .sort((a, b) => {
        const [after, before] = [contains(a.cut, b.cut, forked), contains(b.cut, a.cut, forked)];
        return after === before ? byPeriod(a, b) : after ? 1 : -1;
      })
      .map((each) => each.cut);
  }

  // register 3.21: how far the cuts of each epoch hold the logs of its verifiers
  readStanding() {
    const sizes = new Map(this.register.epochs.map((epoch) => [epoch, new Map()]));
    const { epoch } = this.register;
    const now = sizes.get(epoch);
    for (const view of this.verifiers) if (epoch.verifiers.includes(view.member.id)) now.set(view.member.id, view.size);
    for (const { cut } of this.cuts) {
      const court = this.courtOf(cut);
      const held = sizes.get(court.epoch);
      for (const view of this.verifiers) {
        const { id, origin } = view.member;
        const item = cut.origins.find((each) => each.origin === origin);
        if (item === undefined || !court.verifiers.includes(id) || !view.hasRoot(item.size, item.root)) continue;
        held.set(id, Math.max(held.get(id) ?? 0, item.size));
      }
    }
    return sizes;
  }

  stood(epoch, id, at) {
    return at < (this.standing.get(epoch).get(id) ?? 0);
  }

  // appraisal 3.6
  knownFaults() {
    const named = new Map();
    const { epochs, epoch } = this.register;
    const upTo = epochs.slice(0, epochs.indexOf(epoch) + 1);
    for (const view of this.verifiers) {
      for (const { at, said } of view.of("fault")) {
        const { fault, grade, accused, bundle } = said.body;
        const key = [bundle, fault, accused, grade].join(" ");
        const known = named.get(key) ?? { fault, grade, accused, bundle, by: new Map(upTo.map((each) => [each, new Set()])) };
        const { id } = view.member;
        for (const each of upTo) if (this.stood(each, id, at)) known.by.get(each).add(id);
        named.set(key, known);
      }
    }
    const listed = new Set(this.cut.faults);
    // register 3.9
    const shown = (by) => upTo.some((each) => by.get(each).size > each.f);
    return [...named.keys()]
      .sort()
      .map((key) => named.get(key))
      .filter((each) => shown(each.by) && listed.has(each.bundle));
  }

  // appraisal 3.5
  readSilences() {
    const found = new Map();
    for (const view of this.verifiers) {
      for (const { at, said, entry } of view.of("silence")) {
        if (!this.register.isAlike(said.body, said.body.due)) continue; // register 3.17
        if (!this.stood(this.register.under(said.body.due).epoch, view.member.id, at)) continue; // 3.21
        const key = `${said.body.due} ${said.body.log}`;
        const by = found.get(key) ?? new Map();
        found.set(key, by);
        if (!by.has(view.member.id)) by.set(view.member.id, entry);
      }
    }
    return found;
  }

  silencesOf(origin, period) {
    const { verifiers } = this.register.under(period); // register 3.7
    const by = [...(this.silences.get(`${period} ${origin}`) ?? [])];
    return by.filter(([id]) => verifiers.includes(id)).map(([, entry]) => entry);
  }

  ratification(party) {
    const digest = this.register.agreementDigest;
    return this.views.get(party).of("ratification").find((each) => each.said.body.agreement === digest);
  }

  // appraisal 2.3
  lifeOf(party) {
    this.course ??= lifecycle(this.register, [...this.inOrder(), this.cut], this.views.values());
    return this.course.lifeOf(party);
  }

  /** appraisal 3.10: the first period for which a party owes anything; null where it owes nothing yet. */
  owedFrom(party) {
    if (this.register.agreement.parties.includes(party)) return 0;
    return this.lifeOf(party).bound[0]?.from ?? null;
  }

  /** appraisal 3.10: whether it may accede, and nothing has bound it yet. */
  isOutside(party) {
    const first = this.owedFrom(party);
    return first === null || first > this.cut.period;
  }

  /** challenge 1.3: who has acceded, each with the first period that binds it. */
  get joined() {
    const found = this.register.candidates.map((lab) => [lab, this.owedFrom(lab)]);
    return new Map(found.filter(([, first]) => first !== null));
  }

  /** appraisal 3.7: the earlier cuts that hold a log as it stands here, as it grew. */
  heads(view) {
    return this.cuts
      .map((each) => ({ ...each, head: each.cut.origins.find((item) => item.origin === view.member.origin) }))
      .filter(({ head }) => head !== undefined && view.hasRoot(head.size, head.root))
      .sort((a, b) => a.head.size - b.head.size || byPeriod(a, b));
  }

  // appraisal 3.1, 3.8
  usages(party, life) {
    const view = this.views.get(party);
    const heads = this.heads(view);
    const found = this.stated(party, life);
    for (const due of found.values()) {
      const [, second] = holding(heads, due);
      const by = (size) => figuresAt((place) => view.at(place), due.at, size);
      const figures = by(second?.head.size ?? view.size);
      due.body = figures.body;
      if (figures.correction !== null) due.correction = view.entries[figures.correction];
      due.lowered = isLowered(by(view.size));
    }
    return found;
  }

  stated(party, life) {
    const found = new Map();
    for (const { at, entry, said } of this.views.get(party).of("compute-usage")) {
      const { period, agreement, body } = said;
      if (!this.isDue(period)) continue;
      if (life.binds(period.index) && agreement !== this.register.agreementDigest) continue;
      if (found.has(period.index)) continue;
      const due = { at, period: period.index, entry, body, correction: null, lowered: false };
      found.set(period.index, due);
    }
    return found;
  }

  // appraisal 3.2
  readings(meter, party) {
    const found = new Map();
    for (const { at, entry, said } of this.views.get(meter).of("reading")) {
      const { period, body } = said;
      if (body.party !== party || !this.isDue(period) || found.has(period.index)) continue;
      found.set(period.index, { at, entry, body });
    }
    return found;
  }

  isDue(period) {
    return isScheduled(this.register.agreement.schedule, period) && period.index <= this.cut.period;
  }

  // appraisal 3.3
  isOnTime(participant, period, due) {
    const { schedule } = this.register.agreement;
    const close = periodAt(schedule, period).end + schedule.deadline_s + schedule.grace_s;
    const cuts = [...this.cuts.map((each) => each.cut), this.cut];
    return cuts.filter((cut) => cut.period === period).some((cut) => {
      const time = this.publishedTime(cut, this.views.get(participant), due.at);
      return time !== null && time <= close;
    });
  }

  // appraisal 3.4
  publishedTime(cut, view, at) {
    const item = cut.origins.find((each) => each.origin === view.member.origin);
    const { verifiers, f } = this.register.courtOf(cut);
    const times = (item?.times ?? []).filter((evidence) => {
      if (!verifiers.includes(evidence.by)) return false;
      const keys = this.register.members.get(evidence.by)?.succession.storingKeys ?? [];
      if (evidence.size <= at) return false;
      if (!view.hasRoot(evidence.size, evidence.root)) return false;
      const signature = Buffer.from(evidence.signature, "base64");
      return keys.some(({ key }) => isCosigned(key, signature, view.member.origin, evidence));
    });
    const sorted = times.map((evidence) => evidence.time).sort((a, b) => a - b);
    return sorted[f] ?? null;
  }
}

/** appraisal 3.7: of these cuts the first that holds a statement of a period, and the second. */
export function holding(heads, { at, period }) {
  const found = heads.filter(({ head }) => at < head.size);
  return [found[0], found.find(({ cut }) => cut.period > Math.max(found[0].cut.period, period))];
}

const byPeriod = (a, b) =>
  a.cut.period - b.cut.period || a.cut.view - b.cut.view || (a.digest < b.digest ? -1 : 1);

/** Whether every entry, but those of forked logs, and every fault of the other cut is in this one. */
function contains(cut, other, forked) {
  const sizes = new Map(cut.origins.map((item) => [item.origin, item.size]));
  const faults = new Set(cut.faults);
  return (
    cut.register_size >= other.register_size &&
    other.origins.every(({ origin, size }) => forked.has(origin) || (sizes.get(origin) ?? 0) >= size) &&
    other.faults.every((bundle) => faults.has(bundle))
  );
}
