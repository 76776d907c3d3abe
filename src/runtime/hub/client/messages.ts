/** Server-sent events out of a response: https://html.spec.whatwg.org/multipage/server-sent-events.html */

export type Message = { id: string; event: string; data: string };

/** Calls `hear` for each message, at once, until the content ends. `alive` is told of every piece, comments too. */
export async function readMessages(
  content: AsyncIterable<Uint8Array>,
  hear: (message: Message) => void,
  alive: () => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of content) {
    alive();
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = parts.pop()!;
    for (const part of parts) {
      const message = messageIn(part);
      if (message.data !== "") hear(message);
    }
  }
}

function messageIn(part: string): Message {
  const message = { id: "", event: "message", data: "" };
  for (const line of part.split("\n")) {
    const [, field, value] = /^(id|event|data): ?(.*)$/s.exec(line) ?? [];
    if (field !== undefined) message[field as keyof Message] += field === "event" ? "" : value;
    if (field === "event") message.event = value!;
  }
  return message;
}
