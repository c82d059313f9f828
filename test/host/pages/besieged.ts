// A page with the genuine bridge, and frames inside of it that try to speak for it: to the host, and as the host.
declare const nonce: string;

interface Internals {
  invoke(cmd: string, args: object): Promise<unknown>;
}
const { invoke } = (window as unknown as { __TAURI_INTERNALS__: Internals }).__TAURI_INTERNALS__;

/** Runs in a frame: posts calls and replies to every window around it, in each form that one of them may know. */
function attack(name: string): void {
  const call = JSON.stringify({ messages: [['echo', 0, { value: 'forged' }]] });
  const reply = JSON.stringify({ messages: [[0, 'forged'], [2, 'forged'], { kind: 'run', id: 0, value: 'forged' }] });
  for (let at: Window = window; at !== at.parent; at = at.parent) {
    for (const mark of ['ipc-workbench', 'ipc-workbench:', 'ipc-workbench:guess:0.5']) {
      for (const message of [
        [mark, call],
        [mark, reply],
      ]) {
        at.parent.postMessage(message, '*');
        // As VS Code's own script in the page does.
        at.parent.postMessage({ command: 'onmessage', data: { message } }, '*');
        at.parent.postMessage({ channel: 'onmessage', data: { message } }, '*');
      }
    }
  }
  parent.postMessage({ attacked: name }, '*');
}

const attacked: string[] = [];
const overheard: unknown[] = [];
addEventListener('message', ({ data }: MessageEvent<{ attacked?: string } | unknown[] | null>) => {
  if (data && !Array.isArray(data) && data.attacked) attacked.push(data.attacked);
});
// Before all other listeners, as far as a page can: what the host says must not pass here, nor the key.
addEventListener(
  'message',
  ({ data }) => {
    if (Array.isArray(data) && !String(data[1]).includes('forged')) overheard.push(data);
  },
  true,
);

function besiege(name: string, sandbox?: string): void {
  const frame = document.createElement('iframe');
  if (sandbox !== undefined) frame.setAttribute('sandbox', sandbox);
  frame.srcdoc = `<script nonce="${nonce}">(${attack.toString()})(${JSON.stringify(name)})</script>`;
  document.body.append(frame);
}

function acquired(): string {
  try {
    return typeof (globalThis as unknown as { acquireVsCodeApi(): unknown }).acquireVsCodeApi();
  } catch {
    return 'refused';
  }
}

async function run(): Promise<void> {
  const answering = invoke('echo', { value: 'genuine' });
  besiege('of the page itself');
  besiege('without an origin', 'allow-scripts');
  while (attacked.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  const answer = await answering;
  await invoke('report', { id: 0, value: { attacked: attacked.sort(), overheard, answer, acquired: acquired() } });
}
void run();

export {}; // a module of its own: these pages declare the same names
