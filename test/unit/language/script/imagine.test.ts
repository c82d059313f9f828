/** Texts that files do not have: what they would say, and that nothing of it is kept. */
import { expect, test } from 'vitest';
import { readScript, ScriptIndex } from '#server/script/index.ts';

const MAIN = "import { call } from './call';\nexport const a = () => call('greet');\n";
const CALL = "import { invoke } from '@tauri-apps/api/core';\nexport const call = (name: string) => invoke(name);\n";
const OTHER = "import { call } from './call';\ncall('other');\n";

function index(): ScriptIndex {
  const made = new ScriptIndex();
  made.set(readScript('/p/call.ts', CALL));
  made.set(readScript('/p/main.ts', MAIN));
  made.set(readScript('/p/other.ts', OTHER));
  return made;
}

const commands = ({ calls }: ReturnType<ScriptIndex['facts']>) => calls.map(({ command }) => command);

test('a file is read with another text, linked to the others as they are', () => {
  expect(commands(index().imagine(readScript('/p/main.ts', MAIN.replace('greet', 'probe'))))).toEqual(['probe']);
});

test('what the file and others say stays the same', () => {
  const scripts = index();
  const before = ['/p/call.ts', '/p/main.ts', '/p/other.ts'].map((path) => scripts.facts(path));
  scripts.imagine(readScript('/p/main.ts', MAIN.replace('greet', 'probe')));
  scripts.imagine(readScript('/p/call.ts', 'export const call = 1;\n'));
  scripts.imagine(readScript('/p/new.ts', "import { invoke } from '@tauri-apps/api/core';\ninvoke('new');\n"));
  const after = ['/p/call.ts', '/p/main.ts', '/p/other.ts'].map((path) => scripts.facts(path));
  expect(after.map((facts, at) => facts === before[at])).toEqual([true, true, true]);
  expect([...scripts.files]).toEqual(['/p/call.ts', '/p/main.ts', '/p/other.ts']);
});

test('a file that was never asked for says its own afterwards', () => {
  const scripts = index();
  scripts.imagine(readScript('/p/main.ts', MAIN.replace('greet', 'probe')));
  expect(commands(scripts.facts('/p/main.ts'))).toEqual(['greet']);
});

test('so do calls of methods of classes that the file exports', () => {
  const call = "export const a = (backend: { invoke: Function }) => backend.invoke('greet');\n";
  const backend = `import { invoke } from '@tauri-apps/api/core';
export class Backend {
  invoke(command: string) { return invoke(command); }
}
`;
  const scripts = new ScriptIndex();
  scripts.set(readScript('/p/backend.ts', backend));
  scripts.set(readScript('/p/main.ts', call));
  scripts.imagine(readScript('/p/backend.ts', `${call}export class Backend {}\n`));
  expect(commands(scripts.facts('/p/main.ts'))).toEqual(['greet']);
});
