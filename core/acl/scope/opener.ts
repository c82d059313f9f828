/** What the opener plugin may open, and with which programs (tauri-acl 4.7). */
import * as z from 'zod';
import { reject } from '../../error.ts';
import { Glob } from '../glob.ts';
import { patternScope } from './fs.ts';
import type { FileLinks } from './fs-scope.ts';
import type { PathPlace } from './path.ts';
import { type CommandScope, noVariant, readScopes, type Scopes } from './scope.ts';

export interface OpenerOptions extends PathPlace {
  readonly links: FileLinks;
  /** `plugins.opener.requireLiteralLeadingDot` */
  readonly requireLiteralLeadingDot?: boolean | undefined;
  readonly strict?: boolean | undefined;
}

type Application = boolean | string | undefined;

interface UrlEntry {
  readonly url: Glob;
  readonly app: Application;
}

interface PathEntry {
  readonly path: string;
  readonly app: Application;
}

/** The scope of one call of `open_url` or `open_path`. */
export class OpenerScope {
  readonly #entries: CommandScope<UrlEntry | PathEntry>;
  readonly #options: OpenerOptions;

  /** Rejects with `error deserializing scope: …` for a bad entry. */
  constructor(scopes: Scopes, options: OpenerOptions) {
    this.#entries = readScopes(scopes, readEntry);
    this.#options = options;
  }

  /**
   * Rejects with `Not allowed to open url {url}` where no entry allows it with this program, or one denies just that.
   * The URL is compared as it is written, by glob.
   */
  checkUrl(url: string, app: string | undefined): void {
    const fits = (entry: UrlEntry | PathEntry) => 'url' in entry && entry.url.matches(url) && accepts(entry.app, app);
    if (this.#entries.denies.some(fits) || !this.#entries.allows.some(fits)) throw refusal('url', url, app);
  }

  /**
   * Rejects with `Not allowed to open path {path}` where the path entries do not allow it, or none of them (it may be
   * another one) allows this program.
   */
  async checkPath(path: string, app: string | undefined): Promise<void> {
    const { allows, denies } = this.#entries;
    const fits = (entry: UrlEntry | PathEntry) => 'path' in entry && accepts(entry.app, app);
    const scope = patternScope(pathsOf(allows), pathsOf(denies), this.#options);
    if (!allows.some(fits) || !(await scope.isAllowed(path))) throw refusal('path', path, app);
  }
}

function pathsOf(entries: readonly (UrlEntry | PathEntry)[]): readonly string[] {
  return entries.flatMap((entry) => ('path' in entry ? [entry.path] : []));
}

/** Without `app` only the system's own program; `true` any; a text that one; `false`, as Tauri has it, none at all. */
function accepts(allowed: Application, app: string | undefined): boolean {
  return typeof allowed === 'boolean' ? allowed : allowed === app;
}

function refusal(kind: 'url' | 'path', target: string, app: string | undefined) {
  return reject(`Not allowed to open ${kind} ${target}${app === undefined ? '' : ` with ${app}`}`);
}

const App = z.union([z.boolean(), z.string()]).nullish();
const EntryRaw = z.union([z.object({ url: z.string(), app: App }), z.object({ path: z.string(), app: App })]);

function readEntry(value: unknown): UrlEntry | PathEntry {
  const entry = EntryRaw.safeParse(value);
  if (!entry.success) throw noVariant('EntryRaw');
  const app = entry.data.app ?? undefined;
  return 'url' in entry.data ? { url: new Glob(entry.data.url), app } : { path: entry.data.path, app };
}
