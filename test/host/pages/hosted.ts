// A page of an extension that hosts an app, with the genuine package. The host says by an event what to do.
import { Channel, invoke } from '@tauri-apps/api/core';
import { emit } from '@tauri-apps/api/event';
import { getCurrentWindow } from '@tauri-apps/api/window';

const scenarios: Record<string, (argument: never) => Promise<unknown>> = {
  /** One of everything. */
  async basics() {
    const numbers: number[] = [];
    const channel = new Channel<number>();
    const complete = new Promise<void>((resolve) => {
      channel.onmessage = (number) => {
        numbers.push(number);
        if (numbers.length === 3) resolve();
      };
    });
    await invoke('count', { to: 3, channel });
    await complete;
    await emit('from-page', { here: true });
    return {
      label: getCurrentWindow().label,
      title: await getCurrentWindow().title(),
      greeting: await invoke('greet', { name: 'Ada' }),
      refusal: await invoke('refuse').catch((error: unknown) => error),
      wrong: await invoke('greet', { name: 7 }).catch((error: unknown) => error),
      unknown: await invoke('no_such_command').catch((error: unknown) => error),
      bytes: [...new Uint8Array(await invoke<ArrayBuffer>('reverse', new Uint8Array([1, 2, 255])))],
      numbers,
    };
  },

  /** Many calls at once; tells how they ended. */
  async flood(count: number) {
    const ended = await Promise.allSettled(
      Array.from({ length: count }, (_, index) => invoke<number>('echo', { value: index })),
    );
    const right = ended.filter((each, index) => each.status === 'fulfilled' && each.value === index).length;
    const reasons = ended.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
    return { settled: ended.length, right, refused: reasons.length, reasons: [...new Set(reasons)] };
  },
};

// Of this window: `listen` without a target would hear what is said to the others, too.
void getCurrentWindow()
  .listen<{ id: number; name: string; argument: unknown }>('run', async ({ payload: { id, name, argument } }) => {
    const value = await scenarios[name]?.(argument as never).catch((error: unknown) => ({ failed: String(error) }));
    await invoke('report', { id, value });
  })
  .then(() => invoke('ready'));
