/** The base directories of Tauri's path API: their numbers, and their variables in scopes (tauri-acl 4.2). */

/** Tauri's `BaseDirectory`, by number. */
export const BASE_DIRECTORIES = {
  1: 'Audio',
  2: 'Cache',
  3: 'Config',
  4: 'Data',
  5: 'LocalData',
  6: 'Document',
  7: 'Download',
  8: 'Picture',
  9: 'Public',
  10: 'Video',
  11: 'Resource',
  12: 'Temp',
  13: 'AppConfig',
  14: 'AppData',
  15: 'AppLocalData',
  16: 'AppCache',
  17: 'AppLog',
  18: 'Desktop',
  19: 'Executable',
  20: 'Font',
  21: 'Home',
  22: 'Runtime',
  23: 'Template',
} as const;

export type BaseDirectory = (typeof BASE_DIRECTORIES)[keyof typeof BASE_DIRECTORIES];

/** The variables that a path of a scope may begin with. `$APP` and `$LOG` of the documentation are none. */
export const PATH_VARIABLES: ReadonlyMap<string, BaseDirectory> = new Map([
  ...Object.values(BASE_DIRECTORIES)
    .filter((name) => name !== 'Executable')
    .map((name): [string, BaseDirectory] => [`$${name.toUpperCase()}`, name]),
  ['$EXE', 'Executable'],
]);
