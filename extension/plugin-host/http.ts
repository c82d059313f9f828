/** What the http plugin asks of VS Code and the project: two settings of ours, VS Code's own proxy, Cargo features. */
import * as vscode from 'vscode';
import { cargoFeatures } from '../app/cargo-features.ts';
import type { HttpHost } from '../plugins/http/plugin.ts';
import { allowDangerousSettings, scopeRedirects } from '../settings.ts';
import { npmVersion } from './npm-version.ts';

/** Of an app without Rust: what does no harm. */
const WITHOUT_RUST: ReadonlySet<string> = new Set(['cookies', 'gzip', 'brotli', 'deflate', 'zstd']);

/**
 * @param folder the project: its own `node_modules`, or that of a folder it is in, has the npm package
 * @param devServer where the app's pages come from now and under Tauri too; else they are part of the app there
 * @param configFolder where Cargo.toml is, if the project has one
 */
export function createHttpHost(
  folder: string,
  devServer: () => URL | undefined,
  configFolder: string | undefined,
): HttpHost {
  const chosen = configFolder && cargoFeatures(configFolder, 'tauri-plugin-http', ['cookies']);
  return {
    features: chosen || WITHOUT_RUST,
    npmVersion: npmVersion(folder, '@tauri-apps/plugin-http'),
    get origin() {
      return devServer()?.origin ?? (process.platform === 'win32' ? 'http://tauri.localhost' : 'tauri://localhost');
    },
    get scopeRedirects() {
      return scopeRedirects();
    },
    get allowDangerousSettings() {
      return allowDangerousSettings();
    },
    get proxy() {
      const settings = vscode.workspace.getConfiguration('http');
      const url = settings.get<unknown>('proxy');
      if (typeof url !== 'string' || url === '' || settings.get('proxySupport') === 'off') return undefined;
      const noProxy = settings.get<unknown>('noProxy');
      return { url, noProxy: Array.isArray(noProxy) ? noProxy.map(String) : [] };
    },
  };
}
