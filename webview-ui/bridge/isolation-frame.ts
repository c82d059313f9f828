/**
 * The first script of the isolation frame (tauri-core 7.3 and 7.4): shows each invoke to the hook of the app's isolation
 * page, and seals what the hook lets pass. The key is here, in a frame whose document no other page can read, and in
 * the host.
 */
import type { InvokeMessage } from './internals.ts';
import type { FromIsolation, ToIsolation } from './isolation.ts';
import { jsonText, rawBytes } from './serialize.ts';

declare global {
  interface Window {
    __TAURI_ISOLATION_HOOK__?: ((message: unknown) => unknown) | null;
  }
}

/** `data-config` of the script element, written by extension/app/isolation-server.ts. */
interface IsolationConfig {
  /** 32 bytes */
  readonly key: number[];
  /** of the page that this frame belongs to */
  readonly origin: string;
}

/** As under Tauri. */
const POLL_MS = 50;
/** How long a hook may take for one message. Tauri waits for ever. */
const HOOK_MS = 30_000;
/** Bytes of a nonce. */
const NONCE = 12;

const script = document.currentScript as HTMLScriptElement;
const config = JSON.parse(script.dataset['config'] as string) as IsolationConfig;
script.remove();

const key = crypto.subtle.importKey('raw', new Uint8Array(config.key), 'AES-GCM', false, ['encrypt']);
const encoder = new TextEncoder();
let sealed = 0;
let passed: (() => Promise<FromIsolation>)[] = [];
let sending = Promise.resolve();

const timer = setInterval(start, POLL_MS);
addEventListener('DOMContentLoaded', start);

/** Takes messages once the app's page has set its hook; null is one that lets everything pass. */
function start(): void {
  if (!isReady(window.__TAURI_ISOLATION_HOOK__)) return;
  clearInterval(timer);
  removeEventListener('DOMContentLoaded', start);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<ToIsolation[]>) => {
    for (const message of data) void take(message, port1);
  };
  parent.postMessage('__TAURI_ISOLATION_READY__', config.origin, [port2]);
}

const isReady = (hook: unknown) => typeof hook === 'function' || hook === null;

async function take([json, bytes]: ToIsolation, port: MessagePort): Promise<void> {
  const { options, ...given } = JSON.parse(json) as InvokeMessage & { options?: { headers: [string, string][] } };
  const message = {
    ...given,
    ...(bytes && { payload: bytes }),
    ...(options && { options: { headers: Object.fromEntries(options.headers) } }),
  };
  try {
    const answer = await answerOf(message);
    pass(() => seal(answer), given, port);
  } catch (error) {
    pass(() => Promise.reject(error as Error), given, port);
  }
}

/** What the hook makes of a message; throws where that is none. */
async function answerOf(message: InvokeMessage): Promise<InvokeMessage> {
  const hook = window.__TAURI_ISOLATION_HOOK__;
  const answer = (typeof hook === 'function' ? await inTime(hook(message)) : message) as InvokeMessage | undefined;
  if (typeof answer?.cmd !== 'string' || !Number.isInteger(answer.callback) || !Number.isInteger(answer.error)) {
    throw new Error('it did not return a message');
  }
  return answer;
}

function inTime(answer: unknown): unknown {
  if (typeof (answer as PromiseLike<unknown> | undefined)?.then !== 'function') return answer;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it did not answer within ${HOOK_MS / 1000} s`)), HOOK_MS);
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer));
}

/** Sends what the hook has answered, in the order of its answers; those of one turn together. */
function pass(make: () => Promise<FromIsolation>, given: InvokeMessage, port: MessagePort): void {
  const refused = (error: unknown): FromIsolation => {
    const { cmd, callback, error: rejection, payload } = given;
    const reason = error instanceof Error ? error.message : String(error);
    return { cmd, callback, error: rejection, payload, reason: `refused by the isolation hook: ${reason}` };
  };
  passed.push(() => make().catch(refused));
  if (passed[1]) return;
  sending = sending.then(async () => {
    const leaving = passed;
    passed = [];
    const messages = await Promise.all(leaving.map((make) => make()));
    port.postMessage(
      messages,
      messages.flatMap((each) => ('sealed' in each ? (each.sealed.buffer as ArrayBuffer) : [])),
    );
  });
}

/**
 * A message as the host opens it (core/isolation.ts): the content type, the nonce, and the payload encrypted by AES-256-GCM.
 * Bound to it are type, command and headers, so that the page cannot put the payload into another message. The nonce
 * counts: the key is of this document alone, and the host takes no number twice.
 */
async function seal({ cmd, callback, error, payload, options }: InvokeMessage): Promise<FromIsolation> {
  const headers = [...new Headers(options?.headers)];
  const raw = rawBytes(payload);
  const type = raw ? 1 : 0;
  const nonce = new Uint8Array(NONCE);
  new DataView(nonce.buffer).setUint32(NONCE - 4, ++sealed);
  const additionalData = encoder.encode(JSON.stringify([type, cmd, headers]));
  const plain = raw ?? encoder.encode(jsonText(payload));
  const encrypted = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData }, await key, plain);
  const bytes = new Uint8Array(1 + NONCE + encrypted.byteLength);
  bytes[0] = type;
  bytes.set(nonce, 1);
  bytes.set(new Uint8Array(encrypted), 1 + NONCE);
  return { cmd, callback, error, headers, sealed: bytes };
}
