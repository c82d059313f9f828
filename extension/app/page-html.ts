/** What is put into an app's HTML documents before they reach its frame: the bridge, plugins' scripts, nonces. */
import { OWN_SCRIPTS } from '#core/stack-frames.ts';

export interface Injection {
  /** text of dist/bridge.js */
  readonly bridge: string;
  /** JSON of webview-ui/bridge/config.ts `BridgeConfig` */
  readonly config: object;
  /** text of dist/global-api.js where `withGlobalTauri` is on */
  readonly globalApi: string | undefined;
  /** scripts of plugins, each gets a function scope of its own */
  readonly initScripts: readonly string[];
  /** texts of dist/global-api/*.js: what the app's plugins add to the global api */
  readonly pluginApis?: readonly string[] | undefined;
  readonly nonce: string;
  /** tells the client of a development server the nonce for the styles that it makes */
  readonly styleNonce?: boolean;
}

/** Parts of the app's policy that stay as they are, and of which inline elements get no nonce. */
export interface Unmodified {
  readonly script: boolean;
  readonly style: boolean;
}

/** `dangerousDisableAssetCspModification`: all directives, or the ones that it names. */
export function unmodifiedParts(disabled: boolean | readonly string[]): Unmodified {
  const has = (name: string) => disabled === true || (Array.isArray(disabled) && disabled.includes(name));
  return { script: has('script-src'), style: has('style-src') };
}

/** A comment, a doctype, or a start tag with its attributes. Whatever the document, no place of it is looked at twice. */
const TOKENS = /<!--(?:-?>|[^]*?(?:--!?>|$))|<!doctype[^>]*>?|<([a-z][^\s/>]*)((?:[^>"']+|"[^"]*"|'[^']*')*)>?/gi;
/** Elements whose content is text: a tag in there is none. */
const TEXT_ELEMENTS = new Set([
  'script',
  'style',
  'textarea',
  'title',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'noscript',
]);
const OWN_NONCE = /[\s"'/]nonce(?=[\s=/]|$)/i;

/**
 * The document with the bridge as its first script.
 *
 * @param own scripts and styles written into the document get the nonce too, as Tauri's build gives them one; all but what
 * the configuration leaves unmodified. Those of a remote page do not: its CSP may be there to stop them
 */
export function injectBridge(html: string, injection: Injection, own: boolean | Unmodified = true): string {
  const given = own === true ? ['script', 'style'] : own === false ? [] : modified(own);
  const parts: string[] = [];
  let copied = 0;
  const insert = (at: number, text: string) => {
    parts.push(html.slice(copied, at), text);
    copied = at;
  };
  let placed = false;
  for (const { index, end, name, tag, attributes } of tokensOf(html)) {
    if (!placed && tag !== '' && tag !== 'html') {
      insert(tag === 'head' ? end : index, scriptTags(injection));
      placed = true;
    }
    if (given.includes(tag) && !OWN_NONCE.test(attributes)) {
      insert(index + 1 + name.length, ` nonce="${injection.nonce}"`);
    }
  }
  if (!placed) insert(html.length, scriptTags(injection));
  return parts.join('') + html.slice(copied);
}

/** A comment, a doctype or a start tag of a document. */
export interface Token {
  readonly index: number;
  readonly end: number;
  /** name of the element as it is written; empty where it is none */
  readonly name: string;
  /** the name in lower case */
  readonly tag: string;
  readonly attributes: string;
  /** where the text of an element ends that has only text; else as `end` */
  readonly textEnd: number;
}

/** Comments, doctypes and start tags in order; what looks like one in an element that has only text is none. */
export function* tokensOf(html: string): Generator<Token> {
  let next = 0;
  for (let token = nextToken(html, next); token; token = nextToken(html, next)) {
    const { index, 0: text, 1: name = '', 2: attributes = '' } = token;
    const tag = name.toLowerCase();
    const end = index + text.length;
    next = TEXT_ELEMENTS.has(tag) ? endOfText(html, tag, end) : end;
    yield { index, end, name, tag, attributes, textEnd: next };
  }
}

function nextToken(html: string, from: number): RegExpExecArray | null {
  TOKENS.lastIndex = from;
  return TOKENS.exec(html);
}

function endOfText(html: string, tag: string, from: number): number {
  const close = new RegExp(`</${tag}(?=[\\s/>]|$)`, 'gi');
  close.lastIndex = from;
  return close.exec(html)?.index ?? html.length;
}

const modified = ({ script, style }: Unmodified) => [...(script ? [] : ['script']), ...(style ? [] : ['style'])];

/** The script elements alone, and what the client of a development server looks for. */
export function scriptTags(injection: Injection): string {
  const { bridge, config, globalApi, initScripts, pluginApis = [], nonce, styleNonce } = injection;
  const data = escapeAttribute(JSON.stringify(config));
  // In Tauri's order.
  const inline = [
    ...(globalApi ? [named(globalApi, 'global-api')] : []),
    ...initScripts.map((script) => `(function(){${script}\n})()`),
    ...pluginApis.map((script) => named(script, 'global-api')),
  ];
  return [
    `<script nonce="${nonce}" data-config="${data}">${escapeScript(named(bridge, 'bridge'))}</script>`,
    ...inline.map((script) => `<script nonce="${nonce}">${escapeScript(script)}</script>`),
    ...(styleNonce ? [`<meta property="csp-nonce" nonce="${nonce}">`] : []),
  ].join('');
}

/** By this name stacks and the browser's tools know a script of ours, which would else count as part of the document. */
const named = (script: string, name: string) => `${script.trimEnd()}\n//# sourceURL=${OWN_SCRIPTS}${name}\n`;

/** A script's text must not hold what ends a script element. */
export function escapeScript(script: string): string {
  return script.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
}

/** Text for a double-quoted HTML attribute. */
export function escapeAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}

/**
 * The app's own CSP with what a page in a panel needs: the nonce for inline scripts and styles of the document, and
 * connections to its own origin, and where it has one, the frame of its isolation page. Never weaker: a source is added
 * only to directives that exist or would fall back. Only
 * `frame-ancestors` goes: an app that is its own window says nothing by it, but in a panel its page is a frame.
 */
export function panelCsp(
  csp: string,
  nonce: string,
  isolationOrigin?: string,
  unmodified: Unmodified = { script: false, style: false },
): string {
  const directives = parseCsp(csp);
  const add = (name: string, source: string) => {
    const sources = directives.get(name) ?? directives.get('default-src');
    if (!sources) return;
    directives.set(name, sources.includes("'none'") ? [source] : [...sources, source]);
  };
  directives.delete('frame-ancestors');
  for (const name of ['script-src', ...(directives.has('script-src-elem') ? ['script-src-elem'] : [])]) {
    // Whoever wants the directive unmodified lets inline scripts run, and the bridge with them; else it is the one change.
    const sources = directives.get(name) ?? directives.get('default-src') ?? [];
    if (!unmodified.script || !allowsInline(sources)) add(name, `'nonce-${nonce}'`);
  }
  // A nonce switches 'unsafe-inline' off, so styles keep it where the app allows it.
  const styles = directives.get('style-src') ?? directives.get('default-src');
  if (!unmodified.style && styles && !styles.includes("'unsafe-inline'")) add('style-src', `'nonce-${nonce}'`);
  const elements = directives.get('style-src-elem');
  if (!unmodified.style && elements && !elements.includes("'unsafe-inline'")) add('style-src-elem', `'nonce-${nonce}'`);
  const connections = directives.get('connect-src') ?? directives.get('default-src');
  if (connections && !connections.includes("'self'") && !connections.includes('*')) add('connect-src', "'self'");
  allowFrame(directives, isolationOrigin);
  return cspOf(directives);
}

/**
 * A policy for pages of a development server, as it applies here: what it allows of the server's address, it allows of
 * the page's own origin; and the client of hot reload may wait in a worker of its own until the server is back.
 */
export function developmentCsp(header: string, server: URL): string {
  const policies = header.split(',').map((policy) => {
    const directives = parseCsp(policy);
    for (const [name, sources] of directives) {
      const named = sources.some((source) => URL.parse(source)?.host === server.host || source === server.host);
      if (named && !sources.includes("'self'")) directives.set(name, [...sources, "'self'"]);
    }
    const workers = ['worker-src', 'child-src', 'script-src', 'default-src'].find((name) => directives.has(name));
    const sources = workers === undefined ? undefined : directives.get(workers);
    if (sources && !sources.includes('blob:')) {
      directives.set('worker-src', [...sources.filter((source) => source.toLowerCase() !== "'none'"), 'blob:']);
    }
    return cspOf(directives);
  });
  return policies.join(', ');
}

/**
 * The CSP that a remote page came with, each policy of the header with the nonce of the bridge where it would stop that.
 * Besides: `frame-ancestors` goes as in {@link panelCsp}, and `upgrade-insecure-requests`, since the page now comes from
 * loopback.
 */
export function remoteCsp(header: string, nonce: string, isolationOrigin?: string): string {
  const policies = header.split(',').map((policy) => {
    const directives = parseCsp(policy);
    directives.delete('frame-ancestors');
    directives.delete('upgrade-insecure-requests');
    const name = ['script-src-elem', 'script-src', 'default-src'].find((each) => directives.has(each));
    const sources = name === undefined ? [] : (directives.get(name) ?? []);
    // A nonce would switch 'unsafe-inline' off, and with it the page's own scripts.
    if (name && !allowsInline(sources)) {
      const others = sources.filter((source) => source.toLowerCase() !== "'none'");
      directives.set(name === 'default-src' ? 'script-src' : name, [...others, `'nonce-${nonce}'`]);
    }
    allowFrame(directives, isolationOrigin);
    return cspOf(directives);
  });
  return policies.filter((policy) => policy !== '').join(', ');
}

/** Lets a document show the frame of the isolation page, where its policy says anything of frames. */
function allowFrame(directives: Map<string, string[]>, origin: string | undefined): void {
  const name = ['frame-src', 'child-src', 'default-src'].find((each) => directives.has(each));
  if (origin === undefined || name === undefined) return;
  const others = (directives.get(name) ?? []).filter((source) => source.toLowerCase() !== "'none'");
  directives.set('frame-src', [...others, origin]);
}

function allowsInline(sources: readonly string[]): boolean {
  const known = sources.map((source) => source.toLowerCase());
  return (
    known.includes("'unsafe-inline'") && !known.some((source) => /^'(nonce-|sha\d+-|strict-dynamic')/.test(source))
  );
}

function parseCsp(csp: string): Map<string, string[]> {
  const directives = new Map<string, string[]>();
  for (const part of csp.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/);
    // The first of a name counts, as in browsers.
    if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
  }
  return directives;
}

const cspOf = (directives: ReadonlyMap<string, readonly string[]>): string =>
  [...directives].map(([name, sources]) => [name, ...sources].join(' ')).join('; ');
