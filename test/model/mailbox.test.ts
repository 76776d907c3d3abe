import { expect, test } from "vitest";
import { giveUp, mailbox, receive, send } from "../../src/model/mailbox.ts";

test("each value is taken by one wait, both in their orders", () => {
  const box = mailbox<number>();
  expect([send(box, 1), send(box, 2)]).toEqual([undefined, undefined]);
  expect([receive(box, "a", false), receive(box, "b", false), receive(box, "c", false)]).toEqual([
    { value: 1 },
    { value: 2 },
    undefined,
  ]);
  expect(receive(box, "d", false)).toBe(undefined);
  expect([send(box, 3), send(box, 4), send(box, 5)]).toEqual(["c", "d", undefined]);
});

test("a transient wait takes nothing that came before it", () => {
  const box = mailbox<number>();
  send(box, 1);
  expect(receive(box, "transient", true)).toBe(undefined);
  expect(receive(box, "persistent", false)).toEqual({ value: 1 });
  expect(send(box, 2)).toBe("transient");
});

test("who has given up takes nothing any more", () => {
  const box = mailbox<number>();
  receive(box, "a", false);
  receive(box, "b", false);
  giveUp(box, "a");
  giveUp(box, "never waited");
  expect(send(box, 1)).toBe("b");
});
