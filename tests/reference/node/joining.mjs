// Who may accede, and who is let in: docs/spec/lifecycle.md, section 8.

const PPM = 1_000_000;
const SOON = 2;
const byId = (a, b) => (a < b ? -1 : 1);

/** 8.1: the labs of the register that may accede, in register order. */
export function candidatesOf({ agreement, members }) {
  if (!agreement.clauses.some((item) => item.clause === "accession")) return [];
  const { parties, annex } = agreement;
  const hasPower = Object.keys(annex.power).length > 0;
  const isRead = (id) => annex.channels.filter((item) => item.party === id).length === 1;
  return [...members.values()]
    .filter(({ id, role }) => role === "lab" && !parties.includes(id) && (!hasPower || isRead(id)))
    .map(({ id }) => id)
    .sort(byId);
}

/** 8.4: from the cut by which the agreement holds a party, so many periods pass before it binds. */
export function leastNotice({ agreement }, party) {
  const { schedule, clauses, parties } = agreement;
  if (parties.includes(party)) return schedule.notice_periods;
  const { wait_periods: wait } = clauses.find((item) => item.clause === "accession");
  const lag = Math.floor((schedule.deadline_s + schedule.grace_s) / schedule.period_s);
  return Math.max(schedule.notice_periods, lag + Math.max(SOON, wait));
}

/** Who has asked to accede, and who accepts whom. */
export class Joining {
  constructor({ agreement, candidates }) {
    this.need = agreement.clauses.find((item) => item.clause === "accession")?.need_ppm ?? 0;
    this.candidates = candidates;
    this.until = new Map();
    this.accepts = new Map(candidates.map((lab) => [lab, new Map()]));
    this.joined = new Set();
  }

  begin() {
    this.shown = { ratified: new Set(), revoked: new Set(), lapsed: new Set() };
  }

  hear(by, kind, body) {
    if (kind === "acceptance") this.accepts.get(body.lab)?.set(by, body.accepts);
    else if (kind === "ratification" && !this.until.has(by)) {
      this.until.set(by, body.until);
      this.shown.ratified.add(by);
    }
  }

  /** 8.2, 8.3: whom this cut lets in, where the agreement holds these. */
  count(period, leaving, held, isVoid) {
    for (const lab of this.shown.ratified) {
      if (!leaving.includes(lab)) continue;
      this.until.delete(lab);
      this.shown.revoked.add(lab);
    }
    const isAccepted = (lab) => {
      const count = held.filter((member) => this.accepts.get(lab).get(member) === true).length;
      return held.length > 0 && count * PPM >= this.need * held.length;
    };
    const waiting = this.candidates.filter((lab) => !this.joined.has(lab));
    const fresh = waiting.filter((lab) => (this.until.get(lab) ?? -1) >= period && isAccepted(lab));
    for (const lab of fresh) this.joined.add(lab);
    for (const lab of waiting) {
      const hasRunOut = this.until.has(lab) && this.until.get(lab) <= period;
      if (!this.joined.has(lab) && (isVoid || hasRunOut)) this.shown.lapsed.add(lab);
    }
    return fresh;
  }

  isOutside(lab) {
    return this.candidates.includes(lab) && !this.joined.has(lab);
  }

  signs(lab) {
    return Object.keys(this.shown).filter((sign) => this.shown[sign].has(lab));
  }
}
