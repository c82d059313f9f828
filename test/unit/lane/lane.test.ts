/** The lane: its messages, the change from postMessage to it without losing the order, and what happens when it ends. */
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { decodeLane, encodeLane, type LaneMessage } from '#core/lane.ts';
import { Lane } from '../../../extension/lane.ts';
import { HostLine } from '../../../webview-ui/frame/host-line.ts';

const part = fc.oneof(fc.string(), fc.uint8Array({ maxLength: 64 }));
const frame = fc.tuple(fc.nat(), fc.array(part)).map(([load, parts]) => [load, ...parts] as unknown as LaneMessage);
const message = fc.oneof(frame, fc.record({ kind: fc.string(), url: fc.string() }));

test('a message is the same on the other side', () => {
  fc.assert(
    fc.property(message, (sent) => {
      expect(decodeLane(encodeLane(sent))).toEqual(sent);
    }),
  );
});

test('what is no message throws, and reads nothing beyond its end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        decodeLane(new Uint8Array(bytes));
      } catch (error) {
        expect(error).toSatisfy((thrown) => thrown instanceof RangeError || thrown instanceof SyntaxError);
      }
    }),
  );
  const encoded = encodeLane([1, new Uint8Array(8)]);
  expect(() => decodeLane(encoded.slice(0, -1))).toThrow(RangeError);
});

/** Both ends, with two ways between them. What is on its way arrives, in its order, when the test says so. */
class Ways {
  readonly #ways = new Map<string, (() => void)[]>();
  readonly heard: { host: unknown[]; page: unknown[] } = { host: [], page: [] };
  readonly lane: Lane;
  readonly line: HostLine;
  readonly offers: string[] = [];
  lost = 0;
  #accept: ((socket: never) => void) | undefined;
  #hear = (_message: unknown): void => undefined;
  sockets: { readonly client: FakeSocket; readonly server: FakeServerSocket }[] = [];

  constructor() {
    const { promise: never } = Promise.withResolvers<boolean>();
    this.lane = new Lane({
      webview: {
        onDidReceiveMessage: (listener: (said: unknown) => void) => {
          this.#hear = listener;
          return { dispose: () => undefined };
        },
        postMessage: (said: unknown) => {
          this.put('old down', () => this.line.receive(said));
          return never;
        },
      } as never,
      offer: (open) => {
        this.#accept = open as never;
        return { url: `ws://lane/${this.offers.push('')}`, dispose: () => undefined };
      },
    });
    this.lane.onDidReceiveMessage((said) => this.heard.host.push(said));
    this.line = new HostLine({
      vscode: { postMessage: (said: unknown) => this.put('old up', () => this.#hear(said)) },
      take: (said) => this.heard.page.push(said),
      lost: () => this.lost++,
    });
    vi.stubGlobal(
      'WebSocket',
      class extends FakeSocket {
        constructor() {
          super(ways);
        }
      },
    );
    const ways = this;
  }

  put(way: string, arrive: () => void): void {
    const waiting = this.#ways.get(way);
    if (waiting) waiting.push(arrive);
    else this.#ways.set(way, [arrive]);
  }

  /** The host hears something on the old way. */
  say(message: unknown): void {
    this.#hear(message);
  }

  /** The next of what is on this way arrives. */
  arrive(way: string): boolean {
    const next = this.#ways.get(way)?.shift();
    next?.();
    return next !== undefined;
  }

  arriveAll(): void {
    while (['old up', 'old down', 'lane up', 'lane down'].some((way) => this.arrive(way)));
  }

  connect(client: FakeSocket): void {
    const server = new FakeServerSocket(this, client);
    this.sockets.push({ client, server });
    this.put('lane up', () => {
      this.#accept?.(server as never);
      this.put('lane down', () => client.onopen());
      client.server = server;
    });
  }
}

class FakeSocket {
  binaryType = '';
  onopen = (): void => undefined;
  onmessage = (_event: { data: unknown }): void => undefined;
  onclose = (): void => undefined;
  server: FakeServerSocket | undefined;
  readonly #ways: Ways;

  constructor(ways: Ways) {
    this.#ways = ways;
    ways.connect(this);
  }

  send(data: Uint8Array | string): void {
    const sent = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
    this.#ways.put('lane up', () => this.server?.hear('message', sent, typeof data !== 'string'));
  }

  close(): void {}
}

class FakeServerSocket {
  readonly OPEN = 1;
  readyState = 1;
  binaryType = '';
  readonly #ways: Ways;
  readonly #client: FakeSocket;
  readonly #listeners = new Map<string, (...given: unknown[]) => void>();

  constructor(ways: Ways, client: FakeSocket) {
    this.#ways = ways;
    this.#client = client;
  }

  on(event: string, listener: (...given: unknown[]) => void): void {
    const before = this.#listeners.get(event);
    this.#listeners.set(event, (...given) => {
      before?.(...given);
      listener(...given);
    });
  }

  hear(event: string, ...given: unknown[]): void {
    this.#listeners.get(event)?.(...given);
  }

  send(data: Uint8Array): void {
    const { buffer } = new Uint8Array(data);
    this.#ways.put('lane down', () => this.#client.onmessage({ data: buffer }));
  }

  terminate(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.hear('close');
    this.#client.onclose();
  }

  close(): void {
    this.terminate();
  }
}

beforeEach(() => () => vi.unstubAllGlobals());

const WAYS = ['old up', 'old down', 'lane up', 'lane down'] as const;
const steps = fc.array(fc.constantFrom(...WAYS, 'host says', 'page says'), { minLength: 20, maxLength: 120 });

test('whenever what is on its way arrives, nothing is lost, doubled or overtaken while the way changes', () => {
  let onLane = 0;
  fc.assert(
    fc.property(steps, (order) => {
      const ways = new Ways();
      let said = 0;
      const sent: { host: unknown[]; page: unknown[] } = { host: [], page: [] };
      ways.lane.offer();
      for (const step of order) {
        if (step === 'host says') {
          sent.page.push([1, `host ${said++}`]);
          void ways.lane.postMessage(sent.page.at(-1));
        } else if (step === 'page says') {
          sent.host.push([1, `page ${said++}`, new Uint8Array([said])]);
          ways.line.post(sent.host.at(-1) as LaneMessage);
        } else ways.arrive(step);
      }
      ways.arriveAll();
      expect(ways.heard).toEqual(sent);
      ways.line.post([1, 'last']);
      void ways.lane.postMessage([1, 'last']);
      if (ways.arrive('lane up') && ways.arrive('lane down')) onLane++;
    }),
    { numRuns: 2000 },
  );
  expect(onLane).toBe(2000);
});

function opened(): Ways {
  const ways = new Ways();
  ways.lane.offer();
  ways.arriveAll();
  return ways;
}

test('a message is delivered when the wrapper page has taken it, and not where the lane ends before', async () => {
  const ways = opened();
  const first = ways.lane.postMessage([1, 'a']);
  ways.arriveAll();
  expect(await first).toBe(true);
  const second = ways.lane.postMessage([1, 'b']);
  ways.sockets[0]?.server.terminate();
  expect(await second).toBe(false);
  expect(ways.lost).toBe(1);
});

test('after a lane has ended, messages go the old way, and another one is offered', () => {
  const ways = opened();
  ways.sockets[0]?.server.terminate();
  ways.line.post([2, 'page']);
  expect(ways.arrive('old up')).toBe(true);
  void ways.lane.postMessage([2, 'host']);
  expect(ways.arrive('old down')).toBe(true);
  expect(ways.heard).toEqual({ host: [[2, 'page']], page: [[2, 'host']] });
  ways.lane.offer();
  ways.arriveAll();
  ways.line.post([2, 'again']);
  expect(ways.arrive('lane up')).toBe(true);
});

test('a wrapper page that VS Code has made anew speaks on the old way: the lane of the one before ends', () => {
  const ways = opened();
  ways.say({ kind: 'connect' });
  expect(ways.sockets[0]?.server.readyState).toBe(3);
  void ways.lane.postMessage([1, 'host']);
  expect(ways.arrive('old down')).toBe(true);
  expect(ways.heard.host).toEqual([{ kind: 'connect' }]);
});

test('a message that is none closes the lane', () => {
  const ways = opened();
  const { server } = ways.sockets[0] ?? {};
  server?.hear('message', Buffer.from([255, 255, 255, 255, 0]), true);
  expect(server?.readyState).toBe(3);
});

test('a lane that was never opened changes nothing', () => {
  const ways = new Ways();
  ways.lane.offer();
  ways.arrive('old down');
  ways.sockets[0]?.client.onclose();
  ways.line.post([1, 'a']);
  expect(ways.arrive('old up')).toBe(true);
  expect([ways.heard.host, ways.lost]).toEqual([[[1, 'a']], 0]);
});

test('the end of the panel ends the lane', () => {
  const ways = opened();
  ways.lane.dispose();
  expect(ways.sockets[0]?.server.readyState).toBe(3);
});
