/**
 * The page's side of Tauri's isolation pattern (tauri-core 7.3): every invoke goes to the isolation frame first, and
 * what comes back from there, sealed, goes to the host. Part of dist/bridge-isolation.js only.
 */
import type { BridgeConfig } from './config.ts';
import type { InvokeMessage } from './internals.ts';
import { jsonText, rawBytes } from './serialize.ts';

/** An invoke on its way to the isolation frame: JSON of the message, and its payload where that is bytes. */
export type ToIsolation = readonly [json: string, bytes?: Uint8Array | ArrayBuffer];

interface Head {
  readonly cmd: string;
  readonly callback: number;
  readonly error: number;
}
interface Sealed extends Head {
  readonly sealed: Uint8Array;
  readonly headers: [string, string][];
}
interface Refused extends Head {
  readonly reason: string;
  /** what the hook was given, where that was JSON */
  readonly payload?: unknown;
}
/** An invoke back from it. */
export type FromIsolation = Sealed | Refused;

/** What the page does with what comes back. */
interface IsolationExit {
  post(message: InvokeMessage): void;
  refuse(message: Refused): void;
}

/** How long the frame may take from its start until its page has set the hook. Tauri waits for ever. */
const READY_MS = 10_000;

/** Adds the isolation frame to the page; gives what sends an invoke through it. */
export function isolate(
  { origin, load }: Required<BridgeConfig>['isolation'],
  exit: IsolationExit,
): (message: InvokeMessage) => void {
  const frame = document.createElement('iframe');
  let waiting: ToIsolation[] = [];
  let port: MessagePort | undefined;
  let late = false;

  const take = (message: FromIsolation): void => {
    if ('reason' in message) return exit.refuse(message);
    const { sealed: payload, headers, ...rest } = message;
    exit.post({ ...rest, payload, ...(headers.length > 0 && { options: { headers } }) });
  };

  const flush = (): void => {
    if (!waiting[0] || (!port && !late)) return;
    const leaving = waiting;
    waiting = [];
    if (port)
      return port.postMessage(
        leaving,
        leaving.flatMap(([, bytes]) => (bytes ? bufferOf(bytes) : [])),
      );
    for (const [json] of leaving) {
      const { cmd, callback, error, payload } = JSON.parse(json) as InvokeMessage;
      const reason = `the isolation page was not ready within ${READY_MS / 1000} s: it must set window.__TAURI_ISOLATION_HOOK__ to a function, or to null`;
      take({ cmd, callback, error, reason, payload });
    }
  };

  const listen = (event: MessageEvent): void => {
    if (event.source !== frame.contentWindow || event.data !== '__TAURI_ISOLATION_READY__') return;
    // The page's own listeners must not see the port.
    event.stopImmediatePropagation();
    port = event.ports[0] as MessagePort;
    port.onmessage = ({ data }: MessageEvent<FromIsolation[]>) => {
      for (const message of data) take(message);
    };
    flush();
  };
  addEventListener('message', listen, true);

  addEventListener('DOMContentLoaded', () => {
    frame.id = '__tauri_isolation__';
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.style.setProperty('display', 'none', 'important');
    frame.src = `${origin}/${load}`;
    // Not into the body: its content is the app's to replace.
    document.documentElement.append(frame);
    setTimeout(() => {
      late = true;
      flush();
    }, READY_MS);
  });

  return ({ payload, options, ...rest }) => {
    const bytes = rawBytes(payload);
    const head = { ...rest, ...(options?.headers && { options: { headers: [...new Headers(options.headers)] } }) };
    const json = JSON.stringify(head);
    if (bytes) waiting.push([json, payload instanceof ArrayBuffer ? bytes.buffer : bytes]);
    else waiting.push([`${json.slice(0, -1)},"payload":${jsonText(payload)}}`]);
    // The messages of one turn travel together here too.
    if (!waiting[1]) queueMicrotask(flush);
  };
}

const bufferOf = (bytes: Uint8Array | ArrayBuffer) =>
  bytes instanceof ArrayBuffer ? bytes : (bytes.buffer as ArrayBuffer);
