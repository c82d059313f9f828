import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { MessageRecord } from '#core/record.ts';
import { Tap } from '#core/tap.ts';
import { documentBytes, documentPath, parseDocumentPath } from '../../../extension/inspector/documents.ts';
import { Slices } from '../../../extension/inspector/slices.ts';

/** What VS Code was asked to do, and the file system it was given. */
const asked: unknown[][] = [];
const told: string[] = [];
const installed = new Set<string>();
let files: vscode.FileSystemProvider | undefined;
class FileSystemError extends Error {
  static NoPermissions = (text: string) => new FileSystemError(text);
  static Unavailable = (text: string) => new FileSystemError(text);
  static FileNotFound = (uri: unknown) => new FileSystemError(`no file ${String(uri)}`);
}
vi.mock('vscode', () => ({
  EventEmitter: class {
    event = () => ({ dispose: () => {} });
    dispose() {}
  },
  Disposable: class {
    dispose() {}
  },
  FileType: { File: 1 },
  FileSystemError,
  Uri: { from: ({ scheme, path }: { scheme: string; path: string }) => ({ scheme, path }) },
  workspace: {
    registerFileSystemProvider: (_scheme: string, provider: vscode.FileSystemProvider) => {
      files = provider;
      return { dispose: () => (files = undefined) };
    },
  },
  window: { showInformationMessage: async (text: string) => void told.push(text) },
  extensions: { getExtension: (id: string) => (installed.has(id) ? {} : undefined) },
  commands: { executeCommand: async (...args: unknown[]) => void asked.push(args) },
}));

beforeEach(() => {
  asked.length = 0;
  told.length = 0;
  installed.clear();
});

function call(tap: Tap, name: string, args: unknown, result?: { readonly json: string } | Uint8Array): number {
  const body =
    args instanceof Uint8Array ? ({ kind: 'raw', bytes: args } as const) : ({ kind: 'json', value: args } as const);
  const id = tap.call('notes', { window: 'main', generation: 1, origin: 'local', cmd: name, body, headers: [] }, 10);
  if (result instanceof Uint8Array) tap.settle(id, { ok: true, result: { kind: 'raw', bytes: result } });
  else if (result) tap.settle(id, { ok: true, result: { kind: 'json', json: result.json } });
  return id;
}

async function makeBodies() {
  const { Bodies } = await import('../../../extension/inspector/bodies.ts');
  const tap = new Tap();
  const bodies = new Bodies();
  bodies.add('s1', tap);
  onTestFinished(() => {
    bodies.dispose();
    tap.dispose();
  });
  const read = async (path: string) => {
    if (!files) throw new Error('no file system');
    const uri = { path, scheme: 'ipc-workbench' } as vscode.Uri;
    const bytes = await files.readFile(uri);
    expect((await files.stat(uri)).size).toBe(bytes.byteLength);
    return bytes;
  };
  return { tap, bodies, read, text: async (path: string) => new TextDecoder().decode(await read(path)) };
}

test('a document has the name of its message, and its path means it again', () => {
  const tap = new Tap();
  const id = call(tap, 'plugin:fs|read/../x', { a: 1 }, { json: '7' });
  const record = tap.find(id) as MessageRecord;
  const path = documentPath('s1', record, 'body');
  expect(path).toBe('/s1/1/body/plugin:fs|read-..-x #1 args.json');
  expect(parseDocumentPath(path)).toEqual({ session: 's1', id: 1, part: 'body', sorted: false });
  expect(parseDocumentPath(documentPath('s1', record, 'both', true))).toEqual({
    session: 's1',
    id: 1,
    part: 'both',
    sorted: true,
  });
  for (const wrong of ['/', '/s1/x/body/n', '/s1/1/else/n', '/s1/-1/body/n', '//1/body/n']) {
    expect(parseDocumentPath(wrong)).toBeUndefined();
  }
});

test('a name of half characters or of signs that turn the text is a path all the same', () => {
  const tap = new Tap();
  const id = call(tap, `${'x'.repeat(79)}😀\ud800`, {});
  const turned = call(tap, 'a\u202egnp.exe\u2066', {});
  const paths = [id, turned].map((each) => documentPath('s1', tap.find(each) as MessageRecord, 'body'));
  for (const path of paths) expect(path.isWellFormed()).toBe(true);
  expect(paths[1]).toBe('/s1/2/body/a-gnp.exe- #2 args.json');
});

test('check 29: a body opens as a read-only document, which is found again as long as its session is stored', async () => {
  const { tap, bodies, read, text } = await makeBodies();
  const id = call(tap, 'save_note', { id: 1, title: 'Groceries' }, { json: '{"big":90071992547409931}' });
  await bodies.open(tap, id, 'body');
  const [command, uri] = asked[0] as [string, vscode.Uri];
  expect([command, uri.scheme, uri.path]).toEqual([
    'vscode.open',
    'ipc-workbench',
    '/s1/1/body/save_note #1 args.json',
  ]);
  expect(await text(uri.path)).toBe('{\n  "id": 1,\n  "title": "Groceries"\n}');
  await bodies.open(tap, id, 'outcome');
  expect(await text((asked[1] as [string, vscode.Uri])[1].path)).toBe('{\n  "big": 90071992547409931\n}');
  for (const write of ['writeFile', 'delete', 'rename', 'createDirectory'] as const) {
    expect(() => Reflect.apply(files?.[write] ?? (() => {}), files, [uri])).toThrow('cannot be changed');
  }
  // Another window of VS Code, or a session that is gone.
  await expect(read('/s2/1/body/save_note #1 args.json')).rejects.toThrow(
    'Message #1 is of a session that is not stored any more',
  );
  await expect(read('/s1/9/body/save_note #9 args.json')).rejects.toThrow('Message #9 is not kept any more.');
  await expect(read('/nonsense')).rejects.toThrow('no file');
  await bodies.open(tap, 9, 'body');
  expect(told).toEqual(['This part of message #9 is not kept any more.']);
  // After a reload the records are back under the same session.
  tap.clear();
  const restored = new Tap();
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  bodies.add('s1', restored, ready);
  const asLate = text(uri.path);
  call(restored, 'save_note', { id: 1, title: 'Restored' });
  resolve();
  expect(await asLate).toContain('Restored');
});

test('bytes open by what they look like; unknown ones in the editor for bytes where somebody has it', async () => {
  const { tap, bodies, read } = await makeBodies();
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1);
  const id = call(tap, 'icon', png, Uint8Array.of(0, 1, 2));
  await bodies.open(tap, id, 'body');
  await bodies.open(tap, id, 'outcome');
  installed.add('ms-vscode.hexeditor');
  await bodies.open(tap, id, 'outcome');
  const opened = asked.map(([command, uri, viewType]) => [command, (uri as vscode.Uri).path, viewType]);
  expect(opened).toEqual([
    ['vscode.open', '/s1/1/body/icon #1 args.png', { preview: true }],
    ['vscode.open', '/s1/1/outcome/icon #1 result.bin', { preview: true }],
    ['vscode.openWith', '/s1/1/outcome/icon #1 result.bin', 'hexEditor.hexedit'],
  ]);
  expect(await read('/s1/1/body/icon #1 args.png')).toEqual(png);
});

test('check 30: two messages are compared with their keys in order, more of them with the first', async () => {
  const { tap, bodies, text } = await makeBodies();
  const ids = [
    call(tap, 'save', { b: 1, a: { y: 1, x: 2 } }, { json: '{"ok":true,"at":1}' }),
    call(tap, 'save', { a: { x: 2, y: 9 }, b: 1 }, { json: '{"at":1,"ok":true}' }),
    call(tap, 'save', { b: 1 }),
  ];
  await bodies.compare(tap, ids.slice(0, 2), 'both');
  const [command, left, right, title] = asked[0] as [string, vscode.Uri, vscode.Uri, string];
  expect([command, title]).toEqual(['vscode.diff', 'save #1 call ↔ save #2 call']);
  const [first, second] = [(await text(left.path)).split('\n'), (await text(right.path)).split('\n')];
  expect(first.flatMap((line, at) => (line === second[at] ? [] : [[line, second[at]]]))).toEqual([
    ['      "y": 1', '      "y": 9'],
  ]);
  expect(first.length).toBe(second.length);
  await bodies.compare(tap, ids, 'body');
  const [changes, , resources] = asked[1] as [string, string, [vscode.Uri, vscode.Uri, vscode.Uri][]];
  expect(changes).toBe('vscode.changes');
  expect(resources.map(([, a, b]) => [a.path.split('/')[2], b.path.split('/')[2]])).toEqual([
    ['1', '2'],
    ['1', '3'],
  ]);
  await bodies.compare(tap, [ids[0] ?? 0, 77], 'both');
  expect(told.at(-1)).toContain('no two messages');
});

test('bytes are compared as text', () => {
  const tap = new Tap();
  const id = call(
    tap,
    'send',
    Uint8Array.from({ length: 18 }, (_, at) => at),
  );
  const record = tap.find(id) as MessageRecord;
  const text = (part: 'body' | 'both') => new TextDecoder().decode(documentBytes(record, part, true));
  expect(text('body')).toBe('00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n10 11');
  expect(JSON.parse(text('both'))).toEqual({ args: { bytes: text('body').split('\n') } });
});

test('slices are of one text, although a handler changes its arguments in between; another body is read anew', () => {
  const tap = new Tap();
  const args = { list: [1, 2, 3] };
  const id = call(tap, 'sum', args, { json: '6' });
  const slices = new Slices(tap);
  const text = (part: 'body' | 'outcome' | 'raw', offset: number, length: number) => {
    const body = slices.get(id, part, offset, length);
    return body.kind === 'json' ? body.text : body.kind;
  };
  expect(text('body', 0, 10)).toBe('{"list":[1');
  args.list = [];
  expect(text('body', 10, 100)).toBe(',2,3]}');
  expect(text('body', 0, 100)).toBe('{"list":[]}');
  expect([
    text('outcome', 0, 9),
    slices.text(id, 'outcome'),
    slices.text(id, 'raw')?.includes('"args":{"list":[]}'),
  ]).toEqual(['6', '6', true]);
  expect([slices.get(99, 'body', 0, 10), slices.text(99, 'body')]).toEqual([{ kind: 'dropped' }, undefined]);
});

test('a body that is in a file is read from there, for slices and documents', () => {
  const record = {
    id: 3,
    name: 'save',
    kind: 'invoke',
    status: 'ok',
    body: { kind: 'spilled', size: 7, preview: '{"a"', read: () => ({ kind: 'text', json: '{"a":1}' }) },
  } as unknown as MessageRecord;
  const source = { find: () => record } as unknown as Tap;
  expect(new Slices(source).get(3, 'body', 0, 100)).toMatchObject({ text: '{"a":1}', size: 7, truncated: false });
  expect(new TextDecoder().decode(documentBytes(record, 'raw', false))).toContain('"args": {\n    "a": 1\n  }');
});
