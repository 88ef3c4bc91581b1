import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';

/**
 * An address that notes when it is connected to for the first time and answers
 * nobody. As a second cluster it tells when a backend begins to read, without
 * standing between it and the cluster that is measured.
 */
export class FirstContact {
  readonly url: string;
  /** Milliseconds of `performance.now()`. */
  readonly at: Promise<number>;
  readonly #server: Server;
  readonly #sockets: Socket[] = [];

  static async listen(): Promise<FirstContact> {
    const server = createServer();
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new FirstContact(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
    this.at = new Promise(resolve => {
      server.on('connection', socket => {
        resolve(performance.now());
        this.#sockets.push(socket);
      });
    });
  }

  close(): void {
    this.#server.close();
    this.#sockets.forEach(socket => socket.destroy());
  }
}
