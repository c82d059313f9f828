/**
 * The cookies of one remote origin, kept in the host: to a browser, all ports of 127.0.0.1 are one place, so that cookies
 * there would go to every other page and server of this machine.
 */

/** As browsers limit them. */
const MAX_COOKIES = 180;
const MAX_COOKIE_LENGTH = 4096;

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** ms since 1970; Infinity: as long as the app runs */
  readonly expires: number;
}

export class CookieJar {
  readonly #secure: boolean;
  readonly #cookies = new Map<string, Cookie>();

  /** @param secure whether the origin is one of https: others may neither set nor get `Secure` cookies */
  constructor(secure: boolean) {
    this.#secure = secure;
  }

  /** Keeps what `Set-Cookie` headers of an answer say; `Domain` is ignored, for no other host is asked. */
  store(headers: readonly string[], requestPath: string): void {
    for (const header of headers) {
      const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      if (at < 1 || pair.length > MAX_COOKIE_LENGTH) continue;
      const given = new Map(
        attributes.map((each) => {
          const [name = '', ...value] = each.split('=');
          return [name.trim().toLowerCase(), value.join('=').trim()];
        }),
      );
      if (given.has('secure') && !this.#secure) continue;
      const asked = given.get('path') ?? '';
      const path = asked.startsWith('/') ? asked : requestPath.replace(/\/[^/]*$/, '') || '/';
      const cookie = { name: pair.slice(0, at), value: pair.slice(at + 1), path, expires: expiryOf(given) };
      const key = `${cookie.name};${path}`;
      this.#cookies.delete(key);
      if (cookie.expires > Date.now()) this.#cookies.set(key, cookie);
      const [oldest = ''] = this.#cookies.keys();
      if (this.#cookies.size > MAX_COOKIES) this.#cookies.delete(oldest);
    }
  }

  /** The `Cookie` header of a request; undefined where there are none. */
  header(path: string): string | undefined {
    const fitting = [...this.#cookies.values()].filter((each) => each.expires > Date.now() && covers(each.path, path));
    // Longer paths first (RFC 6265, 5.4).
    fitting.sort((a, b) => b.path.length - a.path.length);
    return fitting.length > 0 ? fitting.map(({ name, value }) => `${name}=${value}`).join('; ') : undefined;
  }
}

function covers(cookiePath: string, path: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return cookiePath.endsWith('/') || path.length === cookiePath.length || path[cookiePath.length] === '/';
}

function expiryOf(attributes: ReadonlyMap<string, string>): number {
  const seconds = attributes.get('max-age');
  if (seconds !== undefined && /^-?\d+$/.test(seconds)) return Date.now() + Number(seconds) * 1000;
  const date = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(date) ? Infinity : date;
}
