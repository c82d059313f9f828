/** The bridge as script elements: what goes first into a page. */
import { delimiter, sep } from 'node:path';
import { arch, EOL, release } from 'node:os';
import { scriptTags } from './app/page-html.ts';

/** What the page must know synchronously of the machine that the host runs on (webview-ui/bridge/config.ts). */
export function systemConfig() {
  const windows = process.platform === 'win32';
  const os = { win32: 'windows', darwin: 'macos' }[process.platform as string] ?? process.platform;
  return {
    separator: sep,
    delimiter,
    windows,
    os: {
      platform: os,
      os_type: os,
      version: release(),
      family: windows ? 'windows' : 'unix',
      arch: { x64: 'x86_64', arm64: 'aarch64', ia32: 'x86' }[arch() as string] ?? arch(),
      exe_extension: windows ? 'exe' : '',
      eol: EOL,
    },
  };
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
