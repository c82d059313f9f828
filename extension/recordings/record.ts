/** `inspector.record()` of the api: for tests and tools of other extensions. */
import { Uri } from 'vscode';
import { disposable } from '#core/lifetime.ts';
import type { RecordSource } from '#core/record-source.ts';
import type { RecordingHandle, RecordOptions } from '../api.ts';
import { redactionPatterns } from '../settings.ts';
import { countMissing } from './missing.ts';

export async function record(
  source: RecordSource,
  tool: string,
  { file, secrets = false }: RecordOptions = {},
): Promise<RecordingHandle> {
  if (file && file.scheme !== 'file') throw new Error('messages can be recorded to a file of this machine only');
  const first = source.next;
  const { FileRecorder } = await import('./file-recorder.ts');
  const recorder =
    file &&
    (await FileRecorder.start(file.fsPath, source, {
      tool,
      source: 'api',
      started: new Date(Date.now() - source.sessionTime).toISOString(),
      redacted: secrets ? [] : redactionPatterns(),
    }));
  const end = disposable(() => recorder?.dispose());
  return {
    async stop() {
      const { next } = source;
      const written = await recorder?.stop();
      end.dispose();
      const records = [...source.records(first, next)];
      const lost = written?.lost ?? countMissing(source, first, Math.min(source.first, next));
      return { records, lost, ...(written && { file: Uri.file(written.file) }) };
    },
    dispose: () => end.dispose(),
  };
}
