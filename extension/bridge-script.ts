/** The bridge as script elements: what goes first into a page. */
import { delimiter, sep } from 'node:path';
import { scriptTags } from './app/page-html.ts';
import { thisSystem } from './plugins/directories.ts';
import { thisOs } from './plugins/os.ts';

/** What the page must know synchronously of the machine that the host runs on (webview-ui/bridge/config.ts). */
export function systemConfig() {
  return {
    separator: sep,
    delimiter,
    windows: process.platform === 'win32',
    os: thisOs(thisSystem().readText),
  };
}

/** The build of the bridge in dist/: with the way through an isolation page or not, telling where calls come from or not. */
export function bridgeFile({ isolation, stacks }: { readonly isolation: boolean; readonly stacks: boolean }): string {
  return `bridge${isolation ? '-isolation' : ''}${stacks ? '-stacks' : ''}.js`;
}

/**
 * The elements for an extension's own webview: the bridge, then the plugins' scripts.
 *
 * @param of the window's label, and the key that its transport knows (key.ts)
 */
export function bridgeScript(
  bridge: string,
  of: { readonly label: string; readonly key: string },
  nonce: string,
  initScripts: readonly string[],
): string {
  return scriptTags({ bridge, config: { ...systemConfig(), ...of }, globalApi: undefined, initScripts, nonce });
}
