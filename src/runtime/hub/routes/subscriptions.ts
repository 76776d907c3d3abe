/** Subscriptions: by a channel, which carries all of one client, or one stream of events for a run. */
import * as z from "zod";
import { mayActAs } from "../../../model/token.ts";
import type { EventScope, Store } from "../../ports.ts";
import { base } from "../api.ts";
import { Channel, type Channels } from "../channel.ts";
import { Refusal } from "../errors.ts";
import { EventStream } from "../event-stream.ts";
import type { Subscription } from "../subscription.ts";
import { toWire } from "../wire.ts";
import { scope } from "./events.ts";
import { holding } from "./queue.ts";
import type { Asked, Caller, Served } from "./route.ts";
import { id } from "./tasks.ts";

const subscription = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("events"), run: id, after: z.int().nonnegative(), scope }),
  z.strictObject({ kind: z.literal("news"), kinds: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal("logs"),
    task: id,
    last: z.int().nonnegative().optional(),
    seen: z.record(z.string(), z.int()).optional(),
    since: z.number().optional(),
  }),
  z.strictObject({ kind: z.literal("roster") }),
  z.strictObject({
    kind: z.literal("watch"),
    agent: z.string(),
    again: z.boolean().optional(),
    holding: holding.optional(),
  }),
]);
const subscriptions = z.strictObject({ subscriptions: z.array(z.strictObject({ number: z.int(), to: subscription })) });
type Subscriptions = { subscriptions: { number: number; to: Subscription }[] };

/** `isAllowed`: is the caller's token still valid? */
export function subscriptionRoutes(
  store: Store,
  channels: Channels,
  isAllowed: (caller: Caller) => Promise<boolean>,
): Served[] {
  const channelOf = ({ caller, path }: Asked): Channel => {
    const channel = channels.of(caller, path.channel);
    if (channel === undefined) throw new Refusal("Gone", "there is no such channel (any more): open another one");
    return channel;
  };
  return [
    {
      verb: "POST",
      path: `${base}/channels`,
      role: "reader",
      says: "a stream of all that one client subscribes to: first `open`, which names the channel, then `told`, numbered",
      takes: subscriptions,
      givesContent: "text/event-stream",
      answer({ caller, input }) {
        const asked = checked(caller, input as Subscriptions);
        const channel = new Channel(store, caller, () => isAllowed(caller));
        channels.add(channel);
        for (const { number, to } of asked) channel.subscribe(number, to);
        channel.open();
        return channel.stream.response;
      },
    },
    {
      verb: "POST",
      path: `${base}/channels/{channel}/subscriptions`,
      role: "reader",
      says: "subscribes to more",
      takes: subscriptions,
      answer(asked) {
        const channel = channelOf(asked);
        for (const { number, to } of checked(asked.caller, asked.input as Subscriptions)) channel.subscribe(number, to);
        return new Response(null, { status: 204 });
      },
    },
    {
      verb: "DELETE",
      path: `${base}/channels/{channel}/subscriptions/{number}`,
      role: "reader",
      says: "ends a subscription",
      answer(asked) {
        channelOf(asked).unsubscribe(Number(asked.path.number));
        return new Response(null, { status: 204 });
      },
    },
    {
      verb: "GET",
      path: `${base}/runs/{run}/events/stream`,
      role: "reader",
      says: "the events of a run as they come, each with its number: after that of the header Last-Event-ID, or of `after`",
      takes: z.strictObject({ after: z.int().nonnegative().default(0), scope: scope.default("tree") }),
      givesContent: "text/event-stream",
      answer: (asked) => eventsOf(store, asked, () => isAllowed(asked.caller)),
    },
  ];
}

/** Who may only read is not told what agents are told. */
function checked({ role }: Caller, { subscriptions }: Subscriptions): Subscriptions["subscriptions"] {
  if (subscriptions.some(({ to }) => to.kind === "watch") && !mayActAs(role, "agent"))
    throw new Refusal("Forbidden", `the role ${role} may not watch queues: it takes an agent's`);
  return subscriptions;
}

function eventsOf(store: Store, { request, path, input }: Asked, isAllowed: () => Promise<boolean>): Response {
  const { after, scope } = input as { after: number; scope: EventScope };
  const last = Number(request.headers.get("last-event-id") ?? after);
  if (!Number.isInteger(last) || last < 0)
    throw new Refusal("InputError", "Last-Event-ID is not the number of an event");
  const stream = new EventStream(isAllowed);
  let seen = last;
  let stop = () => {};
  const go = () => {
    stop();
    stop = store.events.follow(
      path.run!,
      seen,
      (events) => {
        if (stream.isFull) return stop();
        for (const event of events) stream.send(event.seq, event.kind, toWire(event));
        seen = events.at(-1)!.seq;
      },
      scope,
    );
  };
  stream.drained = go;
  stream.closed = () => stop();
  go();
  return stream.response;
}
