/** The pages that are made from the code: file in docs/ → text. */
import { pipelineJsonSchema } from "../src/model/pipeline.ts";
import { problemsPage } from "./problems/page.ts";

export async function pages(): Promise<Record<string, string>> {
  return {
    "pipeline.schema.json": `${JSON.stringify(pipelineJsonSchema(), null, 2)}\n`,
    "problems.md": await problemsPage(),
  };
}
