/**
 * URL patterns of capabilities (`remote.urls`) and of the http plugin's scope: the constructor strings of the web's
 * URLPattern, with what Tauri lays over them (tauri-acl 2.8).
 */
import { URLPattern as Polyfill } from 'urlpattern-polyfill/urlpattern';

/** The web's URLPattern class, as far as it is needed here. */
export type UrlPatternEngine = new (
  init: string | Readonly<Record<string, string>>,
) => Readonly<Record<(typeof PARTS)[number], string>> & { test(url: string): boolean };

const PARTS = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;

/**
 * The polyfill, mended: it reads the parts of a tested URL a second time, so that `//evil/api` would be the path `/api`
 * of a host `evil`, and `??` one question mark. The additions here are what that second reading takes away. Of a pattern
 * it takes a `#` or `?` away even where that is escaped; then less is asked than is written, so it is refused.
 */
export const BUNDLED: UrlPatternEngine = class extends Polyfill {
  constructor(init: string | Readonly<Record<string, string>>) {
    if (typeof init === 'string' && /[#?]\{?\\[#?]/.test(init)) {
      throw new Error('a query or fragment that begins with an escaped "?" or "#" is not supported');
    }
    super(init);
  }

  override test(input: string): boolean {
    const url = URL.parse(input);
    if (!url) return false;
    const { protocol, username, password, hostname, port } = url;
    return super.test({
      ...{ protocol, username, password, hostname, port },
      pathname: url.pathname.startsWith('/') ? `/.${url.pathname}` : url.pathname,
      search: url.search && `?${url.search}`,
      hash: url.hash && `#${url.hash}`,
    });
  }
};

const ENGINE = (globalThis as { URLPattern?: UrlPatternEngine }).URLPattern ?? BUNDLED;

/** A compiled pattern. */
export class UrlPattern {
  /** as it is written in the file */
  readonly text: string;
  readonly #pattern: { test(url: string): boolean };

  /**
   * Throws for what is no pattern. The message is only the reason; where it comes from a capability, Tauri writes
   * `invalid URL pattern for remote URL {url}: {reason}`.
   *
   * @param engine a URLPattern class; the platform's own (Node has one from 23.8 on), else the bundled polyfill
   */
  constructor(text: string, engine: UrlPatternEngine = ENGINE) {
    this.text = text;
    try {
      const written = new engine(text);
      const init = Object.fromEntries(PARTS.map((part) => [part, written[part]]));
      // A pattern that names no path, query or fragment means all of them.
      if (written.pathname === '' || written.pathname === '/') init['pathname'] = '*';
      if (written.search === '') init['search'] = '*';
      if (written.hash === '') init['hash'] = '*';
      this.#pattern = new engine(init);
    } catch (error) {
      throw new Error(reasonOf(text, error), { cause: error });
    }
  }

  /** Whether a whole URL fits. What is no URL fits nothing. */
  matches(url: string | URL): boolean {
    return this.#pattern.test(String(url));
  }
}

/** Platforms say little about a pattern that they refuse; the polyfill says what is wrong with it. */
function reasonOf(text: string, error: unknown): string {
  const { message } = refusalOf(text) ?? (error as Error);
  const reason = message.replace(/^Failed to construct 'URLPattern': /, '').replace(/\.$/, '');
  return reason === 'A base URL must be provided for a relative constructor string'
    ? 'a relative input without a base URL is not valid' // as Tauri's crate puts it
    : reason;
}

function refusalOf(text: string): Error | undefined {
  try {
    new Polyfill(text);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
