/** The demo's backend: the commands behind the cards of its pages. It runs in a process of its own and reloads on save. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, channel, command, IpcError, reject, validatePath } from 'ipc-workbench';
import * as z from 'zod';

// 1 · a call and its answer
const greet = command('greet', { args: { name: z.string() } }, ({ name }) => {
  if (name.trim() === '') throw IpcError.invalidRequest('the name is empty');
  return `Hello, ${name}! You've been greeted from TypeScript.`;
});

// 2 · a structure, checked before the handler sees it
const User = z
  .object({
    id: z.int32(),
    name: z.string().min(1, 'the name must not be empty'),
    email: z.email('not an email address'),
    roles: z.array(z.enum(['admin', 'editor', 'viewer'])),
  })
  .meta({ title: 'User' });

const updateUser = command('update_user', { args: { user: User }, returns: User }, ({ user }) => user);

// 3 and 4 · events: to everybody, and to one window. Who sent it is not the page's to say: it comes from the connection.
const broadcast = command('broadcast', { args: { msg: z.string() } }, ({ msg }, { app, window }) => {
  app.emit('global-event', { from: window.label, msg });
});

const notifyWindow = command(
  'notify_window',
  { args: { label: z.string(), msg: z.string() } },
  ({ label, msg }, { app, window }) => {
    if (!app.window(label)) throw IpcError.invalidRequest(`there is no window "${label}"`);
    app.emitTo(label, 'window-event', { from: window.label, msg });
  },
);

// 5 · bytes through a channel
const streamData = command('stream_data', { args: { channel: channel<Uint8Array>() } }, async ({ channel }) => {
  await channel.send(new Uint8Array([1, 2, 3, 4, 5]));
  channel.close();
});

/** The running download of each window, so that another command can stop it. */
const downloads = new Map<string, AbortController>();

const download = command(
  'download',
  {
    args: {
      bytes: z.int().min(0).max(256_000_000),
      chunk: z.int().min(1_000).max(4_000_000),
      channel: channel<Uint8Array>(),
    },
  },
  async ({ bytes, chunk, channel }, { signal, window }) => {
    const stop = new AbortController();
    downloads.set(window.label, stop);
    const hash = createHash('sha256');
    const nextChunk = noise();
    try {
      for (let sent = 0; sent < bytes; sent += chunk) {
        signal.throwIfAborted();
        stop.signal.throwIfAborted();
        const part = nextChunk(Math.min(chunk, bytes - sent));
        hash.update(part);
        await channel.send(part); // resolves when there is room for more
      }
    } finally {
      channel.close();
      if (downloads.get(window.label) === stop) downloads.delete(window.label);
    }
    return { bytes, sha256: hash.digest('hex') };
  },
);

const cancelDownload = command('cancel_download', {}, (_, { window }) => {
  downloads.get(window.label)?.abort(IpcError.invalidRequest('the download was cancelled'));
});

/** Bytes that look random and are the same every time (xorshift32): a lost, doubled or swapped chunk changes the hash. */
function noise(): (length: number) => Uint8Array {
  let x = 0x2545_f491;
  return (length) => {
    const words = new Uint32Array(Math.ceil(length / 4));
    for (let i = 0; i < words.length; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      words[i] = x;
    }
    return new Uint8Array(words.buffer, 0, length);
  };
}

// 6 · every way to fail
const FAILURES = [
  'invalid-request',
  'channel-closed',
  'serialization',
  'invalid-path',
  'permission-denied',
  'custom',
  'bug',
] as const;

const fail = command(
  'fail',
  { args: { kind: z.enum(FAILURES), channel: channel<string>() } },
  async ({ kind, channel }) => {
    switch (kind) {
      case 'invalid-request':
        throw IpcError.invalidRequest('the amount must be positive');
      case 'channel-closed':
        channel.close();
        return await channel.send('too late');
      case 'serialization':
        return { balance: 10n }; // JSON has no bigint
      case 'invalid-path':
        return await validatePath('../outside.txt', root);
      case 'permission-denied':
        throw IpcError.permissionDenied('only the owner may delete this');
      case 'custom':
        throw reject({ code: 507, reason: 'disk full', retry: false });
      case 'bug':
        throw new Error('the page sees this sentence; the stack stays in the log');
    }
  },
);

// 7 · paths that must stay inside of a folder
const resolvePath = command('resolve_path', { args: { path: z.string() } }, async ({ path }) => {
  const file = await validatePath(path, root);
  return relative(root, file).split(sep).join('/') || '.';
});

// 8 · permissions: the capability must hold fs:read, and its scope must cover the file
const readTextFile = command(
  'read_file',
  { args: { path: z.string() }, permissions: ['fs:read'] },
  async ({ path }, { authority }) => {
    const file = await validatePath(path, root); // first: a scope must judge the real path, not a link to it
    authority.require('fs:read', file);
    return (await readFile(file, 'utf8')).trim();
  },
);

// the strip at the top of the page
const serverInfo = command('server_info', {}, () => ({
  node: process.version,
  pid: process.pid,
  uptime: process.uptime(),
  outside: process.platform === 'win32' ? 'C:\\Windows\\win.ini' : '/etc/hosts',
  link: linked,
}));

/** The folder that paths may not leave, once `setup` has made it. */
let root = '';
/** Whether it holds a link that leads out of it. */
let linked = false;

/**
 * Copies `files/` to a folder where a link may be made: the demo may lie in an installed extension, which must stay as it
 * is, and a VSIX holds no links.
 */
function prepareFiles(): void {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-workbench-demo-')));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  root = join(home, 'files');
  cpSync(fileURLToPath(new URL('../files/', import.meta.url)), root, { recursive: true });
  writeFileSync(join(home, 'outside.txt'), 'If a page reaches this file, a path check has failed.\n');
  try {
    // A junction needs no privilege on Windows; elsewhere the type is ignored.
    symlinkSync(home, join(root, 'link-outside'), 'junction');
    linked = true;
  } catch (error) {
    console.warn('The demo could not make its symbolic link:', error);
  }
}

export default app({
  commands: [
    greet,
    updateUser,
    broadcast,
    notifyWindow,
    streamData,
    download,
    cancelDownload,
    fail,
    resolvePath,
    readTextFile,
    serverInfo,
  ],
  plugins: [],
  setup(app) {
    prepareFiles();
    app.emit('backend-started');
  },
});
