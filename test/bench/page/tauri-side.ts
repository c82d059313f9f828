/** Our side of the page, written as a Tauri frontend is: nothing of ours is imported. */
import { Channel, invoke } from '@tauri-apps/api/core';
import { emit } from '@tauri-apps/api/event';
import type { Row, Seen, Taken, Tick } from '../work.ts';
import type { Side } from './bench.ts';

export const tauriSide: Side = {
  greet: (name) => invoke<string>('greet', { name }),
  takeJson: (value) => invoke<number>('take_json', { value }),
  giveJson: (size) => invoke<Row[]>('give_json', { size }),
  takeBytes: (value) => invoke<number>('take_bytes', value),
  giveBytes: async (length) => new Uint8Array(await invoke<ArrayBuffer>('give_bytes', { length })),
  stream: (count, take) => invoke('stream', { count, onTick: new Channel<Tick>(take) }),
  notify: (message) => emit('tick', message),
  seen: (expected) => invoke<Seen>('seen', { expected }),
  taken: () => invoke<Taken>('taken'),
};
