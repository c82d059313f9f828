import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { RuntimeAuthority } from '#core/acl/authority.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { capability, resolved } from '../../conformance/acl/support.ts';
import { until } from '../../conformance/harness.ts';
import { thisSystem } from '../../../extension/plugins/directories.ts';
import { environment, findProgram } from '../../../extension/plugins/program.ts';
import { decoderFor, LineCutter, utf8Problem } from '../../../extension/plugins/shell/output.ts';
import { configuredSidecar } from '../../../extension/plugins/shell/sidecar.ts';
import { outcome, TestApp } from './harness.ts';

const NODE = process.execPath;

function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'shell-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An app whose page may run these entries of the scope. */
async function start(allow: readonly object[], cwd: string): Promise<TestApp> {
  const app = await TestApp.start({ cwd, system: thisSystem(), shell: { externalBin: [], folder: cwd } });
  onTestFinished(() => app.core.dispose());
  const permissions = ['execute', 'spawn'].map((name) => ({ identifier: `shell:allow-${name}`, allow }));
  const manifests = bundledManifests();
  app.core.authority = new RuntimeAuthority(resolved([capability(permissions)], manifests), manifests);
  return app;
}

// ---- output

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => new TextEncoder().encode(text)),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => new TextEncoder().encode(text).slice(0, -1)),
);

test('bytes are text exactly where there is no problem with them, and the place of a problem is right', () => {
  fc.assert(
    fc.property(bytes, (given) => {
      const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      const valid = (part: Uint8Array) => {
        try {
          strict.decode(part);
          return true;
        } catch {
          return false;
        }
      };
      const problem = utf8Problem(given);
      expect(problem === '').toBe(valid(given));
      if (problem === '') return;
      const [, length = '', index = ''] = /(?:of (\d) bytes )?from index (\d+)$/.exec(problem) ?? [];
      expect(valid(given.slice(0, Number(index)))).toBe(true);
      // One more byte than those before the problem is text only with more that follows; what is incomplete ends the bytes.
      if (problem.startsWith('incomplete')) expect(valid(given.slice(Number(index)))).toBe(false);
      else expect(Number(length)).toBeGreaterThan(0);
    }),
  );
});

test.each([
  [[0x61, 0xff], 'invalid utf-8 sequence of 1 bytes from index 1'],
  [[0xc0, 0x80], 'invalid utf-8 sequence of 1 bytes from index 0'],
  [[0xe2, 0x82], 'incomplete utf-8 byte sequence from index 0'],
  [[0xe2, 0x82, 0x41], 'invalid utf-8 sequence of 2 bytes from index 0'],
  [[0xed, 0xa0, 0x80], 'invalid utf-8 sequence of 1 bytes from index 0'],
  [[0xf0, 0x9f, 0x98], 'incomplete utf-8 byte sequence from index 0'],
  [[0xf0, 0x9f, 0x98, 0x20], 'invalid utf-8 sequence of 3 bytes from index 0'],
  [[0xf4, 0x90], 'invalid utf-8 sequence of 1 bytes from index 0'],
])('%j is named as Rust names it', (given, problem) => {
  expect(utf8Problem(Uint8Array.from(given))).toBe(problem);
});

const chunks = fc.array(
  fc
    .oneof(fc.constantFrom('\n', '\r', '\r\n', 'a', 'é\n'), fc.string({ maxLength: 8 }))
    .map((text) => Buffer.from(text)),
  { maxLength: 20 },
);

test('lines are what came, cut only after an end of a line', () => {
  fc.assert(
    fc.property(chunks, (given) => {
      const cutter = new LineCutter();
      const lines = [...given.flatMap((chunk) => [...cutter.cut(chunk)]), ...cutter.end()];
      expect(Buffer.concat(lines)).toEqual(Buffer.concat(given));
      for (const line of lines.slice(0, -1)) expect(line.toString()).toMatch(/[\n\r]$/);
      for (const line of lines) expect(line.subarray(0, -1).includes(0x0a)).toBe(false);
    }),
  );
});

test('a line that never ends is told in parts of whole characters', () => {
  const cutter = new LineCutter();
  const text = 'é😀'.repeat(400_000);
  const parts = [...cutter.cut(Buffer.from(text)), ...cutter.end()].map((part) => decoderFor(undefined).decode(part));
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.join('')).toBe(text);
});

// ---- scope

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(';', '&&', '|', '$(x)', '`x`', '\0', '\n', '"', "'", '--', '-e', '../', '%PATH%', '$HOME', '*', '\\'),
);

test('whatever a page sends, only what the scope has is run, and nothing beside it', async () => {
  const folder = scratch();
  const show = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
  const app = await start(
    [{ name: 'show', cmd: NODE, args: ['-e', show, '--', 'fixed', { validator: '[a-z]+\\d' }] }],
    folder,
  );
  const page = app.open('main');
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 4, arbitrary: fc.constant('show') }, { weight: 1, arbitrary: hostile }),
      fc.array(hostile, { maxLength: 8 }),
      fc.oneof(
        { weight: 2, arbitrary: fc.constant('') },
        { weight: 1, arbitrary: fc.stringMatching(/^[a-z]{1,5}\d$/) },
      ),
      async (program, args, fitting) => {
        const given = fitting === '' ? args : [...args, '', '', '', '', ''].slice(0, 4).concat(fitting, args);
        const answer = await outcome(page.invoke('plugin:shell|execute', { program, args: given, options: {} }));
        const value = given[4] ?? '';
        if (program === 'show' && /^[a-z]+\d$/.test(value)) {
          ran++;
          expect(answer).toMatchObject({ ok: { code: 0, stdout: JSON.stringify(['fixed', value]) } });
        } else expect(answer).toEqual({ error: `program not allowed on the configured shell scope: ${program}` });
      },
    ),
    { numRuns: 40 },
  );
  expect(ran).toBeGreaterThan(3);
}, 60_000);

test('a program found by name lies in PATH; no other name leads to one', async () => {
  const place = { system: thisSystem(), cwd: scratch() };
  expect(await findProgram('sh', place)).toMatch(/^\/.*\/sh$/);
  await fc.assert(
    fc.asyncProperty(hostile, async (name) => {
      const answer = await outcome(findProgram(name, place));
      const folders = (process.env['PATH'] ?? '').split(':');
      if ('ok' in answer) expect(folders.some((folder) => String(answer.ok).startsWith(`${folder}/`))).toBe(true);
    }),
  );
  for (const path of ['', ':', '.:..', 'relative/bin']) {
    const system = { ...thisSystem(), env: { PATH: path } };
    expect(await outcome(findProgram('sh', { system, cwd: '/bin' }))).toEqual({ error: expect.anything() });
  }
});

test('a page sets only variables that are one, and none by which other code is loaded', () => {
  const system = {
    env: { PATH: '/bin', VSCODE_IPC_HOOK: 'x', ELECTRON_RUN_AS_NODE: '1', HOME: '/home/ada', LD_PRELOAD: 'own' },
  };
  expect(environment(system, {})).toEqual({ PATH: '/bin', HOME: '/home/ada', LD_PRELOAD: 'own' });
  expect(environment(system, null)).toEqual({});
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(hostile, fc.constantFrom('LD_PRELOAD', 'NODE_OPTIONS', 'A', 'a=b')), hostile, {
        maxKeys: 3,
      }),
      (given) => {
        let result: Record<string, string>;
        try {
          result = environment(system, given);
        } catch {
          return;
        }
        for (const [name, value] of Object.entries(result)) {
          expect(name).toMatch(/^[^=\0]+$/);
          expect(value).not.toContain('\0');
        }
        expect(result['LD_PRELOAD']).toBe('own');
        expect(result['NODE_OPTIONS']).toBeUndefined();
      },
    ),
  );
});

test('no name leads to a sidecar but those of the configuration', () => {
  const host = { externalBin: ['binaries/app', 'tool'], folder: '/project/src-tauri' };
  fc.assert(
    fc.property(
      fc.oneof(
        hostile,
        fc.tuple(fc.constantFrom('binaries/app', 'tool', '../tool'), hostile).map((parts) => parts.join('')),
      ),
      (name) => {
        let found: string;
        try {
          found = configuredSidecar(name, host);
        } catch {
          return;
        }
        expect(host.externalBin).toContain(found);
        expect(name === found || (name.startsWith(`${found}.`) && !/[/\\]/.test(name.slice(found.length)))).toBe(true);
      },
    ),
  );
});

// ---- lifetime

test('a program that floods waits while its page takes nothing in, and goes on when it does', async () => {
  const folder = scratch();
  const scope = [{ name: 'flood', cmd: NODE, args: ['-e', { validator: '[\\s\\S]*' }] }];
  const pages = [(await start(scope, folder)).open('main'), (await start(scope, folder)).open('main')] as const;
  const [slow, fast] = pages;
  const ended = (name: string) => existsSync(join(folder, name));
  const flood = (page: typeof slow, name: string) => {
    const text = `const fs = require('fs');
      for (let i = 0; i < 640; i++) fs.writeSync(1, 'x'.repeat(65535) + '\\n');
      fs.writeFileSync(${JSON.stringify(join(folder, name))}, '')`;
    const call = { program: 'flood', args: ['-e', text], options: {}, onEvent: '__CHANNEL__:7' };
    return page.invoke('plugin:shell|spawn', call);
  };
  // These pages never say by themselves that they took something in.
  const takes = (page: typeof slow, name: string) =>
    until(() => {
      page.take(1024 * 1024);
      return ended(name);
    });
  await flood(slow, 'slow');
  for (const name of ['first', 'second', 'third']) {
    await flood(fast, name);
    await takes(fast, name);
  }
  expect(ended('slow')).toBe(false);
  await takes(slow, 'slow');
});

test('programs that run when the app ends leave nothing behind', async () => {
  const app = await start([{ name: 'wait', cmd: NODE, args: ['-e', 'setInterval(() => {}, 1000)'] }], scratch());
  const page = app.open('main');
  const listeners = process.listenerCount('exit');
  const call = { program: 'wait', args: ['-e', ''], options: {}, onEvent: '__CHANNEL__:7' };
  const pids = [
    await page.invoke('plugin:shell|spawn', call),
    await page.invoke('plugin:shell|spawn', call),
  ] as number[];
  expect(page.connection.resources.size).toBe(2);
  expect(process.listenerCount('exit')).toBe(listeners + 1);
  app.core.dispose();
  const gone = (pid: number) => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  await until(() => pids.every(gone));
  expect(process.listenerCount('exit')).toBe(listeners);
});

test('what a program that ended held is given back at once', async () => {
  const app = await start([{ name: 'true', cmd: 'true' }], scratch());
  const page = app.open('main');
  await page.invoke('plugin:shell|spawn', { program: 'true', args: [], options: {}, onEvent: '__CHANNEL__:7' });
  await until(() => page.connection.resources.size === 0);
  await until(() => page.connection.openChannels === 0);
});
