// A workspace for test/bench/language.mjs: TypeScript, TSX, Svelte, Vue and Rust of the sizes that real apps have (20 to 400
// lines, most below 150), the same one each time.
import { randomOf } from './statistics.mjs';

/** Commands of the Rust code; each file of it has some. */
const PER_RUST_FILE = 4;

/**
 * @param {number} count files, without configuration
 * @returns {Map<string, string>} texts by path
 */
export function makeWorkspace(count) {
  const random = randomOf(7);
  /** @type {Map<string, string>} */
  const files = new Map();
  const rustFiles = Math.round(count * 0.15);
  const commands = rustFiles * PER_RUST_FILE;
  const modules = Array.from({ length: rustFiles }, (_, index) => `part_${index}`);
  for (const [index, name] of modules.entries()) files.set(`src-tauri/src/${name}.rs`, rust(index, random));
  files.set('src-tauri/src/lib.rs', lib(modules));
  files.set('src-tauri/Cargo.toml', '[package]\nname = "bench"\nversion = "0.1.0"\nedition = "2021"\n');
  files.set(
    'src-tauri/tauri.conf.json',
    JSON.stringify({ productName: 'bench', identifier: 'com.example.bench', app: { windows: [{ label: 'main' }] } }),
  );
  files.set(
    'src-tauri/capabilities/main.json',
    JSON.stringify({ identifier: 'main', windows: ['main'], permissions: ['core:default'] }),
  );
  files.set('package.json', JSON.stringify({ name: 'bench', dependencies: { '@tauri-apps/api': '*' } }));
  files.set(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        jsx: 'preserve',
        strict: true,
        noEmit: true,
        types: [],
      },
      include: ['src'],
    }),
  );
  const kinds = [
    ...Array.from({ length: 11 }, () => 'ts'),
    ...Array.from({ length: 4 }, () => 'tsx'),
    ...Array.from({ length: 3 }, () => 'svelte'),
    ...Array.from({ length: 2 }, () => 'vue'),
  ];
  for (let index = 0; index < count - rustFiles; index++) {
    const kind = /** @type {string} */ (kinds[index % kinds.length]);
    files.set(`src/area${index % 40}/part${index}.${kind}`, frontend(kind, index, commands, random));
  }
  return files;
}

/** @param {string} kind @param {number} index @param {number} commands @param {() => number} random */
function frontend(kind, index, commands, random) {
  const body = script(kind, index, commands, random);
  if (kind === 'svelte') return `<script lang="ts">\n${body}</script>\n\n${markup(index)}`;
  if (kind === 'vue') return `<script setup lang="ts">\n${body}</script>\n\n<template>\n${markup(index)}</template>\n`;
  return body;
}

/** @param {number} index */
const markup = (index) =>
  `<main class="part">\n  <h1>Part ${index}</h1>\n  <p>What part ${index} shows.</p>\n</main>\n`;

/** @param {string} kind @param {number} index @param {number} commands @param {() => number} random */
function script(kind, index, commands, random) {
  // As in real code many small files and few long ones.
  const functions = 1 + Math.floor(random() ** 3 * 24);
  const before = index % 20 < 11 && index >= 20 ? index - 20 : undefined;
  const lines = [
    `import { invoke } from '@tauri-apps/api/core';`,
    `import { listen } from '@tauri-apps/api/event';`,
    // Part 20 further down is of the same kind: a TypeScript module.
    ...(before === undefined ? [] : [`import { part${before}load0 } from '../area${before % 40}/part${before}';`]),
    '',
    `export interface Item${index} {`,
    '  id: number;',
    '  title: string;',
    '  tags: string[];',
    '}',
    '',
  ];
  for (let each = 0; each < functions; each++) {
    const command = Math.floor(random() * commands);
    const isExported = kind === 'ts' || kind === 'tsx' ? 'export ' : '';
    lines.push(
      `/** Loads what part ${index} shows in step ${each}. */`,
      `${isExported}async function part${index}load${each}(id: number, note: string): Promise<Item${index}[]> {`,
      `  const items = await invoke<Item${index}[]>('command_${command}', { itemId: id, noteText: note });`,
      `  const kept = items.filter((item) => item.tags.length > ${each % 5});`,
      '  for (const item of kept) {',
      `    if (item.title.trim() === '') item.title = \`Item \${item.id} of part ${index}\`;`,
      '  }',
      `  return kept.sort((one, other) => one.id - other.id).slice(0, ${10 + each});`,
      '}',
      '',
    );
    if (each % 4 === 0)
      lines.push(`void listen<number>('event-${command % 50}', ({ payload }) => console.log(payload));`, '');
  }
  if (before !== undefined) lines.push(`export const again${index} = () => part${before}load0(1, 'again');`, '');
  if (kind === 'tsx') {
    lines.push(
      `export const Part${index} = () => (`,
      '  <section>',
      `    <h1>Part ${index}</h1>`,
      '  </section>',
      ');',
      '',
    );
  }
  return lines.join('\n');
}

/** @param {number} index @param {() => number} random */
function rust(index, random) {
  const lines = ['use serde::{Deserialize, Serialize};', 'use tauri::{AppHandle, Emitter};', ''];
  for (let each = 0; each < PER_RUST_FILE; each++) {
    const number = index * PER_RUST_FILE + each;
    lines.push(
      '#[derive(Clone, Serialize, Deserialize)]',
      '#[serde(rename_all = "camelCase")]',
      `pub struct Item${number} {`,
      '    pub id: u32,',
      '    pub title: String,',
      '    pub tags: Vec<String>,',
      '}',
      '',
      `/// Gives the items of part ${index}.`,
      '#[tauri::command]',
      `pub async fn command_${number}(app: AppHandle, item_id: u32, note_text: String) -> Result<Vec<Item${number}>, String> {`,
      `    app.emit("event-${number % 50}", item_id).map_err(|error| error.to_string())?;`,
    );
    for (let step = 0; step < random() ** 2 * 40; step++) {
      lines.push(
        `    let step_${step} = note_text.len() + ${step};`,
        `    if step_${step} == 0 { return Err("nothing".into()); }`,
      );
    }
    lines.push('    Ok(Vec::new())', '}', '');
  }
  return lines.join('\n');
}

/** @param {readonly string[]} modules */
function lib(modules) {
  const items = modules.flatMap((name, index) =>
    Array.from({ length: PER_RUST_FILE }, (_, each) => `${name}::command_${index * PER_RUST_FILE + each}`),
  );
  return [
    ...modules.map((name) => `mod ${name};`),
    '',
    'pub fn run() {',
    '    tauri::Builder::default()',
    `        .invoke_handler(tauri::generate_handler![\n            ${items.join(',\n            ')}\n        ])`,
    '        .run(tauri::generate_context!())',
    '        .expect("error while running");',
    '}',
    '',
  ].join('\n');
}
