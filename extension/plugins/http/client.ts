/**
 * One request and the redirects it leads to, on undici, as reqwest does them (the Rust plugin's client). Each hop has a
 * dispatcher of its own that ends with it, as each request of the Rust plugin has a client: nothing stays open.
 */
import type { Dispatcher } from 'undici';
import type { HttpScope } from '#core/acl/scope/http.ts';
import { reject } from '#core/error.ts';
import { type HeaderPairs, headerRecord, headerText, reasonPhrase } from '../http-headers.ts';
import { Body, READ_AHEAD, unpacker } from './body.ts';
import type { CookieStore } from './cookie-store.ts';
import { basic, decode, type Proxies, type Proxy } from './proxy.ts';

export interface Danger {
  readonly acceptInvalidCerts: boolean;
  readonly acceptInvalidHostnames: boolean;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderPairs;
  readonly data: Uint8Array | undefined;
  readonly connectTimeout: number | undefined;
  readonly maxRedirections: number;
  readonly proxies: Proxies;
  readonly danger: Danger | undefined;
  readonly scope: HttpScope;
  /** undefined: the app keeps none */
  readonly cookies: CookieStore | undefined;
  /** what packed bodies are unpacked */
  readonly encodings: readonly string[];
}

export interface HttpResponse {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly headers: HeaderPairs;
  readonly body: Body;
}

/** What an answer of one hop is. */
interface Hop {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly source: Dispatcher.ResponseData['body'];
}

/** A failure whose reason the page does not hear of: reqwest says no more either. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Servers send a handful of lines; these are hyper's own bounds in bytes. */
const MAX_HEADER_BYTES = 400 * 1024;

/** Sends a request; `signal` ends it, and later the body. Rejects as the Rust plugin does; {@link RequestError} has why. */
export async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const { cookies, scope } = request;
  await cookies?.load();
  let { method, data } = request;
  let url = new URL(request.url);
  let headers = withDefaults(request, url);
  for (let redirects = 0; ; redirects++) {
    const hop = await ask({ request, method, url, headers, data, signal });
    cookies?.store(valuesOf(hop.headers, 'set-cookie'), url);
    const next = REDIRECTS.has(hop.status) && request.maxRedirections > 0 ? target(hop, url) : undefined;
    if (!next) return responseOf(request, hop, url, method);
    hop.source.on('error', () => undefined).destroy();
    if (redirects >= request.maxRedirections) {
      throw new RequestError(`error following redirect for url (${url.href})`, { cause: 'too many redirects' });
    }
    scope.checkRedirect(next);
    if (hop.status === 303 ? method !== 'HEAD' : hop.status < 303 && method === 'POST') {
      method = 'GET';
      data = undefined;
      headers = headers.filter(([name]) => !/^(content-(type|length|encoding)|transfer-encoding)$/.test(name));
    }
    headers = redirected(headers, url, next);
    url = next;
  }
}

interface Asked {
  readonly request: HttpRequest;
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderPairs;
  readonly data: Uint8Array | undefined;
  readonly signal: AbortSignal;
}

/** Asks one server; what was opened for it is closed with the body, or at once where there is none. */
async function ask({ request, method, url, headers, data, signal }: Asked): Promise<Hop> {
  const { proxies, scope, cookies } = request;
  const proxy = proxies.find(url);
  // Any web server answers as a proxy for http: that must not be a way around the scope.
  if (proxy?.byPage && url.protocol === 'http:') scope.checkRedirect(proxy.url);
  const cookie = headers.some(([name]) => name === 'cookie') ? undefined : cookies?.header(url);
  const dispatcher = await createDispatcher(request, proxy);
  const end = () => void dispatcher.destroy().catch(() => undefined);
  try {
    if (signal.aborted) throw signal.reason;
    const answer = await dispatcher.request({
      method: method as Dispatcher.HttpMethod,
      origin: url.origin,
      path: url.pathname + url.search,
      headers: headerRecord([...headers, ...(cookie === undefined ? [] : [['cookie', cookie] as const])]),
      body: data ?? null,
      responseHeaders: 'raw',
      highWaterMark: READ_AHEAD,
      signal,
    });
    answer.body.on('close', end);
    return { status: answer.statusCode, headers: pairsOf(answer.headers), source: answer.body };
  } catch (error) {
    end();
    if (signal.aborted) throw reject('Request canceled');
    throw new RequestError(`error sending request for url (${url.href})`, { cause: error });
  }
}

async function createDispatcher(
  { danger, connectTimeout }: HttpRequest,
  proxy: Proxy | undefined,
): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici');
  const tls = {
    allowH2: false,
    ...(danger?.acceptInvalidCerts && { rejectUnauthorized: false }),
    ...(danger?.acceptInvalidHostnames && { checkServerIdentity: () => undefined }),
  };
  // Like reqwest, it waits as long as the page does.
  const timeout = connectTimeout === undefined ? 0 : Math.max(1, connectTimeout);
  const options = {
    ...{ headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: MAX_HEADER_BYTES, allowH2: false },
    // A connection is used once; what is left of it ends soon, also where the page never reads to the end.
    ...{ keepAliveTimeout: 1, keepAliveMaxTimeout: 1 },
  };
  if (!proxy) return new Agent({ ...options, connect: { timeout, ...tls } });
  return new ProxyAgent({
    ...options,
    uri: proxy.url.href,
    ...(proxy.authorization !== undefined && { token: proxy.authorization }),
    connectTimeout: timeout,
    requestTls: tls,
    proxyTls: tls,
  });
}

function responseOf({ encodings }: HttpRequest, hop: Hop, url: URL, method: string): HttpResponse {
  const { status, headers, source } = hop;
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304;
  const [encoding, ...more] = valuesOf(headers, 'content-encoding');
  const empty = valuesOf(headers, 'content-length')[0] === '0';
  const unpack = hasBody && !empty && more.length === 0 ? unpacker(encoding, encodings) : undefined;
  const body = new Body(source, unpack);
  try {
    return {
      status,
      statusText: reasonPhrase(status),
      url: url.href,
      headers: headers
        .filter(([name]) => !unpack || (name !== 'content-encoding' && name !== 'content-length'))
        .map(([name, value]) => [name, headerText(value)] as const),
      body,
    };
  } catch (error) {
    body.cancel();
    throw error;
  }
}

/** Where the answer leads; undefined where it says nothing that one could follow: then the page gets it as it is. */
function target({ headers }: Hop, url: URL): URL | undefined {
  const [location] = valuesOf(headers, 'location');
  if (location === undefined) return undefined;
  const next = URL.parse(Buffer.from(location, 'latin1').toString('utf8'), url.href);
  if (!next) return undefined;
  next.username = '';
  next.password = '';
  return next;
}

/** The headers for the next hop: another host gets no secrets, and hears where the request comes from as reqwest says it. */
function redirected(headers: HeaderPairs, from: URL, to: URL): HeaderPairs {
  const sameHost = from.host === to.host && from.protocol === to.protocol;
  const kept = headers.filter(([name]) => name !== 'referer' && (sameHost || !SECRETS.has(name)));
  if (from.protocol === 'https:' && to.protocol === 'http:') return kept;
  const referer = new URL(from);
  referer.hash = '';
  return [...kept, ['referer', referer.href]];
}

const SECRETS = new Set(['authorization', 'cookie', 'cookie2', 'host', 'proxy-authorization', 'www-authenticate']);

/** What reqwest adds. Name and password of the URL become a header, unless the page gave one; the URL loses them. */
function withDefaults({ headers, encodings }: HttpRequest, url: URL): HeaderPairs {
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const added: [string, string][] = [];
  const has = (name: string) => headers.some(([each]) => each === name);
  if ((username || password) && !has('authorization')) {
    added.push(['authorization', basic(decode(username), decode(password))]);
  }
  if (!has('accept')) added.push(['accept', '*/*']);
  if (encodings.length > 0 && !has('accept-encoding') && !has('range')) {
    added.push(['accept-encoding', encodings.join(', ')]);
  }
  return [...headers, ...added];
}

const valuesOf = (headers: HeaderPairs, name: string) =>
  headers.filter(([each]) => each === name).map(([, value]) => value);

/** undici's raw form: names and values in turn. */
function pairsOf(raw: unknown): HeaderPairs {
  const list = raw as readonly string[];
  return Array.from({ length: list.length / 2 }, (_, index) => [
    String(list[2 * index]).toLowerCase(),
    String(list[2 * index + 1]),
  ]);
}
