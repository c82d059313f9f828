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

/** What a scope says of a path; see {@link FsScope.decide}. */
export type FsDecision = Awaited<ReturnType<FsScope['decide']>>;

/** One path that a command may use, and the scope by which it may. */
export interface FsGrant {
  /** absolute */
  readonly path: string;
  /** as Tauri's texts name it: below its base directory, else as it was asked for */
  readonly shown: string;
  /** Asks the scope about another absolute path: where a link has led, or what is in a folder. */
  decide(path: string): Promise<FsDecision>;
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
    return (await this.grant(command, requests, scopes)).map(({ path }) => path);
  }

  /** As {@link resolve}, with what is needed to ask again once the file is open. */
  async grant(command: string, requests: readonly FsRequest[], scopes: Scopes): Promise<FsGrant[]> {
    const scope = fsScopeOf(scopes, this.#options);
    const grants: FsGrant[] = [];
    for (const request of requests) grants.push(await this.#grant(command, request, scope));
    return grants;
  }

  /** Whether the path and the file it leads to must both be in the scope; it may change while the app runs. */
  get strict(): boolean {
    return this.#options.strict !== false;
  }

  async #grant(command: string, { path, baseDir }: FsRequest, scope: FsScope): Promise<FsGrant> {
    const { cwd, windows } = this.#options;
    const shown = baseDir === undefined ? path : joinBase(baseDir, path, this.#options);
    const absolute = rustPath(windows).push(cwd, shown);
    const decide = (asked: string) => scope.decide(asked, this.runtime);
    const answer = await decide(absolute);
    if (answer === 'forbidden') throw reject(`forbidden path: ${shown}`);
    if (answer === 'allowed') return { path: absolute, shown, decide };
    const permission = `allow-${command.replaceAll('_', '-')}`;
    throw reject(
      `forbidden path: ${shown}, maybe it is not allowed on the scope for \`${permission}\` permission in your capability file`,
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
