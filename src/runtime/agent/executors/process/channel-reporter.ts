/** A reporter that speaks to the agent, from a step process. */
import type { Reporter } from "../../recorder.ts";
import { type FromWorker, type SentPoint, sentPoint } from "./protocol.ts";

export interface ChannelReporter extends Reporter {
  /** The agent's answer to an artifact: stored, or refused for a reason. */
  stored(artifact: number, refused?: string): void;
  /** Sends what was held back. */
  flush(): void;
}

/** Not more often, however much is reported. */
const apartMs = 20;

export function channelReporter(tell: (message: FromWorker) => void): ChannelReporter {
  const unanswered = new Map<number, PromiseWithResolvers<void>>();
  let artifacts = 0;
  let points: SentPoint[] = [];
  let progress: number | undefined;
  let sentAt = 0;
  let later: NodeJS.Immediate | undefined;

  function flush(): void {
    clearImmediate(later);
    later = undefined;
    if (points.length === 0 && progress === undefined) return;
    tell({ kind: "reports", points, ...(progress !== undefined && { progress }) });
    points = [];
    progress = undefined;
    sentAt = performance.now();
  }

  /** A step that computes without a pause is heard all the same: nothing waits for the event loop but what is reported soon after. */
  function flushSoon(): void {
    if (performance.now() - sentAt > apartMs) flush();
    else later ??= setImmediate(flush);
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
    artifact({ content, ...draft }) {
      flush();
      const answer = Promise.withResolvers<void>();
      artifacts += 1;
      unanswered.set(artifacts, answer);
      const base64 = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("base64");
      tell({ kind: "artifact", artifact: artifacts, ...draft, base64 });
      return answer.promise;
    },
    stored(artifact, refused) {
      const answer = unanswered.get(artifact);
      unanswered.delete(artifact);
      if (refused === undefined) answer?.resolve();
      else answer?.reject(new Error(refused));
    },
    flush,
  };
}
