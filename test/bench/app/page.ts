/** The page of the project: its handlers are in the backend process, but for those of Tauri's own plugins. */
import { basename } from '@tauri-apps/api/path';
import { enter } from '../page/bench.ts';
import { tauriSide } from '../page/tauri-side.ts';
import { greeting } from '../work.ts';

enter({
  'app/backend': tauriSide,
  // The same frame and wrapper, answered in the extension host: `path.basename` is a command of a plugin there. It takes
  // and gives one text as `greet` does, so the others' answer travels here, too.
  'app/host': { greet: (name) => basename(`/${greeting(name)}`) },
});
