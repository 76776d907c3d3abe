/** Loops, each with its bound. */

import fc from "fast-check";
import { fresh, pick, type Scope, step, within } from "../scope.ts";
import { type Form, flag, form, index, oneOf, type Parts } from "./form.ts";

export const loops = ({ test, statements, promise }: Parts): Form[] => [
  form(
    5,
    {
      how: fc.nat(heads.length - 1),
      turns: fc.nat(2),
      of: index,
      test,
      promise,
      body: statements,
      label: flag,
      closes: flag,
    },
    ({ how, turns, of, test, promise, body, label, closes }, s) => {
      const head = heads[how] as Head;
      const [i, name] = [fresh(s, "i"), label ? fresh(s, "loop") : undefined];
      const labels = name ? [...s.labels, { name, loop: true }] : s.labels;
      const inside = within(s, { loop: true, breakable: true, labels });
      const text = head({ i, turns, of, test: () => test(s), promise: () => promise(s), s });
      if (text.worth !== undefined) inside.numbers.push(text.worth);
      // What is declared by the loop is another variable in every turn, as closures see.
      const closure = closes && s.depth === 0 ? `fs_${i}.push(() => ${text.worth ?? i});` : "";
      const loop = `${text.before ?? ""}${name ? `${name}: ` : ""}${text.around(`{ ${text.first ?? ""} ${closure} ${body(inside)} }`)}`;
      return closure ? `const fs_${i}: any[] = []; ${loop} out.push(fs_${i}.map((f: any) => f()));` : loop;
    },
  ),
  form(
    1,
    { first: statements, when: test, then: statements, leave: oneOf("continue", "break") },
    ({ first, when, then, leave }, s) => {
      const [outer, i, j] = [fresh(s, "outer"), fresh(s, "i"), fresh(s, "j")];
      const inside = within(s, { loop: true, breakable: true, labels: [...s.labels, { name: outer, loop: true }] });
      inside.numbers.push(i, j);
      const body = `${first(within(inside))} if (${when(inside)}) ${leave} ${outer}; ${then(within(inside))}`;
      return `${outer}: for (const ${i} of [0, 1]) { for (const ${j} of [1, 2]) { ${body} } }`;
    },
  ),
];

type Head = (given: { i: string; turns: number; of: number; test(): string; promise(): string; s: Scope }) => {
  before?: string;
  first?: string;
  around(body: string): string /** What the turn is worth to the body. */;
  worth?: string;
};

const heads: Head[] = [
  ({ i, turns, test }) => {
    const condition = test();
    return {
      before: `let ${i} = 0; `,
      first: `${i} += 1;`,
      around: (body) => `while (${i} < ${turns + 1} && (${condition} || ${i} < 2)) ${body}`,
    };
  },
  ({ i, turns, test }) => {
    const condition = test();
    return {
      before: `let ${i} = 0; `,
      first: `${i} += 1;`,
      around: (body) => `do ${body} while (${i} < ${turns + 1} && ${condition});`,
    };
  },
  ({ i, turns }) => ({ around: (body) => `for (let ${i}: any = 0; ${i} < ${turns + 1}; ${i}++) ${body}`, worth: i }),
  ({ i, turns, test }) => {
    const condition = test();
    return {
      around: (body) =>
        `for (let ${i}: any = 0, j_${i} = ${turns + 1}; ${i} < j_${i}; ${condition} ? ${i}++ : j_${i}--) ${body}`,
      worth: `(${i} + j_${i})`,
    };
  },
  ({ i, of, s }) => ({ around: (body) => `for (const ${i} of ${pick(s.lists, of)}.slice(0, 3)) ${body}`, worth: i }),
  ({ i, of, s }) => ({
    around: (body) => `for (const [${i}, v_${i} = 2] of ${pick(s.lists, of)}.slice(0, 2).entries()) ${body}`,
    worth: `v_${i}`,
  }),
  ({ i, of, s }) => ({ around: (body) => `for (const ${i} in ${pick(s.objects, of)}) ${body}`, worth: `${i}.length` }),
  ({ i, promise, s }) => {
    if (!s.async) return { around: (body) => `for (const ${i} of "ab") ${body}`, worth: i };
    const list = [promise(), ...s.promises.slice(-1), `${step(s, "a")}(1)`, "2"].join(", ");
    return { around: (body) => `for await (const ${i} of [${list}]) ${body}`, worth: i };
  },
  ({ i, turns }) => ({
    before: `let ${i} = 0; `,
    around: (body) => `for (;;) { if (${i}++ > ${turns}) break; ${body.slice(1)}`,
  }),
  ({ i, of, s }) => ({
    around: (body) =>
      `for (const ${i} of ${s.sets.length > 0 ? `[...${pick(s.sets, of)}].slice(0, 3)` : "new Uint8Array(2)"}) ${body}`,
    worth: i,
  }),
];
