/** Numbers of tauri-core.md section 8 that no test here asserts yet, and what they wait for. */

/** 2: permissions and ACL; 3: plugins, menu, tray, dev servers; 4: inspector; later: breakpoints and rules. */
export type Part = 2 | 3 | 4 | 'later';

export const WAITING: Readonly<Record<number, { readonly part: Part; readonly what: string }>> = {};
