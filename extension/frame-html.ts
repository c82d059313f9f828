/** The HTML of a panel's wrapper page and of other pages of ours: strict CSP with a nonce, nothing from the app. */
import { randomBytes } from 'node:crypto';
import { escapeAttribute, escapeScript } from './app/page-html.ts';
import type { PageAddress } from './app/pages.ts';

export interface FrameHtmlOptions {
  /** text of dist/frame.js: as a resource of its own, VS Code answers it with 408 when many panels load at once */
  readonly script: string;
  readonly page: Pick<PageAddress, 'origin' | 'url' | 'wrapperKey' | 'remote'>;
  readonly label: string;
  readonly title: string;
  /** what VS Code keeps for the panel, and gives back when it restores it */
  readonly state: object;
  readonly theme: 'light' | 'dark';
}

/** A fresh nonce for a page's CSP. */
export const createNonce = () => randomBytes(16).toString('base64');

/** The wrapper page: one frame, and a message for when nothing answers in it. */
export function frameHtml(options: FrameHtmlOptions): string {
  const nonce = createNonce();
  const { label, title, state } = options;
  const { origin, url, wrapperKey, remote } = options.page;
  // The clipboard is behind no permission of the ACL: pages of others do not get it from here.
  const allow = `${remote ? '' : 'clipboard-read; clipboard-write; '}fullscreen; autoplay`;
  const csp = `default-src 'none'; base-uri 'none'; form-action 'none'; frame-src ${origin}; connect-src ${origin.replace(/^http/, 'ws')}; script-src 'nonce-${nonce}'; worker-src blob:; style-src 'nonce-${nonce}'`;
  const config = escapeAttribute(JSON.stringify({ origin, url, wrapperKey, allow, label, title, state }));
  return `<!doctype html>
<html lang="en" data-label="${escapeAttribute(label)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${csp}">
<title>${escapeAttribute(title)}</title>
<style nonce="${nonce}">
html, body { height: 100%; margin: 0; padding: 0 !important; overflow: hidden; background: var(--vscode-editor-background); }
iframe { display: block; width: 100%; height: 100%; border: 0; background: Canvas; color-scheme: ${options.theme}; }
#message:not([hidden]) { position: absolute; inset: 0; display: grid; align-content: center; justify-items: center; gap: 12px;
  padding: 24px; text-align: center; background: var(--vscode-editor-background); color: var(--vscode-foreground); font: var(--vscode-font-size) var(--vscode-font-family); }
#message p { max-width: 60ch; margin: 0; }
#message button { padding: 4px 12px; border: 1px solid var(--vscode-button-border, transparent); border-radius: 2px;
  background: var(--vscode-button-background); color: var(--vscode-button-foreground); font: inherit; cursor: pointer; }
#message button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
</style>
</head>
<body>
<div id="message" role="alert" hidden><p></p><button type="button">Try again</button></div>
<script nonce="${nonce}" data-config="${config}">${escapeScript(options.script)}</script>
</body>
</html>`;
}
