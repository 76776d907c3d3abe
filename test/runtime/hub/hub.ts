/** Hubs for tests: real ones, on sockets of loopback. */
import { onTestFinished } from "vitest";
import { openHub } from "../../../src/runtime/hub/client/open.ts";
import { type Listening, listen } from "../../../src/runtime/hub/listen.ts";
import { hubLog } from "../../../src/runtime/hub/log.ts";
import { createHub, type Hub } from "../../../src/runtime/hub/server.ts";
import type { Store } from "../../../src/runtime/ports.ts";
import { copiesOf } from "../store/copied.ts";
import { temporaryFolder } from "../store/folders.ts";

export type TestHub = Listening & { store: Store };

export const hubFor = (store: Store, now = Date.now): Hub =>
  createHub({ store, log: hubLog("silent"), version: "0", names: ["known.example"], isLocal: true, now });

const newStore = copiesOf();

/** Gone after the test. */
export async function testHub(now = Date.now): Promise<TestHub> {
  const store = await newStore();
  const hub = await listen(hubFor(store, now), { host: "127.0.0.1", port: 0 });
  onTestFinished(async () => {
    await hub.close();
    await store.close();
  });
  return { ...hub, store };
}

export function clientOf({ address }: Listening, options: { token?: string } = {}): Promise<Store> {
  return openHub({ address, folder: temporaryFolder(), ...options });
}
