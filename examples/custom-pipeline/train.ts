/** A template: run by hand it records its defaults; run by an agent it gets the parameters of the clone. */
import { Task } from "reprise";

const task = await Task.init({ project: "examples", name: "train template" });
const { rate, steps } = await task.connect({ rate: 0.8, steps: 20 });

/** The way down a parabola: with too great a rate, it goes from side to side and never arrives. */
let x = 5;
for (let step = 1; step <= steps; step++) {
  x -= rate * 2.4 * x;
  Task.current().scalar("loss", "validation", x * x, step);
  Task.current().progress(step / steps);
}
console.log(`with the rate ${rate} the loss is ${x * x}`);
