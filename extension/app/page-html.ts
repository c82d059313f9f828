/** What is put into an app's HTML documents before they reach its frame: the bridge, plugins' scripts, nonces. */

export interface Injection {
  /** text of dist/bridge.js */
  readonly bridge: string;
  /** JSON of webview-ui/bridge/config.ts `BridgeConfig` */
  readonly config: object;
  /** text of dist/global-api.js where `withGlobalTauri` is on */
  readonly globalApi: string | undefined;
  /** scripts of plugins, each gets a function scope of its own */
  readonly initScripts: readonly string[];
  readonly nonce: string;
}

/** The document with the bridge as its first script. Scripts and styles written into the document get the nonce too, as Tauri's build gives them one. */
export function injectBridge(html: string, injection: Injection): string {
  const nonced = html.replace(/<(script|style)\b(?![^>]*\bnonce=)/gi, `<$1 nonce="${injection.nonce}"`);
  const scripts = scriptTags(injection);
  const head = /<head\b[^>]*>/i.exec(nonced);
  const at = head ? head.index + head[0].length : (/^\s*<!doctype[^>]*>/i.exec(nonced)?.[0].length ?? 0);
  return nonced.slice(0, at) + scripts + nonced.slice(at);
}

/** The script elements alone. */
export function scriptTags({ bridge, config, globalApi, initScripts, nonce }: Injection): string {
  const data = escapeAttribute(JSON.stringify(config));
  const inline = [...(globalApi ? [globalApi] : []), ...initScripts.map((script) => `(function(){${script}\n})()`)];
  return [
    `<script nonce="${nonce}" data-config="${data}">${escapeScript(bridge)}</script>`,
    ...inline.map((script) => `<script nonce="${nonce}">${escapeScript(script)}</script>`),
  ].join('');
}

/** A script's text must not hold what ends a script element. */
function escapeScript(script: string): string {
  return script.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');
}

/** Text for a double-quoted HTML attribute. */
export function escapeAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}

/**
 * The app's own CSP with what a page in a panel needs: the nonce for inline scripts and styles of the document, and
 * connections to its own origin. Never weaker: a source is added only to directives that exist or would fall back.
 */
export function panelCsp(csp: string, nonce: string): string {
  const directives = new Map<string, string[]>();
  for (const part of csp.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/);
    if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
  }
  const add = (name: string, source: string) => {
    const sources = directives.get(name) ?? directives.get('default-src');
    if (!sources) return;
    directives.set(name, sources.includes("'none'") ? [source] : [...sources, source]);
  };
  add('script-src', `'nonce-${nonce}'`);
  // A nonce switches 'unsafe-inline' off, so styles keep it where the app allows it.
  const styles = directives.get('style-src') ?? directives.get('default-src');
  if (styles && !styles.includes("'unsafe-inline'")) add('style-src', `'nonce-${nonce}'`);
  const connections = directives.get('connect-src') ?? directives.get('default-src');
  if (connections && !connections.includes("'self'") && !connections.includes('*')) add('connect-src', "'self'");
  return [...directives].map(([name, sources]) => [name, ...sources].join(' ')).join('; ');
}
