/** Durable waits, and chance and time. */

import { pick, step } from "../scope.ts";
import { type Form, form, index, oneOf, type Parts } from "./form.ts";

const readings = oneOf(
  "Math.random()",
  "Date.now()",
  "performance.now()",
  "new Date().getTime()",
  "crypto.randomUUID().length",
);

export const waits = ({ value, leaf }: Parts): Form[] => [
  form(2, { how: index, value }, ({ how, value }, s) => {
    const x = value(s);
    if (!s.async) return x;
    const ways = [
      `(await sleep(Math.abs(Number(${x})) % 9 || 1), 1)`,
      `(await signal("go")).sent.length`,
      `(await signal("go", { timeLimit: 5 }).catch((e: any) => e.name)).length`,
      `(await Promise.race([sleep(5), ${step(s, "a")}(${x})]))`,
      `(await sleepUntil(${x}).catch((e: any) => e.name))`,
    ];
    return pick(ways, how);
  }),
  form(1, { reading: readings, value: leaf }, ({ reading, value }, s) => `(${reading} > ${value(s)} ? 1 : 2)`),
];
