import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to an engine or a registry that can be cut, as when that machine dies. */
export class Wire {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param target a socket's path, or a port of this machine */
  static start(target: string | number, port = 0): Promise<Wire> {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far =
        typeof target === 'number'
          ? connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
          : connect({ path: target, allowHalfOpen: true });
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => sockets.delete(socket));
      }
      near.pipe(far);
      far.pipe(near);
    });
    return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(new Wire(server, sockets))));
  }

  /** Every connection ends at once, and no other is taken. */
  cut(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
