/** `plugin:path|…` (tauri-core 6.4): paths by Rust's rules, not by Node's. */
import * as z from 'zod';
import { command } from '#core/command.ts';
import { reject } from '#core/error.ts';
import { type Plugin, plugin } from '#core/plugin.ts';
import { rustPath } from '#core/rust-path.ts';
import { findDirectory } from './directories.ts';
import type { PluginHost } from './host.ts';
import { BorrowedText, Directory, PathText } from './schemas.ts';

/** `path.sep` and `path.delimiter` are not asked for: the bridge has them. */
export function pathPlugin(host: PluginHost): Plugin {
  const paths = rustPath(host.system.platform === 'win32');

  return plugin({
    name: 'path',
    commands: [
      command(
        'resolve_directory',
        { args: { directory: Directory, path: PathText.optional() } },
        ({ directory, path }) => {
          const base = findDirectory(directory, host);
          if (base === undefined) throw reject('unknown path');
          if (path === undefined) return paths.simplified(base);
          return paths.simplified(paths.push(base, directory === 'Resource' ? paths.resource(path) : path));
        },
      ),
      command('resolve', { args: { paths: z.array(z.string()) } }, ({ paths: given }) =>
        paths.simplified(paths.lexical(given.reduce(paths.push, host.cwd))),
      ),
      command('normalize', { args: { path: z.string() } }, ({ path }) => {
        const result = paths.simplified(paths.lexical(path));
        if (result === '' && (path === '.' || path === '..')) return path;
        // Tauri adds the separator even where one stands already: `/` gives `//`.
        return /[\\/]$/.test(path) ? result + paths.separator : result;
      }),
      command('join', { args: { paths: z.array(z.string()) } }, ({ paths: given }) => {
        const joined = given
          .map((part) => (part === '' || /[\\/]$/.test(part) ? part : part + paths.separator))
          .join('');
        return paths.simplified(paths.lexical(joined)) || '.';
      }),
      command('dirname', { args: { path: z.string() } }, ({ path }) => {
        const parent = paths.parent(path);
        if (parent === undefined) throw reject('path does not have a parent');
        return paths.simplified(parent);
      }),
      command('extname', { args: { path: z.string() } }, ({ path }) => {
        const extension = paths.extension(path);
        if (extension === undefined) throw reject('path does not have an extension');
        return extension;
      }),
      command('basename', { args: { path: BorrowedText, ext: BorrowedText.optional() } }, ({ path, ext }) => {
        const name = paths.fileName(path);
        if (name === undefined) throw reject('path does not have a basename');
        return ext && name.endsWith(ext) ? name.slice(0, -ext.length) : name;
      }),
      command('is_absolute', { args: { path: z.string() } }, ({ path }) => paths.isAbsolute(path)),
    ],
  });
}
