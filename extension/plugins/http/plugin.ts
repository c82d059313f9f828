/**
 * `plugin:http|…` (tauri-acl 4.5 and 5.2): requests of pages, sent from the host. The scope decides about each URL, and
 * about each that a redirect leads to.
 */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { HttpScope, isAllowedHeader } from '#core/acl/scope/http.ts';
import type { Scopes } from '#core/acl/scope/scope.ts';
import { type Channel, channel } from '#core/channel.ts';
import { command, type CommandContext } from '#core/command.ts';
import { recordOf } from '#core/context.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { invalidResource, type Resource } from '#core/resource.ts';
import { unexpected } from '#core/serde.ts';
import { findDirectory } from '../directories.ts';
import { callersResources, note, type PluginHost } from '../host.ts';
import { type HeaderPairs, isToken, readHeader } from '../http-headers.ts';
import { ByteArray, refuse, serde } from '../schemas.ts';
import { Body, encodingsOf } from './body.ts';
import { nextChunk, sendBare, sendMarked, takesWholeBody, wholeBody } from './body-forms.ts';
import { type HttpRequest, type HttpResponse, RequestError, send } from './client.ts';
import { CookieStore } from './cookie-store.ts';
import { readDataUrl } from './data-url.ts';
import { type EditorProxy, Proxies, ProxyOption } from './proxy.ts';

/** What the http plugin asks of VS Code. */
export interface HttpHost {
  /** the origin that the app's own pages have under Tauri: servers may know it */
  readonly origin: string;
  /** the Cargo features of the Rust plugin that the app chose */
  readonly features: ReadonlySet<string>;
  /** the setting: targets of redirects, and proxies, must be in the scope too */
  readonly scopeRedirects: boolean;
  /** the setting: a page may do without a valid certificate */
  readonly allowDangerousSettings: boolean;
  /** the version of `@tauri-apps/plugin-http` that the project has installed, where that is known */
  readonly npmVersion: string | undefined;
  /** VS Code's own proxy, where it has one */
  readonly proxy: EditorProxy | undefined;
}

const USER_AGENT = 'tauri-plugin-http/2.7.0';
/** Reqwest's own bound where the page names none. */
const MAX_REDIRECTIONS = 10;
/** A page must not use up the sockets and the memory of the host that all extensions share. */
const MAX_REQUESTS = 1000;

const UrlText = serde<URL>((value) => {
  if (typeof value !== 'string') {
    throw refuse(`invalid type: ${unexpected(value)}, expected a string representing an URL`);
  }
  const url = URL.parse(value);
  if (url) return url;
  const reason = /^[a-z][a-z\d+.-]*:/i.test(value)
    ? 'invalid international domain name'
    : 'relative URL without a base';
  throw refuse(`invalid value: ${unexpected(value)}, expected ${reason}`);
});

const ClientConfig = z
  .object({
    method: z.string(),
    url: UrlText,
    headers: z.array(z.tuple([z.string(), z.string()])),
    data: ByteArray.nullish(),
    connectTimeout: z.int().min(0).nullish(),
    maxRedirections: z.int().min(0).nullish(),
    proxy: ProxyOption.nullish(),
    danger: z.object({ acceptInvalidCerts: z.boolean(), acceptInvalidHostnames: z.boolean() }).nullish(),
  })
  .meta({ title: 'ClientConfig' });
type ClientConfig = z.infer<typeof ClientConfig>;

/** `plugins.http` of the configuration; a name that is none must not switch a check off unnoticed. */
const Config = z.strictObject({ scopeRedirects: z.boolean().default(false) }).nullable();

const BodyChannel = channel<Uint8Array>().nullish();

/** A request of a page, from `fetch` until it is answered. */
class FetchRequest implements Resource {
  readonly resourceName = 'http request';
  readonly #send: (signal: AbortSignal) => Promise<HttpResponse>;
  readonly #abort = new AbortController();
  /** where the body goes, of the one release that says it so early */
  readonly channel: Channel<Uint8Array> | undefined;
  #sent = false;

  constructor(send: (signal: AbortSignal) => Promise<HttpResponse>, channel: Channel<Uint8Array> | null | undefined) {
    this.#send = send;
    this.channel = channel ?? undefined;
  }

  /** True for the first who asks: a request is sent once. */
  take(): boolean {
    const first = !this.#sent;
    this.#sent = true;
    return first;
  }

  async send(): Promise<HttpResponse> {
    if (this.#abort.signal.aborted) throw reject('Request canceled');
    return this.#send(this.#abort.signal);
  }

  cancel(): void {
    this.#abort.abort();
  }

  close(): void {
    this.cancel();
  }
}

/** An answer whose body the page reads, or lets go. */
class FetchResponse implements Resource {
  readonly resourceName = 'http response';
  readonly body: Body;

  constructor(body: Body) {
    this.body = body;
  }

  close(): void {
    this.body.cancel();
  }
}

export function httpPlugin(core: Core, host: PluginHost): Plugin {
  const cache = findDirectory('AppCache', host);
  const cookies = new CookieStore(cache && join(cache, '.cookies'), (error) =>
    core.note('plugin:http', `the cookies could not be saved: ${(error as Error).message}`),
  );
  let configured: z.infer<typeof Config> = null;

  /** The origin of the calling page: its own, or that of the app under Tauri. */
  const originOf = (label: string): string => {
    const origin = core.windows.get(label)?.connection?.origin;
    return typeof origin === 'object' ? new URL(origin.remote).origin : host.http.origin;
  };

  const tell = (label: string, name: string, text: string): void => {
    const window = core.windows.get(label);
    if (window) note(core, window, name, text);
  };

  const prepare = (config: ClientConfig, scopes: Scopes, label: string): HttpRequest => {
    const { method, url, data, connectTimeout, maxRedirections, proxy, danger } = config;
    if (!isToken(method)) throw reject('invalid HTTP method');
    const { features } = host.http;
    const origin = originOf(label);
    const unsafe = features.has('unsafe-headers');
    const headers = pageHeaders(config, unsafe);
    const scopeRedirects = host.http.scopeRedirects || configured?.scopeRedirects === true;
    const scope = new HttpScope(scopes, { scopeRedirects });
    scope.check(url);
    if (danger && !host.http.allowDangerousSettings) {
      tell(label, 'plugin:http|fetch', 'set ipcWorkbench.http.allowDangerousSettings to let pages use `danger`');
      throw reject('dangerous settings used but are not enabled');
    }
    return {
      ...{ method, url, scope },
      cookies: features.has('cookies') ? cookies : undefined,
      encodings: encodingsOf(features),
      headers: completed(headers, method, data ?? undefined, unsafe ? originHeader(headers, origin) : origin),
      data: data ?? undefined,
      connectTimeout: connectTimeout ?? undefined,
      maxRedirections: maxRedirections ?? MAX_REDIRECTIONS,
      proxies: proxy ? Proxies.ofPage(proxy) : Proxies.ofHost(host.http.proxy, host.system.env),
      danger: danger ?? undefined,
    };
  };

  /** The reason of a failure that Tauri keeps to itself is for the developer. */
  const explain = (label: string, error: unknown): never => {
    if (!(error instanceof RequestError)) throw error;
    tell(label, 'plugin:http|fetch_send', `${error.message}: ${reasonOf(error.cause)}`);
    throw reject(error.message);
  };

  return plugin<z.infer<typeof Config>>({
    name: 'http',
    config: Config,
    setup: (_app, config) => {
      configured = config;
    },
    commands: [
      command('fetch', { args: { clientConfig: ClientConfig, streamChannel: BodyChannel } }, (args, context) => {
        const { clientConfig, streamChannel } = args;
        const { label } = context.window;
        const resources = callersResources(core, label);
        if (resources.size >= MAX_REQUESTS) {
          throw reject(`too many requests at once: this page holds ${MAX_REQUESTS} resources that have not ended`);
        }
        if (clientConfig.url.protocol === 'data:') {
          pageHeaders(clientConfig, false);
          const answer = dataResponse(clientConfig.url);
          return resources.add(new FetchRequest(async () => answer(), streamChannel), recordOf(context));
        }
        const request = prepare(clientConfig, scopesOf(context), label);
        return resources.add(new FetchRequest((signal) => send(request, signal), streamChannel), recordOf(context));
      }),
      command('fetch_cancel', { args: { rid: z.uint32() } }, ({ rid }, { window }) => {
        callersResources(core, window.label).get(rid, FetchRequest).cancel();
      }),
      command('fetch_send', { args: { rid: z.uint32() } }, async ({ rid }, context) => {
        const { window, signal } = context;
        const resources = callersResources(core, window.label);
        const request = resources.get(rid, FetchRequest);
        if (!request.take()) throw reject(invalidResource(rid));
        let response: HttpResponse;
        try {
          response = await request.send();
        } catch (error) {
          resources.close(rid);
          return explain(window.label, error);
        }
        // The page may be another one by now: nobody would ever read this.
        if (signal.aborted || !resources.release(rid)) {
          response.body.cancel();
          throw reject('Request canceled');
        }
        const { status, statusText, headers, url, body } = response;
        const answer = {
          status,
          statusText,
          headers,
          url,
          rid: resources.add(new FetchResponse(body), recordOf(context)),
        };
        if (request.channel) {
          // As that release has it: the answer comes when the body is complete.
          await sendBare(body, request.channel);
          resources.close(answer.rid);
        }
        return answer;
      }),
      command(
        'fetch_read_body',
        { args: { rid: z.uint32(), streamChannel: BodyChannel } },
        async (args, { window }) => {
          const { rid, streamChannel } = args;
          const resources = callersResources(core, window.label);
          const { body } = resources.get(rid, FetchResponse);
          if (streamChannel) {
            await sendMarked(body, streamChannel);
            resources.close(rid);
            return null;
          }
          if (takesWholeBody(host.http.npmVersion)) {
            const bytes = await wholeBody(body);
            resources.close(rid);
            return bytes;
          }
          const { bytes, end } = await nextChunk(body);
          if (end) resources.close(rid);
          return bytes;
        },
      ),
      command('fetch_cancel_body', { args: { rid: z.uint32() } }, ({ rid }, { window }) => {
        const resources = callersResources(core, window.label);
        resources.get(rid, FetchResponse);
        resources.close(rid);
      }),
    ],
  });
}

const scopesOf = ({ scope, globalScope }: CommandContext): Scopes => ({ command: scope, global: globalScope });

/** What the page may set of its headers; the others are left out without a word, as in Tauri. */
function pageHeaders({ headers }: ClientConfig, unsafe: boolean): HeaderPairs {
  return headers.flatMap(([name, value]) => {
    if (!isToken(name)) throw reject('invalid HTTP header name');
    const allowed = unsafe ? !CONNECTION_HEADERS.has(name.toLowerCase()) : isAllowedHeader(name);
    return allowed ? [readHeader(name, value)] : [];
  });
}

/** What the client itself says of its connection, even where a page may set any header. */
const CONNECTION_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);

/** The page's own choice of its origin, where it may choose: an empty one is left out. */
function originHeader(headers: HeaderPairs, origin: string): string | undefined {
  const chosen = headers.find(([name]) => name === 'origin')?.[1];
  return chosen === undefined ? origin : chosen || undefined;
}

/** What the Rust plugin adds to the page's headers. */
function completed(
  headers: HeaderPairs,
  method: string,
  data: Uint8Array | undefined,
  origin: string | undefined,
): HeaderPairs {
  const has = (name: string) => headers.some(([each]) => each === name);
  const added: [string, string][] = [];
  if (!data && (method === 'POST' || method === 'PUT')) added.push(['content-length', '0']);
  if (has('range')) added.push(['accept-encoding', 'identity']);
  if (!has('user-agent')) added.push(['user-agent', USER_AGENT]);
  if (origin !== undefined) added.push(['origin', origin]);
  return [...headers.filter(([name]) => name !== 'origin'), ...added];
}

/** An answer without a request; its address is what reqwest gives to answers that have none. */
function dataResponse(url: URL): () => HttpResponse {
  const { type, bytes } = readDataUrl(url);
  return () => ({
    status: 200,
    statusText: 'OK',
    url: 'http://no.url.provided.local/',
    headers: [['content-type', type]],
    body: new Body(Readable.from(bytes.length > 0 ? [bytes] : [], { objectMode: false }), undefined),
  });
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // Several addresses were tried: each has its own.
  const errors = cause instanceof AggregateError ? (cause.errors as Error[]) : [cause];
  return errors.map(({ message }) => message).join(', ') || cause.name;
}
