/** Types are tested by `tsc -b test`: where an error is expected and none comes, it fails. */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { channel } from '#core/channel.ts';
import { ipc } from '#core/client.ts';
import { type Command, command } from '#core/command.ts';
import { app } from '#core/plugin.ts';

const greet = command('greet', { args: { name: z.string(), times: z.int().optional() } }, ({ name, times }) => {
  const [text, count]: [string, number | undefined] = [name, times];
  // @ts-expect-error a name is a string
  const wrong: number = name;
  return `${text}${count}${wrong}`;
});
const stream = command('stream', { args: { on: channel<Uint8Array>() } }, async ({ on }) => {
  await on.send(new Uint8Array(1));
  // @ts-expect-error this channel sends bytes
  await on.send('text').catch(() => undefined);
});
const typed = command('typed', { returns: z.object({ id: z.int() }) }, () => ({ id: 1 }));
// @ts-expect-error the result must fit its schema
command('typed', { returns: z.object({ id: z.int() }) }, () => ({ id: 'x' }));
// @ts-expect-error a handler sees only the arguments that it declared
command('less', { args: { a: z.string() } }, ({ b }) => b);

type ArgsOf<C> = C extends Command<string, infer Args> ? Args : never;
type OutputOf<C> = C extends Command<string, unknown, infer Output> ? Output : never;

const args: ArgsOf<typeof greet> = { name: 'Ada', times: 1 };
// @ts-expect-error a greet needs a name
const nameless: ArgsOf<typeof greet> = { times: 1 };
const output: OutputOf<typeof typed> = { id: 1 };
// @ts-expect-error an id is a number
const wrongOutput: OutputOf<typeof typed> = { id: 'x' };

test('names and results of commands are part of their types', () => {
  const backend = app({ commands: [greet, stream, typed] });
  const names: readonly ('greet' | 'stream' | 'typed')[] = backend.commands.map(({ name }) => name);
  // @ts-expect-error no command has this name
  const other: 'nope' = greet.name;
  expect([names, other, args, nameless, output, wrongOutput]).toEqual([
    ['greet', 'stream', 'typed'],
    'greet',
    { name: 'Ada', times: 1 },
    { times: 1 },
    { id: 1 },
    { id: 'x' },
  ]);
});

test('two commands of one name are refused, with the name', () => {
  expect(() => app({ commands: [greet, greet] })).toThrow('command "greet" is registered twice in the app');
});

test('a page calls the commands of a backend by their names and types', async () => {
  const backend = app({ commands: [greet, typed] });
  const calls: unknown[] = [];
  const page = globalThis as { __TAURI_INTERNALS__?: unknown };
  page.__TAURI_INTERNALS__ = {
    invoke: async (name: string, given: unknown) => {
      calls.push([name, given]);
      return { id: 7 };
    },
  };
  try {
    const client = ipc<typeof backend>();
    const { id }: { id: number } = await client.typed();
    await client.greet({ name: 'Ada' });
    // @ts-expect-error a greet needs a name
    await client.greet({ times: 2 });
    // @ts-expect-error no such command
    await client.nope();
    expect([id, calls]).toEqual([
      7,
      [
        ['typed', undefined],
        ['greet', { name: 'Ada' }],
        ['greet', { times: 2 }],
        ['nope', undefined],
      ],
    ]);
  } finally {
    delete page.__TAURI_INTERNALS__;
  }
  expect(() => ipc<typeof backend>().typed()).toThrow('no __TAURI_INTERNALS__ here');
});
