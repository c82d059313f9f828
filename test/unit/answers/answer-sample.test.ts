import { expect, test } from 'vitest';
import { answerSample } from '#server/rust/index.ts';
import { CARGO, RustProject } from './rust-project.ts';

const TYPES = `
use serde::Serialize;
use std::collections::HashMap;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Note { id: u32, is_pinned: bool, title: String, tags: Vec<String>, parent: Option<Box<Note>>, extra: HashMap<String, u8> }

#[derive(Serialize)]
#[serde(tag = "kind")]
pub enum Event { Saved { note: Note }, Gone }

#[derive(Serialize)]
pub enum Level { Low, High }

#[derive(Serialize)]
pub struct Tree { name: String, children: Vec<Tree> }

#[derive(Serialize)]
pub struct Failure { code: i32, message: String }
`;

const NOTE = { id: 0, isPinned: false, title: '', tags: [''], parent: null, extra: {} };

test.each<[string, unknown]>([
  ['String', ''],
  ['u64', 0],
  ['bool', false],
  ['()', null],
  ['(String, f64)', ['', 0]],
  ['Option<Note>', null],
  ['Note', NOTE],
  ['Vec<Note>', [NOTE]],
  ['Event', { kind: 'Saved', note: NOTE }],
  ['Level', 'Low'],
  ['Tree', { name: '', children: [] }],
  ['Elsewhere', null],
  ['Result<Note, Failure>', NOTE],
])('an answer of type %s', async (type, expected) => {
  const project = new RustProject({
    'src-tauri/Cargo.toml': CARGO,
    'src-tauri/src/main.rs': `${TYPES}\n#[tauri::command]\nfn answer() -> ${type} { todo!() }\n`,
  });
  const commands = project.commands();
  await commands.whenRead();
  const command = commands.find('answer');
  if (!command) throw new Error('no command');
  const { result, error } = answerSample(command, commands.index);
  expect(result).toEqual(expected);
  expect(error).toEqual(type.includes('Failure') ? { code: 0, message: '' } : 'answer failed');
});
