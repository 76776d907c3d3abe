/** The ports' one suite of tests, through a hub: over real sockets of loopback. */
import { describe } from "vitest";
import { newToken } from "../../../src/model/token.ts";
import { cacheSuite } from "../store/suite/cache.ts";
import { draftsSuite } from "../store/suite/drafts.ts";
import { eventsSuite } from "../store/suite/events.ts";
import { limitsSuite } from "../store/suite/limits.ts";
import { longQueueSuite } from "../store/suite/long-queue.ts";
import { movesSuite } from "../store/suite/moves.ts";
import { nestingSuite } from "../store/suite/nesting.ts";
import { onceSuite } from "../store/suite/once.ts";
import { productsSuite } from "../store/suite/products.ts";
import { propertiesSuite } from "../store/suite/properties.ts";
import { querySuite } from "../store/suite/query.ts";
import { queueSuite } from "../store/suite/queue.ts";
import { queuesSuite } from "../store/suite/queues.ts";
import { runsSuite } from "../store/suite/runs.ts";
import { tasksSuite } from "../store/suite/tasks.ts";
import { suiteToken, tokensSuite } from "../store/suite/tokens.ts";
import { unservedSuite } from "../store/suite/unserved.ts";
import { waitsSuite } from "../store/suite/waits.ts";
import { clientOf, testHub } from "./hub.ts";

const open = async () => clientOf(await testHub());
const openWithToken = async () => {
  const hub = await testHub();
  const { secret, token } = newToken({ name: suiteToken, role: "admin" }, 0);
  await hub.store.tokens.keep(token);
  return clientOf(hub, { token: secret });
};

describe("a store at a hub", () => {
  tasksSuite(open);
  draftsSuite(open);
  querySuite(open);
  movesSuite(open);
  queuesSuite(open);
  runsSuite(open);
  queueSuite(open);
  longQueueSuite(open);
  cacheSuite(open);
  limitsSuite(open);
  eventsSuite(open);
  nestingSuite(open);
  onceSuite(open);
  productsSuite(open);
  waitsSuite(open);
  unservedSuite(open);
  tokensSuite(openWithToken);
  propertiesSuite(open, 15);
});
