/**
 * Scripts that make links of a page open outside of it: a frame opens no new windows. Each does what the script of
 * Tauri's plugin of that name does.
 */

/** A left click on a link with `target="_blank"`, or with Ctrl or Shift, that nobody has handled. */
export const openerLinkScript = `
const outside = new Set(['http:', 'https:', 'mailto:', 'tel:']);
window.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.altKey) return;
  const link = event.composedPath().find(({ nodeName }) => typeof nodeName === 'string' && nodeName.toUpperCase() === 'A');
  if (!link || typeof link.href !== 'string' || link.href === '') return;
  if (link.target !== '_blank' && !event.ctrlKey && !event.shiftKey) return;
  const url = new URL(link.href);
  if (!outside.has(url.protocol)) return;
  event.preventDefault();
  window.__TAURI_INTERNALS__.invoke('plugin:opener|open_url', { url: url.href }).catch((error) => console.error(error));
});`;

/** Any click inside of the body on a link with \`target="_blank"\`. */
export const shellLinkScript = `
const outside = ['http://', 'https://', 'mailto:', 'tel:'];
const watch = () => document.body?.addEventListener('click', (event) => {
  let element = event.target;
  while (element && !element.matches('a')) element = element.parentElement;
  if (!element || element.target !== '_blank' || !outside.some((each) => element.href.startsWith(each))) return;
  event.preventDefault();
  window.__TAURI_INTERNALS__.invoke('plugin:shell|open', { path: element.href }).catch((error) => console.error(error));
});
if (document.readyState === 'complete' || document.readyState === 'interactive') watch();
else window.addEventListener('DOMContentLoaded', watch, true);`;
