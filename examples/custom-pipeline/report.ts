/** A second template: writes down which task was the best. */
import { Task } from "reprise";

const task = await Task.init({ project: "examples", name: "report template" });
const { best } = await task.connect({ best: "" });
const { parameters, metrics } = await Task.get(best);
await Task.current().artifact("report.json", { best, parameters, metrics });
task.returns({ best, parameters });
