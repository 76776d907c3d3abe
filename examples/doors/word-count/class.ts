/** A fan-out, through the class door; code.ts is the same pipeline as functions. */
import { pipeline, step } from "reprise";

/** Steps for any pipeline that extends this class. */
export abstract class Counting {
  @step.retry(2) async count({ text }: { text: string }) {
    const words = this.wordsOf(text);
    return { words: words.length, longest: words.reduce((a, b) => (b.length > a.length ? b : a), "") };
  }

  protected wordsOf(text: string): string[] {
    return text.toLowerCase().match(/\p{L}+/gu) ?? [];
  }
}

@pipeline("word count")
export default class WordCount extends Counting {
  @step async total({ counts }: { counts: { words: number; longest: string }[] }) {
    return {
      words: counts.reduce((sum, { words }) => sum + words, 0),
      longest: counts.map(({ longest }) => longest).sort((a, b) => b.length - a.length)[0] ?? "",
    };
  }

  async run({ texts }: { texts: string[] }) {
    const counts = await Promise.all(texts.map((text) => this.count({ text })));
    const sum = await this.total({ counts });
    return { ...sum, texts: texts.length };
  }
}
