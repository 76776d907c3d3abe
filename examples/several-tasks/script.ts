/** Three tasks in one process, one after the other. */
import { Task } from "reprise";

for (const n of [1, 2, 3]) {
  const task = await Task.init({ project: "examples", name: `Task ${n} of one process` });
  for (let i = 1; i <= 10; i++) Task.current().scalar("value", "squares", (n * i) ** 2, i);
  console.log(`task ${n}`);
  await task.close();
}
