/** Cards 3 and 4: events for everybody and for one window. */
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { getCurrentWebviewWindow } from '@tauri-apps/api/webviewWindow';
import { get, input, log, onRun, output } from './ui.ts';

interface Message {
  readonly from: string;
  readonly msg: string;
}

export async function startEvents(): Promise<void> {
  const everybody = get('global-log', HTMLOListElement);
  const oneWindow = get('notify-log', HTMLOListElement);

  onRun(get('global-form', HTMLFormElement), output('global-result'), async () => {
    await invoke('broadcast', { msg: input('global-text').value });
  });
  onRun(get('notify-form', HTMLFormElement), output('notify-result'), async () => {
    const label = get('notify-target', HTMLSelectElement).value;
    await invoke('notify_window', { label, msg: input('notify-text').value });
    return `Sent to "${label}".`;
  });

  await listen<Message>('global-event', ({ payload }) => log(everybody, payload.from, payload.msg));
  // The window's own listen: `listen` without a target would hear the events for all windows.
  await getCurrentWebviewWindow().listen<Message>('window-event', ({ payload }) => {
    log(oneWindow, payload.from, payload.msg);
  });
}

/** Offers the windows as targets; the choice stays where it can, and falls on another window at first. */
export function showTargets(labels: readonly string[]): void {
  const target = get('notify-target', HTMLSelectElement);
  const own = getCurrentWebviewWindow().label;
  const chosen = labels.includes(target.value) && target.dataset.chosen ? target.value : undefined;
  target.replaceChildren(...labels.map((label) => new Option(label)));
  target.value = chosen ?? labels.find((label) => label !== own) ?? own;
  target.onchange = () => {
    target.dataset.chosen = 'true';
  };
}
