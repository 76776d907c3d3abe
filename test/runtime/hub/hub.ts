/** Hubs for tests: real ones, on sockets of loopback. */
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openHub } from "../../../src/runtime/hub/client/open.ts";
import { type Listening, listen } from "../../../src/runtime/hub/listen.ts";
import { hubLog } from "../../../src/runtime/hub/log.ts";
import { createHub } from "../../../src/runtime/hub/server.ts";
import type { Store } from "../../../src/runtime/ports.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { temporaryFolder } from "../store/folders.ts";

export type TestHub = Listening & { store: Store };

export async function hubOn(store: Store, port = 0): Promise<Listening> {
  const hub = createHub({ store, log: hubLog("silent"), version: "0", names: [], isLocal: true });
  return listen(hub, { host: "127.0.0.1", port });
}

/** Gone after the test. */
export async function testHub(): Promise<TestHub> {
  const store = await openStore(join(temporaryFolder(), "store"));
  const hub = await hubOn(store);
  onTestFinished(async () => {
    await hub.close();
    await store.close();
  });
  return { ...hub, store };
}

export function clientOf({ address }: Listening, options: { token?: string } = {}): Promise<Store> {
  return openHub({ address, folder: temporaryFolder(), ...options });
}
