/**
 * Patterns: what a regular expression may take, at most, told from its source alone. The engine goes back when a match fails, so that a careless
 * pattern takes time that grows with a power of the text, or without measure. This is an upper bound and no more: a
 * harmless pattern that looks dangerous is only run elsewhere.
 */

/** Steps of the engine in a unit of fuel. */
const stepsPerUnit = 50;

/** Units for one search through a text of that many characters; infinite where nothing can be promised. */
export function patternUnits(pattern: RegExp, length: number): number {
  const { steps, power, anchored } = boundsOf(pattern);
  const starts = anchored || pattern.sticky ? 0 : 1;
  return (steps * (length + 1) ** (power + starts)) / stepsPerUnit;
}

/** `steps` times the text's length to the `power`, for every place where a match may start. */
type Bounds = { steps: number; power: number; anchored: boolean };

const known = new Map<string, Bounds>();

function boundsOf(pattern: RegExp): Bounds {
  const { source, flags } = pattern;
  const key = `${flags}/${source}`;
  let bounds = known.get(key);
  if (bounds === undefined) {
    bounds = longest < source.length ? unbounded : read(source, flags);
    if (known.size >= 1_000) known.clear();
    known.set(key, bounds);
  }
  return bounds;
}

/** A longer source is not looked at. */
const longest = 2_000;

const unbounded: Bounds = { steps: Number.POSITIVE_INFINITY, power: 0, anchored: false };

function read(source: string, flags: string): Bounds {
  if (flags.includes("v")) return unbounded; // its classes nest
  const reader = new Reader(source, flags);
  const { ways, lastPower: power, size } = reader.alternatives();
  if (!reader.hasRead) return unbounded;
  return {
    steps: size * ways,
    power,
    anchored: source.startsWith("^") && !source.includes("|") && !flags.includes("m"),
  };
}

/** What is known of a part of a pattern. */
type Part = {
  /** Steps to go through it once. */
  size: number;
  /** In how many ways it can match at a place, but for its stars. */
  ways: number;
  /** How many stars may share a stretch of the text between them in any way. */
  power: number;
  /** The same where nothing that follows can fail. */
  lastPower: number;
  /** May it match nothing? */
  empty: boolean;
  /** The characters that it may begin with, unless it matches nothing; absent where that is not known. */
  first?: Characters;
  /** Of a star: the characters that it repeats. */
  star?: Characters;
};

class Reader {
  readonly #source: string;
  readonly #flags: string;
  #at = 0;
  #understood = true;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
  }

  /** Was everything read, and understood? */
  get hasRead(): boolean {
    return this.#isAtEnd && this.#understood;
  }

  get #isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  alternatives(): Part {
    const parts = [this.#sequence()];
    while (this.#takes("|")) parts.push(this.#sequence());
    if (parts.length === 1) return parts[0]!;
    return {
      size: sum(parts.map((part) => part.size)),
      ways: sum(parts.map((part) => part.ways)),
      power: Math.max(...parts.map((part) => part.power)),
      lastPower: Math.max(...parts.map((part) => part.lastPower)),
      empty: parts.some((part) => part.empty),
      ...firstOf(parts.map((part) => part.first)),
    };
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (!this.#isAtEnd && this.#peek() !== "|" && this.#peek() !== ")") parts.push(this.#quantified());
    return parts.length === 1 ? parts[0]! : inTurn(parts);
  }

  #quantified(): Part {
    const atom = this.#atom();
    const quantifier = this.#matches(/[*+?]|\{\d+(?:,\d*)?\}/y);
    if (quantifier === "") return atom;
    this.#takes("?");
    const { least, most } = timesOf(quantifier);
    return repeated(atom, least, most);
  }

  #atom(): Part {
    const start = this.#at;
    const sign = this.#next();
    if (sign === "(") return this.#group();
    if (sign === "^" || sign === "$") return nothing;
    if (sign === "[") this.#class();
    if (sign === "\\") {
      const escaped = this.#next();
      if (escaped === "b" || escaped === "B") return nothing;
      if (escaped === "k" || /[1-9]/.test(escaped)) return this.#back();
      this.#rest(escaped);
    }
    const first = charactersOf(this.#source.slice(start, this.#at), this.#flags);
    return { ...nothing, empty: false, first };
  }

  #group(): Part {
    const look = this.#takes("?=") || this.#takes("?!") || this.#takes("?<=") || this.#takes("?<!");
    const head = this.#matches(/\?(?:<[^>]+>|[-a-z]*:)/y);
    if (/[a-z]:$/.test(head)) this.#understood = false; // flags of its own
    const inside = this.alternatives();
    this.#takes(")");
    if (!look) return inside;
    const { size, ways, power } = inside;
    return { size, ways, power, lastPower: power, empty: true };
  }

  #class(): void {
    while (!this.#isAtEnd && this.#next() !== "]") if (this.#source[this.#at - 1] === "\\") this.#next();
  }

  /** The rest of `\xHH`, `\uHHHH`, `\u{…}`, `\p{…}` and `\cX`, of which the beginning was read. */
  #rest(escaped: string): void {
    const forms: Record<string, RegExp> = {
      x: /[\da-f]{2}/iy,
      u: /\{[\da-f]+\}|[\da-f]{4}/iy,
      p: /\{[^}]*\}/y,
      P: /\{[^}]*\}/y,
      c: /[a-z]/iy,
    };
    const form = forms[escaped];
    if (form) this.#matches(form);
  }

  /** What was matched before may be as long as the text. */
  #back(): Part {
    this.#matches(/<[^>]*>|\d*/y);
    return { ...nothing, power: 1, lastPower: 1 };
  }

  #peek(): string {
    return this.#source[this.#at] ?? "";
  }

  #next(): string {
    const next = this.#peek();
    this.#at += 1;
    return next;
  }

  /** Gives what it has read. */
  #matches(form: RegExp): string {
    form.lastIndex = this.#at;
    const [text = ""] = form.exec(this.#source) ?? [];
    this.#at += text.length;
    return text;
  }

  #takes(text: string): boolean {
    const is = this.#source.startsWith(text, this.#at);
    if (is) this.#at += text.length;
    return is;
  }
}

const nothing: Part = { size: 1, ways: 1, power: 0, lastPower: 0, empty: true };

/**
 * Stars in a row share what lies between them in as many ways as its length to the power of their number, unless something behind them must
 * begin as none of them goes on: that tells where they end. Nor do stars share that go on in different ways.
 */
function inTurn(parts: readonly Part[]): Part {
  const whole = { ...nothing };
  const firsts: (Characters | undefined)[] = [];
  let open: Part[] = [];
  let sharing = 0;
  for (const part of parts) {
    whole.size += part.size;
    whole.ways *= part.ways;
    if (whole.empty && part !== nothing) firsts.push(part.first);
    whole.empty &&= part.empty;
    const tells = !part.empty && open.every((before) => before.power === 0 || goesApart(before, part.first));
    if (tells) {
      open = [];
      sharing = 0;
    }
    const apart = open.length > 0 && part.star && open.every((before) => goesApart(before, part.star));
    sharing = apart ? Math.max(sharing, part.power) : sharing + part.power;
    whole.lastPower = Math.max(whole.power, part.star ? sharing - part.power : sharing);
    whole.power = Math.max(whole.power, sharing);
    if (part !== nothing && (part.power > 0 || open.length > 0)) open.push(part);
  }
  return { ...whole, ...firstOf(firsts) };
}

const firstOf = (firsts: (Characters | undefined)[]): { first?: Characters } =>
  firsts.every((first) => first !== undefined) && firsts.length > 0 ? { first: firsts.reduce(either) } : {};

const goesApart = ({ star }: Part, next: Characters | undefined): boolean =>
  star !== undefined && next !== undefined && isApart(star, next);

function timesOf(quantifier: string): { least: number; most: number } {
  if (quantifier === "*") return { least: 0, most: Number.POSITIVE_INFINITY };
  if (quantifier === "+") return { least: 1, most: Number.POSITIVE_INFINITY };
  if (quantifier === "?") return { least: 0, most: 1 };
  const [least, most = least] = quantifier.slice(1, -1).split(",");
  return { least: Number(least), most: most === "" ? Number.POSITIVE_INFINITY : Number(most) };
}

/** More repetitions than this are taken for any number. */
const many = 100;

function repeated(atom: Part, least: number, most: number): Part {
  const { first } = atom;
  const empty = atom.empty || least === 0;
  const oneWay = atom.ways === 1 && atom.power === 0;
  if (most > many) {
    const size = atom.size * Math.max(1, Math.min(least, many));
    // A star around what can match in several ways: that has no measure.
    if (!oneWay || atom.empty) return { size, ways: Number.POSITIVE_INFINITY, power: 1, lastPower: 1, empty };
    const star = atom.size === 1 ? first : undefined;
    return { size, ways: 1, power: 1, lastPower: star ? 0 : 1, empty, ...(first && { first }), ...(star && { star }) };
  }
  const ways = (most - least + 1) * (oneWay ? 1 : atom.ways ** Math.max(1, most));
  const power = atom.power * Math.max(1, most);
  return { size: atom.size * Math.max(1, most), ways, power, lastPower: power, empty, ...(first && { first }) };
}

/** ASCII characters by their codes, and at 128 whether others may be among them. */
type Characters = readonly boolean[];

const either = (a: Characters, b: Characters): Characters => a.map((takes, code) => takes || b[code] === true);
const isApart = (a: Characters, b: Characters): boolean => !a.some((takes, code) => takes && b[code]);

/** The engine itself is asked. Beyond ASCII, only what names plain characters is known to take none. */
function charactersOf(atom: string, flags: string): Characters {
  const pattern = new RegExp(`^(?:${atom})$`, flags.replace(/[gy]/g, ""));
  const ascii = Array.from({ length: 128 }, (_, code) => pattern.test(String.fromCharCode(code)));
  const plain =
    /^(?:[\x20-\x5b\x5d-\x7e]|\\[dwtnrfv0]|\\[^\w\s]|\[(?!\^)(?:[\x20-\x5b\x5e-\x7e]|\\[dwtnrfv0]|\\[^\w\s])*\])$/;
  return [...ascii, atom === "." || flags.includes("i") || !plain.test(atom)];
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);
