/** Which symbols mean each other: globs and patterns what they match, generated permissions their command. */
import { Glob } from '#core/acl/glob.ts';
import { APP_KEY, printIdentifier } from '#core/acl/identifier.ts';
import { commandPermissions } from '#core/acl/manifest.ts';
import { calledCommand } from '#core/call.ts';
import type { Occurrences } from './occurrences.ts';
import type { IpcSymbol, Occurrence } from './symbol.ts';

/** The permissions that Tauri's build generates for a command: `allow-greet` and `deny-greet`. */
export function generatedPermissions(command: string): [allow: IpcSymbol, deny: IpcSymbol] {
  const { plugin, name } = calledCommand(command);
  const [allow, deny] = commandPermissions(name).map(
    ({ identifier }): IpcSymbol => ({ kind: 'permission', name: printIdentifier(plugin ?? APP_KEY, identifier) }),
  ) as [IpcSymbol, IpcSymbol];
  return [allow, deny];
}

/** All places that speak of a symbol, by its own name or by one that means it, too. */
export function placesOf(occurrences: Occurrences, symbol: IpcSymbol): Occurrence[] {
  const own = occurrences.of(symbol);
  switch (symbol.kind) {
    case 'command':
      return [...own, ...generatedPermissions(symbol.name).flatMap((each) => occurrences.of(each))];
    case 'event':
    case 'event pattern':
    case 'window':
    case 'window glob':
    case 'window pattern': {
      const means = matcher(symbol);
      return [...own, ...occurrences.all.filter((each) => !own.includes(each) && means(each.symbol))];
    }
    default:
      return [...own];
  }
}

/** Whether another symbol means one that this one means, too. */
function matcher(symbol: IpcSymbol): (other: IpcSymbol) => boolean {
  switch (symbol.kind) {
    case 'event':
      return (other) => other.kind === 'event pattern' && matchesPattern(other.name, symbol.name);
    case 'event pattern':
      return (other) => other.kind === 'event' && matchesPattern(symbol.name, other.name);
    case 'window':
      return (other) =>
        (other.kind === 'window glob' && matchesGlob(other.name, symbol.name)) ||
        (other.kind === 'window pattern' && matchesPattern(other.name, symbol.name));
    case 'window glob':
      return (other) =>
        (other.kind === 'window' && matchesGlob(symbol.name, other.name)) ||
        (other.kind === 'window pattern' && matchesGlob(symbol.name, exampleOf(other.name)));
    case 'window pattern':
      return (other) =>
        (other.kind === 'window' && matchesPattern(symbol.name, other.name)) ||
        (other.kind === 'window glob' && matchesGlob(other.name, exampleOf(symbol.name)));
    default:
      return () => false;
  }
}

/** Whether a name is one that a pattern means: a regular expression for names made at run time. */
export function matchesPattern(pattern: string, name: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(name);
  } catch {
    return false;
  }
}

function matchesGlob(glob: string, label: string): boolean {
  try {
    return new Glob(glob).matches(label);
  } catch {
    return false; // no glob: diagnostics say so
  }
}

/** A label that a pattern matches: what is made at run time is `1`. */
const exampleOf = (pattern: string) =>
  pattern
    .replace(/^\^|\$$/g, '')
    .replaceAll(/\(?\.[*+]\??\)?/g, '1')
    .replaceAll(/\\(.)/g, '$1');
