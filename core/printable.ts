import { bytesOf } from './call.ts';

/** Characters of a malformed message that its record keeps. */
const PRINTED = 65_536;

/** A malformed message as JSON text for the record, whatever it is. */
export function printable(message: unknown): string {
  try {
    const text = JSON.stringify(message, sizeOfBytes) ?? 'null';
    return text.length > PRINTED ? JSON.stringify(`${text.slice(0, PRINTED)}…`) : text;
  } catch (error) {
    return JSON.stringify(`(${(error as Error).message})`);
  }
}

/** As numbers, the bytes of one frame would hold the host up for seconds. */
function sizeOfBytes(_key: string, value: unknown): unknown {
  const bytes = bytesOf(value);
  return bytes ? `(${bytes.byteLength} bytes)` : value;
}
