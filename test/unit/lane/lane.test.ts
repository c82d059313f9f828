/** The lane: its messages, the change from postMessage to it without losing the order, and what happens when it ends. */
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { decodeLane, encodeLane, type LaneMessage } from '#core/lane.ts';
import { Lane } from '../../../extension/lane.ts';
import { HostLine } from '../../../webview-ui/frame/host-line.ts';
import { serveLane, type WorkerScope } from '../../../webview-ui/frame/lane-worker.ts';

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

const WAYS = [
  'old up',
  'old down',
  'lane up',
  'lane down',
  'to worker',
  'from worker',
  'page up',
  'page down',
] as const;
type Way = (typeof WAYS)[number];

/** Both ends, the worker and the page, with the ways between them. What is on its way arrives, in its order, when the test says so. */
class Ways {
  readonly #ways = Object.fromEntries(WAYS.map((way) => [way, []])) as unknown as Record<Way, (() => void)[]>;
  /** what the host has heard of the page and of its wrapper page, the wrapper page, and the page */
  readonly heard = { host: [] as unknown[], wrapper: [] as unknown[], page: [] as unknown[] };
  readonly left: number[] = [];
  readonly lane: Lane;
  readonly line: HostLine;
  readonly sockets: { readonly client: FakeSocket; readonly server: FakeServerSocket }[] = [];
  /** the port of the page's last load, as the page has it */
  port = new FakePort(this, 'page down');
  onLost = (): void => undefined;
  offers = 0;
  lost = 0;
  workers = 0;
  #accept: ((socket: never) => void) | undefined;
  #hear = (_message: unknown): void => undefined;

  /** @param workers whether the browser runs workers, or how it says that it does not */
  constructor(workers: 'run' | 'throw' | 'fail' = 'run') {
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
        return { url: `ws://lane/${this.offers++}`, dispose: () => undefined };
      },
    });
    this.lane.onDidReceiveMessage((said) => this.heard.host.push(said));
    this.line = new HostLine({
      vscode: { postMessage: (said: unknown) => this.put('old up', () => this.#hear(said)) },
      startWorker: () => {
        if (workers === 'throw') throw new Error('no workers here');
        return this.#startWorker(workers === 'run');
      },
      take: (said) => this.heard.wrapper.push(said),
      key: (pressed) => this.heard.wrapper.push(pressed),
      leave: (generation) => this.left.push(generation),
      lost: () => {
        this.lost++;
        this.onLost();
      },
    });
    const ways = this;
    vi.stubGlobal(
      'WebSocket',
      class extends FakeSocket {
        constructor() {
          super(ways);
        }
      },
    );
    this.load(1);
  }

  /** The page loads, and asks for its connection. */
  load(generation: number): void {
    const inside = new FakePort(this, 'page down');
    const outside = new FakePort(this, 'page up');
    inside.other = outside;
    outside.other = inside;
    inside.onmessage = ({ data }) => this.heard.page.push(data);
    this.port = inside;
    this.line.connect(generation, 'key', outside as never);
  }

  #startWorker(runs: boolean): Worker {
    this.workers++;
    let isOver = false;
    const worker = {
      onmessage: (_event: { data: unknown }): void => undefined,
      onerror: (_event: { message: string }): void => undefined,
      postMessage: (data: never, ports: never) =>
        this.put('to worker', () => {
          if (isOver || !runs) return;
          try {
            scope.onmessage?.({ data, ports } as never);
          } catch (error) {
            worker.onerror({ message: String(error) });
          }
        }),
      terminate: () => {
        isOver = true;
      },
    };
    const scope: WorkerScope = {
      onmessage: null,
      postMessage: (data) => this.put('from worker', () => isOver || worker.onmessage({ data })),
    };
    if (runs) serveLane(scope);
    else this.put('from worker', () => worker.onerror({ message: 'not allowed' }));
    return worker as never;
  }

  put(way: Way, arrive: () => void): void {
    this.#ways[way].push(arrive);
  }

  /** The host hears something on the old way. */
  say(message: unknown): void {
    this.#hear(message);
  }

  /** The next of what is on this way arrives. */
  arrive(way: Way): boolean {
    const next = this.#ways[way].shift();
    next?.();
    return next !== undefined;
  }

  arriveAll(): void {
    while (WAYS.some((way) => this.arrive(way)));
  }

  /** What the host has heard of the page. */
  get frames(): unknown[] {
    return this.heard.host.filter((said) => Array.isArray(said));
  }

  connect(client: FakeSocket): void {
    const server = new FakeServerSocket(this, client);
    this.sockets.push({ client, server });
    this.put('lane up', () => {
      this.#accept?.(server as never);
      this.put('lane down', () => client.open());
      client.server = server;
    });
  }
}

/** One end of a MessageChannel: keeps what comes until somebody listens. */
class FakePort {
  other: FakePort | undefined;
  readonly #ways: Ways;
  readonly #way: Way;
  readonly #queue: unknown[] = [];
  #listener: ((event: { data: unknown }) => void) | null = null;

  constructor(ways: Ways, way: Way) {
    this.#ways = ways;
    this.#way = way;
  }

  postMessage(data: unknown): void {
    const { other } = this;
    if (other) this.#ways.put(other.#way, () => other.#hear(data));
  }

  set onmessage(listener: ((event: { data: unknown }) => void) | null) {
    this.#listener = listener;
    while (this.#listener && this.#queue.length > 0) this.#listener({ data: this.#queue.shift() });
  }

  #hear(data: unknown): void {
    if (this.#listener) this.#listener({ data });
    else this.#queue.push(data);
  }

  close(): void {
    if (this.other) this.other.other = undefined;
    this.#listener = () => undefined;
  }
}

class FakeSocket {
  binaryType = '';
  onopen = (): void => undefined;
  onmessage = (_event: { data: unknown }): void => undefined;
  onclose = (): void => undefined;
  server: FakeServerSocket | undefined;
  readonly #ways: Ways;
  #isOpen = false;

  constructor(ways: Ways) {
    this.#ways = ways;
    ways.connect(this);
  }

  open(): void {
    this.#isOpen = true;
    this.onopen();
  }

  send(data: Uint8Array | string): void {
    if (!this.#isOpen) throw new Error('InvalidStateError');
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
    if (event === 'message' && this.readyState !== this.OPEN) return;
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
    this.#ways.put('lane down', () => this.#client.onclose());
  }

  close(): void {
    this.terminate();
  }
}

beforeEach(() => () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const steps = fc.array(fc.constantFrom(...WAYS, 'host says', 'page says', 'wrapper says'), {
  minLength: 20,
  maxLength: 160,
});

test('whenever what is on its way arrives, nothing is lost, doubled or overtaken while the way changes', () => {
  let onLane = 0;
  fc.assert(
    fc.property(steps, (order) => {
      const ways = new Ways();
      let said = 0;
      const sent = { frames: [] as unknown[], wrapper: [{ kind: 'connect', generation: 1, key: 'key' }] as unknown[] };
      const host = { wrapper: [] as unknown[], page: [] as unknown[] };
      ways.lane.offer();
      for (const step of order) {
        said++;
        if (step === 'host says') {
          host.page.push([`host ${said}`]);
          host.wrapper.push({ kind: 'theme', said });
          void ways.lane.postMessage([1, `host ${said}`]);
          void ways.lane.postMessage(host.wrapper.at(-1));
        } else if (step === 'page says') {
          sent.frames.push([1, `page ${said}`, new Uint8Array([said])]);
          ways.port.postMessage([`page ${said}`, new Uint8Array([said])]);
        } else if (step === 'wrapper says') {
          sent.wrapper.push({ kind: 'loaded', said });
          ways.line.post({ kind: 'loaded', said });
        } else ways.arrive(step);
      }
      ways.arriveAll();
      expect(ways.heard.host[0]).toEqual(sent.wrapper[0]);
      expect(ways.frames).toEqual(sent.frames);
      expect(ways.heard.host.filter((message) => !Array.isArray(message))).toEqual(sent.wrapper);
      expect(ways.heard).toMatchObject(host);
      ways.port.postMessage(['last']);
      void ways.lane.postMessage([1, 'last']);
      if (ways.arrive('page up') && ways.arrive('lane up') && ways.arrive('lane down')) onLane++;
      expect(ways.arrive('page down')).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(onLane).toBe(2000);
});

test('whatever arrives when, and whichever page loads or lane breaks in between: the page that is there in the end is reached', () => {
  let broke = 0;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...WAYS, ...WAYS, 'page loads', 'lane breaks'), {
        minLength: 40,
        maxLength: 300,
        size: 'max',
      }),
      (order) => {
        const ways = new Ways();
        let generation = 1;
        const load = () => ways.load(++generation);
        // As the wrapper page and the panel do.
        ways.onLost = load;
        ways.lane.onDidReceiveMessage((said) => {
          if ((said as { kind?: string }).kind === 'connect') ways.lane.offer();
        });
        for (const step of order) {
          if (step === 'page loads') load();
          else if (step === 'lane breaks') ways.sockets.at(-1)?.server.terminate();
          else ways.arrive(step);
        }
        load();
        ways.arriveAll();
        ways.port.postMessage(['last']);
        void ways.lane.postMessage([generation, 'last']);
        ways.arriveAll();
        expect(ways.frames.at(-1)).toEqual([generation, 'last']);
        expect(ways.heard.page.at(-1)).toEqual(['last']);
        broke += ways.lost;
      },
    ),
    { numRuns: 1000 },
  );
  expect(broke).toBeGreaterThan(100);
});

function opened(): Ways {
  const ways = new Ways();
  ways.lane.offer();
  ways.arriveAll();
  ways.heard.host.length = 0;
  return ways;
}

test('a page that loads again keeps the lane: it is told to the host first, and what the one before says is not heard', () => {
  const ways = opened();
  const before = ways.port;
  ways.load(2);
  ways.arriveAll();
  before.postMessage(['late']);
  ways.port.postMessage(['new']);
  void ways.lane.postMessage([1, 'for the one before']);
  void ways.lane.postMessage([2, 'for this one']);
  ways.arriveAll();
  expect(ways.heard.host).toEqual([{ kind: 'connect', generation: 2, key: 'key' }, [2, 'new']]);
  expect(ways.heard.page).toEqual([['for this one']]);
  expect(ways.workers).toBe(1);
});

test('keys and the end of a document reach the wrapper page by either way', () => {
  for (const ways of [new Ways(), opened()]) {
    ways.port.postMessage({ code: 'KeyP', ctrlKey: true });
    ways.port.postMessage(0);
    ways.arriveAll();
    expect([ways.heard.wrapper, ways.left]).toEqual([[{ code: 'KeyP', ctrlKey: true }], [1]]);
  }
});

test('a message is delivered when the wrapper page has taken it, and not where the lane ends before', async () => {
  const ways = opened();
  const first = ways.lane.postMessage([1, 'a']);
  ways.arriveAll();
  expect(await first).toBe(true);
  const second = ways.lane.postMessage([1, 'b']);
  ways.sockets[0]?.server.terminate();
  expect(await second).toBe(false);
  ways.arriveAll();
  expect(ways.lost).toBe(1);
});

test('after a lane has ended, messages go the old way, and another one is offered', () => {
  const ways = opened();
  ways.sockets[0]?.server.terminate();
  ways.arriveAll();
  ways.load(2);
  ways.port.postMessage(['page']);
  expect(ways.arrive('old up') && ways.arrive('page up') && ways.arrive('old up')).toBe(true);
  void ways.lane.postMessage([2, 'host']);
  expect(ways.arrive('old down') && ways.arrive('page down')).toBe(true);
  expect([ways.frames, ways.heard.page]).toEqual([[[2, 'page']], [['host']]]);
  ways.lane.offer();
  ways.arriveAll();
  ways.port.postMessage(['again']);
  expect(ways.arrive('page up') && ways.arrive('lane up')).toBe(true);
  expect(ways.frames.at(-1)).toEqual([2, 'again']);
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
  ways.arrive('old up');
  ways.arrive('old down');
  ways.arrive('to worker');
  ways.sockets[0]?.client.onclose();
  ways.arrive('from worker');
  ways.port.postMessage(['a']);
  expect(ways.arrive('page up') && ways.arrive('old up')).toBe(true);
  expect([ways.frames, ways.lost]).toEqual([[[1, 'a']], 0]);
});

test.each(['throw', 'fail'] as const)(
  'where the browser runs no workers there is no lane, and that is said: %s',
  (how) => {
    const warned = vi.spyOn(console, 'warn').mockReturnValue();
    const ways = new Ways(how);
    for (const generation of [2, 3]) {
      ways.lane.offer();
      ways.arriveAll();
      ways.load(generation);
      ways.port.postMessage(['a']);
      ways.arriveAll();
      expect([ways.frames.at(-1), ways.sockets, ways.lost]).toEqual([[generation, 'a'], [], 0]);
    }
    expect(warned).toHaveBeenCalledOnce();
  },
);

test('the end of the panel ends the lane', () => {
  const ways = opened();
  ways.lane.dispose();
  expect(ways.sockets[0]?.server.readyState).toBe(3);
});
