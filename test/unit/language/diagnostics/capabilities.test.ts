/** Capabilities against the windows and the configurations that there are. */
import { expect, test } from 'vitest';
import { type Files, linesOf, rust } from './project.ts';

const LISTED: Files = {
  ...rust(''),
  'src-tauri/tauri.conf.json':
    '{ "identifier": "com.test", "app": { "windows": [{ "label": "main" }], "security": { "capabilities": ["old"] } } }',
  'src-tauri/capabilities/old.json': '{ "identifier": "old", "windows": ["main"], "permissions": [] }',
  'src-tauri/capabilities/new.json': '{ "identifier": "new", "windows": ["main"], "permissions": [] }',
};

test('a capability that no configuration lists is not in force', async () => {
  expect(await linesOf(LISTED)).toEqual([
    'src-tauri/capabilities/new.json hint capability-not-enabled ""new"": app.security.capabilities lists others and not this one: it is not in force',
  ]);
});

test('nothing is said of one that the configuration of another platform lists, or one for a build of its own', async () => {
  const names = ['tauri.windows.conf.json', 'tauri-release.conf.json', 'Tauri.macos.toml'];
  for (const name of names) {
    const text = name.endsWith('.toml')
      ? "[app.security]\ncapabilities = ['new']\n"
      : '{ "app": { "security": { "capabilities": ["new"] } } }';
    expect([name, await linesOf({ ...LISTED, [`src-tauri/${name}`]: text })]).toEqual([name, []]);
  }
});

test('a window that no capability is about gets a hint, but for one with a page of somebody else', async () => {
  const opening = (url: string) => ({
    ...rust(`fn open(app: &AppHandle) { tauri::WebviewWindowBuilder::new(app, "signin", ${url}).build(); }\n`),
    'src-tauri/capabilities/main.json': '{ "identifier": "main", "windows": ["main"], "permissions": [] }',
  });
  expect(await linesOf(opening('tauri::WebviewUrl::App("index.html".into())'))).toEqual([
    'src-tauri/src/lib.rs hint window-without-capability "signin": no capability is about "signin": the window may call nothing that needs a permission',
  ]);
  expect(await linesOf(opening('WebviewUrl::External("https://accounts.example".parse()?)'))).toEqual([]);
});
