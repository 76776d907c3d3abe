/** Every construct within every construct: programs made by putting one frame's statements into the hole of another's. */

/** `hole` are statements; `k` keeps the names of nested frames apart. */
type Frame = (hole: string, k: string) => string;

export const frames: Record<string, Frame> = {
  sequence: (hole) => `out.push(await a(n)); ${hole} n += 1; out.push(await a(n));`,
  destructuring: (hole, k) =>
    `const { n: d${k}, list: [e${k} = 1, ...f${k}] } = await b(n); ${hole} out.push(d${k}, e${k}, f${k});`,
  assignment: (hole) => `n += await (async () => { ${hole} return 1; })(); out.push(n);`,
  if: (hole) => `if (n % 2 === 0) { ${hole} } else if ((await a(n)) > 2) { out.push("else"); ${hole} }`,
  ternary: (hole, k) =>
    `const t${k} = n % 2 ? await a(n) : await (async () => { ${hole} return n; })(); out.push(t${k});`,
  while: (hole, k) =>
    `let w${k} = 0; while (w${k} < 2 && (await a(w${k})) < 9) { w${k}++; ${hole} if (n > 40) break; }`,
  for: (hole, k) =>
    `for (let i${k} = 0; i${k} < LIMIT; i${k}++) { fs.push(() => i${k}); if (i${k} === 1) continue; ${hole} }`,
  "for of": (hole, k) => `for (const [i${k}, v${k}] of [n, 7].entries()) { ${hole} out.push(await a(i${k} + v${k})); }`,
  "do while": (hole, k) => `let u${k} = 0; do { ${hole} u${k} += 1; } while (u${k} < 2 && (await b(u${k})).ok);`,
  "for await": (hole, k) => `for await (const v${k} of [a(n), 3]) { ${hole} out.push(v${k}); }`,
  "early return": (hole, k) =>
    `const r${k} = async () => { ${hole} if (n % 2) return "early"; out.push("late"); return await a(n); }; out.push(await r${k}());`,
  "try, catch": (hole, k) =>
    `try { ${hole} out.push(await c(n)); } catch (e${k}) { out.push((e${k} as Error).message); } finally { n += 1; }`,
  "catch holds": (hole, k) => `try { await c(1); } catch (e${k}) { ${hole} out.push((e${k} as Error).name); }`,
  "finally holds": (hole) => `try { out.push(await a(n)); } finally { ${hole} }`,
  throw: (hole, k) =>
    `try { ${hole} throw new RangeError("thrown " + n); } catch (x${k}) { out.push((x${k} as Error).message); await a(n); }`,
  "promise later": (hole, k) => `const p${k} = a(n); ${hole} out.push(await p${k});`,
  "all of a literal": (hole) => `out.push(await Promise.all([a(n), (async () => { ${hole} return n; })(), 5]));`,
  "all of a map": (hole, k) =>
    `out.push(await Promise.all([1, 2].map(async (m${k}) => { ${hole} return m${k} + (await a(n)); })));`,
  "local arrow": (hole, k) =>
    `const l${k} = async (x${k}: number) => { ${hole} return x${k} + n; }; out.push(await l${k}(LIMIT));`,
  switch: (hole, k) =>
    `switch (n % 3) { case 0: ${hole} break; case 1: out.push("one"); default: { const s${k} = 1; out.push(await a(s${k})); ${hole} } }`,
  label: (hole, k) =>
    `l${k}: for (const g${k} of [1, 2]) { for (;;) { ${hole} if (g${k} === 1) continue l${k}; break l${k}; } }`,
  logical: (hole) => `out.push((n % 2 === 0 && (await (async () => { ${hole} return n; })())) || (await a(n)));`,
};

export function program(outer: Frame, inner: Frame): string {
  const leaf = `out.push(await a(n)); n += 1;`;
  return `const LIMIT = 3;
async function body(given: number) {
  let n = given; const out: unknown[] = []; const fs: (() => number)[] = [];
  ${outer(inner(leaf, "2"), "1")}
  return [n, out, fs.map((f) => f())];
}`;
}
