/** The arguments of a command while its call is written, as a client gets them. */
import type { SignatureHelp } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import { TestClient } from './server.ts';

const PROJECT = {
  'src-tauri/tauri.conf.json': '{ "productName": "Test", "identifier": "com.test" }',
  'src-tauri/Cargo.toml': '[package]\nname = "app"',
  'src-tauri/src/lib.rs': `
/// Says hello.
#[tauri::command]
fn greet(first_name: String, times: Option<u32>) -> String { first_name }
#[tauri::command]
fn ping() {}
pub fn run() { tauri::Builder::default().invoke_handler(tauri::generate_handler![greet, ping]); }
`,
};

const IMPORT = "import { invoke } from '@tauri-apps/api/core';\n";

async function helpIn(text: string, path = 'src/main.ts', more: Record<string, string> = {}) {
  await using client = await TestClient.start({ ...PROJECT, ...more, [path]: text });
  await client.open(path);
  return await client.request<SignatureHelp | null>('textDocument/signatureHelp', client.at(path));
}

/** The parameter that is marked, as it stands in the signature; null without help. */
async function marked(code: string): Promise<string | undefined | null> {
  const help = await helpIn(`${IMPORT}${code}\n`);
  const [signature] = help?.signatures ?? [];
  if (!signature) return null;
  const label = signature.parameters?.[signature.activeParameter ?? -1]?.label;
  return Array.isArray(label) ? signature.label.slice(...label) : label;
}

test('a call is told by its signature, with what Rust has', async () => {
  const help = await helpIn(`${IMPORT}invoke('greet', ‸);\n`);
  const [signature, ...others] = help?.signatures ?? [];
  expect(others).toEqual([]);
  expect(signature?.label).toBe('greet({ firstName: string, times?: number | null }): Promise<string>');
  expect(JSON.stringify(signature?.documentation)).toContain(
    'fn greet(first_name: String, times: Option<u32>) -> String',
  );
  expect(JSON.stringify(signature?.documentation)).toContain('Says hello.');
  expect(JSON.stringify(signature?.parameters?.[1]?.documentation)).toContain('May be left out.');
});

for (const [code, wanted] of [
  ["invoke('greet', ‸);", 'firstName: string'],
  ["invoke('greet', {‸});", 'firstName: string'],
  ["invoke('greet', { ti‸mes: 1 });", 'times?: number | null'],
  ["invoke('greet', { times: 1‸ });", 'times?: number | null'],
  ["invoke('greet', { times: 1, ‸ });", 'firstName: string'],
  ["invoke('greet', { firstName: 'Ada', ‸ });", 'times?: number | null'],
  ["invoke('greet', { firstName: 'Ada', ‸", 'times?: number | null'],
  ["async function a() {\n  await invoke('greet', { firstName: ‸\n}\n", 'firstName: string'],
  ["invoke('greet', { firstName‸ });", 'firstName: string'],
  // The name itself is no argument of the command.
  ["invoke('greet‸');", undefined],
  ["invoke('ping', ‸);", undefined],
  // Of other calls, others tell.
  ["invoke('greet', { firstName: name(‸) });", null],
  ["invoke('greet', { firstName: () => { ‸ } });", null],
  ["invoke('greet')‸;", null],
  ["invoke('unknown', ‸);", null],
  ["console.log('greet', ‸);", null],
] as const) {
  test(`in ${code.replaceAll('\n', ' ')} ${wanted === null ? 'nothing is told' : `${wanted ?? 'no argument'} is marked`}`, async () => {
    expect(await marked(code)).toBe(wanted);
  });
}

test('a command without arguments has none', async () => {
  const help = await helpIn(`${IMPORT}invoke('ping'‸);\n`);
  expect(help?.signatures[0]?.label).toBe('ping(): Promise<void>');
});

test('where Rust and a handler answer, both are told', async () => {
  const handlers = `import { app, command } from 'ipc-workbench';
import * as z from 'zod';
const greet = command('greet', { args: { firstName: z.string() } }, ({ firstName }) => firstName);
export default app({ commands: [greet] });
`;
  const help = await helpIn(`${IMPORT}invoke('greet', { ‸ });\n`, 'src/main.ts', { 'src-ipc/main.ts': handlers });
  expect(help?.signatures.map(({ label }) => label)).toEqual([
    'greet({ firstName: string, times?: number | null }): Promise<string>',
    expect.stringMatching(/^greet\(\{ firstName: string \}\): Promise<.+>$/),
  ]);
});

test('calls of wrappers, and calls in markup, are told', async () => {
  const wrapper = `${IMPORT}export const call = (name: string, args: object) => invoke(name, args);\n`;
  const text = "import { call } from './call';\ncall('greet', { ‸ });\n";
  expect((await helpIn(text, 'src/main.ts', { 'src/call.ts': wrapper }))?.signatures).toHaveLength(1);
  const vue = `<script setup>\n${IMPORT}</script>\n<template><b @click="invoke('greet', { ‸ })">x</b></template>\n`;
  expect((await helpIn(vue, 'src/App.vue'))?.signatures[0]?.activeParameter).toBe(0);
});
