// A project as Tauri makes them: Rust code and capabilities in src-tauri/, and nobody who answers in TypeScript.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { makeProject, type Project } from './project.ts';

const CARGO = '[package]\nname = "notes"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\ntauri = "2"\n';

const MAIN = `mod notes;

fn main() {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![
            greet,
            notes::save_note,
            notes::list_notes,
            notes::delete_note
        ])
        .run(tauri::generate_context!())
        .expect("error while running tauri application");
}

#[tauri::command]
fn greet(name: &str) -> String {
    format!("Hello, {}!", name)
}
`;

const NOTES = `use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    pub id: u32,
    pub title: String,
    pub is_pinned: bool,
}

/// Saves a note and gives it its number.
#[tauri::command]
pub async fn save_note(title: String, is_pinned: bool) -> Result<Note, String> {
    Err(format!("{} {}", title, is_pinned))
}

#[tauri::command]
pub fn list_notes() -> Vec<Note> {
    vec![]
}

#[tauri::command]
pub fn delete_note(id: u32) -> Result<(), String> {
    Err(id.to_string())
}
`;

const PERMISSIONS = ['greet', 'save_note', 'list_notes', 'delete_note']
  .map((name) => `[[permission]]\nidentifier = "allow-${name.replace('_', '-')}"\ncommands.allow = ["${name}"]\n`)
  .join('\n');

const CAPABILITY = {
  identifier: 'main',
  windows: ['main'],
  permissions: ['core:default', 'allow-greet', 'allow-save-note', 'allow-list-notes', 'fs:default'],
};

/** Commands in two files; the capability of its window leaves one of them out. */
export async function makeRustProject(): Promise<Project> {
  const project = await makeProject();
  rmSync(project.path('src-ipc'), { recursive: true });
  rmSync(project.path('capabilities'), { recursive: true });
  for (const folder of ['src', 'capabilities', 'permissions']) {
    mkdirSync(project.path(`src-tauri/${folder}`), { recursive: true });
  }
  const config = JSON.parse(project.read('tauri.conf.json')) as object;
  renameSync(project.path('tauri.conf.json'), project.path('src-tauri/tauri.conf.json'));
  project.write(
    'src-tauri/tauri.conf.json',
    JSON.stringify({ ...config, productName: 'Notes', build: { frontendDist: '../dist' } }, null, 2),
  );
  project.write('src-tauri/Cargo.toml', CARGO);
  project.write('src-tauri/src/main.rs', MAIN);
  project.write('src-tauri/src/notes.rs', NOTES);
  project.write('src-tauri/permissions/notes.toml', PERMISSIONS);
  project.write('src-tauri/capabilities/main.json', `${JSON.stringify(CAPABILITY, null, 2)}\n`);
  return project;
}
