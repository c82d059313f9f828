/** The strip at the top of every page: which window this is, its title and theme, and the other windows. */
import { invoke } from '@tauri-apps/api/core';
import { emit, listen, TauriEvent } from '@tauri-apps/api/event';
import { getCurrentWebviewWindow, WebviewWindow } from '@tauri-apps/api/webviewWindow';
import { getAllWindows, type Theme } from '@tauri-apps/api/window';
import { button, get, input, onRun, output, run, show, textOf } from './ui.ts';

/** What the backend tells about itself. */
export interface ServerInfo {
  readonly node: string;
  readonly pid: number;
  /** seconds */
  readonly uptime: number;
  /** an absolute path outside of the folder of card 7 */
  readonly outside: string;
  /** whether that folder holds a link that leads out of it */
  readonly link: boolean;
}

const current = getCurrentWebviewWindow();
const result = output('window-result');

/** Sets the strip up; `onWindows` hears the labels of all windows, now and whenever they change. */
export async function startStrip(onWindows: (labels: readonly string[]) => void): Promise<void> {
  get('window-label', HTMLElement).textContent = current.label;

  const title = input('window-title');
  onRun(get('title-form', HTMLFormElement), result, async () => {
    await current.setTitle(title.value);
    return `The title is now "${await current.title()}".`;
  });
  onRun(button('window-open'), result, openAnother);
  onRun(button('window-close'), result, () => current.close());

  const refresh = async () => {
    const labels = (await getAllWindows()).map((window) => window.label);
    showWindows(labels);
    onWindows(labels);
  };
  const follow = [
    current.onThemeChanged(({ payload }) => showTheme(payload)),
    listen(TauriEvent.WINDOW_CREATED, refresh),
    listen(TauriEvent.WINDOW_DESTROYED, refresh),
    listen('hello', refresh),
    listen('backend-started', showServer), // saving src-ipc/main.ts starts another process
  ];
  try {
    await Promise.all(follow);
    await refresh();
    await emit('hello'); // a page that opened or reloaded: the others look again, too
    title.value = await current.title();
    showTheme(await current.theme());
  } catch (error) {
    show(result, 'error', textOf(error));
  }
}

/** Shows in which process the handlers run; gives what the backend told. */
export async function showServer(): Promise<ServerInfo | undefined> {
  const place = get('server-info', HTMLElement);
  try {
    const info = await invoke<ServerInfo>('server_info');
    place.textContent = `Node ${info.node} · pid ${info.pid} · up ${info.uptime.toFixed(0)} s`;
    return info;
  } catch (error) {
    place.textContent = 'does not answer';
    await run(result, () => Promise.reject(error));
    return undefined;
  }
}

function showTheme(theme: Theme | null): void {
  get('window-theme', HTMLElement).textContent = theme ?? 'as the system';
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

function showWindows(labels: readonly string[]): void {
  const items = labels.map((label) => {
    const item = document.createElement('li');
    item.textContent = label;
    if (label === current.label) item.ariaCurrent = 'true';
    return item;
  });
  get('window-list', HTMLUListElement).replaceChildren(...items);
}

async function openAnother(): Promise<string> {
  const taken = new Set((await getAllWindows()).map((window) => window.label));
  let number = 1;
  while (taken.has(`extra-${number}`)) number++;
  const label = `extra-${number}`;
  const opened = Promise.withResolvers<string>();
  const window = new WebviewWindow(label, { url: 'second.html', title: `Demo: extra ${number}` });
  await Promise.all([
    window.once('tauri://created', () => opened.resolve(`Opened "${label}".`)),
    window.once('tauri://error', ({ payload }) => opened.reject(payload)),
  ]);
  return await opened.promise;
}
