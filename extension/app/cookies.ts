/**
 * The cookies of one remote origin, kept in the host: to a browser, all ports of 127.0.0.1 are one place, so that cookies
 * there would go to every other page and server of this machine.
 */
import { cookieHeader, cookiePath, coversPath, parseSetCookie } from '../plugins/http/set-cookie.ts';

/** As browsers limit them. */
const MAX_COOKIES = 180;

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
      const given = parseSetCookie(header);
      if (!given || (given.attributes.has('secure') && !this.#secure)) continue;
      const { name, value, expires } = given;
      const path = cookiePath(given, requestPath);
      const key = `${name};${path}`;
      this.#cookies.delete(key);
      if (expires > Date.now()) this.#cookies.set(key, { name, value, path, expires });
      const [oldest = ''] = this.#cookies.keys();
      if (this.#cookies.size > MAX_COOKIES) this.#cookies.delete(oldest);
    }
  }

  /** The `Cookie` header of a request; undefined where there are none. */
  header(path: string): string | undefined {
    return cookieHeader(
      [...this.#cookies.values()].filter((each) => each.expires > Date.now() && coversPath(each.path, path)),
    );
  }
}
