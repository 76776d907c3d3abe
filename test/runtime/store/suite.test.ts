import { join } from "node:path";
import { describe } from "vitest";
import { openStore } from "../../../src/runtime/store/open.ts";
import { temporaryFolder } from "./folders.ts";
import { cacheSuite } from "./suite/cache.ts";
import { draftsSuite } from "./suite/drafts.ts";
import { eventsSuite } from "./suite/events.ts";
import { limitsSuite } from "./suite/limits.ts";
import { movesSuite } from "./suite/moves.ts";
import { nestingSuite } from "./suite/nesting.ts";
import { productsSuite } from "./suite/products.ts";
import { propertiesSuite } from "./suite/properties.ts";
import { querySuite } from "./suite/query.ts";
import { queueSuite } from "./suite/queue.ts";
import { queuesSuite } from "./suite/queues.ts";
import { runsSuite } from "./suite/runs.ts";
import { tasksSuite } from "./suite/tasks.ts";
import { tokensSuite } from "./suite/tokens.ts";
import { waitsSuite } from "./suite/waits.ts";

const open = () => openStore(join(temporaryFolder(), "store"));

describe("the embedded store", () => {
  tasksSuite(open);
  draftsSuite(open);
  querySuite(open);
  movesSuite(open);
  queuesSuite(open);
  runsSuite(open);
  queueSuite(open);
  cacheSuite(open);
  limitsSuite(open);
  eventsSuite(open);
  nestingSuite(open);
  productsSuite(open);
  waitsSuite(open);
  tokensSuite(open);
  propertiesSuite(open);
});
