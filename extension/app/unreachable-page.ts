/** The page of a window whose development server does not answer: says so, and loads the app as soon as it does. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { escapeAttribute } from './page-html.ts';

/**
 * Answers with the page.
 *
 * @param waitUrl answers as soon as the development server does
 */
export function sendUnreachablePage(response: ServerResponse, text: string, waitUrl: string): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(502, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; connect-src 'self'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'`,
  });
  response.end(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>The development server does not answer</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; }
body { display: grid; align-content: center; justify-items: center; gap: 12px; min-height: 100vh; margin: 0; padding: 24px;
  box-sizing: border-box; font: 14px system-ui, sans-serif; text-align: center; background: Canvas; color: CanvasText; }
p { max-width: 60ch; margin: 0; }
button { padding: 4px 12px; font: inherit; cursor: pointer; }
</style>
</head>
<body data-unreachable>
<p role="alert">${escapeAttribute(text)}</p>
<p>Start it, and this window loads by itself. Or show the built files: IPC Workbench: Switch Frontend.</p>
<button type="button">Try again</button>
<script nonce="${nonce}">
const tell = () => parent.postMessage({ kind: 'waiting' }, '*');
tell();
setInterval(tell, 5000);
document.querySelector('button').onclick = () => location.reload();
const wait = () => fetch(${JSON.stringify(waitUrl)}).then(({ ok }) => ok ? location.reload() : setTimeout(wait, 1000), () => setTimeout(wait, 1000));
wait();
</script>
</body>
</html>`);
}
