/**
 * `plugin:deep-link|…` (tauri-acl 5.2). No system hands addresses to a panel, but VS Code has addresses for extensions:
 * what comes after the app's identifier in one of them reaches the app in a scheme of its own.
 */
import * as z from 'zod';
import { command } from '#core/command.ts';
import type { Core } from '#core/core.ts';
import { reject } from '#core/error.ts';
import type { Disposable } from '#core/lifetime.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import type { PluginHost } from './host.ts';

/** A link to an app: what stands behind its identifier, such as `open/file?line=3`. */
export interface DeepLink {
  readonly rest: string;
  /** the app was started by it: then it finds it by `getCurrent()` */
  readonly starts: boolean;
}

/** Where links come from. */
export interface DeepLinkHost {
  /** Takes links until it is disposed; `accept` gives the reason for which one is refused. */
  connect(accept: (link: DeepLink) => string | undefined): Disposable;
}

const MAX_LINK = 8192;
/** schemes that a page may add */
const MAX_SCHEMES = 100;
const SCHEME = /^[a-z][a-z\d+.-]*$/;

const Protocol = z.looseObject({ schemes: z.array(z.string()) });
const Config = z
  .looseObject({
    desktop: z.union([Protocol.transform((one) => [one]), z.array(Protocol)]).default([]),
  })
  .nullish();

export function deepLinkPlugin(core: Core, host: PluginHost): Plugin {
  const schemes = new Set<string>();
  let current: readonly string[] | null = null;

  const accept = ({ rest, starts }: DeepLink): string | undefined => {
    if (rest.length > MAX_LINK) return `it is longer than ${MAX_LINK} characters`;
    if (schemes.size === 0)
      return 'the app has no scheme: plugins.deep-link.desktop.schemes of its configuration is empty';
    const url = urlOf(rest, schemes);
    if (url === undefined) return 'it makes no address';
    current = [url];
    if (!starts) core.emit('deep-link://new-url', { kind: 'Any' }, JSON.stringify(current));
    return undefined;
  };
  let connected: Disposable | undefined;

  return plugin<z.output<typeof Config>>({
    name: 'deep-link',
    config: Config,
    setup(_app, config) {
      for (const scheme of config?.desktop.flatMap((each) => each.schemes) ?? []) schemes.add(scheme.toLowerCase());
      connected = host.deepLinks.connect(accept);
    },
    onDrop: () => connected?.dispose(),
    commands: [
      command('get_current', {}, () => current),
      command('register', { args: { protocol: z.string() } }, ({ protocol }) => {
        const scheme = protocol.toLowerCase();
        if (!SCHEME.test(scheme)) throw reject(`"${protocol.slice(0, 100)}" is no scheme`);
        if (schemes.size >= MAX_SCHEMES) throw reject(`${MAX_SCHEMES} schemes are registered already`);
        schemes.add(scheme);
      }),
      command('unregister', { args: { protocol: z.string() } }, ({ protocol }) => {
        schemes.delete(protocol.toLowerCase());
      }),
      command('is_registered', { args: { protocol: z.string() } }, ({ protocol }) =>
        schemes.has(protocol.toLowerCase()),
      ),
    ],
  });
}

/** In the scheme that the rest names as its first part (`other:/open`), where the app has it; else in its first one. */
function urlOf(rest: string, schemes: ReadonlySet<string>): string | undefined {
  const [, named, more = ''] = /^([^/?#]+):(?:\/+|(?=[?#])|$)([^]*)$/.exec(rest) ?? [];
  const scheme = named?.toLowerCase();
  const url = scheme !== undefined && schemes.has(scheme) ? `${scheme}://${more}` : `${[...schemes][0]}://${rest}`;
  return URL.parse(url)?.href;
}
