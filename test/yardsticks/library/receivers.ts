/** Type → expressions of TypeScript that give a receiver of it, edge cases among them. */
const iterator = "[3, 1, 2].values()";
const error = (name: string) => [
  `new ${name}("boom", { cause: 1 })`,
  `new ${name}()`,
  `Object.assign(new ${name}("x"), { name: "Mine" })`,
];
const integers = (name: string) => [`new ${name}([3, 1, 2, 1])`, `${name}.of(-1, 300, NaN, 2.7)`];
const floats = (name: string) => [`new ${name}([1.5, NaN, -0, 0, Infinity])`, `new ${name}(2)`];
const bigs = (name: string) => [`new ${name}([3n, 1n, -1n])`, `new ${name}()`];

// biome-ignore format: a row per type
export const receivers: Record<string, string[]> = {
  String: [`""`, `"Hello, wörld"`, `"a-b-c-a"`, `"\\ud800x"`, `"  pad\\u00a0"`, `"😀 \\u0130ß"`, `"1.50"`],
  Number: ["0", "(-0)", "255.5", "NaN", "1e21", "(-1.005)", "Infinity", "2 ** 53"],
  BigInt: ["10n", "(-7n)", "2n ** 70n"],
  Boolean: ["true", "false"],
  Array: ["([] as any[])", "[3, 1, 2, 1]", `["b", undefined, null, "a", NaN]`, "[[1, [2]], [3]]", "new Array(3)", "[1, , 3]", "[-0, 0, 10, 9]", `["é", "z", "a", "Z"]`],
  ReadonlyArray: ["([3, 1, 2, 1] as readonly number[])", "([] as readonly unknown[])"],
  Object: ["({})", "({ a: 1, b: undefined })", "[1]"],
  Function: ["((x: number, y: number) => x)", "(async () => 1)", "Math.max"],
  CallableFunction: ["(function named(x: number) { return x; })", "parseInt"],
  Map: ["new Map<any, any>()", `new Map<any, any>([["a", 1], [NaN, 2], [0, "zero"], [undefined, null]])`],
  ReadonlyMap: [`(new Map<any, any>([["a", 1]]) as ReadonlyMap<any, any>)`],
  Set: ["new Set<any>()", `new Set<any>([1, 2, 3, NaN, "a"])`],
  ReadonlySet: ["(new Set<any>([1, 2]) as ReadonlySet<any>)"],
  ReadonlySetLike: ["(new Set<any>([1, 2]) as ReadonlySetLike<any>)"],
  Date: ["new Date(0)", "new Date(1_700_000_000_123)", "new Date(NaN)", "new Date(2024, 1, 29, 23, 59, 59, 999)", "new Date(-62198755200000)", "new Date(8.64e15)"],
  RegExp: ["/a(?<x>.)/g", "/(\\d+)/", "/^$/my", "/b/dgimsuy", "/[\\p{L}--[a-z]]/v"],
  RegExpMatchArray: [`"xab".match(/a(?<x>.)/d)!`, `"xab".match(/b/g)!`],
  RegExpExecArray: ["/a(?<x>.)/d.exec('xab')!"],
  Promise: ["Promise.resolve(1)", "Promise.reject(new RangeError('no'))", "(async () => 2)()"],
  PromiseLike: ["(Promise.resolve(1) as PromiseLike<number>)"],
  PromiseWithResolvers: ["Promise.withResolvers<number>()"],
  PromiseFulfilledResult: [`({ status: "fulfilled", value: 1 } as PromiseFulfilledResult<number>)`],
  PromiseRejectedResult: [`({ status: "rejected", reason: 1 } as PromiseRejectedResult)`],
  ...Object.fromEntries(["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"].map((name) => [name, error(name)])),
  AggregateError: [`new AggregateError([1, new Error("x")], "many")`, `new AggregateError(new Set([1]))`],
  Iterator: [`(${iterator} as Iterator<number>)`, "new Map([[1, 2]]).entries()", `"xx".matchAll(/x/g)`, "new Set([1]).values()"],
  IteratorObject: [iterator, "new Set([1]).entries()", "new Map([[1, 2]]).keys()", `"a1b2".matchAll(/\\d/g)`],
  ArrayIterator: [iterator, "([] as number[]).entries()"],
  IteratorYieldResult: [`(${iterator}.next() as IteratorYieldResult<number>)`],
  IteratorReturnResult: ["(([] as number[]).values().next() as IteratorReturnResult<undefined>)"],
  Uint8Array: [...integers("Uint8Array"), "new Uint8Array()", "new Uint8Array(new ArrayBuffer(16), 8, 1)"],
  ArrayBuffer: ["new ArrayBuffer(8)", "new ArrayBuffer(0)", "new Uint8Array([1, 2, 3]).buffer"],
  ...Object.fromEntries(["Int8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array"].map((name) => [name, integers(name)])),
  ...Object.fromEntries(["Float32Array", "Float64Array"].map((name) => [name, floats(name)])),
  ...Object.fromEntries(["BigInt64Array", "BigUint64Array"].map((name) => [name, bigs(name)])),
};
