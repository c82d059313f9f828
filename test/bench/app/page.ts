/** The page of the project: its handlers are in the backend process, but for those of Tauri's own plugins. */
import { join } from '@tauri-apps/api/path';
import { enter } from '../page/bench.ts';
import { tauriSide } from '../page/tauri-side.ts';
import { greeting } from '../work.ts';

enter({
  'app/backend': tauriSide,
  // The same frame and wrapper, answered in the extension host: `path.join` is a command of a plugin there.
  'app/host': {
    async greet(name) {
      const joined = await join('greetings', name);
      if (joined.replaceAll('\\', '/') !== `greetings/${name}`) throw new Error(`wrong path: ${joined}`);
      return greeting(name);
    },
  },
});
