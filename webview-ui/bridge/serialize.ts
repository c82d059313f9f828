/** What Tauri's own serialiser makes of arguments (tauri-core 2.2). */

const TO_IPC = '__TAURI_TO_IPC_KEY__';

/** The replacer that Tauri gives to `JSON.stringify`; `toJSON` was called before, by `JSON.stringify` itself. */
function replace(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (value && typeof value === 'object') {
    if (TO_IPC in value) return (value[TO_IPC] as () => unknown)();
    // Channels of the packages 2.0 to 2.4
    const { id } = value as { id?: unknown };
    if ('__TAURI_CHANNEL_MARKER__' in value && typeof id === 'number') return `__CHANNEL__:${id}`;
  }
  return value;
}

/** Arguments that travel as bytes: a buffer, a view of one, or a list of numbers; undefined for all that is JSON. */
export function rawBytes(payload: unknown): Uint8Array<ArrayBuffer> | undefined {
  // Copies: the page may change its buffer before the frame leaves.
  if (payload instanceof ArrayBuffer) return new Uint8Array(payload.slice(0));
  if (ArrayBuffer.isView(payload)) {
    return new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength).slice() as Uint8Array<ArrayBuffer>;
  }
  return Array.isArray(payload) ? Uint8Array.from(payload as number[]) : undefined;
}

/** The JSON text of arguments; throws as `JSON.stringify` does for what has none. */
export function jsonText(payload: unknown): string {
  return JSON.stringify(payload, replace) ?? 'null';
}
