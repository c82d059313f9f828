/** `Set-Cookie` headers, for those who keep cookies in the host (RFC 6265, 5.2). */

export interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** the others that the header has, by their names in lower case */
  readonly attributes: ReadonlyMap<string, string>;
  /** ms since 1970; Infinity: as long as the app runs */
  readonly expires: number;
}

/** As browsers limit it. */
const MAX_COOKIE_LENGTH = 4096;

/** What the header says, or undefined where it sets no cookie that one could keep. */
export function parseSetCookie(header: string): SetCookie | undefined {
  const [pair = '', ...rest] = header.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  if (at < 1 || pair.length > MAX_COOKIE_LENGTH) return undefined;
  const attributes = new Map(
    rest.map((each) => {
      const [name = '', ...value] = each.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim()];
    }),
  );
  return {
    name: pair.slice(0, at).trim(),
    value: pair.slice(at + 1).trim(),
    attributes,
    expires: expiryOf(attributes),
  };
}

/** Where the cookie is sent: what the header says, else the folder of the page that set it. */
export function cookiePath({ attributes }: SetCookie, requestPath: string): string {
  const asked = attributes.get('path') ?? '';
  return asked.startsWith('/') ? asked : requestPath.replace(/\/[^/]*$/, '') || '/';
}

/** Whether a cookie of `cookiePath` is sent to `path`. */
export function coversPath(cookiePath: string, path: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return cookiePath.endsWith('/') || path.length === cookiePath.length || path[cookiePath.length] === '/';
}

/** The `Cookie` header of some cookies, longer paths first (RFC 6265, 5.4); undefined where there are none. */
export function cookieHeader(
  cookies: readonly { readonly name: string; readonly value: string; readonly path: string }[],
): string | undefined {
  if (cookies.length === 0) return undefined;
  const sorted = [...cookies].sort((a, b) => b.path.length - a.path.length);
  return sorted.map(({ name, value }) => `${name}=${value}`).join('; ');
}

function expiryOf(attributes: ReadonlyMap<string, string>): number {
  const seconds = attributes.get('max-age');
  if (seconds !== undefined && /^-?\d+$/.test(seconds)) return Date.now() + Number(seconds) * 1000;
  const date = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(date) ? Infinity : date;
}
