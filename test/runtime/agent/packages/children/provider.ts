/** A process that wants packages, as an agent does: `provider.ts FOLDER PLACE PACKAGES`. It says what is said, and then `done`, or why not. */
import { createPackageSets } from "../../../../../src/runtime/agent/packages.ts";

const [folder = "", place = "", packages = "{}"] = process.argv.slice(2);
const sets = createPackageSets({ folder, project: folder });
const say = (line: string) => process.send!(line);
try {
  await sets.provide(place, JSON.parse(packages), { say, async installing() {} });
  say("done");
} catch (error) {
  say(String(error));
}
process.disconnect();
