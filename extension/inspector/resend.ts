/** Sends a recorded call again: same window, same permissions, same checks, as if the page had made it. */
import type { RequestBody } from '#core/call.ts';
import type { Connection } from '#core/connection.ts';
import { loadBody, type MessageRecord } from '#core/record.ts';
import { wasShortened } from '#core/tap-entry.ts';

/** Finds the page that a record came from, if it is still there. */
export type FindConnection = (app: string, window: string) => Connection | undefined;

/**
 * @param payload JSON text that replaces the recorded arguments
 * @returns the number of the new record, as soon as the call runs
 * @throws Error with a sentence for people where it cannot be sent
 */
export function resend(record: MessageRecord, find: FindConnection, payload?: string): number {
  if (record.kind !== 'invoke') throw new Error('only a call can be sent again');
  // What is decided must be what was sent.
  if (wasShortened(record.name)) throw new Error('the name of this command is too long to be kept whole');
  if (record.origin !== undefined && wasShortened(record.origin)) {
    throw new Error('the address of the page of this call is too long to be kept whole');
  }
  const connection = find(record.app, record.window);
  if (!connection?.ready) throw new Error(`window "${record.window}" of ${record.app} is not open`);
  const body = payload === undefined ? recordedBody(record) : editedBody(payload);
  const headers = record.headers ?? [];
  const origin = record.origin === undefined ? 'local' : { remote: record.origin };
  return connection.resend({ cmd: record.name, body, headers }, { of: record.id, origin }).record;
}

function recordedBody(record: MessageRecord): RequestBody {
  const body = loadBody(record.body);
  switch (body.kind) {
    case 'bytes':
      return { kind: 'raw', bytes: body.bytes };
    case 'json':
      return { kind: 'json', value: structuredClone(body.value) };
    case 'text':
      return { kind: 'json', value: JSON.parse(body.json) };
    case 'none':
      return { kind: 'json', value: {} };
    case 'dropped':
      throw new Error('the arguments of this call are not kept any more');
  }
}

/**
 * Sends a call that no page has made, as if the page of the window had.
 *
 * @param payload its arguments, as JSON
 * @returns the number of its record, as soon as it runs
 * @throws Error with a sentence for people where it cannot be sent
 */
export function sendNew(connection: Connection, command: string, payload: string): number {
  return connection.resend({ cmd: command, body: editedBody(payload), headers: [] }).record;
}

function editedBody(payload: string): RequestBody {
  try {
    return { kind: 'json', value: JSON.parse(payload) };
  } catch (error) {
    throw new Error(`the arguments are not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}
