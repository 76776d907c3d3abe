/** A reporter that speaks to the agent, from a step process. */
import type { KeptArtifact } from "../../../../model/artifact.ts";
import type { ReportedFigure, Reporter } from "../../recorder.ts";
import { type FromWorker, type Question, type SentPoint, sentDraft, sentPoint } from "./protocol.ts";

export interface ChannelReporter extends Reporter {
  /** The agent's answer to a question, or why there is none. */
  answered(to: number, value: unknown, refused?: string): void;
  /** Sends what was held back. */
  flush(): void;
}

/** Not more often, however much is reported. */
const apartMs = 20;

export function channelReporter(tell: (message: FromWorker) => void): ChannelReporter {
  const unanswered = new Map<number, PromiseWithResolvers<unknown>>();
  let questions = 0;
  let points: SentPoint[] = [];
  let figures: ReportedFigure[] = [];
  let progress: number | undefined;
  let sentAt = 0;
  let later: NodeJS.Immediate | undefined;

  function flush(): void {
    clearImmediate(later);
    later = undefined;
    if (points.length === 0 && figures.length === 0 && progress === undefined) return;
    tell({ kind: "reports", points, figures, ...(progress !== undefined && { progress }) });
    points = [];
    figures = [];
    progress = undefined;
    sentAt = performance.now();
  }

  /** A step that computes without a pause is heard all the same: nothing waits for the event loop but what is reported soon after. */
  function flushSoon(): void {
    if (performance.now() - sentAt > apartMs) flush();
    else later ??= setImmediate(flush);
  }

  function ask(question: Question): Promise<unknown> {
    flush();
    const answer = Promise.withResolvers<unknown>();
    questions += 1;
    unanswered.set(questions, answer);
    tell({ kind: "question", number: questions, question });
    return answer.promise;
  }

  return {
    scalar(point) {
      points.push(sentPoint(point));
      flushSoon();
    },
    progress(fraction) {
      progress = fraction;
      flushSoon();
    },
    figure(figure) {
      figures.push(figure);
      flushSoon();
    },
    announce: (upload) => tell({ kind: "announce", upload }),
    withdraw: (upload) => tell({ kind: "withdraw", upload }),
    artifact: (draft) => ask({ kind: "artifact", draft: sentDraft(draft) }) as Promise<KeptArtifact>,
    content: (hash) => ask({ kind: "content", hash }) as Promise<string>,
    find: (task, name, role) => ask({ kind: "find", task, name, role }) as Promise<KeptArtifact | undefined>,
    saveCheckpoint: (text) => ask({ kind: "saveCheckpoint", text }) as Promise<void>,
    loadCheckpoint: () => ask({ kind: "loadCheckpoint" }) as Promise<string | undefined>,
    answered(to, value, refused) {
      const answer = unanswered.get(to);
      unanswered.delete(to);
      if (refused === undefined) answer?.resolve(value);
      else answer?.reject(new Error(refused));
    },
    flush,
  };
}
