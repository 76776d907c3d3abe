/** Method → lists of arguments, as TypeScript: usual ones, and edges (none, NaN, -0, negative, huge, undefined, empty, callbacks of every form). */

const none = [""];
const index = [
  "",
  "0",
  "-0",
  "1",
  "-1",
  "1.9",
  "99",
  "-99",
  "NaN",
  "Infinity",
  "-Infinity",
  `"1"`,
  "undefined",
  "null",
  "2 ** 32",
];
const range = [
  "",
  "1",
  "-2",
  "1, 2",
  "-2, -1",
  "2, 1",
  "0, 99",
  "NaN, 1",
  "undefined, 1",
  "-Infinity, Infinity",
  `"1", "2"`,
];
const found = ["", "1", `"a"`, "NaN", "undefined", "null", "0", "-0", "1, 1", `"a", -1`, `"", 1`, "1, 99", "1n", "-1n"];
const test = [
  "(x: any) => x > 1",
  "(x: any) => !x",
  "(_: any, i: any) => i === 1",
  "(x: any, i: any, all: any) => x === all[i]",
  "Boolean",
  "function (x: any) { return x; }",
  "(x: any) => x, 7",
  "async () => false",
  "",
  "1",
];
const shape = [
  "(x: any) => x",
  "(x: any) => [x, x]",
  "(_: any, i: any) => i",
  "(x: any, i: any, all: any) => [all.length ?? all.size, i]",
  "String",
  "() => undefined",
  "() => { throw new RangeError('in a callback'); }",
  "",
  "null",
];
const fold = [
  "(x: any, y: any) => `${x}${y}`",
  "(x: any, y: any) => `${x}${y}`, ''",
  "(x: any, y: any, i: any) => x + i + y, 10",
  "(x: any) => x, undefined",
  "Math.max",
  "",
];
const compare = [
  "",
  "(x: any, y: any) => (x < y ? 1 : x > y ? -1 : 0)",
  "(x: any, y: any) => y - x",
  "() => 0",
  "() => NaN",
  "undefined",
  "() => { throw new RangeError('in a comparator'); }",
  "null",
];
const part = ["", `"a"`, `""`, `"b-c"`, `"a", 1`, `"a", -1`, `"a", NaN`, "undefined", "/a/", "1"];
const pad = ["", "3", "12", `12, "ab"`, `12, ""`, "-1", "NaN", `"14", "é"`, "16, undefined"];
const pattern = [
  `/a/g, "[$&]"`,
  `/(?<first>[a-c])-?/g, "<$<first>$1$\`$'$$>"`,
  `"a", "b"`,
  `"a", (m: string, at: number) => m + at`,
  `/[A-Z]/gi, (m) => m.toUpperCase()`,
  `"", "-"`,
  "/x/",
  `"a"`,
  "undefined, null",
  "/(.)(.)/, (...all: any[]) => all.slice(1).join('|')",
];
const set = ["new Set([2, 9])", "new Set()", "new Map([[1, 2]])", "", "[1]"];
const time = ["", "0", "1", "-1", "13", "99", "NaN", "1, 2", "1, 2, 3", "1, 2, 3, 4", `"5"`, "undefined", "1e20"];
const assigned = ["0, 1", "NaN, 2", "undefined, undefined", `"a", "b"`, ""];
const key = ["", `"a"`, "NaN", "-0", "undefined", "1", "{}"];
const text = ["", "2", "16", "36", "1", "37", "undefined", "NaN"];
const digits = ["", "0", "2", "20", "-1", "101", "NaN", "undefined"];

// biome-ignore format: a row per method
export const calls: Record<string, string[]> = {
  at: index, charAt: index, charCodeAt: index, codePointAt: index, with: ["0, 1", "-1, 9", "99, 1", "", "0, 2n", "NaN, 'x'"],
  concat: ["", "1", "[1, 2]", "[[1]], 2", `"x", 1, null`, "undefined", "new Array(2)"],
  copyWithin: range, slice: range, subarray: range, substring: range,
  entries: none, keys: none, values: none, reverse: none, toReversed: none, pop: none, shift: none, toArray: none, next: none, clear: none,
  every: test, some: test, filter: test, find: test, findIndex: test, findLast: test, findLastIndex: test,
  fill: ["", "7", "7, 1", "7, -1", "7, 1, 2", "7, NaN, 99", "undefined", "7n", "7n, 1"],
  flat: ["", "0", "1", "Infinity", "-1", "NaN", `"1"`, "undefined"],
  flatMap: [...shape, "(x: any) => [x].values()"], forEach: shape, map: shape,
  includes: [...found, ...part], indexOf: [...found, ...part], lastIndexOf: [...found, ...part],
  join: ["", `"-"`, `""`, "undefined", "null", "0", `", "`],
  push: ["", "1", "1, 2", "...[3, 4]", "undefined"], unshift: ["", "1", "1, 2", "...[3, 4]"],
  reduce: fold, reduceRight: fold,
  sort: compare, toSorted: compare,
  splice: ["", "1", "1, 1", "-1, 1, 'x', 'y'", "0, 0, 9", "NaN", "1, undefined", "99, 1, 1", "-99, 99"],
  toSpliced: ["", "1", "1, 1", "-1, 1, 'x', 'y'", "0, 0, 9", "NaN", "1, undefined", "99, 1, 1", "-99, 99"],
  set: [...assigned, "[9], 1", "[1n]", "[1, 2, 3, 4, 5, 6]", "new Uint8Array([5])", "[1], -1"],
  add: key, delete: key, get: key, has: key,
  difference: set, intersection: set, union: set, symmetricDifference: set, isDisjointFrom: set, isSubsetOf: set, isSupersetOf: set,
  drop: ["0", "1", "99", "-1", "NaN", "", "Infinity"], take: ["0", "1", "99", "-1", "NaN", "", "Infinity"],
  endsWith: part, startsWith: part, search: [...part, "/[^a]/", "/c/g"], match: [...part, "/[a-c]/g", "/(?<x>b)-(.)/"], matchAll: ["/[a-c]/g", "/(?<x>.)-/gd", `"a"`, "/a/", ""],
  isWellFormed: none, toWellFormed: none, trim: none, trimEnd: none, trimStart: none, toLowerCase: none, toUpperCase: none,
  localeCompare: [`"a"`, `"é", "en"`, `""`, ""],
  normalize: ["", `"NFD"`, `"NFKC"`, `"x"`],
  padEnd: pad, padStart: pad, repeat: ["", "0", "2", "-1", "1.9", "NaN", "Infinity", `"2"`],
  replace: pattern, replaceAll: pattern,
  split: ["", `"-"`, `""`, "/-/", "/(-)/", `"-", 2`, `"-", 0`, `"", -1`, "undefined", "undefined, 0"],
  toExponential: digits, toFixed: digits, toPrecision: digits, toString: text, valueOf: none,
  hasOwnProperty: [`"a"`, `"b"`, `"toString"`, "", "0", `"length"`],
  call: ["", "undefined", "undefined, 1, 2", "null, '7', 2"],
  exec: [`"xab"`, `""`, "", `"abab"`, "42"], test: [`"xab"`, `""`, "", `"abab"`, "42"],
  catch: ["", "(e: any) => e.message", "undefined", "() => { throw new RangeError('again'); }"],
  finally: ["", "() => 7", "undefined", "() => { throw new RangeError('at last'); }"],
  then: ["", "(x: any) => x + 1", "(x: any) => x, (e: any) => e.message", "undefined, (e: any) => e.name", "() => { throw new RangeError('then'); }", "async (x: any) => x", "null, null"],
  resolve: ["", "1"], reject: ["new RangeError('no')"],
  toISOString: none, toJSON: none, toDateString: none, toTimeString: none, toUTCString: none,
  ...Object.fromEntries(["Day", "Time", "TimezoneOffset", "Date", "FullYear", "Hours", "Milliseconds", "Minutes", "Month", "Seconds"].flatMap((unit) => [[`get${unit}`, none], [`getUTC${unit}`, none], [`set${unit}`, time], [`setUTC${unit}`, time]])),
};
