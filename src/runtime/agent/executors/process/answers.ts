/** What a step process asks of its agent, answered by the recorder of the step. */
import type { Recorder } from "../../recorder.ts";
import { type Question, receivedDraft } from "./protocol.ts";

export function answerTo(question: Question, recorder: Recorder): Promise<unknown> {
  switch (question.kind) {
    case "artifact":
      return recorder.artifact(receivedDraft(question.draft));
    case "content":
      return recorder.content(question.hash);
    case "find":
      return recorder.find(question.task, question.name, question.role);
    case "saveCheckpoint":
      return recorder.saveCheckpoint(question.text);
    case "loadCheckpoint":
      return recorder.loadCheckpoint();
  }
}
