/** `window.__TAURI_INTERNALS__` and its relatives, as every npm api of 2.x uses them (tauri-core 1). */
import type { ToPage } from '#core/wire.ts';
import type { BridgeConfig } from './config.ts';
import { isolate } from './isolation.ts';
import type { Link } from './link.ts';
import { jsonText, rawBytes } from './serialize.ts';
import { dropStack, keepStack, nameStack } from './stacks.ts';

export interface InvokeMessage {
  cmd: string;
  callback: number;
  error: number;
  payload: unknown;
  options?: { headers?: HeadersInit };
}

type Callback = (data: unknown) => unknown;

/** Not writable, not enumerable, not configurable: as Tauri defines everything of its own. */
export function define(object: object, members: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(members)) Object.defineProperty(object, name, { value });
}

function take<V>(map: Map<number, V>, key: number): V | undefined {
  const value = map.get(key);
  map.delete(key);
  return value;
}

/** Defines the globals on `window`; gives what takes the host's messages. */
export function defineInternals(
  config: BridgeConfig,
  label: string,
  link: () => Link,
): (message: ToPage, raw: ArrayBuffer | undefined) => void {
  const callbacks = new Map<number, Callback>();
  /** callbacks of the invokes that are not answered, by the number of the invoke (core/wire.ts) */
  const invokes = new Map<number, [number, number]>();
  let invoked = 0;
  const random = new Uint32Array(256);
  let used = random.length;

  const newId = (): number => {
    if (used === random.length) {
      crypto.getRandomValues(random);
      used = 0;
    }
    const id = random[used++] as number;
    return callbacks.has(id) ? newId() : id;
  };

  const transformCallback = (callback?: Callback, once = false): number => {
    const id = newId();
    callbacks.set(id, (data) => {
      if (once) callbacks.delete(id);
      return callback?.(data);
    });
    return id;
  };

  const unregisterCallback = (id: number): void => void callbacks.delete(id);

  const runCallback = (id: number, data: unknown): void => {
    const callback = callbacks.get(id);
    if (callback) callback(data);
    else {
      console.warn(
        `[TAURI] Couldn't find callback id ${id}. This might happen when the app is reloaded while Rust is running an asynchronous operation.`,
      );
    }
  };

  const postMessage = ({ cmd, callback, error, payload, options }: InvokeMessage): void => {
    const headers = options?.headers && [...new Headers(options.headers)];
    const stack = STACKS ? nameStack(callback, (message) => link().send(message)) : '';
    link().sendInvoke(`${stack}${JSON.stringify(cmd)},${invoked}`, rawBytes(payload) ?? jsonText(payload), headers);
    invokes.set(invoked++, [callback, error]);
  };

  const invoke = (cmd: string, payload: unknown = {}, options?: { headers?: HeadersInit }): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const callback = transformCallback((value) => {
        resolve(value);
        unregisterCallback(error);
      }, true);
      const error = transformCallback((value) => {
        reject(value);
        unregisterCallback(callback);
      }, true);
      if (STACKS) keepStack(callback, invoke);
      try {
        internals.ipc({ cmd, callback, error, payload, ...(options && { options }) });
      } catch (problem) {
        if (STACKS) dropStack(callback);
        unregisterCallback(callback);
        unregisterCallback(error);
        link().send({
          kind: 'problem',
          about: String(cmd),
          message: `${problem}`,
        });
        throw problem;
      }
    });

  const convertFileSrc = (path: string, protocol = 'asset'): string =>
    ((protocol === 'asset' && config.assetUrl) ||
      (config.windows ? `http://${protocol}.localhost/` : `${protocol}://localhost/`)) + encodeURIComponent(path);

  const internals = {} as { ipc(message: InvokeMessage): void };
  define(internals, {
    plugins: { path: { sep: config.separator, delimiter: config.delimiter } },
    metadata: { currentWindow: { label }, currentWebview: { windowLabel: label, label } },
    postMessage,
    ipc: Object.freeze(
      ISOLATION
        ? isolate(config.isolation as Required<BridgeConfig>['isolation'], {
            post: postMessage,
            refuse({ cmd, callback, error, payload, reason }) {
              if (STACKS) dropStack(callback);
              link().send({ kind: 'refused', cmd, reason, payload });
              runCallback(error, reason);
            },
          })
        : postMessage.bind(null),
    ),
    invoke,
    transformCallback,
    unregisterCallback,
    runCallback,
    callbacks,
    convertFileSrc,
    __TAURI_PATTERN__: Object.freeze(
      ISOLATION ? { pattern: 'isolation', side: 'original' } : { pattern: 'brownfield' },
    ),
  });
  define(window, { isTauri: true, __TAURI_INTERNALS__: internals, __TAURI_OS_PLUGIN_INTERNALS__: config.os });

  // ---- events

  const listeners: Record<string, Record<number, { target: unknown; handlerId: number }>> = Object.create(null);
  const dispatch = (data: { event: string; payload: unknown; id?: number }, ids: number[]): void => {
    for (const id of ids) {
      const listener = listeners[data.event]?.[id];
      if (!listener) continue;
      try {
        // A copy for each: a handler that changes its event object must not change the next one's.
        runCallback(listener.handlerId, { ...data, id });
      } catch (error) {
        reportError(error);
      }
    }
  };
  const forget = (event: string, id: number): void => {
    const listener = listeners[event]?.[id];
    if (!listener) return;
    callbacks.delete(listener.handlerId);
    delete listeners[event]?.[id];
  };
  define(window, {
    __TAURI_EVENT_PLUGIN_INTERNALS__: {
      // Called synchronously by every unlisten: from now on the handler cannot run, even for an event on its way.
      unregisterListener: forget,
    },
    __internal_unstable_listeners_object_id__: listeners,
    __internal_unstable_listeners_function_id__: dispatch,
  });

  return (message, raw) => {
    switch (message.kind) {
      case 'run':
        runCallback(take(invokes, message.id >>> 1)?.[message.id & 1] as number, raw ?? message.value);
        break;
      case 'message':
        // `index` is what the packages from 2.5 on read, `id` what those before read.
        runCallback(message.id, { message: raw ?? message.value, index: message.index, id: message.index });
        break;
      case 'end':
        if (callbacks.has(message.id)) runCallback(message.id, { end: true, index: message.index, id: -1 });
        // The packages before 2.6 do not know how to free it; nothing follows the end.
        callbacks.delete(message.id);
        break;
      case 'event':
        dispatch({ event: message.event, payload: message.payload }, message.ids as number[]);
        break;
      case 'listener':
        (listeners[message.event] ??= {})[message.id] = { target: message.target, handlerId: message.handler };
        break;
      case 'unlisten':
        forget(message.event, message.id);
        break;
      default:
      // `welcome` needs no answer; the others are not for Tauri's globals.
    }
  };
}
