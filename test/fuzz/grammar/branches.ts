/** Branches, and ways out. */

import fc from "fast-check";
import { fresh, step, within } from "../scope.ts";
import { type Form, flag, form, index, maybe, type Parts, some } from "./form.ts";

export const branches = ({ value, test, statements }: Parts): Form[] => [
  form(4, { test, then: statements, other: maybe(statements) }, ({ test, then, other }, s) => {
    const otherwise = other === null ? "" : ` else { ${other(within(s))} }`;
    return `if (${test(s)}) { ${then(within(s))} }${otherwise}`;
  }),
  form(
    2,
    { on: value, cases: some(fc.record({ body: statements, leaves: flag, fallback: flag }), 3, 1) },
    ({ on, cases }, s) => {
      let hasDefault = false;
      const texts = cases.map(({ body, leaves, fallback }, i) => {
        const when = i === 1 && s.async ? `(await ${step(s, "a")}(${i - 1}))` : i;
        const head = fallback && !hasDefault ? "default" : `case ${when}`;
        hasDefault ||= fallback;
        return `${head}: { ${body(within(s, { breakable: true }))} ${leaves ? "break;" : ""} }`;
      });
      return `switch (${on(s)} % 3) { ${texts.join(" ")} }`;
    },
  ),
  form(1, { body: statements, leaves: maybe(test) }, ({ body, leaves }, s) => {
    if (leaves === null) return `{ ${body(within(s))} }`;
    const label = fresh(s, "block");
    const inside = within(s, { labels: [...s.labels, { name: label, loop: false }] });
    return `${label}: { if (${leaves(s)}) break ${label}; ${body(inside)} }`;
  }),
  form(3, { how: index, when: test, far: flag }, ({ how, when, far }, s) => {
    const out = how % 2 === 0;
    const label = far ? s.labels.find(({ loop }) => out || loop) : undefined;
    if (label && out) return `if (${when(s)}) break ${label.name};`;
    if (label) return `if (${when(s)}) continue ${label.name};`;
    if (out && s.breakable) return `if (${when(s)}) break;`;
    if (s.loop) return `if (${when(s)}) continue;`;
    return `out.push(${when(s)});`;
  }),
  form(1, { when: test, value }, ({ when, value }, s) => `if (${when(s)}) return ${value(s)};`),
];
