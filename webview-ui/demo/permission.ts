/** Card 8: the same command, allowed or not by the capability of the calling window. */
import { invoke } from '@tauri-apps/api/core';
import { button, onRun, output } from './ui.ts';

const FILES = {
  'access-public': 'public/readme.txt',
  'access-secret': 'public/secret.txt',
  'access-private': 'private/notes.txt',
};

export function startPermission(): void {
  for (const [id, path] of Object.entries(FILES)) {
    onRun(button(id), output('access-result'), () => invoke<string>('read_file', { path }));
  }
}
