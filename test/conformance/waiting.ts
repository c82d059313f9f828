/** Numbers of tauri-core.md section 8 that no test here asserts yet, and what they wait for. */

/** 2: permissions, ACL and isolation; 3: plugins, menu, tray, dev servers; 4: inspector; later: breakpoints and rules. */
export type Part = 2 | 3 | 4 | 'later';

export const WAITING: Readonly<Record<number, { readonly part: Part; readonly what: string }>> = {
  47: { part: 2, what: 'the five texts of an ACL denial, from real capability files' },
  48: { part: 2, what: 'the text of a release build, behind a setting' },
  49: { part: 2, what: 'app commands with and without an app manifest' },
  50: { part: 2, what: 'the ACL is asked before the command is looked for' },
  54: { part: 2, what: 'a scope that cannot be read' },
  107: { part: 3, what: 'menus: items, kinds, actions' },
  112: { part: 2, what: 'isolation: calls before its frame is ready' },
  113: { part: 2, what: 'isolation: the hook changes the payload' },
  114: { part: 2, what: 'isolation: a tampered ciphertext' },
  115: { part: 2, what: 'isolation: raw payloads and the serialise hook' },
  116: { part: 2, what: 'isolation: the key cannot be read' },
};
