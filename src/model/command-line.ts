/** A command as one line of text. It is split as a shell splits it, and no shell reads it: what one would do beyond that is refused. */

/**
 * The words of a line. Blanks part them; `'…'` and `"…"` keep what they hold, where `\"` and `\\` within `"…"` stand for `"` and `\`; elsewhere `\` keeps the
 * next character. Throws a RangeError with one sentence for a quote that does not end, and for what only a shell understands.
 *
 * @example
 * splitCommand("python train.py --note 'two words'"); // ["python", "train.py", "--note", "two words"]
 */
export function splitCommand(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at = piece.lastIndex) {
    piece.lastIndex = at;
    const found = piece.exec(line)?.groups;
    if (found === undefined) throw new RangeError(reason(line[at]!, line));
    const { blanks, single, double, kept, bare } = found;
    if (blanks === undefined)
      word = `${word ?? ""}${single ?? double?.replace(/\\(["\\])/g, "$1") ?? kept ?? bare ?? ""}`;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  return word === undefined ? words : [...words, word];
}

/** A line that is split into these words again. */
export const printCommand = (words: readonly string[]): string => words.map(quoted).join(" ");

const piece =
  /(?<blanks>\s+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<kept>.)|(?<bare>[^\s'"\\|&;<>()$`*?]+)/sy;

function reason(found: string, line: string): string {
  if (found === "'" || found === '"') return `the command has a quote that does not end: ${line}`;
  if (found === "\\") return `the command ends with a backslash, which keeps nothing: ${line}`;
  return `the command has a ${found}, which only a shell understands, and no shell reads it: quote it, or let one read it by sh -c '…'`;
}

const quoted = (word: string): string =>
  /^[^\s'"\\|&;<>()$`*?]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
