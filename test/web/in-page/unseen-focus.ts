/** Runs in the browser. What has the focus, where nothing shows that. */
export function unseenFocus(): string | null {
  const { activeElement: at } = document;
  if (at === null || at === document.body) return null;
  const shapes = [at, ...at.querySelectorAll(":scope > .outline, :scope > .hit")].map((each) => getComputedStyle(each));
  const isSeen = shapes.some(
    (style) => style.outlineStyle !== "none" || (style.stroke !== "none" && Number.parseFloat(style.strokeWidth) >= 2),
  );
  return isSeen ? null : at.outerHTML.slice(0, 120);
}
