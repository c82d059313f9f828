/** Card 5: bytes through a channel, measured and verified. */
import { Channel, invoke } from '@tauri-apps/api/core';
import { button, duration, get, onRun, output } from './ui.ts';

const CHUNK = 1_000_000;

export function startStream(): void {
  const form = get('stream-form', HTMLFormElement);
  const cancel = button('stream-cancel');
  onRun(form, output('stream-result'), async () => {
    cancel.disabled = false;
    try {
      return await download(Number(new FormData(form).get('size')) * 1_000_000);
    } finally {
      cancel.disabled = true;
    }
  });
  cancel.addEventListener('click', () => void invoke('cancel_download')); // its effect shows in the download
  onRun(button('stream-five'), output('stream-result'), fiveBytes);
}

async function download(bytes: number): Promise<string> {
  const progress = get('stream-progress', HTMLProgressElement);
  const received = get('stream-received', HTMLElement);
  const rate = get('stream-rate', HTMLElement);
  const verified = get('stream-verified', HTMLElement);
  const data = new Uint8Array(bytes);
  const complete = Promise.withResolvers<void>();
  let length = 0;
  let shown = 0;
  const start = performance.now();

  const update = (now: number) => {
    shown = now;
    progress.value = length / bytes;
    received.textContent = `${megabytes(length)} MB`;
    rate.textContent = `${(length / 1000 / Math.max(now - start, 0.1)).toFixed(0)} MB/s`;
  };
  verified.textContent = '–';
  delete verified.dataset.state;
  update(start);

  const channel = new Channel<ArrayBuffer>((chunk) => {
    data.set(new Uint8Array(chunk), length);
    length += chunk.byteLength;
    const now = performance.now();
    if (now - shown > 50 || length >= bytes) update(now); // not for every chunk: drawing costs throughput
    if (length >= bytes) complete.resolve();
  });
  const answer = await invoke<{ bytes: number; sha256: string }>('download', { bytes, chunk: CHUNK, channel });
  await complete.promise; // the answer may overtake the last chunks
  const elapsed = performance.now() - start;

  verified.textContent = 'checking …';
  const sha256 = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  const same = Array.from(sha256, (byte) => byte.toString(16).padStart(2, '0')).join('') === answer.sha256;
  verified.dataset.state = same ? 'ok' : 'error';
  verified.textContent = same ? 'verified' : 'differs';
  if (!same) throw new Error(`The bytes differ from what was sent (SHA-256 ${answer.sha256})`);
  return `${megabytes(bytes)} MB in ${duration(elapsed)}, SHA-256 ${answer.sha256.slice(0, 16)}…`;
}

async function fiveBytes(): Promise<string> {
  const bytes = Promise.withResolvers<ArrayBuffer>();
  await invoke('stream_data', { channel: new Channel<ArrayBuffer>(bytes.resolve) });
  return `Bytes ${new Uint8Array(await bytes.promise).join(', ')}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(bytes % 1_000_000 === 0 ? 0 : 1);
}
