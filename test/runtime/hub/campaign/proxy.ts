/** What lies between clients and a hub, and may be cut. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";

export class TestProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** On a port of its own, to that port of loopback, whether or not anybody listens there yet. */
  static async to(port: number): Promise<TestProxy> {
    const server = createServer();
    const proxy = new TestProxy(server);
    server.on("connection", (socket) => proxy.#join(socket, port));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** Nothing goes through, for so long. */
  async cut(ms: number): Promise<void> {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
    await setTimeout(ms);
    this.#isCut = false;
  }

  close(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #join(inner: Socket, port: number): void {
    if (this.#isCut) return void inner.destroy();
    const outer = connect(port, "127.0.0.1");
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
