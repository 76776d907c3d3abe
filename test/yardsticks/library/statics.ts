/** Globals and their members → lists of arguments, as TypeScript. `undefined`: it is no function, and read only. */

const number = [
  "",
  "0",
  "-0",
  "1",
  "-1",
  "0.5",
  "2.5",
  "-2.5",
  "NaN",
  "Infinity",
  "-Infinity",
  "1e300",
  "5e-324",
  "2 ** 31",
  "2 ** 53",
  `"3"`,
  `"x"`,
  "null",
  "undefined",
  "true",
  "[]",
  "[4]",
  "{}",
];
const two = [
  "",
  "1",
  "1, 2",
  "-0, 0",
  "0, -0",
  "NaN, 1",
  "2, 0.5",
  "-8, 1 / 3",
  "Infinity, -Infinity",
  `"3", "4"`,
  "2, 31, 5",
];
const many = [...two, "3, 1, 2", "...[5, 9]", "...[]"];
const parsed = [
  `"12"`,
  `" 3.5kg"`,
  `"0x1f"`,
  `"1e3"`,
  `"-0"`,
  `""`,
  `"x"`,
  "null",
  "undefined",
  "5e-7",
  `"101", 2`,
  `"z", 36`,
  `"7", 1`,
  `"9", 8`,
  "",
];
const uri = [`"a b&c=é/?#"`, `""`, "", `"😀"`, `"%"`, `"%E9"`, `"%20%26"`, `"\\ud800"`, "1"];
const anything = [
  "0",
  "1",
  `""`,
  `"0"`,
  `"x"`,
  "null",
  "undefined",
  "NaN",
  "[]",
  "[7]",
  "[1, 2]",
  "{}",
  "1n",
  `" 12 "`,
  `"1n"`,
  "-0",
  "new Date(5)",
  "",
];
const message = ["", `"boom"`, `"boom", { cause: 1 }`, "undefined", "7", `"x", { cause: undefined }`, `"x", {}`];
const typed = [
  "",
  "3",
  "[1, 300, -1, 2.5]",
  "new Set([1, 2])",
  "new ArrayBuffer(16), 8, 1",
  "new Float64Array([1, 2])",
  "-1",
  "{ length: 2, 0: 7 }",
];
const big = ["", "2", "[1n, -1n, 2n ** 64n]", "new Set([1n])", "new ArrayBuffer(16), 8, 1", "-1"];

const bigs = ["BigInt64Array", "BigUint64Array"];
// biome-ignore format: a row of rows
const arrays = ["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array"];
const errors = ["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"];
const perTyped = (names: string[], items: string) =>
  names.flatMap((name): [string, string[] | undefined][] => [
    [`${name}.BYTES_PER_ELEMENT`, undefined],
    [`${name}.from`, [`[${items}]`, `new Set([${items}])`, `[${items}], (x: any, i) => x`, "{ length: 0 }", ""]],
    [`${name}.of`, ["", items]],
  ]);

/** `Math.max` → arguments of its calls. */
// biome-ignore format: a row per member
export const statics: Record<string, string[] | undefined> = {
  ...Object.fromEntries("abs acos acosh asin asinh atan atanh cbrt ceil clz32 cos cosh exp expm1 floor fround log log10 log1p log2 round sign sin sinh sqrt tan tanh trunc".split(" ").map((name) => [`Math.${name}`, number])),
  ...Object.fromEntries("E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2".split(" ").map((name) => [`Math.${name}`, undefined])),
  "Math.atan2": two, "Math.hypot": many, "Math.imul": two, "Math.max": many, "Math.min": many, "Math.pow": two,
  "JSON.parse": [`"1"`, `'{"x":[1,null,{"y":"z"}]}'`, `'{"__proto__":{"x":1}}'`, `"[1,2]", (k, v) => (Array.isArray(v) ? v : k + v)`, `""`, `"{"`, "undefined", "null", `"-0"`, `"1e999"`, `'"\\\\u0041"'`, ""],
  "JSON.stringify": ["1", "{ x: [1, undefined, () => 1], u: undefined, d: new Date(0), n: NaN, m: new Map([[1, 2]]) }", "{ b: 1, a: { b: 2, c: 3 } }, ['b', 'a']", "{ x: [1, { y: 2 }], e: [], o: {} }, null, 2", "[1], undefined, '--'", "{ x: 1n }", "undefined", "{ toJSON: (k: any) => 'made of ' + k }", "{ x: 1, y: 2 }, (k: any, v: any) => (k === 'x' ? undefined : v)", "'\\ud800 \"q\"'", "(() => { const o: any = {}; o.o = o; return o; })()", "[-0, Infinity, new Error('x'), /r/]", ""],
  "Object.assign": ["{ a: 1 }, { b: 2 }, null, 'xy', { a: 3 }", "[1, 2], [3]", "{}", "null as any", "1 as any, { x: 1 }"],
  "Object.entries": ["{ b: 1, a: 2, 1: 3 }", "'hé'", "[7, 8]", "5 as any", "null as any", "new Map([[1, 2]])", "{}"],
  "Object.keys": ["{ b: 1, a: 2, 1: 3 }", "'hé'", "[7, , 8]", "5 as any", "undefined as any", "new Error('x')"],
  "Object.values": ["{ b: 1, a: 2, 1: 3 }", "'hé'", "[7, 8]", "5 as any", "null as any"],
  "Object.freeze": ["{ a: 1 }", "[1]", "1", "null", "new Map([[1, 2]])"],
  "Object.isFrozen": ["{ a: 1 }", "Object.freeze({ a: 1 })", "1", "{}", "'x'"],
  "Object.fromEntries": ["[['a', 1], ['b', 2], ['a', 3]]", "new Map([['k', { v: 1 }]])", "[]", "[1] as any", "[['__proto__', 1]]", "'ab' as any", ""],
  "Object.groupBy": ["[1, 2, 3], (x: any) => (x > 1 ? 'big' : 'small')", "'hello', (c: any) => c", "[], () => 1", "new Set([1, 2]), (x: any, i: any) => i", "null as any, () => 1"],
  "Object.hasOwn": ["{ a: 1 }, 'a'", "{ a: 1 }, 'toString'", "[1], 'length'", "'ab', 1", "null as any, 'x'"],
  "Object.is": ["0, -0", "NaN, NaN", "1, 1", "'a', 'a'", "{}, {}", "null, undefined", ""],
  "Array.from": ["[1, , 3]", "'a😀'", "new Set([1, 2])", "new Map([[1, 2]])", "{ length: 3 }, (_, i) => i * 2", "{ length: 2, 0: 'x' }", "[3, 4], (x) => [x]", "5 as any", "null as any", "{ length: -1 }", "[1].values()"],
  "Array.isArray": ["[]", "[1]", "{ length: 0 }", "'a'", "new Uint8Array(1)", "null", ""],
  "Array.of": ["", "7", "1, undefined, [2]"],
  ...Object.fromEntries("EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY".split(" ").map((name) => [`Number.${name}`, undefined])),
  "Number.isFinite": number, "Number.isInteger": number, "Number.isNaN": number, "Number.isSafeInteger": [...number, "2 ** 53 - 1"], "Number.parseFloat": parsed, "Number.parseInt": parsed,
  "String.fromCharCode": ["", "65", "104, 233", "65536 + 66", "0xd800", "NaN", "-1", "'65'"],
  "String.fromCodePoint": ["", "65", "128512", "0xd800", "-1", "1.5", "1114112", "'65'"],
  "BigInt.asIntN": ["8, 255n", "64, 2n ** 63n", "0, 5n", "3, -9n", "-1, 1n", "8, 1 as any"],
  "BigInt.asUintN": ["8, -1n", "64, 2n ** 64n + 1n", "0, 5n", "8, '3' as any"],
  "Date.UTC": ["2020, 1, 29", "2020", "70", "2020, 13, -1, 25, 61, 61, 1001", "NaN", "275761, 0", ""],
  "Date.parse": [`"2020-01-02"`, `"2020-01-02T03:04:05.678Z"`, `"2020-01-02T03:04:05+02:00"`, `"nonsense"`, `""`, "", `"+010000-01-01T00:00:00Z"`],
  "Map.groupBy": ["[1, 2, 3], (x: any) => x % 2", "'hello', (c: any) => c", "[], () => 1", "[{ k: NaN }, { k: NaN }], (x: any) => x.k"],
  "Promise.all": ["[1, Promise.resolve(2)]", "[]", "[Promise.reject(new RangeError('no')), 1]", "new Set([1])", "5 as any", "'ab'"],
  "Promise.allSettled": ["[1, Promise.reject(new RangeError('no'))]", "[]", "null as any"],
  "Promise.any": ["[Promise.reject(1), 2]", "[]", "[Promise.reject(new RangeError('no'))]"],
  "Promise.race": ["[1, 2]", "[Promise.reject(new RangeError('no')), 1]", "[new Date(0)]"],
  "Promise.reject": ["new RangeError('no')", "1", ""], "Promise.resolve": ["1", "", "Promise.resolve(2)", "{ then: (f: any) => f(3) }", "Promise.reject(new RangeError('no'))"],
  "Promise.withResolvers": [""],
  ...Object.fromEntries(perTyped(arrays, "1, 300, 2.5, -1")), ...Object.fromEntries(perTyped(bigs, "1n, -1n")),
};

/** `parseInt` → arguments of its calls. */
// biome-ignore format: a row per global
export const functions: Record<string, string[] | undefined> = {
  undefined: undefined, NaN: undefined, Infinity: undefined,
  parseInt: parsed, parseFloat: parsed, isNaN: number, isFinite: number,
  structuredClone: ["1", "{ x: [1, { y: new Date(0) }], m: new Map([[{ k: 1 }, new Set([2])]]), r: /x/g, u: undefined, b: 2n }", "new RangeError('x', { cause: 1 })", "() => 1", "(() => { const o: any = { v: 1 }; o.self = o; return o; })()", "new Uint8Array([1])", "Object.freeze([1])"],
  encodeURIComponent: uri, decodeURIComponent: uri, encodeURI: uri, decodeURI: uri,
  Boolean: anything, Number: anything, String: anything, BigInt: anything.filter((text) => text !== "new Date(5)"),
  Object: ["{ a: 1 }", "[1]", "null", ""], Array: ["", "3", "1, 2", `"3"`, "-1", "1.5", "0"],
  ...Object.fromEntries(errors.map((name) => [name, message])), AggregateError: ["[1, 2], 'many'", "new Set([1])", "[], undefined, { cause: 1 }", "5 as any"],
  RegExp: [`"a(b)", "gi"`, "/x/g", `/x/g, "y"`, `"("`, `"a", "zz"`, "", `"/"`],
};

/** `Map` → arguments of `new`. */
// biome-ignore format: a row per class
export const classes: Record<string, string[]> = {
  Map: ["", "[['a', 1], ['a', 2], [NaN, 3]]", "new Map([[1, 2]])", "null", "5 as any", "[1] as any", "[[1, 2]].values()"],
  Set: ["", "'héé'", "[1, 1, NaN, NaN, -0]", "new Set([2])", "undefined", "5 as any"],
  Date: ["0", "2020, 1, 2", "2020, 13, 40, 25, 61", "'2020-01-02'", "'x'", "NaN", "new Date(7)", "99, 0", "null as any", "8.64e15 + 1"],
  RegExp: functions.RegExp!, Array: functions.Array!, Object: functions.Object!,
  ArrayBuffer: ["4", "0", "-1", "2.9"],
  ...Object.fromEntries(errors.map((name) => [name, message])), AggregateError: functions.AggregateError!,
  ...Object.fromEntries(arrays.map((name) => [name, typed])), ...Object.fromEntries(bigs.map((name) => [name, big])),
};
