/** Traffic that only serves other traffic: every page makes much of it and few people look for it. */
import type { RecordStatus } from '../record.ts';

const SERVING = new Set(['plugin:event|listen', 'plugin:event|unlisten', 'plugin:__TAURI_CHANNEL__|fetch']);

export const isInternalName = (name: string) => SERVING.has(name);

/** An event of the window itself, which is of interest to those who listen to it. */
export const isBuiltInEvent = (name: string) => name.startsWith('tauri://');

/** Listening and streaming, and a window's own event that nobody listens to. */
export function isInternal({ name, status }: { readonly name: string; readonly status: RecordStatus }): boolean {
  return isInternalName(name) || (status === 'unheard' && isBuiltInEvent(name));
}
