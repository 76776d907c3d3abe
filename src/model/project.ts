/** Projects: tasks are grouped by names with slashes, `vision/digits`; what is asked of `vision` holds for all below it. */

/** Throws a RangeError with one sentence where it is no name of a project. */
export function checkProject(name: string): string {
  if (name.length <= 200 && name.split("/").every((part) => /^[^\s\p{C}/](?:[^\p{C}/]*[^\s\p{C}/])?$/u.test(part)))
    return name;
  throw new RangeError(
    `${JSON.stringify(name)} is no name of a project: write words between slashes, such as "vision/digits"`,
  );
}

/** The project itself and those around it, the outermost first: `a/b/c` → `a`, `a/b`, `a/b/c`. */
export function projectsAround(name: string): string[] {
  const parts = name.split("/");
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}
