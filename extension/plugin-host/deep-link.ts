/** VS Code's addresses for extensions, as links to apps: `vscode://ipc-workbench.ipc-workbench/<identifier>/…`. */
import * as vscode from 'vscode';
import { disposable, type Disposable } from '#core/lifetime.ts';
import type { DeepLink, DeepLinkHost } from '../plugins/deep-link.ts';

/** The links of one app. */
export class DeepLinks implements DeepLinkHost {
  #accept: ((link: DeepLink) => string | undefined) | undefined;

  connect(accept: (link: DeepLink) => string | undefined): Disposable {
    this.#accept = accept;
    return disposable(() => {
      if (this.#accept === accept) this.#accept = undefined;
    });
  }

  /** Hands a link to the app; gives the reason where it is refused. */
  open(link: DeepLink): string | undefined {
    return this.#accept ? this.#accept(link) : 'the app has ended';
  }
}

/** An address, taken apart; undefined where it names no app. */
export function readLink(uri: vscode.Uri): { readonly identifier: string; readonly rest: string } | undefined {
  const [, identifier, path = ''] = /^\/([^/]+)\/?([^]*)$/.exec(uri.path) ?? [];
  if (identifier === undefined) return undefined;
  const query = uri.query === '' ? '' : `?${uri.query}`;
  const fragment = uri.fragment === '' ? '' : `#${uri.fragment}`;
  return { identifier, rest: path + query + fragment };
}

/** Takes the addresses; VS Code asks the user before it hands over one from elsewhere. */
export function handleLinks(open: (uri: vscode.Uri) => Promise<void>): vscode.Disposable {
  return vscode.window.registerUriHandler({ handleUri: open });
}
