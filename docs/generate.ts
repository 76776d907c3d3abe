/** Writes the pages of docs/ that are made from the code. A test holds that they are current. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "./pages.ts";

for (const [name, text] of Object.entries(await pages())) writeFileSync(join(import.meta.dirname, name), text);
