import * as fs from '@tauri-apps/plugin-fs';
import { bytes, equal, heard, ok, pluginCases, text } from './cases.ts';

const { BaseDirectory } = fs;
const baseDir = BaseDirectory.AppData;

async function fileOf(name: string, content: string): Promise<void> {
  await fs.mkdir('files', { baseDir, recursive: true });
  await fs.writeTextFile(`files/${name}`, content, { baseDir });
}

async function lines(name: string): Promise<string[]> {
  const all: string[] = [];
  for await (const line of await fs.readTextFileLines(`files/${name}`, { baseDir })) all.push(line);
  return all;
}

const handleOf = (name: string) => fs.open(`files/${name}`, { baseDir, read: true, write: true });

export const fsCases = pluginCases(fs, {
  async mkdir() {
    await fs.mkdir('files/deep/er', { baseDir, recursive: true });
    equal(await fs.exists('files/deep/er', { baseDir }), true);
  },
  async writeTextFile() {
    await fileOf('text.txt', 'one\n');
    await fs.writeTextFile('files/text.txt', 'two Ünïcode\n', { baseDir, append: true });
    equal(await fs.readTextFile('files/text.txt', { baseDir }), 'one\ntwo Ünïcode\n');
  },
  async readTextFile({ folder }) {
    await fs.writeTextFile(`${folder}/outside AppData.txt`, 'by its absolute path');
    equal(await fs.readTextFile(`${folder}/outside AppData.txt`), 'by its absolute path');
  },
  async writeFile() {
    const parts = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes('a stream '));
        controller.enqueue(bytes('in parts'));
        controller.close();
      },
    });
    await fs.writeFile('files/stream.txt', parts, { baseDir });
    equal(await fs.readTextFile('files/stream.txt', { baseDir }), 'a stream in parts');
    await fs.writeFile('files/bytes.bin', new Uint8Array([0, 255, 128]), { baseDir });
  },
  async readFile() {
    await fs.writeFile('files/bytes.bin', new Uint8Array([0, 255, 128]), { baseDir });
    const read = await fs.readFile('files/bytes.bin', { baseDir });
    ok(read instanceof Uint8Array, 'bytes are bytes');
    equal([...read], [0, 255, 128]);
  },
  async readTextFileLines() {
    await fileOf('lines.txt', 'one\ntwo\r\nthree');
    equal(await lines('lines.txt'), ['one', 'two', 'three']);
  },
  async exists() {
    equal(await fs.exists('files/nothing', { baseDir }), false);
  },
  async create() {
    const file = await fs.create('files/made.txt', { baseDir });
    await file.write(bytes('made'));
    await file.close();
    equal(await fs.readTextFile('files/made.txt', { baseDir }), 'made');
  },
  async open() {
    await fileOf('open.txt', 'to be opened');
    const file = await fs.open('files/open.txt', { baseDir });
    equal((await file.stat()).size, 12);
    await file.close();
  },
  async 'FileHandle#read'() {
    await fileOf('handle.txt', 'abcdef');
    const file = await handleOf('handle.txt');
    const buffer = new Uint8Array(4);
    equal(await file.read(buffer), 4);
    equal(text(buffer), 'abcd');
    equal(await file.read(buffer), 2);
    equal(await file.read(buffer), null);
    await file.close();
  },
  async 'FileHandle#seek'() {
    await fileOf('seek.txt', 'abcdef');
    const file = await handleOf('seek.txt');
    equal(await file.seek(-2, fs.SeekMode.End), 4);
    const buffer = new Uint8Array(2);
    await file.read(buffer);
    equal(text(buffer), 'ef');
    await file.close();
  },
  async 'FileHandle#stat'() {
    await fileOf('stat.txt', '12345');
    const file = await handleOf('stat.txt');
    const { size, isFile, isDirectory } = await file.stat();
    equal([size, isFile, isDirectory], [5, true, false]);
    await file.close();
  },
  async 'FileHandle#truncate'() {
    await fileOf('cut.txt', '12345');
    const file = await handleOf('cut.txt');
    await file.truncate(2);
    await file.close();
    equal(await fs.readTextFile('files/cut.txt', { baseDir }), '12');
  },
  async 'FileHandle#write'() {
    await fileOf('write.txt', '');
    const file = await handleOf('write.txt');
    equal(await file.write(bytes('four')), 4);
    await file.close();
    equal(await fs.readTextFile('files/write.txt', { baseDir }), 'four');
  },
  async copyFile() {
    await fileOf('from.txt', 'copied');
    await fs.copyFile('files/from.txt', 'files/to.txt', { fromPathBaseDir: baseDir, toPathBaseDir: baseDir });
    equal(await fs.readTextFile('files/to.txt', { baseDir }), 'copied');
  },
  async readDir() {
    await fs.mkdir('files/listed/folder', { baseDir, recursive: true });
    await fs.writeTextFile('files/listed/file', '', { baseDir });
    const entries = (await fs.readDir('files/listed', { baseDir })).sort((a, b) => a.name.localeCompare(b.name));
    equal(
      entries.map(({ name, isDirectory, isFile }) => ({ name, isDirectory, isFile })),
      [
        { name: 'file', isDirectory: false, isFile: true },
        { name: 'folder', isDirectory: true, isFile: false },
      ],
    );
  },
  async rename() {
    await fileOf('old.txt', 'renamed');
    await fs.rename('files/old.txt', 'files/new.txt', { oldPathBaseDir: baseDir, newPathBaseDir: baseDir });
    equal(
      [await fs.exists('files/old.txt', { baseDir }), await fs.exists('files/new.txt', { baseDir })],
      [false, true],
    );
  },
  async remove() {
    await fs.mkdir('files/gone/deep', { baseDir, recursive: true });
    await fs.remove('files/gone', { baseDir, recursive: true });
    equal(await fs.exists('files/gone', { baseDir }), false);
  },
  async stat() {
    await fileOf('facts.txt', '123');
    const { size, isFile, mtime } = await fs.stat('files/facts.txt', { baseDir });
    equal([size, isFile, mtime instanceof Date], [3, true, true]);
  },
  async lstat() {
    await fileOf('facts.txt', '123');
    equal((await fs.lstat('files/facts.txt', { baseDir })).isSymlink, false);
  },
  async truncate() {
    await fileOf('long.txt', '12345');
    await fs.truncate('files/long.txt', 3, { baseDir });
    equal(await fs.readTextFile('files/long.txt', { baseDir }), '123');
  },
  async size() {
    await fs.mkdir('files/sized', { baseDir, recursive: true });
    await fs.writeTextFile('files/sized/one', '1', { baseDir });
    await fs.writeTextFile('files/sized/two', '22', { baseDir });
    equal(await fs.size('files/sized', { baseDir }), 3);
  },
  async watch() {
    await fs.mkdir('files/watched', { baseDir, recursive: true });
    const event = heard<string>();
    const unwatch = await fs.watch('files/watched', ({ paths }) => event.tell(paths.join()), { baseDir, delayMs: 50 });
    await fs.writeTextFile('files/watched/a', 'a', { baseDir });
    ok((await event.promise).includes('watched'), 'the event names the path');
    unwatch();
  },
  async watchImmediate() {
    await fs.mkdir('files/watched now', { baseDir, recursive: true });
    const event = heard<string>();
    const unwatch = await fs.watchImmediate('files/watched now', ({ paths }) => event.tell(paths.join()), { baseDir });
    await fs.writeTextFile('files/watched now/a', 'a', { baseDir });
    ok((await event.promise).includes('watched now'), 'the event names the path');
    unwatch();
  },
  startAccessingSecurityScopedResource: ({ folder }) => fs.startAccessingSecurityScopedResource(folder),
  stopAccessingSecurityScopedResource: ({ folder }) => fs.stopAccessingSecurityScopedResource(folder),
});
