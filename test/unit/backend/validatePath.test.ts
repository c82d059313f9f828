import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { IpcError } from '#core/error.ts';
import { validatePath } from '../../../extension/backend/validate-path.ts';
import { entries, pathsOf, realOf, requests, withTree } from '../tree.ts';

const home = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-paths-')));
const root = join(home, 'root');
mkdirSync(join(root, 'folder'), { recursive: true });
mkdirSync(join(home, 'root-beside'));
mkdirSync(join(home, 'outside'));
writeFileSync(join(root, 'file.txt'), '');
writeFileSync(join(root, 'folder', 'größe 🎈.txt'), '');
writeFileSync(join(root, '..hidden'), '');
writeFileSync(join(home, 'outside', 'secret.txt'), '');
writeFileSync(join(home, 'root-beside', 'file.txt'), '');
symlinkSync(join(home, 'outside'), join(root, 'out'));
symlinkSync(join(home, 'outside', 'secret.txt'), join(root, 'secret'));
symlinkSync(join(home, 'outside', 'not-yet'), join(root, 'dangling'));
symlinkSync(join(root, 'folder'), join(root, 'in'));
symlinkSync('loop', join(root, 'loop'));
symlinkSync(root, join(home, 'root-link'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function refusal(path: string, folder = root): Promise<string> {
  const error = await validatePath(path, folder).then(
    (accepted) => new Error(`accepted as ${accepted}`),
    (refused: unknown) => refused,
  );
  expect(error).toBeInstanceOf(IpcError);
  expect((error as IpcError).kind).toBe('invalidPath');
  // The page learns nothing of the machine.
  if (!path.includes(home)) expect((error as IpcError).message).not.toContain(home);
  return (error as IpcError).message;
}

test.for([
  ['file.txt', 'file.txt'],
  ['./folder/../file.txt', 'file.txt'],
  ['folder//größe 🎈.txt', 'folder/größe 🎈.txt'],
  ['.', '.'],
  ['folder/', 'folder'],
  ['..hidden', '..hidden'],
  ['in/größe 🎈.txt', 'folder/größe 🎈.txt'],
  ['new.txt', 'new.txt'],
  ['new/deep/file.txt', 'new/deep/file.txt'],
  ['in/new.txt', 'folder/new.txt'],
  ['a:b', 'a:b'],
])('%s is %s', async ([path, expected]) => {
  expect(await validatePath(path as string, root)).toBe(join(root, expected as string));
});

test('an absolute path is accepted inside of the root only', async () => {
  expect(await validatePath(join(root, 'file.txt'), root)).toBe(join(root, 'file.txt'));
  expect(await refusal('/')).toBe('Invalid path: "/" lies outside of its root folder');
  const beside = join(home, 'root-beside', 'file.txt');
  expect(await refusal(beside)).toBe(`Invalid path: ${JSON.stringify(beside)} lies outside of its root folder`);
});

test('a root that is a link is the folder that it leads to', async () => {
  const link = join(home, 'root-link');
  expect(await validatePath('file.txt', link)).toBe(join(root, 'file.txt'));
  expect(await validatePath(join(link, 'file.txt'), link)).toBe(join(root, 'file.txt'));
  expect(await validatePath(join(link, 'new.txt'), root)).toBe(join(root, 'new.txt'));
});

test.for([
  ['', 'Invalid path: "" is not a path'],
  ['a\0b', 'Invalid path: "a\\u0000b" contains a NUL character'],
  ['..', 'Invalid path: ".." leaves its root folder'],
  ['../outside/secret.txt', 'Invalid path: "../outside/secret.txt" leaves its root folder'],
  ['folder/../../outside', 'Invalid path: "folder/../../outside" leaves its root folder'],
  ['..\\outside', 'Invalid path: "..\\\\outside" is a path of another system'],
  ['C:\\Windows\\win.ini', 'Invalid path: "C:\\\\Windows\\\\win.ini" is a path of another system'],
  ['C:/Windows/win.ini', 'Invalid path: "C:/Windows/win.ini" is a path of another system'],
  ['out/secret.txt', 'Invalid path: "out/secret.txt" leaves its root folder through a symbolic link'],
  ['out/new.txt', 'Invalid path: "out/new.txt" leaves its root folder through a symbolic link'],
  ['secret', 'Invalid path: "secret" leaves its root folder through a symbolic link'],
  ['dangling', 'Invalid path: "dangling" goes through a symbolic link that leads nowhere'],
  ['dangling/', 'Invalid path: "dangling/" goes through a symbolic link that leads nowhere'],
  ['dangling/.', 'Invalid path: "dangling/." goes through a symbolic link that leads nowhere'],
  ['dangling/x', 'Invalid path: "dangling/x" goes through a symbolic link that leads nowhere'],
  ['loop', 'Invalid path: "loop" goes through symbolic links that lead in a circle'],
  ['file.txt/x', 'Invalid path: "file.txt/x" goes through a file as if it were a folder'],
  ['x'.repeat(300), `Invalid path: "${'x'.repeat(300)}" is too long`],
])('%j is refused', async ([path, message]) => {
  expect(await refusal(path as string)).toBe(message);
});

test('a root that is not there is told without its place', async () => {
  expect(await refusal('file.txt', join(home, 'nowhere'))).toBe(
    'Invalid path: the root folder of "file.txt" cannot be read (ENOENT)',
  );
});

test("names that differ in case only are the file system's to tell apart", async () => {
  // On a file system that ignores case the canonical name comes back, elsewhere the file is another one.
  expect([join(root, 'FILE.TXT'), join(root, 'file.txt')]).toContain(await validatePath('FILE.TXT', root));
});

test('nothing outside of the root is ever accepted', async () => {
  const piece = fc.oneof(
    fc.constantFrom('..', '.', '', 'folder', 'in', 'out', 'secret', 'dangling', 'loop', 'file.txt', '..hidden', 'root'),
    fc.constantFrom('root-beside', 'root-link', 'outside', '\\', '..\\', 'C:', '\0', '%2e%2e', '~', '。。', '．．'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const path = fc
    .tuple(
      fc.constantFrom('', '/', './', '../', `${root}/`, `${home}/`, `${home}/root-link/`),
      fc.array(piece, { maxLength: 6 }),
    )
    .map(([start, pieces]) => start + pieces.join('/'));
  await fc.assert(
    fc.asyncProperty(path, fc.constantFrom(root, join(home, 'root-link')), async (given, folder) => {
      let accepted: string;
      try {
        accepted = await validatePath(given, folder);
      } catch (error) {
        expect(error).toBeInstanceOf(IpcError);
        return;
      }
      expect(accepted === root || accepted.startsWith(root + sep)).toBe(true);
      expect(relative(root, accepted).split(sep)).not.toContain('..');
      // What exists is canonical already.
      const again = await validatePath(accepted, root).catch(() => accepted);
      expect(again).toBe(accepted);
    }),
    { numRuns: 2000 },
  );
});

test('in 80 generated trees nothing outside of the root is ever readable or writable, and nothing inside is lost', async () => {
  let accepted = 0;
  let read = 0;
  await fc.assert(
    fc.asyncProperty(entries, requests, (entries, requests) =>
      withTree(entries, async (home) => {
        const root = join(home, 'root');
        const isInside = (path: string) => path === root || path.startsWith(root + sep);
        const { own, others } = pathsOf(home, entries, requests);
        for (const path of [...own, ...others]) {
          const answer = await validatePath(path, root).catch((error: unknown) => {
            expect(error).toBeInstanceOf(IpcError);
            return undefined;
          });
          if (answer === undefined) {
            const real = own.includes(path) ? realOf(join(root, path)) : undefined;
            if (real !== undefined && isInside(real)) throw new Error(`${JSON.stringify(path)} was refused`);
            continue;
          }
          accepted++;
          expect(answer).toSatisfy(isInside);
          const real = realOf(answer);
          if (real === undefined) {
            // Not there yet: the nearest folder that is there keeps it inside, and no link would be written through.
            expect(() => lstatSync(answer)).toThrow();
            let folder = dirname(answer);
            while (realOf(folder) === undefined) folder = dirname(folder);
            expect(realOf(folder)).toSatisfy(isInside);
          } else {
            expect(real).toBe(answer);
            if (!statSync(answer).isFile()) continue;
            read++;
            expect(readFileSync(answer, 'utf8')).toBe('inside');
          }
        }
      }),
    ),
    { numRuns: 80 },
  );
  expect(accepted).toBeGreaterThan(300);
  expect(read).toBeGreaterThan(30);
});
