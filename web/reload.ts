/** A hub of another version has other files: whoever still shows the page of the one before gets the new page where a part of the old one is not to be had any more. */

/** Not again so soon: then it is something else, which is shown. */
const againMs = 10_000;
const key = "reprise-reloaded-at";

export function reloadWhenOutdated(): void {
  addEventListener("vite:preloadError", (event) => {
    const before = Number(sessionStorage.getItem(key) ?? 0);
    if (Date.now() - before < againMs) return;
    sessionStorage.setItem(key, String(Date.now()));
    event.preventDefault();
    location.reload();
  });
}
