/** Where configuration, capability and permission files name windows, permissions, capabilities and commands. */
import { APP_KEY, printIdentifier } from '#core/acl/identifier.ts';
import type { Path } from '#core/acl/place.ts';
import { pluginCommand } from '#core/call.ts';
import type { DataFile, NameSite } from '../features/acl/data-file.ts';
import type { FileRange } from '../index/facts.ts';
import type { IpcSymbol, Occurrence } from './symbol.ts';

/**
 * What a file names.
 *
 * @param plugin whose permissions are in the file; undefined for those of the app
 */
export function dataOccurrences(data: DataFile, plugin: string | undefined): Occurrence[] {
  const named = data.names.map((name): Occurrence => {
    const { role, at, path } = name;
    const isDefault = path.join() === 'default';
    const around = role === 'definition' ? spanOf(data, isDefault ? path : path.slice(0, -1)) : undefined;
    const written = isDefault ? 'variable' : 'text';
    return { symbol: symbolOf(name, data, plugin), role, language: 'data', at, whole: around ?? at, written };
  });
  return data.kind === 'config' ? [...named, ...unlabelled(data)] : named;
}

function symbolOf({ kind, name }: NameSite, data: DataFile, plugin: string | undefined): IpcSymbol {
  switch (kind) {
    case 'capability':
      return { kind, name };
    case 'window':
    case 'webview':
      return { kind: data.kind === 'capability' && /[*?[]/.test(name) ? 'window glob' : 'window', name };
    case 'command':
      return { kind, name: plugin === undefined ? name : pluginCommand(plugin, name) };
    case 'permission': {
      const isOwn = data.kind === 'permission' && !name.includes(':');
      return { kind, name: isOwn ? printIdentifier(plugin ?? APP_KEY, name) : name };
    }
  }
}

/** Tauri calls a window without a label `main`. */
function unlabelled(data: DataFile): Occurrence[] {
  const windows = data.outline.valueAt(['app', 'windows']);
  if (!Array.isArray(windows)) return [];
  return windows.flatMap((window: unknown, index): Occurrence[] => {
    const whole = spanOf(data, ['app', 'windows', index]);
    if (!whole || typeof window !== 'object' || window === null || Object.hasOwn(window, 'label')) return [];
    const symbol: IpcSymbol = { kind: 'window', name: 'main' };
    return [{ symbol, role: 'definition', language: 'data', at: whole, whole, written: 'variable' }];
  });
}

/** From the first key or value of an object to its last. */
function spanOf(data: DataFile, path: Path): FileRange | undefined {
  const inside = data.outline.tokens.filter(
    (token) => token.path.length >= path.length && path.every((step, index) => step === token.path[index]),
  );
  const [first] = inside;
  if (!first) return undefined;
  const end = Math.max(...inside.map(({ range }) => range.end));
  return { file: data.file, range: data.rangeOf({ start: first.range.start, end }) };
}
