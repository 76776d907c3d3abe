/** A pipeline, as TypeScript: a loop whose body is drawn with about so many nodes. In each ten of them are steps one after the other and side by side, and a decision. */
export const manyNodes = (nodes: number): string => `import { pipeline, step } from "reprise";

export const one = step(async ({ n }: { n: number }) => ({ n: n + 1 }));

export default pipeline("many nodes", async ({ turns }: { turns: number }) => {
  let x = { n: 0 };
  for (let turn = 0; turn < turns; turn++) {
${Array.from({ length: Math.ceil(nodes / 10) }, (_, i) => ten(i)).join("")}  }
  return x;
});
`;

const ten = (i: number): string => `    x = await one({ n: x.n });
    const all${i} = await Promise.all([one({ n: x.n }), one({ n: x.n + 1 }), one({ n: x.n + 2 })]);
    x = await one({ n: all${i}[0].n });
    if (x.n % 2 === 0) x = await one({ n: x.n });
    else {
      x = await one({ n: x.n });
      x = await one({ n: x.n });
    }
`;
