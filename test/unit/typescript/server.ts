/** TypeScript's server as VS Code runs it, with our plugin found as in an installed extension; and a project to look at. */
import * as esbuild from 'esbuild';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pluginBundle, writePluginManifest, writeTypes } from '../../../scripts/typescript-plugin.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

interface Message {
  readonly type: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: unknown;
}

interface Diagnostic {
  readonly text: string;
  readonly start: { readonly line: number };
  readonly category: string;
}

/** An extension's folder with what the plugin needs; the caller removes it. */
export async function makeExtension(): Promise<string> {
  const folder = temporaryFolder('ipc-extension-');
  writePluginManifest(folder);
  writeTypes(root, join(folder, 'dist/types'));
  await esbuild.build({ ...pluginBundle(join(folder, 'dist')), absWorkingDir: root });
  return folder;
}

export function temporaryFolder(prefix: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), prefix))).replaceAll('\\', '/');
}

/** A server, for one project after the other: it keeps what TypeScript's own files say, and is warm. */
export class Server {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #next = 1;

  /** @param extension without it, the server has no plugin */
  constructor(extension?: string) {
    this.#process = fork(
      join(root, 'node_modules/typescript/lib/tsserver.js'),
      [
        '--useNodeIpc',
        '--useInferredProjectPerProjectRoot',
        '--disableAutomaticTypingAcquisition',
        '--suppressDiagnosticEvents',
        ...(extension
          ? ['--globalPlugins', 'ipc-workbench-typescript-plugin', '--pluginProbeLocations', extension]
          : []),
      ],
      { silent: true, execArgv: [] },
    );
    this.#process.on('message', (message: Message) => {
      if (message.type !== 'response' || message.request_seq === undefined) return;
      this.#waiting.get(message.request_seq)?.(message);
    });
    // What VS Code says for files without a tsconfig.json.
    this.request('compilerOptionsForInferredProjects', {
      options: {
        module: 'Preserve',
        moduleResolution: 'Bundler',
        target: 'ES2022',
        jsx: 'react-jsx',
        allowImportingTsExtensions: true,
        strict: true,
        strictNullChecks: true,
        strictFunctionTypes: true,
        sourceMap: true,
        allowJs: true,
        allowSyntheticDefaultImports: true,
        allowNonTsExtensions: true,
        resolveJsonModule: true,
      },
    }).catch(() => undefined); // it ends without an answer where nothing is asked
  }

  async request(command: string, args: unknown): Promise<unknown> {
    const seq = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    this.#waiting.set(seq, resolve);
    this.#process.once('exit', reject);
    this.#process.send({ seq, type: 'request', command, arguments: args });
    const answer = await promise;
    this.#waiting.delete(seq);
    this.#process.off('exit', reject);
    if (!answer.success) throw new Error(`${command}: ${answer.message}`);
    return answer.body;
  }

  async end(): Promise<void> {
    this.#process.kill();
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit');
  }
}

/** A project of files, opened in a server. */
export class Project {
  readonly folder = temporaryFolder('ipc-project-');
  readonly #server: Server;
  readonly #texts = new Map<string, string>();

  constructor(files: Readonly<Record<string, string>>, server: Server) {
    this.#server = server;
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  path(path: string): string {
    return `${this.folder}/${path}`;
  }

  /** Opens a file, or gives an open one another text; what is wrong with it by then, as `line: text`. */
  async problems(path: string, text: string): Promise<string[]> {
    const file = this.path(path);
    if (this.#texts.has(file)) await this.#server.request('updateOpen', { closedFiles: [file] });
    await this.#server.request('updateOpen', {
      openFiles: [{ file, fileContent: text, projectRootPath: this.folder }],
    });
    this.#texts.set(file, text);
    const problems: string[] = [];
    for (const kind of ['syntacticDiagnosticsSync', 'semanticDiagnosticsSync']) {
      const found = (await this.#server.request(kind, { file })) as readonly Diagnostic[];
      problems.push(...found.map(({ start, text }) => `${start.line}: ${text}`));
    }
    return problems;
  }

  /** The type and the documentation of what stands at the first `mark` of an open file. */
  async hover(
    path: string,
    mark: string,
  ): Promise<{ readonly displayString: string; readonly documentation: unknown }> {
    return (await this.#server.request('quickinfo', this.#place(path, mark, 0))) as never;
  }

  /** What could be written after the first `mark` of an open file. */
  async completions(path: string, mark: string): Promise<string[]> {
    const found = (await this.#server.request('completionInfo', this.#place(path, mark, mark.length))) as {
      readonly entries: readonly { readonly name: string }[];
    };
    return found.entries.map(({ name }) => name);
  }

  /** The files of the program that an open file belongs to, without TypeScript's own. */
  async files(path: string): Promise<string[]> {
    const { fileNames } = (await this.#server.request('projectInfo', {
      file: this.path(path),
      needFileNameList: true,
    })) as {
      readonly fileNames: readonly string[];
    };
    return fileNames.filter((name) => !name.includes('/typescript/lib/'));
  }

  /** Closes its files, so that the server forgets it. */
  async end(): Promise<void> {
    if (this.#texts.size > 0) await this.#server.request('updateOpen', { closedFiles: [...this.#texts.keys()] });
    rmSync(this.folder, { recursive: true, force: true });
  }

  #place(path: string, mark: string, after: number): { file: string; line: number; offset: number } {
    const file = this.path(path);
    const at = (this.#texts.get(file) ?? '').indexOf(mark);
    if (at < 0) throw new Error(`${path} has no ${mark}`);
    const before = (this.#texts.get(file) ?? '').slice(0, at + after).split('\n');
    return { file, line: before.length, offset: (before.at(-1)?.length ?? 0) + 1 };
  }
}
