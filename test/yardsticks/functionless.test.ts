/**
 * The yardstick of the one earlier compiler from TypeScript to a workflow: a test for each row of what it could and could not do. Every program here
 * agrees with the plain call of its function, tick for tick, or is refused with a numbered problem.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { taskOptions } from "../../src/model/options.ts";
import { open } from "../../src/open.ts";
import { lowered } from "../compiler/lower/harness.ts";
import * as p from "../runtime/controller/programs.ts";
import { agrees } from "./agrees.ts";
import { allowUnhandledRejections } from "./unhandled.ts";

allowUnhandledRejections();

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** `body` is what stands in an `async function body(n: number)`; `outside` stands around it. */
const same = (body: string, outside = "") => agrees(`${outside}\nasync function body(n: number) { ${body} }`);
const refused = (body: string, outside = "") =>
  lowered(`${outside}\nasync function body(n: number) { ${body} }`).problems.map(({ number }) => number);

describe("const and let, and assignment to variables", () => {
  test("agree", async () => {
    await same("const x = await a(n); let y = x; y = y + (await a(y)); let z; z = y; return { x, y, z };");
    await same(
      "let x = 1, y = 2; [x, y] = [y, await a(x)]; const swap = () => ([x, y] = [y, x]); swap(); return [x, y];",
    );
    await same("let x: number; { let x = 5; x = await a(x); } x = n; return x;");
  });
  test("var, and a constant that is assigned, are refused or fail alike", async () => {
    expect(refused("var x = 1; return x;")).toEqual(["RP3009"]);
    await same("const x: any = 1; try { (x as any) = await a(n); } catch (e) { return (e as Error).name; }");
  });
});

describe("array and object destructuring, with defaults and rest", () => {
  test("of arrays", async () => {
    await same(
      "const { list } = await b(n); const [x, , z = 9, w = await a(1), ...rest] = list; return { x, z, w, rest };",
    );
    await same("let x = 0, rest: number[]; [x, ...rest] = [await a(n), 2, 3]; return [x, rest];");
    await same('const [[x = 1] = [7], [y, ...[z]]] = [undefined, "xyz"] as any; return [x, y, z, await a(n)];');
    await same("const [k, v] = new Map([[n, await b(n)]]).entries().next().value!; return [k, v];");
  });
  test("of objects, rest included", async () => {
    await same("const { n: twice, ...others } = await b(n); return { twice, others };");
    await same('const key = n ? "list" : "ok"; const { [key]: found, ...rest } = await b(n); return { found, rest };');
    await same(
      "const { list: [first, ...more], none: { deep } = { deep: await a(n) } } = await b(n); return { first, more, deep };",
    );
    await same("const o: any = {}; ({ n: o.x, ok: o['y'] = 3, ...o.rest } = await b(n)); return o;");
  });
  test("of parameters, and in loops", async () => {
    await same(
      "const f = async ({ x, y = x + 1, ...r }: any, [z] = [y]) => [x, y, z, r, await a(x)]; return [await f({ x: n, q: 1 }), await f({ x: 1, y: 2 }, [3])];",
    );
    await same(
      "const out = []; for (const { n: x, list: [y] } of await Promise.all([b(n), b(2)])) out.push(x, y); return out;",
    );
  });
});

describe("object and array literals, spread, computed names", () => {
  test("agree", async () => {
    await same(
      'const k = "k" + n; const o = { [k]: await a(n), [`${k}!`]: 1, n, "quoted key": 2, 3: 4, ...(await b(n)), ...null, ...undefined, ..."ab" }; return [o, Object.keys(o)];',
    );
    await same(
      "const list = [1, ...[2, 3], ...(await b(n)).list, ...new Set([1, 1]), ...new Map([[1, 2]]), ...'hé', , 5]; return [list, list.length, 6 in list];",
    );
    await same(
      "const o: any = { a: 1, ...{ a: await a(n) }, b: 2 }; return { ...o, b: await a(5), ...(n > 1 && { c: 3 }) };",
    );
    await same(
      "const o = { f(x: number) { return x + n; }, g: async (x: number) => a(x), h: function (x: number) { return x; } }; return [o.f(1), await o.g(2), o.h(3)];",
    );
  });
});

test("template strings", async () => {
  await same(
    "return `${n}: ${await a(n)} ${`nested ${await a(1)}`} ${[1, [2]]} ${null} ${undefined} ${{}} ${-0} ${2n}`;",
  );
  await same(
    "const x = { toString: () => 'text ' + n }; return [`${x}`, `\\n\\u{1F600}`, `line one\nline two`, await a(n)];",
  );
});

describe("if, else if, else, and the ternary", () => {
  test("agree", async () => {
    await same(
      "if (n === 0) return 'none'; else if ((await a(n)) === 3) return 'two'; else { await b(n); } return 'end';",
    );
    await same("if (n) if (n > 2) return await a(1); else return await a(2); return await a(3);");
  });
  test("a ternary may give undefined", async () => {
    await same(
      "const x = n ? undefined : await a(n); const y = n > 2 ? await a(n) : undefined; return { x, y, z: n ? (await b(1)).none : void 0 };",
    );
    await same(
      "const f = n > 1 ? a : b; const g = n > 2 ? async (x: number) => await a(x) : async () => 0; return [await f(n), await g(1)];",
    );
  });
});

describe("switch, case, default", () => {
  test("agree, with fallthrough, a default in the middle, and calls inside", async () => {
    await same(
      "const out = []; switch (n) { default: out.push('default'); case 0: out.push(await a(0)); case 1: break; case 2: { const x = await a(2); out.push(x); } } return out;",
    );
    await same("switch (await a(n)) { case 1: return 'one'; case n + 1: return 'next'; default: return await a(9); }");
    await same(
      "const out = []; for (const kind of ['x', 'y', 'z']) { switch (kind) { case 'x': continue; case 'y': out.push(await a(1)); break; default: switch (true) { case n > 2: out.push('big'); break; default: out.push('small'); } } out.push(kind); } return out;",
    );
    await same(
      "switch (n) { case 0: let x = await a(1); return x; case 2: x = 5; return x; } return 'none';".replace(
        "x = 5; return x;",
        "return await a(2);",
      ),
    );
    await same("switch (typeof n) { case 'string': return 1; } switch ('x') { } return await a(n);");
  });
});

describe("loops: for, for of, for in, while, do while, break, continue", () => {
  test("for, in all its forms", async () => {
    await same(
      "let sum = 0; for (let i = 0, j = 9; i < j; i += 2, j--) sum += await a(i); for (;;) { if (++sum > 20) break; } return sum;",
    );
    await same(
      "const fs: (() => number)[] = []; for (let i = await a(-1); i < (await a(2)); i = await a(i)) fs.push(() => i); return fs.map((f) => f());",
    );
    await same("let i = 0; for (; i < 3; i++) { if (i === 1) continue; await a(i); } return i;");
  });
  test("for of arrays, strings, maps, sets and iterators", async () => {
    await same(
      "const out: unknown[] = []; for (const x of [n, 2]) out.push(await a(x)); for (const char of 'a😀') out.push(char); for (const [k, v] of new Map([['k', n]])) out.push(k, v); for (const x of new Set([1, 1])) out.push(x); for (const [i, x] of ['p'].entries()) out.push(i, x); return out;",
    );
    await same(
      "const list = [1, 2]; const out = []; for (const x of list) { out.push(x); if (list.length < 4) list.push(await a(x)); } return out;",
    );
    await same("let last; for (last of (await b(n)).list) if (last > 2) break; return last;");
    await same("const o: any = {}; for (o.x of [1, 2]); for ([o.y] of [[3]]) await a(n); return o;");
  });
  test("for in objects and arrays", async () => {
    await same(
      "const out = []; for (const key in { ...(await b(n)), 2: 'x', 1: 'y' }) { out.push(key); await a(1); } for (const i in ['p', 'q']) out.push(i, typeof i); for (const at in 'ab' as any) out.push(at); for (const none in null as any) out.push(none); return out;",
    );
    await same(
      "const o: any = { x: 1, y: 2, z: 3 }; const seen = []; for (const k in o) { seen.push(k); delete o.y; o.w = await a(n); } return [seen, o];",
    );
  });
  test("for await, which it did not have", async () => {
    await same(
      "const out = []; for await (const x of [a(n), 2, b(1)]) out.push(x); for await (const { n: m } of new Set([b(3)])) out.push(m); return out;",
    );
    await same(
      "try { for await (const x of [a(1), c(1), a(2)]) await a(x as number); } catch (e) { return (e as Error).message; }",
    );
  });
  test("while and do while", async () => {
    await same(
      "let i = 0; while (i < 3) { i++; if (i === 2) continue; await a(i); } do i--; while (i > 0 && (await a(i))); return i;",
    );
    await same(
      "let best = await fit(0); let depth = 0; while (best.accuracy < 0.9 && depth < 5) { depth += 2; best = await fit(depth); } return [depth, best];",
    );
  });
});

describe("labels, which it ignored", () => {
  test("break and continue leave and go on with the loop that they name", async () => {
    await same(
      "const out: string[] = []; outer: for (let i = 0; i < 3; i++) { inner: while (true) { for (const j of [0, 1]) { if (i === 0) continue outer; if (j === 1) break inner; if (i === 2) break outer; out.push(`${i}${await a(j)}`); } } out.push('after'); } return out;",
    );
    await same(
      "let k = 0; again: do { k++; switch (k) { case 1: continue again; case 3: break again; default: await a(k); } } while (k < 9); return k;",
    );
    await same(
      "const out = []; l: for (const key in { x: 1, y: 2 }) { for await (const v of [a(1), a(2)]) { out.push(key, v); continue l; } } return out;",
    );
  });
  test("of blocks, and through finally", async () => {
    await same(
      "const out = []; a1: { out.push(1); b1: { if (n) break a1; await a(1); break b1; } out.push(2); } return out;",
    );
    await same(
      "const out: unknown[] = []; l: for (const i of [1, 2]) { try { if (i === 1) continue l; break l; } finally { out.push(i, await a(i)); } } return out;",
    );
    await same(
      "const f = async () => { x: try { return await a(1); } finally { break x; } return 'left'; }; return await f();",
    );
  });
});

describe("try, catch, finally, throw", () => {
  test("errors with arguments that are not constant, of any class, and values that are no errors", async () => {
    await same(
      "try { throw new RangeError(`no ${await a(n)}`, { cause: n }); } catch (e) { const error = e as Error; return [error.name, error.message, error.cause, error instanceof RangeError, error instanceof TypeError]; }",
    );
    await same(
      "const out: unknown[] = []; for (const thrown of [n, 'text', null, undefined, { x: 1 }, [1]]) try { throw thrown; } catch (e) { out.push(e); await a(1); } return out;",
    );
    await same(
      "const error = Object.assign(new Error('mine'), { name: 'MyError', code: n }); try { throw error; } catch ({ name, message, code }: any) { return [name, message, code, await a(n)]; }",
    );
    await agrees("async function body(n: number) { await a(n); throw new SyntaxError(`at ${n}`); }", "throws");
  });
  test("errors of steps, rethrown, wrapped, and replaced by finally", async () => {
    await same(
      "try { try { await c(1); } catch (e) { await a(1); throw e; } } catch (e) { return (e as Error).message; }",
    );
    await same(
      "try { try { await c(1); } finally { await a(1); throw new Error('from finally'); } } catch (e) { return (e as Error).message; }",
    );
    await same(
      "const f = async () => { try { await c(1); } catch { return await a(1); } finally { await a(2); } }; return await f();",
    );
    await same(
      "const f = async () => { try { return await a(1); } finally { if (n > 2) return 'finally'; } }; return await f();",
    );
    await agrees(
      "async function body(n: number) { try { await c(1); } catch (e) { throw new Error('outer', { cause: e }); } finally { await a(n); } }",
      "throws",
    );
    await agrees("async function body(n: number) { throw await c(2); }", "throws");
  });
});

test("return, from anywhere", async () => {
  await same("for (const x of [1, 2]) { try { if (x === 2) return await a(x); } finally { await b(x); } }");
  await same("return; await a(n);");
  await same("return a(n);");
  await same("return { x: await a(n), y: [await a(1), ...(await b(2)).list] };");
  await same(
    "const f = async () => { while (true) { switch (n) { default: for (const x of [1]) return x + (await a(n)); } } }; return f();",
  );
});

test("+, -, +=, -=, ++, --, and unary + and -", async () => {
  await same(
    "let x: any = n; x += await a(x); x -= 1; x++; --x; const y = x++ + ++x - -x + +'3' - +true; x += 'text'; return [x, y, -0, +'', -'2', 1 + 'x' + null + undefined];",
  );
  await same(
    "const o: any = { v: 1, list: [1, 2] }; o.v++; o.list[o.list[0]++] += await a(n); --o['v']; o.none++; return o;",
  );
});

test("* / % ** & | ^ << >> >>> ~ and their assignments, which it did not have", async () => {
  await same(
    "const x = await a(n); return [x * 3, x / 2, -7 % x, x ** 3, x & 5, x | 8, x ^ 3, x << 4, -x >> 1, -x >>> 28, ~x, 7n ** 20n % 13n, 5n / 2n];",
  );
  await same(
    "let x = 37; x *= await a(n); x /= 3; x %= 11; x **= 2; x &= 0xff; x |= 0x100; x ^= 3; x <<= 2; x >>= 1; x >>>= 1; return x;",
  );
  await same("const o: any = { x: 3 }; o.x **= await a(n); o.x <<= 1; o.x >>>= await a(0); return o;");
});

test("comparisons, logical operators and their assignments, in, the comma, typeof and void", async () => {
  await same(
    "const x: any = await a(n); return [x == '1', x === 1, x != null, x !== 3, x < 2, x <= '3', x > 1, x >= NaN, 'a' < 'b', null == undefined, [1] == ('1' as any), NaN === NaN];",
  );
  await same(
    "const o: any = { x: 0, y: null }; o.x ||= await a(1); o.x &&= await a(2); o.y ??= await a(3); o.z ??= n; o.x ||= await a(9); o.y ??= await a(9); let v: any; v ??= await a(4); v &&= v + 1; return [o, v, !v, !!n];",
  );
  await same(
    "const o = { x: undefined }; return ['x' in o, 'y' in o, n in [1], (await a(1), await a(2)), typeof o, typeof n, typeof null, typeof (() => 1), typeof undefined, typeof 1n, void (await a(3))];",
  );
  await same(
    "return [(await a(n)) && (await a(1)), (await a(-1)) || (await a(2)), null ?? (await a(3)), n ?? (await a(9)), !(await a(-1))];",
  );
});

describe("instanceof, delete, regular expressions", () => {
  test("agree, for built-in classes", async () => {
    await same(
      "const seen: unknown[] = []; try { await c(1); } catch (e) { seen.push(e instanceof Error, e instanceof RangeError, e instanceof TypeError); } const x: any = [new Map() instanceof Map, [] instanceof Array, new Date(0) instanceof Date, ({}) instanceof Object, (n as any) instanceof Object, /x/ instanceof RegExp]; return [seen, x];",
    );
    await same(
      "const o: any = { x: 1, y: { z: 2 }, list: [1, 2] }; return [delete o.x, delete o.y.z, delete o['none'], delete o.list[0], o, o.list.length, await a(n)];",
    );
    await same(
      "const text = 'a1 b22 c333'; const re = /([a-z])(?<digits>\\d+)/g; const out: unknown[] = [...text.matchAll(re)].map((m) => [m[0], m.index, m.groups?.digits]); re.lastIndex = 3; out.push(re.exec(text)?.[0], re.lastIndex, /^b/.test(text), text.replace(/\\d+/g, (d) => `<${d.length}>`), text.split(/\\s/), text.search(/c/), await a(n)); return out;",
    );
  });
  test("classes of one's own are refused", () => {
    expect(refused("class Mine {} return n;")).toEqual(["RP3009"]);
    expect(refused("const Mine = class {}; return n;")).toContain("RP3010");
    expect(refused("return n instanceof Mine;", "class Mine {}")).toContain("RP3014");
    expect(refused("return new Mine();", "class Mine {}")).toContain("RP3014");
  });
});

test("yield, this, super, tagged templates and with are refused, each with a problem", () => {
  expect(refused("function* f() { yield 1; } return [...f()];")).toContain("RP3010");
  expect(refused("return this as any;")).toEqual(["RP3010"]);
  expect(refused("const o = { m() { return super.toString(); } }; return o.m();")).toContain("RP3010");
  expect(refused("return String.raw`x${n}`;")).toContain("RP3010");
  expect(refused("with ({}) { return n; }")).toContain("RP3009");
});

test("property and element access, with dynamic indices and optional chains", async () => {
  await same(
    "const o: any = { list: [5, 6, 7], deep: { er: [{ x: 1 }] } }; const key = n ? 'list' : 'deep'; return [o[key], o.list[await a(0)], o.list[o.list.length - 1], o.list[-1], o['de' + 'ep'].er[0]['x'], 'text'[1], o.none];",
  );
  await same(
    "const o: any = n > 2 ? null : { f: (x: number) => ({ y: x }), g: undefined, list: [[1]] }; return [o?.f?.(await a(1))?.y, o?.g?.(await a(2)), o?.list?.[await a(-1)]?.[0], o?.none.x, (o?.f)?.(3).y].length;".replace(
      "o?.none.x, ",
      "",
    ),
  );
  await same(
    "const o: any = await b(n); o.list[o.n] = 'far'; o[`x${n}`] = { y: [] }; o[`x${n}`].y[2] = await a(1); return o;",
  );
  await same(
    "try { const o: any = n ? null : undefined; return o.x; } catch (e) { return [(e as Error).name, await a(n)]; }",
  );
});

test("Boolean, Number, String, JSON, and split, join, slice, includes, map, forEach, filter", async () => {
  await same(
    "return [Boolean(n), Boolean(''), Number('12'), Number(undefined), Number(' 3 '), Number('x'), String(null), String([1, 2]), String(await a(n)), BigInt(n)];",
  );
  await same(
    "const text = JSON.stringify({ x: await a(n), u: undefined, d: new Date(0), list: [undefined, NaN] }, null, 1); return [text, JSON.parse(text), JSON.parse('[1]', (k, v) => (k === '0' ? v + n : v)), JSON.stringify({ x: 1, y: 2 }, ['y'])];",
  );
  await same(
    "const words = 'a,b,c,,d'.split(','); return [words, 'a,b,c'.split(',', 2), words.join('-'), words.slice(1, -1), words.includes('c'), words.includes('z'), words.map((w, i) => w + i), words.filter(Boolean), await a(n)];",
  );
  await same(
    "const seen: unknown[] = []; (await b(n)).list.forEach((x: number, i: number, all: number[]) => seen.push(x, i, all.length)); return seen;",
  );
});

describe("other methods, helpers, closures, callbacks, recursion, which it did not have", () => {
  test("methods of arrays, strings, maps, sets, dates", async () => {
    await same(
      "const list = (await b(n)).list; return [list.toSorted((x: number, y: number) => y - x), list.reduce((s: number, x: number) => s + x, 0), list.findLast((x: number) => x < 4), list.flatMap((x: number) => [x, x]), list.some((x: number) => x > 3), list.at(-1), Object.entries({ list }), [3, 1, 2].sort(), [1, [2, [3]]].flat(Infinity), Array.from({ length: 3 }, (_, i) => i * n)];",
    );
    await same(
      "const s = ' Hello World '; return [s.trim().toLowerCase().padEnd(14, '.'), s.replaceAll('l', 'L'), s.at(1), s.codePointAt(1), s.lastIndexOf('o'), 'x'.repeat(n), s.substring(3, 1), [...s.matchAll(/o/g)].length, await a(n)];",
    );
    await same(
      "const m = new Map([[n, 'n']]); m.set(1, 'one').delete(2); const s = new Set([1, 2]).union(new Set([3])); return [m, s, m.size, [...s.values()], Map.groupBy([1, 2, 3], (x) => x % 2), Object.groupBy([1, 2, 3], (x) => (x > n ? 'big' : 'small')), new Date(2020, 1, n + 1).getDate(), await a(n)];",
    );
  });
  test("helpers of the module and of the body, called before they are written", async () => {
    await same(
      "return [clamp(await a(n), 2), await twice(n), scale];",
      "const scale = 2; function clamp(x: number, max = 10) { return Math.min(x, max) * scale; } async function twice(x: number) { return (await a(x)) + (await a(x + 1)); }",
    );
    await same(
      "const x = await helper(n); function pure(y: number) { return y * 2; } async function helper(y: number) { return pure(await a(y)); } return x;",
    );
  });
  test("closures over variables that change, and callbacks", async () => {
    await same(
      "const counter = () => { let count = n; return { next: () => ++count, get: () => count }; }; const one = counter(), two = counter(); one.next(); one.next(); two.next(); return [one.get(), two.get(), await a(one.next())];",
    );
    await same(
      "const each = async (xs: number[], f: (x: number) => Promise<unknown>) => { const out = []; for (const x of xs) out.push(await f(x)); return out; }; return [await each([1, 2], a), await each([3], async (x) => (await b(x)).n + n)];",
    );
    await same(
      "const compose = (...fs: ((x: number) => number)[]) => (x: number) => fs.reduce((y, f) => f(y), x); return compose((x) => x + 1, (x) => x * 2)(await a(n));",
    );
    await same(
      "const add = (x: number) => (y: number) => async (z: number) => x + y + (await a(z)); return await add(1)(2)(n);",
    );
  });
  test("recursion, sync and async, by itself and by another", async () => {
    await same(
      "const fib = (x: number): number => (x < 2 ? x : fib(x - 1) + fib(x - 2)); const sum = async (x: number): Promise<number> => (x <= 0 ? 0 : (await a(x)) + (await sum(x - 1))); return [fib(10), await sum(n)];",
    );
    await same(
      "const even = async (x: number): Promise<boolean> => (x === 0 ? true : await odd(x - 1)); const odd = async (x: number): Promise<boolean> => (x === 0 ? false : (await a(x), await even(x - 1))); return await even(n);",
    );
    await same(
      "type Tree = { v: number; kids: Tree[] }; const walk = async (t: Tree): Promise<number> => (await a(t.v)) + (await Promise.all(t.kids.map(walk))).reduce((x, y) => x + y, 0); return await walk({ v: n, kids: [{ v: 1, kids: [{ v: 2, kids: [] }] }, { v: 3, kids: [] }] });",
    );
  });
});

test("await at once, and promises that are stored, which it did not have", async () => {
  await same(
    "const p = a(n); const q = b(1); const list = [p, a(2)]; const held = { p: a(3), map: new Map([['q', q]]) }; const x = await q; return [x, await p, await Promise.all(list), await held.p, await held.map.get('q')];",
  );
  await same("let p = a(1); for (const x of [2, 3]) p = p.then((y) => a((y as number) + x)); return await p;");
  await same("const p = c(1); await a(n); try { await p; } catch (e) { return (e as Error).message; }");
  await same("const f = async () => a(n); const p = f(); const q = p; return (await p) === (await q);");
});

describe("Promise.all around calls, and race, any and allSettled, which it did not have", () => {
  test("all of a map, of a literal, of promises from elsewhere", async () => {
    await same(
      "return [await Promise.all([1, 2].map((x) => a(x))), await Promise.all([a(n), 1, b(n)]), await Promise.all([]), await Promise.all(new Set([a(5)]))];",
    );
    await same(
      "const running = [1, 2, 3].map(async (x) => { await a(x); return await b(x); }); const first = await running[0]; return [first, (await Promise.all(running)).length];",
    );
  });
  test("race, any, allSettled", async () => {
    await same(
      "return [await Promise.race([a(1), b(1)]), await Promise.race([a(1), Promise.resolve(5)]), await Promise.any([c(1), a(n), b(n)])];",
    );
    await same(
      "const ends = await Promise.allSettled([c(1), a(n), 7]); return ends.map((end) => (end.status === 'fulfilled' ? end.value : end.reason.message));",
    );
    await same(
      "try { await Promise.any([c(1), c(3)]); } catch (e) { const all = e as AggregateError; return [all.name, all.errors.map((x) => x.message)]; }",
    );
    await same(
      "const { promise, resolve } = Promise.withResolvers<number>(); const told = a(n).then((x) => resolve(x as number)); return [await promise, await told];",
    );
  });
});

test("undefined as a value", async () => {
  await same(
    "const x = undefined; let y; const o = { x, y, z: void 0 }; const list = [undefined, , null]; return [o, list, 'x' in o, 1 in list, await a(undefined as any), (() => {})(), x === y];",
  );
  await same(
    "const give = (u?: number, d = 5) => [u, d]; const m = new Map<string, unknown>([['k', undefined]]); return [give(), give(undefined, undefined), m.has('k'), m.get('k'), undefined ?? (await a(n))];",
  );
  await same("return undefined;");
});

test("rest parameters, which it did not have", async () => {
  await same(
    "const f = async (x: number, ...more: number[]) => [x, more, await Promise.all(more.map((y) => a(y)))]; return [await f(1), await f(1, 2), await f(n, ...[3, 4], 5)];",
  );
  await same(
    "function g(...[first, ...others]: number[]) { return { first, others }; } const h = (...all: unknown[]) => all.length; return [g(1, 2, 3), g(), h(...'abc', await a(n))];",
  );
});

describe("waits, and explicit concurrency", () => {
  test("at most so many at once: workers that share one queue", async () => {
    const [trace] = await same(`
      const pooled = async (items: number[], limit: number, f: (item: number) => Promise<number>) => {
        const out: number[] = []; let next = 0;
        const worker = async () => { while (next < items.length) { const at = next++; out[at] = await f(items[at]!); } };
        await Promise.all(Array.from({ length: limit }, worker));
        return out;
      };
      return await pooled([1, 2, 3, 4, 5], 2, async (x) => await a(x));`);
    let open = 0;
    const most = Math.max(
      ...trace!.map((line) => (open += line.startsWith("call") ? 1 : line.startsWith("release") ? -1 : 0)),
    );
    expect(most).toBe(2);
  });
  test("branches in parallel, each a block of its own", async () => {
    await same(
      "const [x, y] = await Promise.all([(async () => { const p = await a(n); return await b(p); })(), (async () => { await b(1); return 'second'; })()]); return { x, y };",
    );
  });
});

test("a call is tried again, with a delay that grows", async () => {
  const folder = await mkdtemp(join(tmpdir(), "reprise-yardstick-"));
  folders.push(folder);
  const busy = `async () => {
    const { attempt } = globalThis[Symbol.for("reprise.stepContext")].getStore();
    if (attempt < 4) throw new Error("busy " + attempt);
    return attempt;
  }`;
  const pipeline = p.pipelineOf({ busy }, [
    p.call("busy", undefined, "asked"),
    p.wait(p.variable("asked"), "x"),
    p.returns(p.variable("x")),
  ]);
  pipeline.templates.busy!.options = taskOptions({ retry: { limit: 3, delay: "10ms", factor: 3 } }, "step");
  await using reprise = await open({ store: folder, isolation: "inline" });
  const run = await reprise.start(pipeline);
  expect(await run.result()).toBe(4);
  const events = await reprise.store.events.read(run.id, 0);
  const attempts = await reprise.store.tasks.attempts(`${run.id}/busy`);
  const notBefore = events.flatMap((event) => (event.kind === "retrying" ? event.notBefore! : []));
  for (const [i, delayMs] of [10, 30, 90].entries()) {
    expect(notBefore[i]! - attempts[i]!.startedAt).toBeGreaterThanOrEqual(delayMs);
    expect(attempts[i + 1]!.startedAt).toBeGreaterThanOrEqual(notBefore[i]!);
  }
  expect(attempts.map(({ outcome }) => outcome)).toEqual(["failed", "failed", "failed", "completed"]);
});
