/** Runs in the browser. What the document's own structure keeps from being found, or from being reached by keys. */
export function structure(): string[] {
  const count = (what: string) => document.querySelectorAll(what).length;
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `the id ${id} is there twice`);
  const dangling = ["for", "aria-labelledby", "aria-describedby"].flatMap((attribute) =>
    [...document.querySelectorAll(`[${attribute}]`)]
      .map((element) => element.getAttribute(attribute)!)
      .filter((id) => document.getElementById(id) === null)
      .map((id) => `${attribute} names ${id}, which is not there`),
  );
  const scrolled = [...document.querySelectorAll<HTMLElement>("main *")]
    .filter((element) => {
      const { overflowX, overflowY } = getComputedStyle(element);
      const moves = [overflowX, overflowY].some((overflow) => overflow === "auto" || overflow === "scroll");
      return (
        moves && (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1)
      );
    })
    .filter(
      (element) =>
        element.tabIndex < 0 && element.querySelector("a, button, input, select, textarea, [tabindex='0']") === null,
    )
    .map((element) => `${element.tagName}.${element.className} cannot be scrolled by keys`);
  return [
    ...twice,
    ...dangling,
    ...scrolled,
    ...(count("h1") >= 1 ? [] : ["there is no h1"]),
    ...(count("main") === 1 ? [] : ["there is not one main"]),
    ...(document.documentElement.lang ? [] : ["the document has no language"]),
    ...(document.title ? [] : ["the document has no title"]),
  ];
}
