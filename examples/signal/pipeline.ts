/** Publishes what somebody approves: `reprise signal RUN approved '{ "by": "Ada" }'`. Who does not answer is reminded, and in the end nothing is published. */
import { type Duration, detach, pipeline, signal, sleep, step } from "reprise";

export const draft = step(async () => ({ text: "the numbers of the week" }));
export const remind = step(async ({ times }: { times: number }) => console.log(`reminder ${times}`));
export const publish = step(async ({ text, by }: { text: string; by: string }) => `${text}, approved by ${by}`);

export default pipeline(
  "publish when approved",
  async ({ remindAfter = "1h", reminders = 3 }: { remindAfter?: Duration; reminders?: number }) => {
    const { text } = await draft();
    const approval = signal<{ by: string }>("approved");
    for (let times = 1; times <= reminders; times++) {
      const answer = await Promise.race([approval, sleep(remindAfter)]);
      if (answer) return { published: await publish({ text, by: answer.by }) };
      detach(remind({ times }));
    }
    return { published: null };
  },
);
