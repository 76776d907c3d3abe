/** Where in a stream the output of one step ends and that of the next begins, who follow each other in a process before the agent has heard of it: a mark with the next one's number. */

/** Group separator: nobody prints it by chance. */
const separator = "\u001d";
const mark = new RegExp(`${separator}(\\d{1,15})${separator}`, "g");
const begunMark = new RegExp(`${separator}\\d{0,15}$`);

export const boundaryBefore = (number: number): string => `${separator}${number}${separator}`;

export interface BoundaryFinder {
  /** Takes the stream's text, piece by piece. */
  write(chunk: string): void;
  /** What could have become a mark is none. */
  end(): void;
}

/** `crossed` hears the number where one ends and the next begins; false where no such step was to come: then what looks like a mark is text. */
export function findBoundaries(text: (text: string) => void, crossed: (number: number) => boolean): BoundaryFinder {
  let rest = "";

  function say(part: string): void {
    if (part !== "") text(part);
  }

  function sayMarked(): void {
    let said = 0;
    for (const { 0: whole, 1: number, index } of rest.matchAll(mark)) {
      say(rest.slice(said, index));
      said = index + (crossed(Number(number)) ? whole.length : 0);
    }
    rest = rest.slice(said);
    const begun = begunMark.exec(rest)?.index ?? rest.length;
    say(rest.slice(0, begun));
    rest = rest.slice(begun);
  }

  return {
    write(chunk) {
      rest += chunk;
      if (rest.includes(separator)) sayMarked();
      else this.end();
    },
    end() {
      say(rest);
      rest = "";
    },
  };
}
