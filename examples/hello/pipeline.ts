/** The smallest pipeline: a step, called once. */
import { pipeline, step } from "reprise";

export const greet = step(async ({ name }: { name: string }) => `Hello, ${name}!`);

export default pipeline("hello", async ({ name = "world" }: { name?: string }) => {
  const greeting = await greet({ name });
  return { greeting };
});
