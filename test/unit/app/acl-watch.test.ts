import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AclWatch } from '../../../extension/app/acl-watch.ts';

const watchers = () => process.getActiveResourcesInfo().filter((name) => /FSEvent|StatWatcher/.test(name)).length;

function setUp(...files: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'acl-watch-'));
  const write = (file: string, text = '') => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const remove = (path: string) => rmSync(join(folder, path), { recursive: true });
  for (const file of files) write(file);
  const read = vi.fn<() => Error | undefined>();
  const onError = vi.fn<(error: Error) => void>();
  const report = vi.fn<(message: string) => void>();
  const watch = new AclWatch({ folder, read, onError, report });
  onTestFinished(() => {
    watch.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  /** until what `act` does was seen */
  const seen = async (act: () => void) => {
    read.mockClear();
    act();
    await vi.waitFor(() => expect(read).toHaveBeenCalled(), 30_000);
  };
  return { folder, write, remove, read, onError, report, watch, seen };
}

// First of all: watchers of a test before end a little later.
test('its end leaves no watcher', async () => {
  const before = watchers();
  const { write, remove, seen, watch } = setUp('tauri.conf.json', 'capabilities/a.json', 'gen/schemas/x.json');
  expect(watchers()).toBeGreaterThan(before);
  await seen(() => remove('gen'));
  await seen(() => write('gen/schemas/x.json'));
  watch.dispose();
  await vi.waitFor(() => expect(watchers()).toBeLessThanOrEqual(before), 30_000);
});

test.each(['capabilities/a.json', 'permissions/own/a.toml', 'gen/schemas/acl-manifests.json'])(
  '%s: changed, its folder removed, there again, and changed again',
  async (file) => {
    const { write, remove, seen, report } = setUp('tauri.conf.json', file);
    const [top = ''] = file.split('/');
    await seen(() => write(file, '1'));
    for (const round of ['a', 'b']) {
      await seen(() => remove(top));
      await seen(() => write(file, round));
      await seen(() => write(file, `${round}${round}`));
      // So quick that nobody sees it gone
      await seen(() => {
        remove(top);
        write(file, `${round}0`);
      });
      await seen(() => write(file, `${round}00`));
    }
    expect(report).not.toHaveBeenCalled();
  },
);

test('gen/schemas that comes after gen, and goes and comes alone', async () => {
  const { folder, write, remove, seen } = setUp('tauri.conf.json');
  await seen(() => mkdirSync(join(folder, 'gen')));
  await seen(() => mkdirSync(join(folder, 'gen/schemas')));
  await seen(() => write('gen/schemas/acl-manifests.json', '1'));
  await seen(() => remove('gen/schemas'));
  await seen(() => write('gen/schemas/acl-manifests.json', '2'));
  await seen(() => write('gen/schemas/acl-manifests.json', '3'));
});

test('a folder that another one takes the place of', async () => {
  const { folder, write, seen } = setUp('tauri.conf.json', 'capabilities/a.json', 'other/a.json');
  await seen(() => {
    renameSync(join(folder, 'capabilities'), join(folder, 'before'));
    renameSync(join(folder, 'other'), join(folder, 'capabilities'));
  });
  await seen(() => write('capabilities/a.json', '1'));
});

test('a folder below, removed and there again', async () => {
  const { write, remove, seen } = setUp('tauri.conf.json', 'permissions/own/a.toml');
  await seen(() => remove('permissions/own'));
  await seen(() => write('permissions/own/a.toml', '1'));
  await seen(() => write('permissions/own/a.toml', '2'));
});

test('a burst is one change', async () => {
  const { write, seen, read } = setUp('tauri.conf.json', 'capabilities/a.json');
  await seen(() => {
    for (let n = 0; n < 100; n++) write('capabilities/a.json', String(n));
  });
  expect(read).toHaveBeenCalledTimes(1);
});

test('an error is told when it stays', async () => {
  const { write, seen, read, onError } = setUp('tauri.conf.json', 'capabilities/a.json');
  const error = new Error('broken');
  read.mockReturnValueOnce(error);
  await seen(() => write('capabilities/a.json', '1'));
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2), 30_000);
  expect(onError).not.toHaveBeenCalled();
  read.mockReturnValue(error);
  write('capabilities/a.json', '2');
  await vi.waitFor(() => expect(onError).toHaveBeenCalledExactlyOnceWith(error), 30_000);
});

test('an empty file is one that is being written, for some seconds, whatever else changes meanwhile', async () => {
  const { folder, write, seen, read, onError } = setUp('tauri.conf.json', 'app.log');
  write('capabilities/a.json', '{}');
  const error = Object.assign(new Error('EOF while parsing a value'), { file: join(folder, 'capabilities/a.json') });
  read.mockReturnValue(error);
  const began = performance.now();
  await seen(() => write('capabilities/a.json', ''));
  // Each would begin the wait anew.
  let lines = '';
  const chatter = setInterval(() => write('app.log', (lines += '.')), 1500);
  onTestFinished(() => clearInterval(chatter));
  await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(error), 30_000);
  const told = performance.now() - began;
  expect(told).toBeGreaterThan(4000);
  expect(read.mock.calls.length).toBeGreaterThan(2);
});

test('what cannot be watched is told once, and nothing fails', async () => {
  const { folder, write, seen, report } = setUp('tauri.conf.json');
  // A link that leads to itself can be asked nothing.
  await seen(() => symlinkSync('capabilities', join(folder, 'capabilities')));
  await seen(() => write('tauri.conf.json', '1'));
  expect(report).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(/^Changes in .*capabilities are not seen: ELOOP/),
  );
  rmSync(join(folder, 'capabilities'));
  await seen(() => write('capabilities/a.json', '1'));
  await seen(() => write('capabilities/a.json', '2'));
});
