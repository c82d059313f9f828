/** Nothing outside of the scope is read or changed through any command, whatever a page asks and whoever moves links. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { entries, pathsOf, realOf, requests, withTree } from '../../unit/tree.ts';
import { outcome, type Page } from '../harness.ts';
import { ALL, allow, bytesIn, startFsApp } from './fs-app.ts';

/** All below a folder, through no link: names, modes and contents. */
function snapshot(folder: string): string[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const path = join(folder, name);
      const stats = lstatSync(path);
      const content = stats.isFile() ? readFileSync(path, 'utf8') : '';
      return [`${path} ${stats.mode.toString(8)} ${content}`, ...(stats.isDirectory() ? snapshot(path) : [])];
    });
}

/** Every command of one path, as the page would send it. */
const ONE_PATH: Readonly<Record<string, object>> = {
  exists: {},
  stat: {},
  lstat: {},
  size: {},
  read_dir: {},
  read_file: {},
  read_text_file: {},
  read_text_file_lines: {},
  open: { options: { read: true, write: true, create: true } },
  create: {},
  truncate: { len: 3 },
  mkdir: { options: { recursive: true } },
  remove: { options: { recursive: true } },
};

const RIDS = new Set(['open', 'create', 'read_text_file_lines']);

async function ask(page: Page, name: string, args: object): Promise<unknown> {
  const answer = await outcome(page.invoke(`plugin:fs|${name}`, args));
  if (!('ok' in answer) || !RIDS.has(name)) return answer;
  const rid = answer.ok;
  const read = name === 'read_text_file_lines' ? 'read_text_file_lines_next' : 'read';
  const content = await outcome(page.invoke(`plugin:fs|${read}`, { rid, len: 100 }));
  // After the last line, and after an error, it is closed already.
  await outcome(page.invoke('plugin:resources|close', { rid }));
  return content;
}

/** What a page got; an error may name what it asked for. */
const textOf = (answer: unknown): string => {
  const { ok } = answer as { ok?: unknown };
  return Object.prototype.toString.call(ok) === '[object ArrayBuffer]'
    ? Buffer.from(ok as ArrayBuffer).toString()
    : (JSON.stringify(ok) ?? '');
};

test('in generated trees nothing outside is read or changed by any command', { timeout: 120_000 }, async () => {
  const trees = `${tmpdir()}/ipc-tree-*/root`;
  const { page } = await startFsApp({
    permissions: () => [
      ...ALL,
      {
        identifier: 'fs:scope',
        allow: [{ path: trees }, { path: `${trees}/**` }],
        deny: [{ path: `${trees}/kept/**` }],
      },
    ],
    settings: { requireLiteralLeadingDot: false },
  });
  let calls = 0;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(entries, requests, fc.nat(), (entries, requests, seed) =>
      withTree(entries, async (home) => {
        const root = join(home, 'root');
        const outside = join(home, 'outside');
        mkdirSync(join(root, 'kept/deep'), { recursive: true });
        for (const path of ['kept/secret', 'kept/deep/secret']) writeFileSync(join(root, path), 'FORBIDDEN');
        writeFileSync(join(outside, 'MARKER'), 'OUTSIDE');
        symlinkSync('../outside', join(root, 'way'));
        symlinkSync('kept', join(root, 'to-kept'));
        const before = [outside, join(root, 'kept')].map(snapshot);
        const strange = new Set(
          [outside, join(outside, 'MARKER'), join(root, 'kept/secret')].map((path) => statSync(path).ino),
        );

        const { own, others } = pathsOf(home, entries, requests);
        const fixed = [
          'kept',
          'kept/secret',
          'kept/deep',
          'to-kept/secret',
          'way',
          'way/MARKER',
          'way/new',
          'way/../outside/new',
        ];
        const paths = [...own, ...others.slice(0, 20), ...fixed].map((path) =>
          path.startsWith('/') ? path : `${root}/${path}`,
        );
        let at = seed;
        const pick = <T>(from: readonly T[]): T => {
          at = (at * 48_271 + 11) % 0x7fff_ffff;
          return from[at % from.length] as T;
        };
        const texts: string[] = [];
        const asked = paths.flatMap((path) => {
          const names = Array.from({ length: 5 }, () => pick(Object.keys(ONE_PATH)));
          return names.map((name) => [name, path] as const);
        });
        for (const [name, path] of asked) {
          const answer = await ask(page, name, { path, ...ONE_PATH[name] });
          calls++;
          if ('ok' in (answer as object)) done++;
          if (name.includes('stat') && (answer as { ok?: { ino: number } }).ok) {
            expect(strange.has((answer as { ok: { ino: number } }).ok.ino), `${name} ${path}`).toBe(false);
          }
          texts.push(textOf(answer));
        }
        for (const path of paths) {
          const other = pick(paths);
          calls += 3;
          await ask(page, 'copy_file', { fromPath: path, toPath: other });
          await ask(page, 'rename', { oldPath: path, newPath: pick(paths) });
          const headers = { path: encodeURIComponent(path.toWellFormed()) };
          await outcome(page.invoke('plugin:fs|write_file', bytesIn(page, 'new'), { headers }));
        }
        expect([outside, join(root, 'kept')].map(snapshot)).toEqual(before);
        expect(texts.filter((text) => /OUTSIDE|MARKER|FORBIDDEN/.test(text))).toEqual([]);
        for (const line of snapshot(root))
          if (!line.startsWith(join(root, 'kept'))) expect(line).not.toMatch(/OUTSIDE|FORBIDDEN/);
        expect(realOf(join(home, 'new'))).toBeUndefined();
      }),
    ),
    // How many calls a tree has is the generators' choice: eight trees had fewer than 2,000 once.
    { numRuns: 12, endOnFailure: true },
  );
  expect(calls).toBeGreaterThan(2000);
  expect(done).toBeGreaterThan(100);
});

/** Puts a link in the place of a folder and back, as fast as it can. */
const SWAPPER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { renameSync, rmSync, symlinkSync, unlinkSync } = require('node:fs');
  const { folder, outside } = workerData;
  let over = false;
  parentPort.on('message', () => (over = true));
  const round = () => {
    for (let i = 0; i < 50; i++) {
      try {
        renameSync(folder, folder + '.real');
        symlinkSync(outside, folder);
        unlinkSync(folder);
        renameSync(folder + '.real', folder);
      } catch {
        // The page has made a folder of that name in between.
        try {
          rmSync(folder, { recursive: true, force: true });
          renameSync(folder + '.real', folder);
        } catch {} // it goes on making them: the next round tries again
      }
    }
    if (over) process.exit(0);
    setImmediate(round);
  };
  round();
`;

test('a link that is swapped in between leads nowhere', { timeout: 60_000 }, async () => {
  const { page, home } = await startFsApp({ permissions: (home) => [...ALL, allow(`${home}/root/**`)] });
  const [folder, outside] = [join(home, 'root/d'), join(home, 'outside')];
  for (const each of [folder, outside]) mkdirSync(join(each, 'sub'), { recursive: true });
  writeFileSync(join(folder, 'f'), 'inside');
  for (const name of ['f', 'g', 'sub/f']) writeFileSync(join(outside, name), 'OUTSIDE');
  const before = snapshot(outside);
  const swapper = new Worker(SWAPPER, { eval: true, workerData: { folder, outside } });
  const gone = new Promise((resolve) => swapper.once('exit', resolve));
  onTestFinished(async () => {
    swapper.postMessage('end');
    await gone;
  });
  const calls: (readonly [string, object])[] = [
    ['read_text_file', { path: `${folder}/f` }],
    ['read_text_file_lines', { path: `${folder}/f` }],
    ['create', { path: `${folder}/new` }],
    ['open', { path: `${folder}/g`, options: { write: true, create: true, truncate: true } }],
    ['truncate', { path: `${folder}/g`, len: 1 }],
    ['copy_file', { fromPath: `${folder}/f`, toPath: `${folder}/copy` }],
    ['rename', { oldPath: `${folder}/f`, newPath: `${folder}/f` }],
    ['mkdir', { path: `${folder}/made/deep`, options: { recursive: true } }],
    ['remove', { path: `${folder}/g` }],
    ['remove', { path: `${folder}/sub`, options: { recursive: true } }],
    ['read_dir', { path: folder }],
    ['size', { path: folder }],
  ];
  let read = 0;
  for (let round = 0; round < 100; round++) {
    const answers = await Promise.all(calls.map(([name, args]) => ask(page, name, args)));
    for (const answer of answers) {
      const text = textOf(answer);
      if (text.includes('inside')) read++;
      expect(text).not.toContain('OUTSIDE');
    }
    await outcome(page.invoke('plugin:fs|write_file', bytesIn(page, 'inside'), { headers: { path: `${folder}/f` } }));
  }
  expect(snapshot(outside)).toEqual(before);
  expect(read).toBeGreaterThan(0);
});
