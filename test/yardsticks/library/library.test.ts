/** Whatever of the language's library a body may use, from TypeScript through the compiler: what JavaScript itself gives. Nothing of the list is left out. */
import { describe, expect, test } from "vitest";
import { globals, members } from "../../../src/model/builtins.ts";
import { caught, evaluated, natively } from "../evaluate.ts";
import { allowUnhandledRejections } from "../unhandled.ts";
import { calls } from "./calls.ts";
import { receivers } from "./receivers.ts";
import { classes, functions, statics } from "./statics.ts";

allowUnhandledRejections();

/** Chance and time are recorded, and tested with the controller. */
const recorded = ["Math.random", "Date.now", "crypto.randomUUID", "performance.now"];

const agree = async (expressions: string[]): Promise<void> => {
  const { native, ours } = await evaluated(caught(expressions));
  expect(expressions.map((text, i) => `${text} → ${ours[i]}`)).toEqual(
    expressions.map((text, i) => `${text} → ${native[i]}`),
  );
};

describe("a member of each type", () => {
  test.each([...members])("%s", async (type, names) => {
    expect(receivers).toHaveProperty(type);
    const members = receivers[type]!.flatMap((receiver) => [...names].map((name) => [receiver, name] as const));
    const kinds = await natively(
      `return [${members.map(([receiver, name]) => `() => typeof (${receiver} as any).${name}`)}].map((f) => f());`,
    );
    const expressions = members.flatMap(([receiver, name], i) => {
      const uses = kinds[i] === "'function'" ? argumentsOf(name).map((args) => `(${args})`) : [""];
      return uses.map((use) => `{ const r = ${receiver}; return [r.${name}${use}, r]; }`);
    });
    await agree(expressions);
  });
});

describe("globals", () => {
  test("each of them has cases", () => {
    const known = (name: string) => name in functions || name in classes || globals.get(name)!.size > 0;
    expect([...globals.keys()].filter((name) => !known(name))).toEqual([]);
    const paths = [...globals].flatMap(([name, keys]) => [...keys].map((key) => `${name}.${key}`));
    expect(paths.filter((path) => !(path in statics) && !recorded.includes(path))).toEqual([]);
  });

  test.each(Object.entries(statics))("%s", async (path, args) => {
    await agree(args === undefined ? [path] : args.map((list) => `${path}(${list})`));
  });

  test.each(Object.entries(functions))("%s", async (name, args) => {
    await agree(args === undefined ? [name, `typeof ${name}`] : args.map((list) => `${name}(${list})`));
  });

  test.each(Object.entries(classes))("new %s", async (name, args) => {
    await agree(args.map((list) => `new ${name}(${list})`));
  });
});

function argumentsOf(name: string): string[] {
  const known = calls[name];
  if (known === undefined) throw new Error(`no case calls the method ${name}: add its arguments to calls.ts`);
  return known;
}
