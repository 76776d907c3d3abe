/** 1013 to 1015: options. */
import { rules } from "../../src/compiler/rules.ts";
import type { Example } from "./example.ts";

export const options: Example[] = [
  {
    rule: rules.dynamicOption,
    title: "An option that is known only when the program runs",
    wrong: `import { pipeline, step } from "reprise";

const queue = Math.random() < 0.5 ? "cpu" : "gpu";
const fit = step.queue(queue)(async () => 1); // here

export default pipeline("fitted", async () => await fit());
`,
    right: `import { pipeline, step } from "reprise";

const queue = "gpu";
const fit = step.queue(queue)(async () => 1);

export default pipeline("fitted", async () => await fit());
`,
  },
  {
    rule: rules.unknownOption,
    title: "An option that does not exist",
    wrong: `import { pipeline, step } from "reprise";

const fit = step({ queu: "gpu" }, async () => 1); // here

export default pipeline("fitted", async () => await fit());
`,
    right: `import { pipeline, step } from "reprise";

const fit = step({ queue: "gpu" }, async () => 1);

export default pipeline("fitted", async () => await fit());
`,
  },
  {
    rule: rules.badOption,
    title: "An option out of its range",
    wrong: `import { pipeline, step } from "reprise";

const fit = step.retry(-1)(async () => 1); // here

export default pipeline("fitted", async () => await fit());
`,
    right: `import { pipeline, step } from "reprise";

const fit = step.retry(2)(async () => 1);

export default pipeline("fitted", async () => await fit());
`,
  },
  {
    rule: rules.whichTask,
    title: "A template that names no task",
    wrong: `import { pipeline, template } from "reprise";

const train = template<{ rate: number }, { loss: number }>({ name: "" }); // here

export default pipeline("trained", async () => await train({ rate: 0.1 }));
`,
    right: `import { pipeline, template } from "reprise";

const train = template<{ rate: number }, { loss: number }>({ project: "examples", name: "train template" });

export default pipeline("trained", async () => await train({ rate: 0.1 }));
`,
  },
];
