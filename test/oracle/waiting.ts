/** Written cases of waits, signals, handles, and of chance and time, which the oracle holds and fixes as it does steps. */
export const cases: Record<string, string> = {
  "sleep in a sequence": `async function body(n: number) { const x = await a(n); await sleep("10m"); await sleepUntil(new Date(n)); return await b(x); }`,
  "a sleep begun now and awaited later": `async function body(n: number) { const p = sleep(n * 1000), q = a(n); const x = await q; const end = await p; return [x, end, p instanceof Promise]; }`,
  "sleeps in every turn of a fan-out": `async function body(n: number) {
    const out: number[] = [];
    await Promise.all([1, 2, 3].map(async (i) => { await sleep(i); out.push(i); await a(i); await sleep("1s"); out.push(-i); }));
    return out;
  }`,
  "sleeps collected by map": `async function body(n: number) { const all = await Promise.all([1, 2].map((ms) => sleep(ms))); return [all, await a(n)]; }`,
  "what is no duration rejects": `async function body(n: number) {
    const out: unknown[] = [];
    for (const wrong of ["soon", -1, NaN, {}] as any[]) try { await sleep(wrong); } catch (e) { out.push((e as Error).message); }
    for (const wrong of [new Date(NaN), "2026-01-01", 1e300] as any[]) try { await sleepUntil(wrong); } catch (e) { out.push((e as Error).name); }
    const p = sleep("never" as any).catch((e: Error) => e.name); const x = await a(n);
    return [out, x, await p];
  }`,
  "a signal": `async function body(n: number) { const { sent } = await signal("approved"); const later = signal(\`of \${sent}\`); return [await a(n), await later]; }`,
  "a signal with a limit": `async function body(n: number) {
    const out: unknown[] = [];
    for (let i = 0; i < 3; i++) try { out.push(await signal("approved", { timeLimit: "1h" })); } catch (e) { out.push((e as Error).name, (e as Error).message, await a(i)); }
    return out;
  }`,
  "signals with wrong names and options reject": `async function body(n: number) {
    const out: unknown[] = [];
    for (const [name, options] of [["", {}], [5, {}], ["x", { timeLimit: "soon" }], ["x", { mode: "odd" }], ["x", null]] as any[])
      try { await signal(name, options); } catch (e) { out.push((e as Error).name, (e as Error).message); }
    return out;
  }`,
  "the choice of what comes first": `async function body(n: number) {
    const first = await Promise.race([signal("yes").then(() => "yes"), sleep("1h").then(() => "late"), a(n).then(() => "done")]);
    const second = await Promise.race([signal("x", { timeLimit: 5 }), sleep(5)]).catch((e: Error) => e.name);
    return [first, second];
  }`,
  "one wait before a loop, raced in every turn": `async function body(n: number) {
    const approval = signal("approved"); let reminders = 0;
    for (;;) {
      const answer = await Promise.race([approval, sleep("1d")]);
      if (answer || reminders === 2) return [answer, reminders];
      await a(reminders++);
    }
  }`,
  "operands kept while a wait or a handle stands between": `async function body(n: number) {
    let x = 1; const bump = () => (x += 1);
    const list = [x, await sleep(bump()), x, (await signal("s" + bump(), { timeLimit: bump() * 1000 })).sent, x];
    const o = { x, h: await start(a, bump()).result(), y: x };
    return [list, o];
  }`,
  "a handle's result": `async function body(n: number) {
    const h = start(a, n), f = start(b, n);
    const both = await Promise.all([h.result(), f.result(), h.result()]);
    try { await start(c, 1).result(); } catch (e) { both.push((e as Error).message as any); }
    return [both, typeof h, Object.keys(h), h.result() === h.result(), Object.isFrozen(h), h.abort(), await h.result()];
  }`,
  "a handle aborted while its step runs": `async function body(n: number) {
    const h = start(a, n), other = b(n); await other; h.abort(n ? "enough" : undefined); h.abort();
    try { return ["done", await h.result()]; } catch (e) { return [(e as Error).name, (e as Error).message, await a(3)]; }
  }`,
  "a handle aborted and left": `async function body(n: number) { const h = start(a, n); start(b, 1).abort(); h.abort("not needed"); await b(n); return "end"; }`,
  "a handle that nobody asks": `async function body(n: number) { const h = start(a, n); const x = await b(n); return x.n; }`,
  "handles in an array, aborted in a loop": `async function body(n: number) {
    const handles = [1, 2, 3].map((i) => start(a, i));
    const first = await Promise.race(handles.map((h) => h.result()));
    for (const h of handles) h.abort("another was first");
    return [first, (await Promise.allSettled(handles.map((h) => h.result()))).map((s) => s.status)];
  }`,
  "a handle cannot be passed on or changed": `async function body(n: number) {
    const h: any = start(a, n);
    try { await b({ h } as any); } catch (e) { await a((e as Error).name.length); }
    try { h.more = 1; } catch (e) { return [(e as Error).name, h.more, await h.result()]; }
  }`,
  detach: `async function body(n: number) { detach(a(1)); detach(c(1)); const out = [detach(b(n)), await a(n)]; [1, 2].forEach((i) => detach(a(i))); await b(2); return out; }`,
  "chance and time": `async function body(n: number) {
    const began = Date.now(); const out: unknown[] = [began, Math.random(), crypto.randomUUID(), performance.now(), new Date().getTime(), new Date(5).getTime()];
    for (let i = 0; i < 3; i++) { out.push(Math.random() < 0.5 ? await a(i) : i, Date.now() - began); if (i === 1) continue; out.push(performance.now()); }
    const now = Date.now; out.push(now(), [1, 2].map(Math.random), [3, 1, 2].sort(() => Math.random() - 0.04), Math.random.name);
    return out;
  }`,
  "chance in concurrent activations": `async function body(n: number) {
    const draw = async (i: number) => { const x = Math.random(); const y = await a(i); return [x, y, Math.random(), await b(i).then(() => Math.random())]; };
    return [await Promise.all([1, 2, 3].map(async (i) => [Date.now(), ...(await draw(i))])), Math.max(Math.random(), await a(1), Math.random())];
  }`,
  "functions that wait": `async function body(n: number) {
    const pause = async (ms: number) => { await sleep(ms); return ms; };
    const both = await Promise.all([pause(1), pause(2)]); const asked = (name: string) => signal(name);
    return [both, await asked("p"), await a(n), await asked("q")];
  }`,
};
