/** The base directories of Tauri's path API, as the Rust crate `dirs` finds them on each platform. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { type RustPath, rustPath } from './rust-path.ts';

/** The machine, as far as its directories depend on it. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** the text of a file, undefined where there is none */
  readText(path: string): string | undefined;
}

/** The machine this process runs on. */
export function thisSystem(): System {
  return {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    readText(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined; // no such file: the directory it would name is unknown
      }
    },
  };
}

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

/** What the directories of an app depend on, besides the machine. */
export interface AppPlace {
  readonly identifier: string;
  readonly resourceDirectory: string | undefined;
  readonly system: System;
}

/** A base directory, or undefined where the machine has none of that kind. */
export function findDirectory(directory: BaseDirectory, app: AppPlace): string | undefined {
  const { system, identifier } = app;
  const paths = rustPath(system.platform === 'win32');
  const own = (base: BaseDirectory, ...more: string[]) => {
    const found = findDirectory(base, app);
    return found && [identifier, ...more].reduce(paths.push, found);
  };
  switch (directory) {
    case 'Resource':
      return app.resourceDirectory;
    case 'AppConfig':
      return own('Config');
    case 'AppData':
      return own('Data');
    case 'AppLocalData':
      return own('LocalData');
    case 'AppCache':
      return own('Cache');
    case 'AppLog':
      if (system.platform !== 'darwin') return own('LocalData', 'logs');
      return system.home && ['Library', 'Logs', identifier].reduce(paths.push, system.home);
    default:
      if (system.platform === 'win32') return windowsDirectory(directory, system, paths);
      if (system.platform === 'darwin') return macDirectory(directory, system, paths);
      return linuxDirectory(directory, system, paths);
  }
}

type OsDirectory = Exclude<
  BaseDirectory,
  'Resource' | 'AppConfig' | 'AppData' | 'AppLocalData' | 'AppCache' | 'AppLog'
>;

const USER_DIRECTORIES: Partial<Record<OsDirectory, string>> = {
  Audio: 'XDG_MUSIC_DIR',
  Desktop: 'XDG_DESKTOP_DIR',
  Document: 'XDG_DOCUMENTS_DIR',
  Download: 'XDG_DOWNLOAD_DIR',
  Picture: 'XDG_PICTURES_DIR',
  Public: 'XDG_PUBLICSHARE_DIR',
  Template: 'XDG_TEMPLATES_DIR',
  Video: 'XDG_VIDEOS_DIR',
};

function linuxDirectory(directory: OsDirectory, system: System, paths: RustPath): string | undefined {
  const home = homeOf(system);
  const below = (...names: string[]) => home && names.reduce(paths.push, home);
  // A relative path in an XDG variable does not count.
  const variable = (name: string) => {
    const value = system.env[name];
    return value && paths.isAbsolute(value) ? value : undefined;
  };
  const data = variable('XDG_DATA_HOME') ?? below('.local', 'share');
  switch (directory) {
    case 'Home':
      return home;
    case 'Cache':
      return variable('XDG_CACHE_HOME') ?? below('.cache');
    case 'Config':
      return variable('XDG_CONFIG_HOME') ?? below('.config');
    case 'Data':
    case 'LocalData':
      return data;
    case 'Font':
      return data && paths.push(data, 'fonts');
    case 'Executable':
      return variable('XDG_BIN_HOME') ?? below('.local', 'bin');
    case 'Runtime':
      return variable('XDG_RUNTIME_DIR');
    case 'Temp':
      return system.env['TMPDIR'] || '/tmp';
    default: {
      const config = variable('XDG_CONFIG_HOME') ?? below('.config');
      const name = USER_DIRECTORIES[directory];
      if (!config || !home || !name) return undefined;
      return userDirectory(system.readText(paths.push(config, 'user-dirs.dirs')) ?? '', name, home, paths);
    }
  }
}

/** A line such as `XDG_MUSIC_DIR="$HOME/Music"` of `user-dirs.dirs`; the last one counts. */
function userDirectory(text: string, name: string, home: string, paths: RustPath): string | undefined {
  let found: string | undefined;
  for (const line of text.split('\n')) {
    const match = /^\s*(\w+)\s*=\s*"(.*)"\s*$/.exec(line);
    if (match?.[1] !== name) continue;
    const value = (match[2] ?? '').replace(/\\(.)/g, '$1');
    if (value.startsWith('$HOME/')) found = paths.push(home, value.slice('$HOME/'.length));
    else if (paths.isAbsolute(value)) found = value;
  }
  return found;
}

const MAC_DIRECTORIES: Partial<Record<OsDirectory, string>> = {
  Audio: 'Music',
  Cache: 'Library/Caches',
  Config: 'Library/Application Support',
  Data: 'Library/Application Support',
  LocalData: 'Library/Application Support',
  Desktop: 'Desktop',
  Document: 'Documents',
  Download: 'Downloads',
  Font: 'Library/Fonts',
  Picture: 'Pictures',
  Public: 'Public',
  Video: 'Movies',
};

function macDirectory(directory: OsDirectory, system: System, paths: RustPath): string | undefined {
  const home = homeOf(system);
  if (directory === 'Home') return home;
  if (directory === 'Temp') return system.env['TMPDIR'] || '/tmp';
  const below = MAC_DIRECTORIES[directory];
  return below && home && paths.push(home, below);
}

const WINDOWS_DIRECTORIES: Partial<Record<OsDirectory, string>> = {
  Audio: 'Music',
  Desktop: 'Desktop',
  Document: 'Documents',
  Download: 'Downloads',
  Picture: 'Pictures',
  Video: 'Videos',
};

/** Windows tells its known folders only through its API; from the environment come those nobody has moved. */
function windowsDirectory(directory: OsDirectory, system: System, paths: RustPath): string | undefined {
  const home = homeOf(system);
  const roaming = system.env['APPDATA'] || (home && [`AppData`, 'Roaming'].reduce(paths.push, home));
  const local = system.env['LOCALAPPDATA'] || (home && ['AppData', 'Local'].reduce(paths.push, home));
  switch (directory) {
    case 'Home':
      return home;
    case 'Cache':
    case 'LocalData':
      return local;
    case 'Config':
    case 'Data':
      return roaming;
    case 'Template':
      return roaming && ['Microsoft', 'Windows', 'Templates'].reduce(paths.push, roaming);
    case 'Public':
      return system.env['PUBLIC'] || undefined;
    case 'Temp':
      return system.env['TMP'] || system.env['TEMP'] || (local && paths.push(local, 'Temp'));
    default: {
      const below = WINDOWS_DIRECTORIES[directory];
      return below && home && paths.push(home, below);
    }
  }
}

function homeOf(system: System): string | undefined {
  return (system.platform === 'win32' ? system.env['USERPROFILE'] : system.env['HOME']) || system.home || undefined;
}
