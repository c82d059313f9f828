/**
 * The cookies of the http plugin. As the Rust plugin does by default, it keeps one jar for the whole app, and those that
 * outlive the app in the file `.cookies` of its cache folder: in the form of the crate `cookie_store`, so that the built
 * app and its panels are logged in together.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import * as z from 'zod';
import { cookieHeader, cookiePath, coversPath, parseSetCookie } from './set-cookie.ts';

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** only that very host gets it, no sub-domain */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  /** ms since 1970; Infinity: as long as the app runs */
  readonly expires: number;
  /** the header that set it */
  readonly raw: string;
}

/** A page must not fill the memory by asking a server that sets cookies without end. */
const MAX_COOKIES = 3000;
const MAX_HEADER_LENGTH = 8192;

/** One cookie as the crate writes it. */
const SavedCookie = z.object({
  raw_cookie: z.string(),
  path: z.tuple([z.string(), z.boolean()]),
  domain: z.union([
    z.object({ HostOnly: z.string() }).transform(({ HostOnly }) => ({ domain: HostOnly, hostOnly: true })),
    z.object({ Suffix: z.string() }).transform(({ Suffix }) => ({ domain: Suffix, hostOnly: false })),
  ]),
  expires: z.object({ AtUtc: z.string() }),
});

export class CookieStore {
  readonly #file: string | undefined;
  #onError: ((error: unknown) => void) | undefined;
  readonly #cookies = new Map<string, Cookie>();
  #loaded: Promise<void> | undefined;
  #saving: Promise<void> | undefined;
  #changed = false;

  /** @param file where cookies are kept that outlive the app; undefined: nowhere */
  constructor(file: string | undefined, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
  }

  /** Reads the file, once. A file that is missing or cannot be read is an empty jar, as in Tauri. */
  load(): Promise<void> {
    this.#loaded ??= this.#read();
    return this.#loaded;
  }

  /** The `Cookie` header of a request to `url`; undefined where it gets none. */
  header(url: URL): string | undefined {
    const now = Date.now();
    const fitting = [...this.#cookies.values()].filter(
      (each) =>
        each.expires > now &&
        (each.hostOnly ? each.domain === url.hostname : isBelow(url.hostname, each.domain)) &&
        coversPath(each.path, url.pathname) &&
        (!each.secure || isSecure(url)),
    );
    return cookieHeader(fitting);
  }

  /** Keeps what the `Set-Cookie` headers of an answer from `url` say. */
  store(headers: readonly string[], url: URL): void {
    let changed = false;
    for (const header of headers) {
      const cookie = header.length > MAX_HEADER_LENGTH ? undefined : readCookie(header, url);
      if (!cookie) continue;
      this.#put(cookie);
      changed = true;
    }
    if (changed) this.#save();
  }

  /** Resolves when nothing is left to write. */
  async saved(): Promise<void> {
    while (this.#saving) await this.#saving;
  }

  #put(cookie: Cookie): void {
    const key = JSON.stringify([cookie.domain, cookie.path, cookie.name]);
    this.#cookies.delete(key);
    if (cookie.expires > Date.now()) this.#cookies.set(key, cookie);
    const [oldest = ''] = this.#cookies.keys();
    if (this.#cookies.size > MAX_COOKIES) this.#cookies.delete(oldest);
  }

  async #read(): Promise<void> {
    if (this.#file === undefined) return;
    let list: unknown;
    try {
      list = JSON.parse(await readFile(this.#file, 'utf8'));
    } catch {
      return;
    }
    for (const each of Array.isArray(list) ? list : []) {
      const saved = SavedCookie.safeParse(each);
      const given = saved.success ? parseSetCookie(saved.data.raw_cookie) : undefined;
      if (!saved.success || !given) continue;
      const { name, value, attributes } = given;
      const { domain, path, expires, raw_cookie: raw } = saved.data;
      const secure = attributes.has('secure');
      this.#put({ name, value, ...domain, path: path[0], secure, expires: Date.parse(expires.AtUtc), raw });
    }
  }

  /** Writes the file; changes that come meanwhile are written together afterwards. */
  #save(): void {
    this.#changed = true;
    if (this.#file === undefined || this.#saving) return;
    this.#saving = this.#write(this.#file)
      .catch((error: unknown) => {
        // Once is enough: it would be said with every answer.
        this.#onError?.(error);
        this.#onError = undefined;
      })
      .finally(() => {
        this.#saving = undefined;
        if (this.#changed) this.#save();
      });
  }

  async #write(file: string): Promise<void> {
    await this.load();
    this.#changed = false;
    const lasting = [...this.#cookies.values()].filter(
      ({ expires }) => Number.isFinite(expires) && expires > Date.now(),
    );
    const list = lasting.map(({ raw, path, domain, hostOnly, expires }) => ({
      raw_cookie: raw,
      path: [path, parseSetCookie(raw)?.attributes.get('path')?.startsWith('/') ?? false],
      domain: hostOnly ? { HostOnly: domain } : { Suffix: domain },
      expires: { AtUtc: new Date(Math.min(expires, LAST_DATE)).toISOString() },
    }));
    await mkdir(dirname(file), { recursive: true });
    // In one step: a crash, or the built app that reads it meanwhile, must not find half a file.
    await writeFile(`${file}.new`, JSON.stringify(list), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
}

/** The end of year 9999: later dates have no form in RFC 3339. */
const LAST_DATE = 253_402_300_799_000;

function readCookie(header: string, url: URL): Cookie | undefined {
  const given = parseSetCookie(header);
  if (!given) return undefined;
  const { name, value, attributes, expires } = given;
  const asked = (attributes.get('domain') ?? '').replace(/^\./, '').toLowerCase();
  if (asked && !isBelow(url.hostname, asked)) return undefined;
  // A domain of one word would reach every site of a country; an address has no sub-domains.
  if (asked !== url.hostname && asked && !asked.includes('.')) return undefined;
  const hostOnly = !asked.includes('.') || isAddress(url.hostname);
  const path = cookiePath(given, url.pathname);
  return {
    ...{ name, value, path, expires, hostOnly },
    domain: hostOnly ? url.hostname : asked,
    secure: attributes.has('secure'),
    raw: header,
  };
}

const isAddress = (host: string) => isIP(host.replace(/^\[|\]$/g, '')) !== 0;

function isBelow(host: string, domain: string): boolean {
  return host === domain || (!isAddress(host) && host.endsWith(`.${domain}`));
}

/** Who may get `Secure` cookies: this machine counts, as in the crate. */
function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
