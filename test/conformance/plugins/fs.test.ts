import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { outcome } from '../harness.ts';
import { ALL, allow, bytesIn, startFsApp } from './fs-app.ts';

test('a text and bytes are written and read as they are', async () => {
  const { fs, home } = await startFsApp();
  await fs.writeTextFile(`${home}/ä ö%20.txt`, 'Grüße 😀\r\n');
  expect(readFileSync(`${home}/ä ö%20.txt`, 'utf8')).toBe('Grüße 😀\r\n');
  expect(await fs.readTextFile(`${home}/ä ö%20.txt`)).toBe('Grüße 😀\r\n');
  const data = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
  await fs.writeFile(`${home}/bytes`, data);
  const read = await fs.readFile(`${home}/bytes`);
  expect([...read]).toEqual([...data]);
  expect(await fs.readFile(new URL(`file://${home}/bytes`))).toHaveLength(100_000);
});

test('options of a write: append, create, createNew, mode', async () => {
  const { fs, home } = await startFsApp();
  const path = `${home}/a`;
  await fs.writeTextFile(path, 'one');
  await fs.writeTextFile(path, ' two', { append: true });
  expect(readFileSync(path, 'utf8')).toBe('one two');
  await fs.writeTextFile(path, 'x');
  expect(readFileSync(path, 'utf8')).toBe('x');
  expect(await outcome(fs.writeTextFile(path, 'y', { createNew: true }))).toEqual({
    error: `failed to open file at path: ${path} with error: File exists (os error 17)`,
  });
  expect(await outcome(fs.writeTextFile(`${home}/b`, 'y', { create: false }))).toEqual({
    error: `failed to open file at path: ${home}/b with error: No such file or directory (os error 2)`,
  });
  await fs.writeTextFile(`${home}/c`, '', { mode: 0o600 });
  expect(statSync(`${home}/c`).mode & 0o777).toBe(0o600);
});

test('a file handle reads, writes, seeks and truncates', async () => {
  const { fs, home, page } = await startFsApp();
  const file = await fs.open(`${home}/a`, { read: true, write: true, create: true });
  expect(await file.write(bytesIn(page, '0123456789'))).toBe(10);
  expect(await file.seek(-4, fs.SeekMode.End)).toBe(6);
  const buffer = new Uint8Array(8);
  expect(await file.read(buffer)).toBe(4);
  expect(new TextDecoder().decode(buffer.subarray(0, 4))).toBe('6789');
  expect(await file.read(buffer)).toBeNull();
  expect(await file.seek(2, fs.SeekMode.Start)).toBe(2);
  expect(await file.seek(1, fs.SeekMode.Current)).toBe(3);
  await file.write(bytesIn(page, 'abc'));
  await file.truncate(7);
  expect(readFileSync(`${home}/a`, 'utf8')).toBe('012abc6');
  expect((await file.stat()).size).toBe(7);
  expect(await outcome(file.seek(-1, fs.SeekMode.Start))).toEqual({
    error: 'failed to seek file with error: Invalid argument (os error 22)',
  });
  await file.close();
  expect(await outcome(file.read(buffer))).toEqual({ error: `The resource id ${file.rid} is invalid.` });
});

test('a handle for appending writes at the end, one for reading does not write', async () => {
  const { fs, home, page } = await startFsApp();
  writeFileSync(`${home}/a`, 'abc');
  const end = await fs.open(`${home}/a`, { append: true });
  await end.seek(0, fs.SeekMode.Start);
  await end.write(bytesIn(page, 'd'));
  expect(await end.seek(0, fs.SeekMode.Current)).toBe(4);
  expect(readFileSync(`${home}/a`, 'utf8')).toBe('abcd');
  const reading = await fs.open(`${home}/a`);
  expect(await outcome(reading.write(bytesIn(page, 'x')))).toEqual({
    error: 'failed to write bytes to file with error: Bad file descriptor (os error 9)',
  });
  const created = await fs.create(`${home}/new`);
  await created.write(bytesIn(page, 'x'));
  expect(await outcome(created.read(new Uint8Array(1)))).toEqual({
    error: 'faied to read bytes from file with error: Bad file descriptor (os error 9)',
  });
});

test('a stream of the page is written piece by piece', async () => {
  const { fs, home, page } = await startFsApp();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const text of ['one ', 'two ', 'three']) controller.enqueue(bytesIn(page, text));
      controller.close();
    },
  });
  await fs.writeFile(`${home}/a`, stream);
  expect(readFileSync(`${home}/a`, 'utf8')).toBe('one two three');
});

test('lines come one by one, without their ends, and the file is closed after the last', async () => {
  const { fs, home, page } = await startFsApp();
  const long = 'x'.repeat(200_000);
  writeFileSync(`${home}/a`, `one\r\n\ntwo\r\r\n${long}\nlast`);
  const lines: string[] = [];
  for await (const line of await fs.readTextFileLines(`${home}/a`)) lines.push(line);
  expect(lines).toEqual(['one', '', 'two\r', long, 'last']);
  expect(page.connection.resources.size).toBe(0);
  writeFileSync(`${home}/latin`, Buffer.from([0xe9, 0x0a]));
  const latin: string[] = [];
  for await (const line of await fs.readTextFileLines(`${home}/latin`, { encoding: 'latin1' })) latin.push(line);
  expect(latin).toEqual(['é']);
  for await (const line of await fs.readTextFileLines(`${home}/a`)) {
    expect(line).toBe('one');
    break;
  }
  expect(page.connection.resources.size).toBe(0);
});

test('folders: make, list, measure, rename, copy, remove', async () => {
  const { fs, home } = await startFsApp();
  await fs.mkdir(`${home}/a/b/c`, { recursive: true });
  await fs.mkdir(`${home}/a/b/c`, { recursive: true });
  expect(await outcome(fs.mkdir(`${home}/a`))).toEqual({
    error: `failed to create directory at path: ${home}/a with error: File exists (os error 17)`,
  });
  await fs.writeTextFile(`${home}/a/b/one.txt`, '12345');
  symlinkSync('one.txt', `${home}/a/b/link`);
  expect((await fs.readDir(`${home}/a/b`)).toSorted((x, y) => x.name.localeCompare(y.name))).toEqual([
    { name: 'c', isDirectory: true, isFile: false, isSymlink: false },
    { name: 'link', isDirectory: false, isFile: false, isSymlink: true },
    { name: 'one.txt', isDirectory: false, isFile: true, isSymlink: false },
  ]);
  expect(await fs.size(`${home}/a`)).toBe(5);
  expect(await fs.size(`${home}/a/b/link`)).toBe(5);
  chmodSync(`${home}/a/b/one.txt`, 0o640);
  await fs.copyFile(`${home}/a/b/one.txt`, `${home}/two.txt`);
  expect(statSync(`${home}/two.txt`).mode & 0o777).toBe(0o640);
  await fs.copyFile(`${home}/two.txt`, `${home}/two.txt`);
  expect(readFileSync(`${home}/two.txt`, 'utf8')).toBe('12345');
  await fs.rename(`${home}/a/b`, `${home}/moved`);
  expect(existsSync(`${home}/moved/c`)).toBe(true);
  expect(await outcome(fs.remove(`${home}/moved`))).toEqual({
    error: `failed to remove path: ${home}/moved with error: Directory not empty (os error 39)`,
  });
  await fs.remove(`${home}/moved`, { recursive: true });
  await fs.remove(`${home}/a`);
  await fs.remove(`${home}/two.txt`);
  expect(await fs.readDir(home)).toEqual([]);
});

test('stat follows links, lstat does not, exists says so', async () => {
  const { fs, home } = await startFsApp();
  writeFileSync(`${home}/a`, 'abc', { mode: 0o444 });
  symlinkSync('a', `${home}/link`);
  symlinkSync('nowhere', `${home}/dangling`);
  const info = await fs.stat(`${home}/link`);
  const real = statSync(`${home}/a`);
  expect(info).toMatchObject({ isFile: true, isDirectory: false, isSymlink: false, size: 3, readonly: true });
  expect(info).toMatchObject({
    ino: real.ino,
    dev: real.dev,
    mode: real.mode,
    nlink: 1,
    uid: real.uid,
    blocks: real.blocks,
  });
  expect(info.mtime?.getTime()).toBe(Math.floor(real.mtimeMs));
  expect(info.fileAttributes).toBeNull();
  expect(await fs.lstat(`${home}/link`)).toMatchObject({ isFile: false, isSymlink: true });
  const names = ['a', 'link', 'dangling', 'a/b', ''];
  const exist = await Promise.all(names.map((name) => fs.exists(`${home}/${name}`)));
  expect(exist).toEqual([true, true, false, false, true]);
});

test('every error has the words of Rust', async () => {
  const { fs, home } = await startFsApp();
  const none = `${home}/none`;
  mkdirSync(`${home}/folder`);
  writeFileSync(`${home}/file`, '');
  const absent = 'No such file or directory (os error 2)';
  const said = async (call: Promise<unknown>) => ((await outcome(call)) as { error: unknown }).error;
  expect(await said(fs.readFile(none))).toBe(`failed to open file at path: ${none} with error: ${absent}`);
  expect(await said(fs.readTextFile(`${home}/folder`))).toBe(
    `failed to read file as text at path: ${home}/folder with error: Is a directory (os error 21)`,
  );
  expect(await said(fs.readTextFileLines(none).then((lines) => lines[Symbol.asyncIterator]().next()))).toBe(
    `failed to open file at path: ${none} with error: ${absent}`,
  );
  expect(await said(fs.create(`${none}/a`))).toBe(`failed to create file at path: ${none}/a with error: ${absent}`);
  expect(await said(fs.open(`${home}/folder`, { write: true }))).toBe(
    `failed to open file at path: ${home}/folder with error: Is a directory (os error 21)`,
  );
  expect(await said(fs.open(`${home}/file`, { read: false }))).toBe(
    `failed to open file at path: ${home}/file with error: Invalid argument (os error 22)`,
  );
  expect(await said(fs.stat(none))).toBe(`failed to get metadata of path: ${none} with error: ${absent}`);
  expect(await said(fs.remove(none))).toBe(`failed to get metadata of path: ${none} with error: ${absent}`);
  expect(await said(fs.truncate(none, 1))).toBe(`failed to open file at path: ${none} with error: ${absent}`);
  expect(await said(fs.readDir(`${home}/file`))).toBe(
    `failed to read directory at path: ${home}/file with error: Not a directory (os error 20)`,
  );
  expect(await said(fs.mkdir(`${none}/a`))).toBe(`failed to create directory at path: ${none}/a with error: ${absent}`);
  expect(await said(fs.rename(none, `${home}/b`))).toBe(
    `failed to rename old path: ${none} to new path: ${home}/b with error: ${absent}`,
  );
  expect(await said(fs.copyFile(none, `${home}/b`))).toBe(
    `failed to copy file from path: ${none}, to path: ${home}/b with error: ${absent}`,
  );
  expect(await said(fs.copyFile(`${home}/folder`, `${home}/b`))).toBe(
    `failed to copy file from path: ${home}/folder, to path: ${home}/b with error: the source path is neither a regular file nor a symlink to a regular file`,
  );
  expect(await said(fs.size(none))).toBe(absent);
  expect(await said(fs.watchImmediate(none, () => undefined))).toBe(`No path was found. about ["${none}"]`);
});

test('base directories, and relative paths from the workspace', async () => {
  const { fs, home } = await startFsApp({
    permissions: (home) => [...ALL, allow('$APPDATA', '$APPDATA/*', `${home}/*`)],
  });
  const { BaseDirectory } = fs;
  await fs.mkdir('', { baseDir: BaseDirectory.AppData, recursive: true });
  await fs.writeTextFile('a.txt', 'data', { baseDir: BaseDirectory.AppData });
  expect(readFileSync(join(home, 'data/dev.test.app/a.txt'), 'utf8')).toBe('data');
  expect(await outcome(fs.readTextFile('sub/a.txt', { baseDir: BaseDirectory.AppData }))).toEqual({
    error: `forbidden path: ${home}/data/dev.test.app/sub/a.txt, maybe it is not allowed on the scope for \`allow-read-text-file\` permission in your capability file`,
  });
  await fs.writeTextFile('here', 'x');
  expect(readFileSync(`${home}/here`, 'utf8')).toBe('x');
  expect(await outcome(fs.readTextFile('gone'))).toEqual({
    error: 'failed to open file at path: gone with error: No such file or directory (os error 2)',
  });
  expect(await outcome(fs.exists('a', { baseDir: BaseDirectory.Audio }))).toEqual({ error: 'unknown path' });
});

test('files of a page are closed when it reloads, and another page does not have them', async () => {
  const { fs, home, page } = await startFsApp();
  writeFileSync(`${home}/a`, 'abc');
  const file = await fs.open(`${home}/a`);
  const { resources } = page.connection;
  expect(resources.size).toBe(1);
  await page.reload();
  expect(resources.size).toBe(0);
  expect(await outcome(page.invoke('plugin:fs|read', { rid: file.rid, len: 1 }))).toEqual({
    error: `The resource id ${file.rid} is invalid.`,
  });
});

test('what needs no file system is accepted', async () => {
  const { fs, home } = await startFsApp();
  await fs.startAccessingSecurityScopedResource(`${home}/a`);
  await fs.stopAccessingSecurityScopedResource(`${home}/a`);
});

test('without a file system, relative paths say so', async () => {
  const { fs } = await startFsApp({
    host: { fs: { noFiles: 'the workspace is a virtual one', npmVersion: undefined } },
  });
  expect(await outcome(fs.readTextFile('a'))).toEqual({
    error: 'fs.read_text_file is not supported in a VS Code panel (the workspace is a virtual one)',
  });
});
