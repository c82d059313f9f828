/** Whether a command of the fs plugin may use a path (tauri-acl 4.4). */
import * as z from 'zod';
import type { BaseDirectory } from '../../base-directory.ts';
import { reject } from '../../error.ts';
import { rustPath } from '../../rust-path.ts';
import { type FileLinks, FsScope } from './fs-scope.ts';
import { type PathPlace, parseScopePath } from './path.ts';
import { noVariant, readScopes, type Scopes } from './scope.ts';

export interface FsAccessOptions extends PathPlace {
  readonly links: FileLinks;
  /** what a relative path without a base directory starts from */
  readonly cwd: string;
  /** `plugins.fs.requireLiteralLeadingDot` */
  readonly requireLiteralLeadingDot?: boolean | undefined;
  /** as in {@link FsScope}; on by default */
  readonly strict?: boolean | undefined;
}

/** A path as a command names it, its argument already parsed. */
export interface FsRequest {
  readonly path: string;
  readonly baseDir?: BaseDirectory | undefined;
}

/** Decides for the commands of the fs plugin. */
export class FsAccess {
  /** What dialogs, dropped files and the app's own code have added while it runs. */
  readonly runtime: FsScope;
  readonly #options: FsAccessOptions;

  constructor(options: FsAccessOptions) {
    this.#options = options;
    this.runtime = new FsScope(options);
  }

  /**
   * The absolute paths of `requests`, in their order, if the command may use all of them: `rename` names two, `watch`
   * many. Rejects with Tauri's text for the first that it may not use (`forbidden path: {path}`, with a hint where
   * nothing forbids it expressly), for a bad entry, for a bad pattern, and with `unknown path` for a base directory that
   * the platform does not have. It says nothing of whether a file exists.
   *
   * @param command its Rust name, such as `read_file`
   */
  async resolve(command: string, requests: readonly FsRequest[], scopes: Scopes): Promise<string[]> {
    const scope = fsScopeOf(scopes, this.#options);
    const resolved: string[] = [];
    for (const request of requests) resolved.push(await this.#resolve(command, request, scope));
    return resolved;
  }

  async #resolve(command: string, { path, baseDir }: FsRequest, scope: FsScope): Promise<string> {
    const { cwd, windows } = this.#options;
    const asked = baseDir === undefined ? path : joinBase(baseDir, path, this.#options);
    const absolute = rustPath(windows).push(cwd, asked);
    const answer = await scope.decide(absolute, this.runtime);
    if (answer === 'forbidden') throw reject(`forbidden path: ${asked}`);
    if (answer === 'allowed') return absolute;
    const permission = `allow-${command.replaceAll('_', '-')}`;
    throw reject(
      `forbidden path: ${asked}, maybe it is not allowed on the scope for \`${permission}\` permission in your capability file`,
    );
  }
}

/** `path` below a base directory, as Tauri joins them: an absolute path stays what it is. */
function joinBase(baseDir: BaseDirectory, path: string, place: PathPlace): string {
  const paths = rustPath(place.windows);
  const base = place.directory(baseDir);
  if (base === undefined) throw reject('unknown path');
  return paths.push(base, baseDir === 'Resource' ? paths.resource(path) : path);
}

const EntryRaw = z.union([z.string(), z.object({ path: z.string() }).transform(({ path }) => path)]);

/** The scope that the entries of a call make. */
function fsScopeOf(scopes: Scopes, options: FsAccessOptions): FsScope {
  const { allows, denies } = readScopes(scopes, (value) => {
    const entry = EntryRaw.safeParse(value);
    if (!entry.success) throw noVariant('EntryRaw');
    return entry.data;
  });
  return patternScope(allows, denies, options);
}

/** A scope of paths as entries write them; those with a variable that the platform does not have are left out. */
export function patternScope(
  allows: readonly string[],
  denies: readonly string[],
  options: PathPlace & ConstructorParameters<typeof FsScope>[0],
): FsScope {
  const scope = new FsScope(options);
  const known = (paths: readonly string[]) =>
    paths.map((path) => parseScopePath(path, options)).filter((path) => path !== undefined);
  for (const path of known(allows)) scope.allowPattern(path);
  for (const path of known(denies)) scope.forbidPattern(path);
  return scope;
}
