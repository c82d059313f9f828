/** Which URLs the http plugin may fetch, and what it may send (tauri-acl 4.5). */
import * as z from 'zod';
import { reject } from '../../error.ts';
import { UrlPattern } from '../url-pattern.ts';
import { type CommandScope, noVariant, readScopes, type Scopes } from './scope.ts';

const EntryRaw = z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)]);

/** The scope of one call of `fetch`. */
export class HttpScope {
  readonly #entries: CommandScope<UrlPattern>;
  readonly #scopeRedirects: boolean;

  /**
   * Rejects with `error deserializing scope: …` where an entry is no URL pattern.
   *
   * @param options.scopeRedirects whether the target of a redirect must be in the scope too (`plugins.http.scopeRedirects`);
   * on by default here, off by default in Tauri 2
   */
  constructor(scopes: Scopes, { scopeRedirects = true }: { readonly scopeRedirects?: boolean } = {}) {
    this.#entries = readScopes(scopes, readEntry);
    this.#scopeRedirects = scopeRedirects;
  }

  /** Whether no denied pattern fits `url` and an allowed one does. */
  isAllowed(url: URL): boolean {
    return this.#entries.allows.length > 0 && this.#entries.matches((pattern) => pattern.matches(url));
  }

  /**
   * Rejects where `url` must not be fetched: `url not allowed on the configured scope: {url}`, or
   * `scheme {scheme} not supported`. A `data:` URL asks nobody and needs no scope.
   */
  check(url: URL): void {
    const scheme = url.protocol.slice(0, -1);
    if (scheme === 'data') return;
    if (scheme !== 'http' && scheme !== 'https') throw reject(`scheme ${scheme} not supported`);
    if (!this.isAllowed(url)) throw reject(`url not allowed on the configured scope: ${url.href}`);
  }

  /** Rejects, as `check` does, where a redirect to `url` must not be followed. Only http and https may be redirected to. */
  checkRedirect(url: URL): void {
    if (!/^https?:$/.test(url.protocol)) throw reject(`scheme ${url.protocol.slice(0, -1)} not supported`);
    if (this.#scopeRedirects) this.check(url);
  }
}

function readEntry(value: unknown): UrlPattern {
  const entry = EntryRaw.safeParse(value);
  if (!entry.success) throw noVariant('EntryRaw');
  try {
    return new UrlPattern(entry.data);
  } catch (error) {
    throw new Error(`\`${entry.data}\` is not a valid URL pattern: ${(error as Error).message}`, { cause: error });
  }
}

/** The web's forbidden request headers. */
const FORBIDDEN_HEADERS: ReadonlySet<string> = new Set([
  'accept-charset',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'connection',
  'content-length',
  'cookie',
  'date',
  'dnt',
  'expect',
  'host',
  'origin',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

/** Whether a page may set this request header. One that it may not set is left out without an error. */
export function isAllowedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return !FORBIDDEN_HEADERS.has(lower) && !/^(?:proxy|sec)-/.test(lower);
}
