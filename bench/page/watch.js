/** Runs in a tab before the page does, and notes what is seen when. Times are milliseconds since 1970; what is seen was painted by then. */
{
  /** `firstNodes`: the graph was seen. `counts`: of how many tasks the graph's first box said that they are completed. */
  const seen = { firstNodes: Promise.withResolvers(), counts: [], slowFrames: 0 };
  globalThis.seen = {
    firstNodes: seen.firstNodes.promise,
    counts: () => seen.counts,
    slowFrames: () => seen.slowFrames,
    async count(count) {
      while (seen.counts.at(-1)?.count !== count) await new Promise(requestAnimationFrame);
    },
  };

  /** At the end of the next frame. */
  const painted = (then) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => then(performance.timeOrigin + performance.now());
      port2.postMessage(undefined);
    });

  let last = 0;
  const look = () => {
    const node = document.querySelector("[data-path]");
    if (node === null) return;
    painted((at) => seen.firstNodes.resolve(at));
    const count = Number(/✓ (\d+) ×/.exec(node.textContent)?.[1] ?? (node.textContent.includes("✓") ? 1 : 0));
    if (count === last) return;
    last = count;
    painted((at) => seen.counts.push({ count, at }));
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
  });

  let before = performance.now();
  const frame = (now) => {
    if (now - before > 50) seen.slowFrames += 1;
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
