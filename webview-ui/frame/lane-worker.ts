/**
 * The thread that has the lane (core/lane.ts) of a wrapper page, and the page's port with it: frames go between the page and
 * the host without the wrapper page's thread, which may be the very one that the page runs in. So the host works at a
 * page's first calls while the page still makes the others.
 */
import { decodeLane, encodeLane, type LaneMessage, TAKEN } from '#core/lane.ts';
import { PagePort } from './page-port.ts';

/** From the wrapper page. */
export type ToWorker =
  | { readonly kind: 'open'; readonly url: string }
  | { readonly kind: 'say'; readonly message: LaneMessage }
  /** with the port of a page, and what the host is told of it first */
  | { readonly kind: 'page'; readonly generation: number; readonly hello?: LaneMessage }
  | { readonly kind: 'close' }
  /** The host's last word on the old way has come. */
  | { readonly kind: 'begin' };

/** To the wrapper page. */
export type FromWorker =
  | { readonly kind: 'open' }
  | { readonly kind: 'said'; readonly message: unknown }
  | { readonly kind: 'key'; readonly pressed: KeyboardEventInit }
  | { readonly kind: 'leave'; readonly generation: number }
  | { readonly kind: 'ended' };

/** What a worker has of its global object. */
export interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker): void;
}

/** Serves the wrapper page that has started this worker, for one lane. */
export function serveLane(scope: WorkerScope): void {
  let socket: WebSocket | undefined;
  let page: PagePort | undefined;
  /** what came on the lane before the host's last word on the old way; undefined from then on */
  let early: unknown[] | undefined = [];

  const say = (message: LaneMessage) => socket?.send(encodeLane(message));

  function take(message: unknown): void {
    if (Array.isArray(message)) page?.take(message);
    else scope.postMessage({ kind: 'said', message });
  }

  function open(url: string): void {
    socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => scope.postMessage({ kind: 'open' });
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      const message = decodeLane(new Uint8Array(data));
      if (early) early.push(message);
      else take(message);
      socket?.send(TAKEN);
    };
    socket.onclose = () => scope.postMessage({ kind: 'ended' });
  }

  function serve(generation: number, port: MessagePort): void {
    page = new PagePort(generation, port, {
      post: say,
      key: (pressed) => scope.postMessage({ kind: 'key', pressed }),
      leave: (left) => scope.postMessage({ kind: 'leave', generation: left }),
    });
  }

  scope.onmessage = ({ data, ports }) => {
    if (data.kind === 'open') open(data.url);
    else if (data.kind === 'say') say(data.message);
    else if (data.kind === 'page') {
      serve(data.generation, ports[0] as MessagePort);
      if (data.hello) say(data.hello);
    } else if (data.kind === 'close') page?.close();
    else {
      const waited = early ?? [];
      early = undefined;
      for (const message of waited) take(message);
    }
  };
}
