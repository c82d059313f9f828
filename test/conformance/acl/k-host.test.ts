/** Conformance K: the host around the ACL. What needs no editor; the rest is in test/host and test/e2e. */
import { expect, test } from 'vitest';
import type { Call } from '#core/call.ts';
import { command } from '#core/command.ts';
import { createCore, openFake, turn } from '../../unit/core/fakes.ts';

/** A core whose stage notes the identity of every call. */
function watched() {
  const seen: Pick<Call, 'cmd' | 'window' | 'origin' | 'generation'>[] = [];
  const core = createCore({
    stages: [
      (call, next) => {
        seen.push({ cmd: call.cmd, window: call.window, origin: call.origin, generation: call.generation });
        return next(call);
      },
    ],
  });
  core.addCommand(command('who', {}, (_args, { window }) => window.label));
  return { core, seen };
}

test('K154 a message that claims a label, an origin or a page load has those of its connection', async () => {
  const { core, seen } = watched();
  openFake(core, 'admin');
  const page = openFake(core, 'main');
  page.connection.origin = { remote: 'https://example.com/' };
  const claims = { window: 'admin', webview: 'admin', label: 'admin', origin: 'local', generation: 7 };
  page.say({ kind: 'invoke', cmd: 'who', callback: 1, error: 2, payload: claims, ...claims });
  await turn();
  expect(page.ran(1)).toEqual(['main']);
  expect(seen).toEqual([{ cmd: 'who', window: 'main', origin: { remote: 'https://example.com/' }, generation: 1 }]);
});

test('K159 a replayed call comes from where the recorded one came from, whatever the window shows now', async () => {
  const { core, seen } = watched();
  const page = openFake(core);
  page.connection.origin = { remote: 'https://example.com/a' };
  page.invoke('who', {}, 1);
  await turn();
  const [record] = [...core.tap.records()].filter(({ kind }) => kind === 'invoke');
  expect(record?.origin).toBe('https://example.com/a');
  page.connection.origin = 'local';
  const { resend } = await import('../../../extension/inspector/resend.ts');
  resend(record as NonNullable<typeof record>, () => page.connection);
  await turn();
  expect(seen.map(({ origin }) => origin)).toEqual([
    { remote: 'https://example.com/a' },
    { remote: 'https://example.com/a' },
  ]);
});
