/** By which proxy a request goes: the one that the page names, else VS Code's, else that of the environment. */
import { BlockList, isIP } from 'node:net';
import * as z from 'zod';
import { reject } from '#core/error.ts';

const ProxyConfig = z.object({
  url: z.string(),
  basicAuth: z.object({ username: z.string(), password: z.string() }).optional(),
  noProxy: z.string().optional(),
});

const UrlOrConfig = z
  .union([z.string().transform((url): z.infer<typeof ProxyConfig> => ({ url })), ProxyConfig])
  .meta({ title: 'UrlOrConfig' });

/** `proxy` of a request, as the npm package sends it. */
export const ProxyOption = z.object({
  all: UrlOrConfig.optional(),
  http: UrlOrConfig.optional(),
  https: UrlOrConfig.optional(),
});
export type ProxyOption = z.infer<typeof ProxyOption>;

export interface Proxy {
  readonly url: URL;
  /** the value of `Proxy-Authorization` */
  readonly authorization: string | undefined;
  /** the page named it */
  readonly byPage: boolean;
}

/** VS Code's settings `http.proxy` and `http.noProxy`. */
export interface EditorProxy {
  readonly url: string;
  readonly noProxy: readonly string[];
}

/** A proxy with what it is for. */
interface Rule {
  readonly proxy: Proxy;
  readonly schemes: readonly string[];
  isExempt(host: string): boolean;
}

const BOTH = ['http:', 'https:'];

/** Decides for each URL of a request: a redirect may lead to one that goes another way. */
export class Proxies {
  readonly #rules: readonly Rule[];

  private constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  /** The proxies that a page names; they take the place of all others. Rejects where one is no proxy. */
  static ofPage({ all, http, https }: ProxyOption): Proxies {
    const rules = [
      all && pageRule(all, BOTH),
      http && pageRule(http, ['http:']),
      https && pageRule(https, ['https:']),
    ].filter((rule) => rule !== undefined);
    return new Proxies(rules);
  }

  /** VS Code's proxy, or what the environment says in the variables that reqwest reads. */
  static ofHost(editor: EditorProxy | undefined, env: Readonly<Record<string, string | undefined>>): Proxies {
    if (editor) {
      const isExempt = exemption(editor.noProxy.map((each) => each.replace(/^\*(?=.)/, '')));
      const proxy = parseProxy(editor.url);
      // As VS Code itself: this machine is asked directly.
      return new Proxies(
        proxy ? [{ proxy, schemes: BOTH, isExempt: (host) => isLoopback(host) || isExempt(host) }] : [],
      );
    }
    const variable = (name: string) => env[name] || env[name.toLowerCase()] || undefined;
    const isExempt = exemption((variable('NO_PROXY') ?? '').split(','));
    const rule = (schemes: readonly string[], url: string | undefined) => {
      const proxy = url === undefined ? undefined : parseProxy(url);
      return proxy ? [{ proxy, schemes, isExempt }] : [];
    };
    // In a CGI script a header of the request could be this variable.
    const http = env['REQUEST_METHOD'] === undefined ? variable('HTTP_PROXY') : undefined;
    return new Proxies([
      ...rule(['http:'], http),
      ...rule(['https:'], variable('HTTPS_PROXY')),
      ...rule(BOTH, variable('ALL_PROXY')),
    ]);
  }

  /** undefined: the server is asked directly */
  find({ protocol, hostname }: URL): Proxy | undefined {
    const host = hostname.replace(/^\[|\]$/g, '');
    return this.#rules.find(({ schemes, isExempt }) => schemes.includes(protocol) && !isExempt(host))?.proxy;
  }
}

function pageRule({ url, basicAuth, noProxy }: z.infer<typeof ProxyConfig>, schemes: readonly string[]): Rule {
  const proxy = parseProxy(url);
  if (!proxy) throw reject('builder error');
  const authorization = basicAuth ? basic(basicAuth.username, basicAuth.password) : proxy.authorization;
  return { proxy: { ...proxy, authorization, byPage: true }, schemes, isExempt: exemption((noProxy ?? '').split(',')) };
}

/** A proxy's address; `host:port` is one of http. undefined for what is none, and for kinds that the plugin does not have. */
function parseProxy(text: string): Proxy | undefined {
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (!url || !BOTH.includes(url.protocol)) return undefined;
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const authorization = username || password ? basic(decode(username), decode(password)) : undefined;
  return { url, authorization, byPage: false };
}

export const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** Percent-encoded text of a URL; what is no such text stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

/** The hosts of a `NO_PROXY` list: names with all below them, addresses, networks, or `*`. */
function exemption(entries: readonly string[]): (host: string) => boolean {
  const names: string[] = [];
  const addresses = new BlockList();
  for (const entry of entries.map((each) => each.trim().toLowerCase()).filter(Boolean)) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address);
    if (family === 0) names.push(entry);
    else addSubnet(addresses, address, bits === undefined ? (family === 4 ? 32 : 128) : Number(bits), family);
  }
  return (host) => {
    const family = isIP(host);
    if (family !== 0) return names.includes('*') || addresses.check(host, family === 4 ? 'ipv4' : 'ipv6');
    return names.some((name) => name === '*' || `.${host}`.endsWith(name.startsWith('.') ? name : `.${name}`));
  };
}

function addSubnet(list: BlockList, address: string, bits: number, family: number): void {
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return;
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
}
