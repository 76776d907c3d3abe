import { expect, test } from "vitest";
import { copiesOf } from "./copied.ts";

const newStore = copiesOf();

test("answers are kept by their names until there are too many, or they are too large together", async () => {
  await using store = await newStore();
  const make = (id: string, text = "1") =>
    store.once(id, () =>
      store.tasks.create({
        ...{ id, name: id, code: { kind: "command", run: ["true"] }, options: { type: "training", queue: "default" } },
        input: { text },
      }),
    );
  await make("first");
  for (let n = 0; n < 4; n++) await make(`large-${n}`, "x".repeat(10_000_000));
  expect((await make("first")).id).toBe("first");
  for (let n = 4; n < 6; n++) await make(`large-${n}`, "x".repeat(10_000_000));
  await expect(make("first")).rejects.toThrow('"first"');
  expect((await make("large-5", "else")).input).toEqual({ text: "x".repeat(10_000_000) });
});
