/** Numbers of tauri-core.md section 8 that no test here asserts yet, and what they wait for. */

/** 2: permissions, ACL and isolation; 3: plugins, menu, tray, dev servers; 4: inspector; later: breakpoints and rules. */
export type Part = 2 | 3 | 4 | 'later';

export const WAITING: Readonly<Record<number, { readonly part: Part; readonly what: string }>> = {
  107: { part: 3, what: 'menus: items, kinds, actions' },
  112: { part: 2, what: 'isolation: calls before its frame is ready' },
  113: { part: 2, what: 'isolation: the hook changes the payload' },
  114: { part: 2, what: 'isolation: a tampered ciphertext' },
  115: { part: 2, what: 'isolation: raw payloads and the serialise hook' },
  116: { part: 2, what: 'isolation: the key cannot be read' },
};
