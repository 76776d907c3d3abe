/** Written cases: one per construct of the body language. Each is the text of an `async function body(input)` over the steps a, b, c and fit. */
export const cases: Record<string, string> = {
  "a sequence": `async function body(n: number) { const x = await a(n); const y = await b(x); return { x, y }; }`,
  "declarations and destructuring": `async function body(n: number) {
    const { n: twice, list: [first = 7, , third, ...rest], missing = twice + 1, ...others } = await b(n);
    let x = first, y: number | undefined;
    const [p, q = 5] = [third];
    y = await a(p);
    return { twice, first, third, rest, missing, others, x, y, q };
  }`,
  "assignments of every kind": `async function body(n: number) {
    let x = 1; x += n; x **= 2; x -= await a(x); const o: any = { list: [1, 2] };
    o.p = await a(x); o.list[1] += await a(o.p); o["q"] ??= await a(3); o.q ||= await a(4); o.q &&= await a(5);
    [x, o.r] = [o.p, x]; x++; --x; o.list[0]++;
    return { x, o };
  }`,
  "if, else if, else": `async function body(n: number) {
    if (n > 5) return await a(n); else if ((await a(n)) > 2) { return "two"; } else if (n === 0) return "zero"; else { await b(n); }
    return "end";
  }`,
  "a ternary with awaits on its sides": `async function body(n: number) { const x = n > 1 ? await a(n) : (await b(n)).n; return [x, n ? 1 : await a(9)]; }`,
  "while with an await in its test": `async function body(n: number) { let i = 0; while ((await fit(i)).accuracy < 0.8) { i += 1; if (i === 2) continue; await a(i); } return i; }`,
  "do while": `async function body(n: number) { let i = n; do { i = await a(i); if (i > 8) break; } while (i < 6); return i; }`,
  "for with a closure over its variable": `async function body(n: number) {
    const seen: (() => number)[] = [];
    for (let i = 0; i < 3; i++) { seen.push(() => i); await a(i); i += n % 2; }
    return seen.map((f) => f());
  }`,
  "for of with destructuring": `async function body(n: number) {
    const out: number[] = [];
    for (const [i, { v }] of [{ v: n }, { v: 2 }].entries()) { if (v > 5) break; out.push(await a(v + i)); }
    return out;
  }`,
  "for in": `async function body(n: number) { const out: string[] = []; for (const key in { x: 1, y: n }) { await a(out.length); out.push(key); } return out; }`,
  "for await": `async function body(n: number) { const out: any[] = []; for await (const x of [a(1), a(2), 3]) { out.push(x); await b(x); } return out; }`,
  labels: `async function body(n: number) {
    const out: string[] = [];
    outer: for (const i of [0, 1, 2]) { for (const j of [0, 1, 2]) { if (j === 1 && i === 0) continue outer; if (i === 2) break outer; out.push(i + ":" + (await a(j))); } }
    block: { if (n > 0) break block; out.push("not left"); }
    return out;
  }`,
  "early return": `async function body(n: number) { for (;;) { const x = await a(n); if (x > 0) return x; } }`,
  "try, catch, finally": `async function body(n: number) {
    const out: string[] = [];
    try { await c(1); out.push("not here"); } catch (e) { out.push((e as Error).name + (e as Error).message); await a(1); } finally { out.push("finally"); await a(2); }
    try { try { await c(3); } finally { out.push("inner"); } } catch { out.push("outer"); }
    const leave = async () => { try { return await a(3); } finally { await a(4); out.push("left"); } };
    out.push(String(await leave()));
    return out;
  }`,
  throw: `async function body(n: number) { try { throw new RangeError("no " + n); } catch (e) { if (n > 1) throw new Error("outer", { cause: e }); throw { odd: await a(n) }; } }`,
  "an uncaught failure of a step": `async function body(n: number) { await a(1); await c(1); return "never"; }`,
  "promises started now and awaited later": `async function body(n: number) { const p = a(1), q = b(2); const r = a(3); const y = await q; const x = await p; return [x, y, await r]; }`,
  "Promise.all over a literal": `async function body(n: number) { const [x, y, z] = await Promise.all([a(1), b(2), 3]); return { x, y, z }; }`,
  "Promise.all over map": `async function body(n: number) { const out = await Promise.all([1, 2, 3].map(async (i) => { const x = await a(i); return x + (await b(x)).n; })); return out; }`,
  "map with a step as a value": `async function body(n: number) { return await Promise.all([1, 2, 3].map(a)); }`,
  "a failing Promise.all, its siblings go on": `async function body(n: number) {
    const ps = [a(1), c(1), a(2)];
    try { await Promise.all(ps); } catch (e) { return [(e as Error).message, await ps[2]]; }
  }`,
  "Promise.race, any, allSettled": `async function body(n: number) {
    const first = await Promise.race([a(1), a(2)]);
    const any = await Promise.any([c(1), a(5)]);
    const settled = await Promise.allSettled([c(1), a(1)]);
    return { first, any, settled: settled.map((s) => s.status) };
  }`,
  "local arrows, sync and async": `async function body(n: number) {
    const twice = (x: number) => x * 2;
    const both = async (x: number, ...more: number[]) => { const y = await a(twice(x)); return y + more.length; };
    const [x, y] = await Promise.all([both(1), both(2, 3, 4)]);
    return [x, y, await both(5)];
  }`,
  "a local function called before it is written": `async function body(n: number) { const x = await later(n); return x; async function later(x: number) { return (await a(x)) + 1; } }`,
  recursion: `async function body(n: number) { const down = async (x: number): Promise<number> => (x <= 0 ? 0 : (await a(x)) + (await down(x - 1))); return await down(3); }`,
  "module constants and functions": `const LIMIT = 3; const table = { low: [1, LIMIT], high: 9 } as const; function clamp(x: number) { return Math.min(x, table.high); }
    async function body(n: number) { const out = []; for (let i = 0; i < LIMIT; i++) out.push(clamp((await a(i)) * 5)); return [out, table.low.length]; }`,
  "operands kept while a later one is awaited": `async function body(n: number) {
    let x = 1; const o = { v: 1 }; const bump = () => { x += 1; o.v += 10; return x; };
    const sum = x + (await a(bump())) + o.v + (bump(), x);
    const list = [x, o.v, await a(bump()), x, ...[x], await b(o.v)];
    const text = \`\${x}-\${await a(x)}-\${bump()}\`;
    const made = { x, v: o.v, [\`k\${x}\`]: await a(3), y: bump() };
    return [sum, list, text, made, Math.max(x, await a(bump()), x)];
  }`,
  "a method looked up before its awaited argument": `async function body(n: number) {
    const o: any = { m: (x: number) => "first " + x }; const list: number[] = [];
    const p = o.m(await (async () => { o.m = (x: number) => "second " + x; return a(1); })());
    list.push(await a(1), await a(2));
    return [p, list, list.concat(await a(7), [8])];
  }`,
  "logical operators with awaits": `async function body(n: number) {
    const x = (await a(n)) && (await b(0)); const y = n > 100 || (await a(1)); const none: number | undefined = n > 100 ? 1 : undefined; const z = none ?? (await a(2)); const w = none ?? n;
    return [x, y, z, w, n > 0 && n < 3 && (await a(4))];
  }`,
  "optional chains with awaits": `async function body(n: number) {
    const o: any = n > 1 ? { f: (x: number) => ({ g: x }), list: [5] } : undefined; const none: any = null;
    return [o?.f(await a(1)).g, o?.list[await a(-1)], none?.f(await a(9)), o?.missing?.(await a(9)), (await b(1))?.list?.[0]];
  }`,
  "switch with fallthrough": `async function body(n: number) {
    const out: string[] = [];
    for (const i of [0, 1, 2, 3, 4]) switch (i) { case 0: out.push("zero"); case 1: await a(i); out.push("one"); break; case 3: continue; default: out.push("default"); case 4: out.push("four " + (await a(i))); }
    return out;
  }`,
  "local objects are real values": `async function body(n: number) {
    const o = { list: [1] }; const same = o; const all = [o, same];
    await Promise.all([1, 2].map(async (i) => { same.list.push(await a(i)); }));
    all[0].list.push(9);
    return [o, o === same, o.list.length];
  }`,
  "map, set, date, bigint and regular expressions": `async function body(n: number) {
    const m = new Map([["x", n]]); m.set("y", await a(1)); const s = new Set([1, 1, await a(1)]);
    const d = new Date(0); const big = 2n ** 70n; const words = "one two".match(/\\w+/g);
    return [m, s, d.toISOString(), big, words, [...m.keys()], "a-b".replace(/-/, "+")];
  }`,
  "async reduce and forEach": `async function body(n: number) {
    const sum = await [1, 2, 3].reduce(async (total, x) => (await total) + (await a(x)), Promise.resolve(0));
    const seen: number[] = []; [1, 2].forEach(async (x) => { seen.push(await a(x)); });
    await b(1);
    return [sum, seen];
  }`,
  "then, catch and finally": `async function body(n: number) {
    const out: unknown[] = [];
    const p = a(1).then((x) => a(x)).then(async (x) => { out.push(x); return (await b(x)).n; });
    const q = c(1).catch((e: Error) => e.message).finally(() => { out.push("done"); });
    return [await p, await q, out];
  }`,
  "a promise returned, not awaited": `async function body(n: number) {
    const direct = async () => a(1); const nested = async () => direct();
    let t = 0; const ticking = (async () => { for (let i = 0; i < 12; i++) { await null; t += 1; } })();
    const x = await nested(); const at = t; await ticking;
    return [x, at];
  }`,
  "ticks beside the body": `async function body(n: number) {
    let t = 0; const ticking = (async () => { for (let i = 0; i < 30; i++) { await null; t += 1; } })();
    await null; const one = t; const p = Promise.all([1, (async () => 2)()]); await p; const two = t;
    for await (const x of [1, Promise.resolve(2)]) { await a(t); }
    try { await (async () => { throw new Error("x"); })(); } catch { await a(t); }
    await ticking;
    return [one, two, t];
  }`,
  "conditional declarations keep their scope": `async function body(n: number) {
    const out: unknown[] = []; const x = 1;
    { const x = 2; out.push(x, await a(x)); { const x = 3; out.push(x); } }
    if (n) { const x = "if"; out.push(x); } else { let x; out.push(x); }
    for (const x of [7]) out.push(x);
    out.push(x);
    return out;
  }`,
  "the temporal dead zone": `async function body(n: number) { const f = () => late; try { f(); } catch (e) { await a(1); } const late = await a(n); return f(); }`,
  "awaits in destructuring": `async function body(n: number) {
    const out: unknown[] = []; const o: any = { x: 1, list: [] };
    const { n: twice, missing = (await a(twice)) + twice, [await (async () => "list" + (await a(0)))()]: none = await b(1), ...rest } = await b(n);
    const [first, second = await a(first), , ...others]: any = [n, undefined, 3, 4, 5];
    let p: any, q: any;
    [p, o.list[await a(0)] = await a(9), { q = await a(8) }] = [n, undefined, {}] as any;
    ({ x: o.y, z: p = await a(7), ...o.rest } = { x: p, w: 2 } as any);
    for (const { v = await a(1), w } of [{ w: 1 }, { v: 2, w: 3 }] as any[]) out.push(v, w);
    for (const [i = await a(2)] of [[undefined], [5]] as any[]) out.push(i);
    try { throw { code: undefined }; } catch ({ code = await a(3) }: any) { out.push(code); }
    try { const { x = await a(4) } = null as any; } catch (e) { out.push((e as Error).name); }
    return [twice, missing, none, rest, first, second, others, p, q, o, out];
  }`,
  "functions in patterns": `async function body(n: number) {
    const out: unknown[] = [];
    for (const { f = () => { const x = n; return x; } } of [{}, { f: () => 7 }] as any[]) out.push(f());
    for (const [g = async () => await a(1)] of [[], [a]] as any[]) out.push(await g(4));
    try { throw {}; } catch ({ h = (x: number) => { return x + 1; } }: any) { out.push(h(2)); }
    const pick = (i: number) => [a, b][i] as any; out.push(await pick(0)(5));
    return out;
  }`,
  "awaits in the cases of a switch": `async function body(n: number) {
    const out: unknown[] = [];
    for (const i of [0, 1, 2, 3]) switch (i) { case await a(-1): out.push("zero"); default: out.push("default"); break; case 1 + (await a(0)): out.push("two"); case await a(0): out.push("one"); }
    return out;
  }`,
  "an author's class of errors": `async function body(n: number) {
    const settled = await Promise.allSettled([late(n), c(n + 1), late({ n: 0 })]); const error: any = await late(2).catch((e: unknown) => e);
    const told = settled.map((s: any) => [s.reason?.name, s.reason instanceof NotReady, s.reason instanceof RangeError, s.reason?.cause?.name]);
    try { throw error; } catch (e) { await a(e instanceof NotReady ? 1 : 2); }
    return [settled, told, await b({ n, error } as any), error];
  }`,
  "names of functions": `async function body(n: number) {
    const small = (x: number) => x; let other = (x: number) => x + 1; const o = { field: (x: number) => x, async later() { return 1; } }; const { d = (x: number) => x } = {} as any;
    const list = [(x: number) => x]; other = (x: number) => { return x; };
    return [small.name, other.name, o.field.name, o.later.name, d.name, (list[0] as any).name, (function named() {}).name, (() => 1).length, small.length];
  }`,
};

/** Cases about the very tick of the end: a body of its own, not one that another function awaits. */
export const ends: Record<string, string> = {
  "a result that something still running changes after the end": `async function body(n: number) {
    const out: number[] = []; const go = async () => { for (let i = 0; i < 6; i++) { await null; out.push(i); } };
    const going = go(); await null; return out;
  }`,
};
