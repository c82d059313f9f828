/** `plugin:shell|…` (tauri-acl 4.6 and 5.2): programs that the scope allows, and `open`. */
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import { type CallArguments, ShellOpenScope, ShellScope } from '#core/acl/scope/shell.ts';
import { type Channel, channel } from '#core/channel.ts';
import { command, type CommandContext } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { rustPath } from '#core/rust-path.ts';
import { pathPlace } from '../directories.ts';
import { callersResources, type PluginHost } from '../host.ts';
import { ioErrorText } from '../io-error.ts';
import { openTarget, openWith } from '../opener.ts';
import { environment, findProgram, Programs, type StartOptions } from '../program.ts';
import { ByteArray, isObject, PathText, refuse, serde } from '../schemas.ts';
import { shellLinkScript } from '../link-scripts.ts';
import { DialogTurns } from '../turns.ts';
import { type Decoder, decoderFor, LineCutter, type Output } from './output.ts';
import { configuredSidecar, sidecarFile } from './sidecar.ts';

/** What `execute` keeps of each stream; Tauri has no limit, and a page would be sent all of it at once. */
const MAX_OUTPUT = 64 * 1024 * 1024;

const Config = z.looseObject({ open: z.union([z.boolean(), z.string()]).optional() }).nullish();

const Arguments = serde<CallArguments>((value) => {
  if (value === null) return undefined;
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw refuse('data did not match any variant of untagged enum ExecuteArgs');
});

const Options = z.object({
  sidecar: z.boolean().default(false),
  cwd: PathText.nullish(),
  // Absent adds nothing, null clears all: they differ.
  env: z.record(z.string(), z.string()).nullable().default({}),
  encoding: z.string().nullish(),
});

const Written = serde<string | Uint8Array>((value) => {
  if (typeof value === 'string') return value;
  const bytes = ByteArray.safeParse(value);
  if (!bytes.success) throw refuse('data did not match any variant of untagged enum Buffer');
  return bytes.data;
});

/** Programs by which `open` may open, as Tauri names them, and what they are called on this system. */
const OPENERS: Readonly<Record<string, string>> = {
  open: 'open',
  start: 'start',
  'xdg-open': 'xdg-open',
  gio: 'gio',
  'gnome-open': 'gnome-open',
  'kde-open': 'kde-open',
  wslview: 'wslview',
  firefox: process.platform === 'darwin' ? 'Firefox' : 'firefox',
  chrome: process.platform === 'darwin' ? 'Google Chrome' : 'google-chrome',
  'google chrome': process.platform === 'darwin' ? 'Google Chrome' : 'google-chrome',
  chromium: process.platform === 'darwin' ? 'Chromium' : 'chromium',
  safari: process.platform === 'darwin' ? 'Safari' : 'safari',
};

const Opener = serde<string>((value) => {
  const name = typeof value === 'string' ? value.toLowerCase() : '';
  const program = Object.hasOwn(OPENERS, name) ? OPENERS[name] : undefined;
  if (program === undefined)
    throw refuse(`unknown program ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return program;
});

const CALL = { program: z.string(), args: Arguments, options: Options };
interface CallArgs {
  readonly program: string;
  readonly args: CallArguments;
  readonly options: z.output<typeof Options>;
}

interface Prepared {
  readonly file: string;
  readonly args: readonly string[];
  readonly start: Omit<StartOptions, 'stdin'>;
  readonly decoder: Decoder;
}

export function shellPlugin(core: Core, host: PluginHost): Plugin {
  const programs = new Programs();
  const turns = new DialogTurns();
  let openScope = new ShellOpenScope();

  /** What a call runs, as the scope has it. Nothing of the file system is asked before the scope has said yes. */
  async function prepare({ program, args, options }: CallArgs, context: CommandContext): Promise<Prepared> {
    const { sidecar } = options;
    const configured = sidecar ? configuredSidecar(program, host.shell) : undefined;
    const scope = new ShellScope({ command: context.scope, global: context.globalScope }, pathPlace(host));
    const allowed = scope.prepare(program, args, { sidecar });
    const env = environment(host.system, options.env);
    const decoder = decoderFor(options.encoding ?? undefined);
    const windows = host.system.platform === 'win32';
    const cwd = options.cwd ?? undefined;
    const file =
      configured === undefined ? await findProgram(allowed.command, host) : await sidecarFile(configured, host.shell);
    if (windows && /\.(bat|cmd)$/i.test(file)) {
      throw reject(`${program} is a batch file: it would need a shell, and none is started here`);
    }
    const start = { env, cwd: cwd === undefined ? host.cwd : rustPath(windows).push(host.cwd, cwd) };
    return { file, args: allowed.args, start, decoder };
  }

  /** Starts a program that ends with the page that called. */
  async function start(prepared: Prepared, stdin: boolean, { window, signal }: CommandContext) {
    // The page may have gone while the file was looked for.
    signal.throwIfAborted();
    const child = await programs.start(prepared.file, prepared.args, { ...prepared.start, stdin });
    const pid = child.pid as number;
    const kill = () => programs.kill(pid);
    if (signal.aborted) kill();
    signal.throwIfAborted();
    const resources = callersResources(core, window.label);
    const rid = resources.add({ resourceName: 'program', close: kill });
    child.once('close', () => resources.close(rid));
    return { child, pid };
  }

  const shell = plugin<z.output<typeof Config>>({
    name: 'shell',
    config: Config,
    setup(_app, config) {
      openScope = new ShellOpenScope(config?.open);
    },
    commands: [
      command('execute', { args: CALL }, async (args, context) => {
        const prepared = await prepare(args, context);
        const { child, pid } = await start(prepared, false, context);
        const ended = endOf(child);
        const tooMuch = () => programs.kill(pid);
        const [stdout, stderr, { code, signal }] = await Promise.all([
          collect(child.stdout, tooMuch),
          collect(child.stderr, tooMuch),
          ended,
        ]);
        return { code, signal, stdout: decodeAll(prepared, stdout), stderr: decodeAll(prepared, stderr) };
      }),
      command(
        'spawn',
        { args: { ...CALL, onEvent: channel<CommandEvent>() } },
        async ({ onEvent, ...args }, context) => {
          const prepared = await prepare(args, context);
          const { child, pid } = await start(prepared, true, context);
          // It writes to a program that may not read any more: whoever called is told by `stdin_write`.
          child.stdin.on('error', () => undefined);
          void follow(child, prepared.decoder, onEvent).catch(() => programs.kill(pid)); // nobody hears it any more
          return pid;
        },
      ),
      command('stdin_write', { args: { pid: z.uint32(), buffer: Written } }, async ({ pid, buffer }) => {
        const stdin = programs.find(pid)?.stdin;
        if (stdin) await write(stdin, buffer);
      }),
      command('kill', { args: { pid: z.uint32() } }, ({ pid }) => programs.kill(pid)),
      command(
        'open',
        { args: { path: z.string(), with: Opener.optional() } },
        async ({ path, with: program }, { signal }) => {
          openScope.check(path);
          await turns.take('shell.open', signal, () =>
            program === undefined ? openTarget(host, path) : openWith(host, path, program, 'shell.open'),
          );
        },
      ),
    ],
    onDrop: () => programs.dispose(),
  });
  return {
    ...shell,
    // Read at each load of a page. Of an app without this plugin's permission the opener has the links: Tauri would not
    // have registered this one.
    get initScript() {
      const may = [...core.windows.values()].some(({ label, connection }) => {
        const access = { command: 'plugin:shell|open', window: label, webview: label };
        return core.authority.decide({ ...access, origin: connection?.origin ?? 'local' }).allowed;
      });
      return may ? shellLinkScript : '';
    },
  };
}

type CommandEvent =
  | { readonly event: 'Stdout' | 'Stderr'; readonly payload: Output }
  | { readonly event: 'Error'; readonly payload: string }
  | { readonly event: 'Terminated'; readonly payload: End };

interface End {
  readonly code: number | null;
  readonly signal: number | null;
}

/** How a program ended, once its output has ended too. */
async function endOf(child: ChildProcess): Promise<End> {
  const { promise, resolve } = Promise.withResolvers<End>();
  child.once('close', (code, signal) => resolve({ code, signal: signal && constants.signals[signal] }));
  return promise;
}

/** Tells the page what a program writes, and how it ends. The program waits where the page does not keep up. */
async function follow(child: ChildProcessWithoutNullStreams, decoder: Decoder, events: Channel<CommandEvent>) {
  const ended = endOf(child);
  const tell = async (stream: Readable, event: 'Stdout' | 'Stderr') => {
    for await (const piece of pieces(stream, decoder)) {
      let output: CommandEvent;
      try {
        output = { event, payload: decoder.decode(piece) };
      } catch (error) {
        output = { event: 'Error', payload: (error as Error).message };
      }
      await events.send(output);
    }
  };
  await Promise.all([tell(child.stdout, 'Stdout'), tell(child.stderr, 'Stderr')]);
  await events.send({ event: 'Terminated', payload: await ended });
  events.close();
}

async function* pieces(stream: Readable, { raw }: Decoder): AsyncGenerator<Buffer> {
  const lines = new LineCutter();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (raw) yield chunk;
    else yield* lines.cut(chunk);
  }
  yield* lines.end();
}

async function collect(stream: Readable, tooMuch: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_OUTPUT) {
      tooMuch();
      throw reject(`the program wrote more than ${MAX_OUTPUT >> 20} MiB and was ended: use spawn for long output`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decodeAll({ decoder }: Prepared, bytes: Buffer): Output {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    throw reject((error as Error).message);
  }
}

/** Writes, and resolves when the program's pipe has taken it. */
async function write(stdin: NodeJS.WritableStream, data: string | Uint8Array): Promise<void> {
  const { promise, resolve, reject: fail } = Promise.withResolvers<void>();
  stdin.write(data, (error) => (error ? fail(reject(stdinError(error))) : resolve()));
  await promise;
}

/** A pipe that is closed here is, to Rust, a broken one. */
function stdinError(error: Error): string {
  const closed = isObject(error) && /^ERR_STREAM_(?:DESTROYED|WRITE_AFTER_END)$/.test(String(error['code']));
  return ioErrorText(closed ? Object.assign(new Error('closed'), { code: 'EPIPE', errno: -32 }) : error);
}
