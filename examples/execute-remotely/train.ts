/** The first epoch runs here, to see that it works; then the script hands itself over to a queue, and an agent runs it from the beginning. */
import { Task } from "reprise";

const task = await Task.init({ project: "examples", name: "Remote Training" });
const { epochs, queue } = await task.connect({ epochs: 3, queue: "default" });

for (let epoch = 1; epoch <= epochs; epoch++) {
  console.log(`epoch ${epoch}`);
  Task.current().scalar("loss", "training", 1 / epoch, epoch);
  if (epoch === 1) await task.executeRemotely({ queue });
}
task.returns({ epochs });
