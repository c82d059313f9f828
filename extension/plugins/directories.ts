/** The base directories of Tauri's path API, as the Rust crate `dirs` finds them on each platform. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Directories } from '#core/acl/grants.ts';
import type { PathPlace } from '#core/acl/scope/path.ts';
import { type BaseDirectory, PATH_VARIABLES } from '#core/base-directory.ts';
import { type RustPath, rustPath } from '#core/rust-path.ts';

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

/** What the directories of an app depend on, besides the machine. */
export interface AppPlace {
  readonly identifier: string;
  readonly resourceDirectory: string | undefined;
  readonly system: System;
}

/** The place as the scopes of paths know it. */
export function pathPlace(app: AppPlace): PathPlace {
  return {
    windows: app.system.platform === 'win32',
    directory: (name) => findDirectory(name, app),
  };
}

/** All base directories that there are, as plain data. */
export function directoriesOf(app: AppPlace): Directories {
  const { windows, directory } = pathPlace(app);
  const paths = [...PATH_VARIABLES.values()].map((name) => [name, directory(name)] as const);
  return { windows, paths: new Map(paths.flatMap(([name, path]) => (path === undefined ? [] : [[name, path]]))) };
}

type KnownDirectories = Partial<Record<BaseDirectory, string | undefined>>;

/** The app's own directories: below these, by its identifier. */
const APP_BASES: Partial<Record<BaseDirectory, BaseDirectory>> = {
  AppConfig: 'Config',
  AppData: 'Data',
  AppLocalData: 'LocalData',
  AppCache: 'Cache',
};

/** A base directory, or undefined where the machine has none of that kind. */
export function findDirectory(directory: BaseDirectory, app: AppPlace): string | undefined {
  const { system, identifier } = app;
  const mac = system.platform === 'darwin';
  const paths = rustPath(system.platform === 'win32');
  const find = system.platform === 'win32' ? windowsDirectory : mac ? macDirectory : linuxDirectory;
  const below = (base: BaseDirectory, ...names: string[]) => {
    const found = find(base, system, paths);
    return found && names.reduce(paths.push, found);
  };
  if (directory === 'Resource') return app.resourceDirectory;
  if (directory === 'AppLog') {
    return mac ? below('Home', 'Library', 'Logs', identifier) : below('LocalData', identifier, 'logs');
  }
  const base = APP_BASES[directory];
  return base ? below(base, identifier) : find(directory, system, paths);
}

const USER_DIRECTORIES: KnownDirectories = {
  Audio: 'XDG_MUSIC_DIR',
  Desktop: 'XDG_DESKTOP_DIR',
  Document: 'XDG_DOCUMENTS_DIR',
  Download: 'XDG_DOWNLOAD_DIR',
  Picture: 'XDG_PICTURES_DIR',
  Public: 'XDG_PUBLICSHARE_DIR',
  Template: 'XDG_TEMPLATES_DIR',
  Video: 'XDG_VIDEOS_DIR',
};

function linuxDirectory(directory: BaseDirectory, system: System, paths: RustPath): string | undefined {
  const home = homeOf(system);
  const below = (...names: string[]) => home && names.reduce(paths.push, home);
  // A relative path in an XDG variable does not count.
  const variable = (name: string) => {
    const value = system.env[name];
    return value && paths.isAbsolute(value) ? value : undefined;
  };
  const config = variable('XDG_CONFIG_HOME') ?? below('.config');
  const data = variable('XDG_DATA_HOME') ?? below('.local', 'share');
  const name = USER_DIRECTORIES[directory];
  if (name) {
    const text = config && system.readText(paths.push(config, 'user-dirs.dirs'));
    return text && home ? userDirectory(text, name, home, paths) : undefined;
  }
  const directories: KnownDirectories = {
    Home: home,
    Cache: variable('XDG_CACHE_HOME') ?? below('.cache'),
    Config: config,
    Data: data,
    LocalData: data,
    Font: data && paths.push(data, 'fonts'),
    Executable: variable('XDG_BIN_HOME') ?? below('.local', 'bin'),
    Runtime: variable('XDG_RUNTIME_DIR'),
    Temp: system.env['TMPDIR'] || '/tmp',
  };
  return directories[directory];
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

const MAC_DIRECTORIES: KnownDirectories = {
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

function macDirectory(directory: BaseDirectory, system: System, paths: RustPath): string | undefined {
  const home = homeOf(system);
  if (directory === 'Home') return home;
  if (directory === 'Temp') return system.env['TMPDIR'] || '/tmp';
  const below = MAC_DIRECTORIES[directory];
  return below && home && paths.push(home, below);
}

/** Windows tells its known folders only through its API; from the environment come those nobody has moved. */
function windowsDirectory(directory: BaseDirectory, system: System, paths: RustPath): string | undefined {
  const { env } = system;
  const home = homeOf(system);
  const below = (...names: string[]) => home && names.reduce(paths.push, home);
  const roaming = env['APPDATA'] || below('AppData', 'Roaming');
  const local = env['LOCALAPPDATA'] || below('AppData', 'Local');
  const directories: KnownDirectories = {
    Home: home,
    Audio: below('Music'),
    Desktop: below('Desktop'),
    Document: below('Documents'),
    Download: below('Downloads'),
    Picture: below('Pictures'),
    Video: below('Videos'),
    Cache: local,
    LocalData: local,
    Config: roaming,
    Data: roaming,
    Template: roaming && ['Microsoft', 'Windows', 'Templates'].reduce(paths.push, roaming),
    Public: env['PUBLIC'] || undefined,
    Temp: env['TMP'] || env['TEMP'] || (local && paths.push(local, 'Temp')),
  };
  return directories[directory];
}

function homeOf(system: System): string | undefined {
  return (system.platform === 'win32' ? system.env['USERPROFILE'] : system.env['HOME']) || system.home || undefined;
}
