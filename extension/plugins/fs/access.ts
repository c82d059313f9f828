/** What all commands of the fs plugin go through: the scope, the limits, and the page that holds what is opened. */
import type { FileHandle } from 'node:fs/promises';
import type { FsGrant, FsRequest } from '#core/acl/scope/fs.ts';
import type { CommandContext } from '#core/command.ts';
import { recordOf } from '#core/context.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import type { Resource } from '#core/resource.ts';
import { rustPath } from '#core/rust-path.ts';
import { callersResources, note, type PluginHost, unsupported } from '../host.ts';
import { ioError } from '../io-error.ts';
import { Gate } from './gate.ts';
import { atPlace, openAt, type Place } from './place.ts';
import { type WireForm, wireForm } from './wire-form.ts';

/** What the fs plugin needs of VS Code. */
export interface FsHost {
  /** why the workspace has no files on this machine; undefined where it has, as nearly always */
  readonly noFiles: string | undefined;
  /** the version of `@tauri-apps/plugin-fs` that the project has installed, where that is known */
  readonly npmVersion: string | undefined;
}

/** Calls that use the file system at once: each has a folder and a file or two open. */
const MAX_AT_ONCE = 64;
/** Bytes that are being read for pages at once. */
const MAX_BYTES_AT_ONCE = 256 * 1024 * 1024;
/** Commands at once that go through whole trees: each has a folder open for every level. */
const MAX_WALKS = 4;
/** Files that the pages of an app hold open. */
export const MAX_OPEN_FILES = 512;

export type Opened<T extends Resource> = (handle: FileHandle, onClosed: () => void) => T;

export class FsCommands {
  readonly #core: Core;
  readonly #host: PluginHost;
  readonly #calls = new Gate(MAX_AT_ONCE);
  readonly #bytes = new Gate(MAX_BYTES_AT_ONCE);
  readonly #walks = new Gate(MAX_WALKS);
  #open = 0;

  constructor(core: Core, host: PluginHost) {
    this.#core = core;
    this.#host = host;
  }

  /** How the project's release of the npm package wants its answers. */
  get form(): WireForm {
    return wireForm(this.#host.fs);
  }

  get strict(): boolean {
    return this.#host.fsAccess.strict;
  }

  /** Runs a command with the paths that it may use, when its turn has come. Rejects as the scope does. */
  withPaths<T>(
    command: string,
    requests: readonly FsRequest[],
    context: CommandContext,
    use: (...grants: FsGrant[]) => Promise<T>,
  ): Promise<T> {
    return this.#calls.run(1, async () => use(...(await this.grant(command, requests, context))));
  }

  grant(command: string, requests: readonly FsRequest[], context: CommandContext): Promise<FsGrant[]> {
    const { fsAccess, fs, system } = this.#host;
    const { isAbsolute } = rustPath(system.platform === 'win32');
    const bare = requests.some(({ path, baseDir }) => baseDir === undefined && !isAbsolute(path));
    if (bare && fs.noFiles !== undefined) throw unsupported(`fs.${command}`, fs.noFiles);
    return fsAccess.grant(command, requests, { command: context.scope, global: context.globalScope });
  }

  /** Runs `use` at the place of a granted path; `link` means a link itself, not what it leads to. */
  at<T>(grant: FsGrant, use: (place: Place) => Promise<T>, { link = false } = {}): Promise<T> {
    return atPlace(grant, { follow: !link, strict: this.strict }, use);
  }

  /** Opens the file of a granted path for as long as `use` runs. */
  async withFile<T>(
    grant: FsGrant,
    flags: number,
    mode: number | undefined,
    use: (handle: FileHandle) => Promise<T>,
  ): Promise<T> {
    const handle = await this.openFile(grant, flags, mode);
    try {
      return await use(handle);
    } finally {
      await handle.close();
    }
  }

  /** @param exclusive the file must not be there, not even as a link to nothing */
  openFile(grant: FsGrant, flags: number, mode?: number, exclusive = false): Promise<FileHandle> {
    return this.at(grant, (place) => openAt(place, flags, mode), { link: exclusive });
  }

  /** Makes what is opened a resource of the calling page; its rid. */
  async hold<T extends Resource>(
    context: CommandContext,
    command: string,
    open: () => Promise<FileHandle>,
    make: Opened<T>,
  ): Promise<number> {
    const resources = callersResources(this.#core, context.window.label);
    if (this.#open >= MAX_OPEN_FILES) {
      this.#note(
        context,
        command,
        `the app has ${MAX_OPEN_FILES} files open; close those that are not needed any more`,
      );
      throw ioError('EMFILE');
    }
    this.#open++;
    const onClosed = () => void this.#open--;
    let handle: FileHandle;
    try {
      handle = await open();
    } catch (error) {
      onClosed();
      throw error;
    }
    const held = make(handle, onClosed);
    if (!context.signal.aborted) return resources.add(held, recordOf(context));
    // The page went while its file was being opened: nobody could ever close it.
    held.close?.();
    throw reject('the page is gone');
  }

  /** Reads when there is memory for it. */
  reading<T>(bytes: number, read: () => Promise<T>): Promise<T> {
    return this.#bytes.run(bytes, read);
  }

  /** Goes through a tree when few others do. */
  walking<T>(walk: () => Promise<T>): Promise<T> {
    return this.#walks.run(1, walk);
  }

  resource<T extends Resource>(context: CommandContext, rid: number, kind: abstract new (...args: never[]) => T): T {
    return callersResources(this.#core, context.window.label).get(rid, kind);
  }

  closeResource(context: CommandContext, rid: number): void {
    callersResources(this.#core, context.window.label).close(rid);
  }

  addResource(context: CommandContext, resource: Resource): number {
    return callersResources(this.#core, context.window.label).add(resource, recordOf(context));
  }

  #note(context: CommandContext, command: string, text: string): void {
    const window = this.#core.windows.get(context.window.label);
    if (window) note(this.#core, window, `plugin:fs|${command}`, text);
  }
}
