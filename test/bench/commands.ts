/** Our commands: the same for an extension's own app (hostApp) and for a project's backend. */
import * as z from 'zod';
import type { AppHandle } from '#core/app.ts';
import type { channel, Channel } from '#core/channel.ts';
import type { Command, command } from '#core/command.ts';
import { type Row, type Tick, Work } from './work.ts';

export function createCommands(lib: { command: typeof command; channel: typeof channel }): {
  readonly commands: readonly Command[];
  readonly setup: (app: AppHandle) => void;
} {
  const work = new Work();
  // Rows are not checked one by one: no other contestant does that.
  const Rows = z.custom<readonly Row[]>((value) => Array.isArray(value));
  return {
    commands: [
      lib.command('greet', { args: { name: z.string() } }, ({ name }) => work.greet(name)),
      lib.command('take_json', { args: { value: Rows } }, ({ value }) => work.takeJson(value)),
      lib.command('give_json', { args: { size: z.int() } }, ({ size }) => work.giveJson(size)),
      lib.command('take_bytes', {}, (_args, { request }) =>
        request.body.kind === 'raw' ? work.takeBytes(request.body.bytes) : -1,
      ),
      lib.command('give_bytes', { args: { length: z.int() } }, ({ length }) => work.giveBytes(length)),
      lib.command('seen', { args: { expected: z.int() } }, ({ expected }) => work.seen(expected)),
      lib.command('taken', {}, () => work.taken()),
      lib.command('stream', { args: { count: z.int(), onTick: lib.channel<Tick>() } }, ({ count, onTick }) =>
        work.stream(count, (message) => (onTick as Channel<Tick>).send(message)),
      ),
    ] as unknown as readonly Command[], // each has arguments of its own; the list is of commands as such
    setup: (app) => void app.listen('tick', ({ payload }) => work.notify(payload as Tick)),
  };
}
