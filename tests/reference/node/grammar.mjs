// Which bodies decode: the grammar of docs/spec/statements.md 5, read from that page and carried
// out. A kind or clause that the page gains decodes here without a line more.
//
//     type = "literal" | {members} | [low..high type by member, any order] | low..high | word
//     type = type or type
//
// The terms of each kind of clause stand in the table of section 6, in the same notation.

import { readFileSync } from "node:fs";
import { Bad, WHOLE_MAX, isExactly, must, readBase64 } from "./bytes.mjs";

const SPEC = new URL("../../../docs/spec/", import.meta.url);
const page = (name) => readFileSync(new URL(name, SPEC), "utf8");

export const rulesBytes = readFileSync(new URL("rules.json", SPEC));

// ------------------------------------------------------------------------------ closed word lists

const rows = (text, pattern) => [...text.matchAll(pattern)].map((match) => match.slice(1));
const quoted = (text) => rows(text, /`([^`]+)`/g).map(([word]) => word);

const LIST = "((?:`[a-z0-9-]+`(?:, (?:and |or )?| and | or )?)+)";

function readWords() {
  const statements = page("statements.md").replace(/\s+/g, " ");
  const faults = page("faults.md");
  const words = {};
  // statements 5.3, 5.10: `CLASS: `a`, `b`.`
  for (const [name, list] of rows(statements, new RegExp(`\\b([A-Z_]{2,}): ${LIST}`, "g"))) {
    words[name] = quoted(list);
  }
  const one = (pattern) => quoted(rows(statements, new RegExp(pattern + LIST, "g"))[0][0]);
  words.ROLE = one("`role` ");
  words.TIER = one("A `tier` is ");
  words.KIND = rows(page("statements.md"), /^\| `([a-z-]+)` \| [a-z ,]+ \|/gm).map(([kind]) => kind);
  const classes = rows(faults, /^\| (F\w+) \| (proof|warrant) \|/gm);
  words.FAULT = classes.map(([fault]) => fault);
  words.STATUS = rows(faults, /^\| `([a-z-]+)` \|/gm).map(([status]) => status);
  // statements 5.8: the indicators with their units.
  const [[indicators]] = rows(statements, /INDICATOR, with its unit: (.*?)\. \d+\. /g);
  const units = indicators.split("; ").map((part) => [quoted(part), part.split(" in ").at(-1)]);
  words.INDICATOR = units.flatMap(([names]) => names);
  const shares = units.filter(([, unit]) => unit === "parts per million").flatMap(([names]) => names);
  return [words, Object.fromEntries(classes), new Set(shares)];
}

export const [WORDS, CLASS_OF, SHARES] = readWords();

// register 2.5: the keys that a role binds.
export function purposes(role) {
  return ["statement", "log", ...(role === "verifier" ? ["storing", "witness"] : []), "recovery"];
}

// -------------------------------------------------------------------------------------- the parser

const TOKEN = /\s*("[^"]*"|-?\d+(?:\^\d+)?(?:-\d+)?(?=\.\.)|\.\.|\d+(?:\^\d+)?(?:-\d+)?|[A-Za-z_][\w-]*|[{}[\],:])/y;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`grammar: cannot read ${text.slice(at, at + 40)}`);
    found.push(match[1]);
  }
  return found;
}

function number(token) {
  const [, base, exponent, less] = /^(-?\d+)(?:\^(\d+))?(?:-(\d+))?$/.exec(token);
  return Number(BigInt(base) ** BigInt(exponent ?? 1) - BigInt(less ?? 0));
}

const isNumber = (token) => token !== undefined && /^-?\d/.test(token);

class Parser {
  constructor(list) {
    this.list = list;
    this.at = 0;
  }

  peek(ahead = 0) {
    return this.list[this.at + ahead];
  }

  take(expected) {
    const token = this.list[this.at++];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`grammar: expected ${expected ?? "more"}, found ${token}`);
    }
    return token;
  }

  skip(token) {
    if (this.peek() !== token) return false;
    this.at += 1;
    return true;
  }

  type() {
    const choices = [this.single()];
    while (this.skip("or")) choices.push(this.single());
    return choices.length === 1 ? choices[0] : { is: "choice", choices };
  }

  single() {
    const token = this.take();
    if (token.startsWith('"')) return { is: "literal", text: token.slice(1, -1) };
    if (token === "{") return this.members();
    if (token === "[") return this.items();
    if (isNumber(token)) {
      this.take("..");
      return { is: "integer", low: number(token), high: number(this.take()) };
    }
    if (token === "its") return { is: "its", name: this.take() };
    if (token === "text" || token === "some") {
      const most = isNumber(this.peek()) ? number(this.take()) : 2_000;
      return { is: "text", least: token === "some" ? 1 : 0, most };
    }
    if (token === "whole") {
      return { is: "integer", low: this.skip("from") ? number(this.take()) : 0, high: WHOLE_MAX };
    }
    return { is: "word", name: token };
  }

  members() {
    const members = [];
    let waiting = [];
    while (!this.skip("}")) {
      const each = this.skip("each");
      const name = this.take();
      if (this.skip(":")) {
        const type = this.type();
        // {a, b: text}: both are text.
        for (const earlier of waiting) members.push({ name: earlier, type });
        members.push({ name, type, every: each || /^[A-Z]{2,}$/.test(name) });
        waiting = [];
      } else {
        waiting.push(name);
      }
      this.skip(",");
    }
    return { is: "object", members };
  }

  items() {
    const low = isNumber(this.peek()) ? number(this.take()) : 0;
    this.take("..");
    const high = number(this.take());
    const type = this.type();
    const by = this.skip("by") ? this.take() : "";
    let anyOrder = false;
    if (this.skip(",")) {
      this.take("any");
      this.take("order");
      anyOrder = true;
    }
    this.take("]");
    return { is: "list", low, high, type, by, anyOrder };
  }
}

function readDefinitions() {
  const found = {};
  for (const [block] of rows(page("statements.md"), /^```text\n([\s\S]*?)^```$/gm)) {
    for (const part of block.split(/^(?=[a-z][a-z_-]* *= )/m)) {
      const [, term, text] = /^([a-z][a-z_-]*) *= ([\s\S]*)$/.exec(part) ?? [];
      if (term !== undefined && term !== "clause") found[term] = new Parser(tokens(text)).type();
    }
  }
  return found;
}

// statements 6: `| C01 | `kind` | `terms` |`; there KIND is a kind of clause.
function readClauses() {
  const terms = rows(page("statements.md"), /^\| C\d\d \| `([a-z-]+)` \| `(.*)` \|$/gm);
  WORDS.CLAUSE = terms.map(([kind]) => kind);
  const read = (kind, text) => `{clause: "${kind}", anatomy: anatomy, ${text.replace(/\bKIND\b/g, "CLAUSE")}}`;
  return { is: "choice", choices: terms.map(([kind, text]) => new Parser(tokens(read(kind, text))).type()) };
}

const SCALARS = {
  count: "0..100000000",
  ppm: "0..1000000",
  periods: "0..10000",
  span: "0..10^10",
};
const DEFINITIONS = { ...readDefinitions(), clause: readClauses() };
for (const [name, text] of Object.entries(SCALARS)) DEFINITIONS[name] = new Parser(tokens(text)).type(); // 5.2

// ------------------------------------------------------------------------------------ carrying out

const ID = "[a-z][a-z0-9-]{0,31}"; // statements 3.7
const PATTERNS = {
  hex: /^[0-9a-f]{64}$/,
  id: new RegExp(`^${ID}$`),
  origin: new RegExp(
    `^(pausenet\\.register|pausenet\\.[0-9a-f]{32}/[a-z]{1,16}/${ID}(/storing|/witness)?)$`,
  ),
};

/** Require a value of a definition's form; `context` holds the object around and the kind. */
export function require(name, value, context = {}) {
  fit(DEFINITIONS[name] ?? { is: "word", name }, value, context, name);
}

/** Require a value of a type that is written as in the specification. */
export function requireType(text, value) {
  fit(new Parser(tokens(text)).type(), value, {}, "value");
}

function fit(type, value, context, path) {
  switch (type.is) {
    case "literal":
      return must(value === type.text.replace("KIND", context.kind ?? "KIND"), `${path}: ${type.text}`);
    case "integer":
      return must(isWhole(value) && value >= type.low && value <= type.high, `${path}: bounds`);
    case "text":
      must(typeof value === "string" && [...value].length <= type.most, `${path}: text`);
      return must(value.length >= type.least, `${path}: mandatory, and empty`);
    case "its":
      return must(value === CLASS_OF[context.around?.fault], `${path}: its ${type.name}`);
    case "choice":
      return fitOne(type, value, context, path);
    case "object":
      return fitObject(type, value, context, path);
    case "list":
      return fitList(type, value, context, path);
    default:
      return fitWord(type.name, value, context, path);
  }
}

const isWhole = (value) => Number.isSafeInteger(value) && !Object.is(value, -0);

function fitOne(type, value, context, path) {
  for (const choice of type.choices) {
    try {
      return fit(choice, value, context, path);
    } catch (error) {
      if (!(error instanceof Bad)) throw error;
    }
  }
  throw new Bad(`${path}: none of its forms`);
}

function namesOf(member, context) {
  if (!member.every) return [member.name];
  return member.name === "PURPOSE" ? purposes(context.around?.role) : WORDS[member.name];
}

function fitObject(type, value, context, path) {
  const pairs = type.members.flatMap((member) =>
    namesOf(member, context).map((name) => [name, member.type]),
  );
  must(isExactly(value, pairs.map(([name]) => name)), `${path}: exactly its members (5.1)`);
  const inner = { ...context, around: value };
  for (const [name, each] of pairs) fit(each, value[name], inner, `${path}.${name}`);
}

function fitList(type, value, context, path) {
  must(Array.isArray(value), `${path}: a list`);
  must(value.length >= type.low && value.length <= type.high, `${path}: number of items`);
  for (const item of value) fit(type.type, item, context, path);
  // statements 5.1: items ascend, by the named member where one is named.
  if (type.anyOrder || (!type.by && typeof value[0] === "object")) return;
  const keys = value.map((item) => (type.by ? item[type.by] : item));
  for (let at = 1; at < keys.length; at += 1) must(keys[at - 1] < keys[at], `${path}: ascending`);
}

function fitWord(name, value, context, path) {
  if (Object.hasOwn(PATTERNS, name)) {
    return must(typeof value === "string" && PATTERNS[name].test(value), `${path}: ${name}`);
  }
  if (name === "flag") return must(typeof value === "boolean", `${path}: true or false`);
  if (name === "true" || name === "false") return must(value === (name === "true"), `${path}: ${name}`);
  if (name === "signature") return must(readBase64(value).length === 64, `${path}: signature`);
  if (name === "KIND") return fit(DEFINITIONS[context.kind], value, { ...context, body: value }, path);
  const words = WORDS[name] ?? (["role", "class", "tier"].includes(name) ? WORDS[name.toUpperCase()] : undefined);
  if (words !== undefined) {
    return must(typeof value === "string" && words.includes(value), `${path}: one of ${name}`);
  }
  if (!Object.hasOwn(DEFINITIONS, name)) throw new Error(`grammar: nothing says what ${name} is`);
  return fit(DEFINITIONS[name], value, context, path);
}
