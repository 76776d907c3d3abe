/** Any program as a step: it is called again, each time with half the rate, until its loss is small. */
import { pipeline, template } from "reprise";

const descend = template<{ rate: number }, { loss: number }>({ project: "examples", name: "descend" });

export default pipeline(
  "descend until good",
  async ({ target = 0.01, rate = 0.8 }: { target?: number; rate?: number }) => {
    let tried = rate;
    let { loss } = await descend({ rate: tried });
    while (loss > target && tried > 0.01) {
      tried /= 2;
      ({ loss } = await descend({ rate: tried }));
    }
    return { rate: tried, loss };
  },
);
