/** Servers on loopback that end with the test, and count who is connected. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));

export interface TestServer<S extends NetServer = NetServer> {
  readonly server: S;
  readonly port: number;
  /** `127.0.0.1:{port}` */
  readonly host: string;
  /** connections that are open now */
  readonly sockets: ReadonlySet<Socket>;
}

/** Listens on a free port of 127.0.0.1. */
export async function listen<S extends NetServer>(server: S): Promise<TestServer<S>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { server, port, host: `127.0.0.1:${port}`, sockets };
}

export const serve = (listener: RequestListener): Promise<TestServer<Server>> => listen(createServer(listener));

/** With a certificate that nobody signed, of another name. */
export const serveTls = (listener: RequestListener) =>
  listen(createTlsServer({ key: fixture('key.pem'), cert: fixture('cert.pem') }, listener));
