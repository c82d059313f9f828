/** The page of the window "main": one card for each part of the IPC. */
import { Channel, invoke } from '@tauri-apps/api/core';
import { showTargets, startEvents } from './events.ts';
import { startPermission } from './permission.ts';
import { startStream } from './stream.ts';
import { showServer, startStrip } from './strip.ts';
import { button, get, input, onRun, output, run } from './ui.ts';

void start(); // shows its own failures

async function start(): Promise<void> {
  startGreet();
  startUser();
  startStream();
  startFailures();
  startPermission();
  const presets = startPaths();
  await startEvents();
  await startStrip(showTargets);
  const server = await showServer();
  if (server) presets['path-absolute'] = server.outside;
  button('path-symlink').disabled = server?.link === false;
}

function startGreet(): void {
  onRun(get('greet-form', HTMLFormElement), output('greet-result'), () =>
    invoke<string>('greet', { name: input('greet-name').value }),
  );
}

function startUser(): void {
  const form = get('user-form', HTMLFormElement);
  onRun(form, output('user-result'), () => {
    // What is no number goes as it was typed: the backend is to say what is wrong with it.
    const typed = input('user-id').value;
    const id = typed.trim() === '' || Number.isNaN(Number(typed)) ? typed : Number(typed);
    const user = {
      id,
      name: input('user-name').value,
      email: input('user-email').value,
      roles: new FormData(form).getAll('role'),
    };
    return invoke('update_user', { user });
  });
  onRun(button('user-wrong'), output('user-result'), () => {
    const user = { id: 7, name: 'Ada Lovelace', email: 'ada@example.org', roles: ['admin', 'wizard'] };
    return invoke('update_user', { user });
  });
}

function startFailures(): void {
  for (const trigger of document.querySelectorAll<HTMLButtonElement>('button[data-kind]')) {
    const kind = trigger.dataset.kind;
    onRun(trigger, output('fail-result'), () =>
      kind === 'unknown' ? invoke('no_such_command') : invoke('fail', { kind, channel: new Channel<string>() }),
    );
  }
}

/** Gives the paths behind the chips: which absolute path exists, the backend will tell. */
function startPaths(): Record<string, string> {
  const path = input('path-input');
  const resolve = () => invoke<string>('resolve_path', { path: path.value });
  onRun(get('path-form', HTMLFormElement), output('path-result'), resolve);

  const presets: Record<string, string> = {
    'path-readme': 'private/../public/readme.txt',
    'path-outside': '../outside.txt',
    'path-absolute': '/etc/hosts',
    'path-symlink': 'link-outside/outside.txt',
  };
  for (const id of Object.keys(presets)) {
    button(id).addEventListener('click', () => {
      path.value = presets[id] ?? '';
      void run(output('path-result'), resolve); // shows its own failures
    });
  }
  return presets;
}
