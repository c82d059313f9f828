/** What in capabilities and permission files is legal, or nearly, and still wrong or surprising. */
import { nearest } from '../nearest.ts';
import { type Capability, identifierOf, type PermissionEntry } from './capability.ts';
import type { CapabilitySource } from './capability-file.ts';
import type { Document } from './document.ts';
import { APP_KEY, printIdentifier } from './identifier.ts';
import { identifiersOf, type Manifest, type Manifests, type Permission } from './manifest.ts';
import type { PermissionFile } from './manifest-file.ts';
import { type Path, type Place, positionIn } from './place.ts';
import { permissionsBehind, splitReference } from './reference.ts';
import { type Problem, resolve } from './resolve.ts';

export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'hint';
  /** what stands there that is wrong; of what has a key that means nothing, the key */
  readonly place: Place;
  /** what was probably meant */
  readonly instead: string | undefined;
}

export interface LintContext {
  readonly manifests: Manifests;
  /** identifiers that handlers ask for by name */
  readonly declared?: ReadonlySet<string>;
  /** the capabilities in force; absent: all */
  readonly enabled?: ReadonlySet<Capability>;
}

type Add = (code: string, severity: Finding['severity'], path: Path, message: string, meant?: Meant) => void;

/** `key`: it is about the key at the path, not the value */
interface Meant {
  readonly instead?: string | undefined;
  readonly key?: boolean;
}

function placeOf(document: Document, file: string, path: Path, isKey = false): Place {
  const place = document.placeOf(file, path);
  const range = isKey ? document.keyRangeOf(path) : undefined;
  return range ? { file, range, ...positionIn(document.text, range.start) } : place;
}

/** Looks at one capability. */
export function lintCapability(source: CapabilitySource, context: LintContext): Finding[] {
  const findings: Finding[] = [];
  const { capability, document, file } = source;
  const add: Add = (code, severity, path, message, { instead, key } = {}) => {
    const place = placeOf(document, file, [...source.path, ...path], key);
    findings.push({ code, message, severity, place, instead });
  };
  const input = { ...context, capabilities: [capability], target: undefined };
  resolve(input, (problem) => {
    const [message, instead] = withNearest(problem, context.manifests);
    add(problem.code, 'error', referencePath(capability, problem.path), message, { instead });
  });
  lintReach(capability, context, add);
  lintLabels(capability, add);
  capability.remote?.urls.forEach((url, index) => lintUrl(url, ['remote', 'urls', index], add));
  lintUnknownFields(source, add);
  const seen = new Set<string>();
  capability.permissions.forEach((entry, index) => {
    const path: Path = ['permissions', index];
    lintEntry(capability, entry, path, context, add);
    if (typeof entry !== 'string') return;
    if (seen.has(entry)) add('duplicate', 'hint', path, `"${entry}" stands in this capability already`);
    seen.add(entry);
  });
  return findings;
}

/** Where the identifier of an entry stands; of all else, the same path. */
function referencePath({ permissions }: Capability, path: Path): Path {
  const [list, index] = path;
  const isObject = list === 'permissions' && path.length === 2 && typeof permissions[index as number] === 'object';
  return isObject ? [...path, 'identifier'] : path;
}

/** The problem's text; for a reference that nothing knows, the identifier that was probably meant. */
function withNearest({ code, message, capability, path }: Problem, manifests: Manifests): [string, string?] {
  const [, index] = path;
  const entry = path[0] === 'permissions' ? capability.permissions[index as number] : undefined;
  if (!entry || (code !== 'unknown-manifest' && code !== 'unknown-permission')) return [message];
  const near =
    code === 'unknown-manifest'
      ? nearestPlugin(identifierOf(entry), manifests)
      : nearestName(identifierOf(entry), manifests);
  // The list of all manifests helps nobody who reads it in an editor.
  const short = message.replace(/, expected one of .*$/, '');
  return near === undefined ? [short] : [`${short}; did you mean "${near}"?`, near];
}

/** With the `core:` that identifiers of Tauri's own plugins did not have before its version 2, or of a plugin of nearly that name. */
function nearestPlugin(text: string, manifests: Manifests): string | undefined {
  const { prefix, base } = splitReference(text);
  if (prefix === undefined) return nearestName(text, manifests);
  const isKnown = (key: string | undefined) => {
    const manifest = key === undefined ? undefined : manifests.get(key);
    return manifest && (base === 'default' || manifest.permissions.has(base) || manifest.sets.has(base));
  };
  const key = isKnown(`core:${prefix}`) ? `core:${prefix}` : nearest(prefix, manifests.keys());
  return key !== undefined && isKnown(key) ? printIdentifier(key, base) : undefined;
}

function nearestName(text: string, manifests: Manifests): string | undefined {
  const known = [...manifests].flatMap(([key, manifest]) => identifiersOf(key, manifest));
  return known.includes(text) ? undefined : nearest(text, known);
}

// ---- where a capability holds

function lintReach(capability: Capability, { enabled }: LintContext, add: Add): void {
  const { windows, webviews, local, remote, platforms, permissions } = capability;
  if (windows.length === 0 && webviews.length === 0) {
    add('unreachable', 'warning', ['identifier'], 'names no windows and no webviews: it grants nothing to anybody');
  } else if (!local && !remote?.urls.length) {
    add('unreachable', 'warning', ['local'], 'holds neither for local pages nor for remote ones');
  }
  if (platforms?.length === 0) add('unreachable', 'warning', ['platforms'], 'an empty list of platforms means none');
  if (enabled && !enabled.has(capability)) {
    add(
      'not-enabled',
      'hint',
      ['identifier'],
      'app.security.capabilities lists others and not this one: it is not in force',
    );
  }
  const core = permissions.findIndex((entry) => identifierOf(entry) === 'core:default');
  if (remote?.urls.length && core >= 0) {
    add(
      'remote-core',
      'warning',
      referencePath(capability, ['permissions', core]),
      'gives remote pages the windows, events and menus of the app',
    );
  }
}

function lintLabels({ windows, webviews }: Capability, add: Add): void {
  for (const [list, labels] of Object.entries({ windows, webviews })) {
    labels.forEach((label, index) => {
      const strange = /[^\w\-/:*?[\]!]|(?<!\[)!/.exec(label)?.[0];
      if (strange !== undefined) {
        add('label', 'warning', [list, index], `"${strange}" is itself in a pattern, and no label may contain it`);
      }
    });
  }
}

/** A URL pattern, of a capability or of a scope. */
function lintUrl(url: string, path: Path, add: Add): void {
  const host = /^[^/]*:\/\/([^/?#]*)/.exec(url)?.[1];
  if (host === undefined) {
    if (/^[\w.-]+:\d/.test(url)) {
      add('url-scheme', 'warning', path, `"${url.split(':')[0]}:" is read as the scheme: write http:// before it`);
    }
    return;
  }
  const [name = ''] = host.replace(/\[.*\]/, '').split(':');
  if (/[^.*]\*$/.test(name)) {
    const other = `${name.slice(0, -1)}.attacker.example`;
    add('url-host', 'warning', path, `the host also matches "${other}": write the path's /* behind a slash`);
  }
}

// ---- what an entry reaches

const isScopeOnly = ({ commands }: Permission) => commands.allow.length === 0 && commands.deny.length === 0;

function lintEntry(
  capability: Capability,
  entry: PermissionEntry,
  path: Path,
  { manifests }: LintContext,
  add: Add,
): void {
  const text = identifierOf(entry);
  const at = referencePath(capability, path);
  const reached = permissionsBehind(text, manifests);
  const scoped = reached.filter(({ permission }) => isScopeOnly(permission));
  const extended = typeof entry !== 'string' && (entry.allow !== undefined || entry.deny !== undefined);
  const everywhere = capability.windows.includes('*') && capability.local;
  const brings = scoped.filter(({ permission: { scope } }) => scope.allow?.length || scope.deny?.length || extended);
  const [first] = brings;
  if (first && extended && reached.length > 1) {
    const name = printIdentifier(first.key, first.permission.identifier);
    add(
      'extended-set',
      'warning',
      at,
      `${name} is in this set: the scope given here holds for every command of ${first.key}, in every window`,
    );
  } else if (first && !everywhere) {
    const name = printIdentifier(first.key, first.permission.identifier);
    add(
      'app-wide-scope',
      'warning',
      at,
      `${name} has no command: its scope holds for all of ${first.key}, in every window and for every page`,
    );
  }
  const denied = reached.find(({ permission }) => permission.commands.deny.length > 0);
  if (denied && !everywhere) {
    const name = printIdentifier(denied.key, denied.permission.identifier);
    add(
      'app-wide-denial',
      'warning',
      at,
      `${name} denies in every window and for every page, not only where this capability holds`,
    );
  }
  if (typeof entry === 'string') return;
  const plugin = splitReference(text).prefix ?? APP_KEY;
  for (const list of ['allow', 'deny'] as const) {
    entry[list]?.forEach((value, index) => lintValue(plugin, list, value, [...path, list, index], add));
  }
  if (plugin === 'shell' && entry.deny?.length) {
    add('shell-deny', 'warning', [...path, 'deny'], 'the shell plugin never looks at what is denied');
  }
}

// ---- scope values

function lintValue(plugin: string, list: 'allow' | 'deny', value: unknown, path: Path, add: Add): void {
  const member = (name: string): unknown =>
    typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  const textOf = (name: string) => (typeof value === 'string' ? value : member(name));
  const at = (name: string): Path => (typeof value === 'string' ? path : [...path, name]);
  const file = textOf('path');
  if (typeof file === 'string' && (plugin === 'fs' || plugin === 'opener')) lintPath(list, file, at('path'), add);
  const url = textOf('url');
  if (typeof url === 'string' && plugin === 'http') lintUrl(url, at('url'), add);
  if (typeof url === 'string' && plugin === 'opener' && /^[^/]*:\/\/[^/]*\*[^/]/.test(url)) {
    add(
      'opener-glob',
      'warning',
      at('url'),
      'here * also matches "/" and "?": any host may come before what follows it',
    );
  }
  if (plugin === 'shell') lintShell(member('args'), path, add);
}

function lintPath(list: 'allow' | 'deny', path: string, at: Path, add: Add): void {
  const variable = /^\$(?:APP|LOG)(?=\/|$)/.exec(path)?.[0];
  if (variable) {
    const instead = variable === '$LOG' ? '$APPLOG' : '$APPDATA, $APPCONFIG or another of the app';
    add('path-variable', 'warning', at, `${variable} stands for no directory and matches nothing: write ${instead}`);
  }
  const dotfile = /(?:^|\/)\*(\.[^/*?[\]]+)$/.exec(path)?.[1];
  if (dotfile && list === 'allow') {
    add('dotfile', 'hint', at, `also matches the hidden file "${dotfile}"`);
  }
}

function lintShell(args: unknown, path: Path, add: Add): void {
  if (!Array.isArray(args)) return;
  args.forEach((argument: unknown, index) => {
    const { validator, raw } = (typeof argument === 'object' && argument !== null ? argument : {}) as {
      validator?: unknown;
      raw?: unknown;
    };
    if (typeof validator !== 'string' || raw === true || !hasAlternation(validator)) return;
    const message = `is read as ^${validator}$: the anchors bind only the first and the last alternative; put ( ) around it`;
    add('validator', 'warning', [...path, 'args', index, 'validator'], message);
  });
}

/** Whether a `|` stands outside of all groups and classes. */
function hasAlternation(pattern: string): boolean {
  let depth = 0;
  let inClass = false;
  for (const [part] of pattern.matchAll(/\\.|[^]/gu)) {
    if (inClass) inClass = part !== ']';
    else if (part === '[') inClass = true;
    else if (part === '(') depth++;
    else if (part === ')') depth--;
    else if (part === '|' && depth === 0) return true;
  }
  return false;
}

// ---- unknown fields

const CAPABILITY_FIELDS = 'identifier description remote local windows webviews permissions platforms $schema'.split(
  ' ',
);
const ENTRY_FIELDS = ['identifier', 'allow', 'deny'];

function lintUnknownFields(source: CapabilitySource, add: Add): void {
  const value = source.path.reduce<unknown>(
    (at, step) => (at as Record<string | number, unknown>)[step],
    source.document.value,
  );
  const look = (object: unknown, known: readonly string[], path: Path) => {
    if (typeof object !== 'object' || object === null) return;
    for (const field of Object.keys(object).filter((each) => !known.includes(each))) {
      const near = nearest(field, known);
      const hint = near ? `; did you mean "${near}"?` : '';
      add('unknown-field', 'hint', [...path, field], `is ignored${hint}`, { instead: near, key: true });
    }
  };
  look(value, CAPABILITY_FIELDS, []);
  const { permissions, remote } = value as { permissions: readonly unknown[]; remote?: unknown };
  look(remote, ['urls'], ['remote']);
  permissions.forEach((entry, index) => look(entry, ENTRY_FIELDS, ['permissions', index]));
}

// ---- permission files

const TOP_LEVEL = ['default', 'set', 'permission', '$schema'];

/** Looks at a permission file of the manifest `key`, into which it was merged already. */
export function lintPermissionFile(
  { file, document, data }: PermissionFile,
  key: string,
  manifests: Manifests,
): Finding[] {
  const findings: Finding[] = [];
  const add: Add = (code, severity, path, message, { instead, key } = {}) => {
    findings.push({ code, message, severity, place: placeOf(document, file, path, key), instead });
  };
  for (const name of Object.keys(document.value as object).filter((each) => !TOP_LEVEL.includes(each))) {
    const inside = name === 'scope' || name === 'commands';
    const advice = `: it belongs to no permission; write [permission.${name}] or [[permission.${name}.…]]`;
    if (inside) add('top-level', 'warning', [name], `is ignored${advice}`, { key: true });
    else {
      const near = nearest(name, TOP_LEVEL);
      const hint = near ? `; did you mean "${near}"?` : '';
      add('unknown-field', 'hint', [name], `is ignored${hint}`, { instead: near, key: true });
    }
  }
  data.permission.forEach(({ commands }, index) => {
    for (const list of ['allow', 'deny'] as const) {
      commands[list].forEach((command, at) => {
        if (!command.includes('-')) return;
        const path = ['permission', index, 'commands', list, at];
        add('command-name', 'warning', path, `"${command}" is no command: their names have no hyphen`);
      });
    }
  });
  const manifest = manifests.get(key);
  if (!manifest) return findings;
  data.set.forEach(({ identifier, permissions }, index) => {
    lintMembers(permissions, identifier, ['set', index, 'permissions'], manifest, manifests, add);
  });
  data.set.forEach(({ identifier }, index) => {
    const capability: Capability = {
      ...{ identifier: '', description: '', local: true, windows: [], webviews: [] },
      permissions: [printIdentifier(key, identifier)],
    };
    resolve({ capabilities: [capability], manifests, target: undefined }, ({ code, message }) => {
      if (code === 'cycle' || code === 'size') add(code, 'error', ['set', index, 'identifier'], message);
    });
  });
  if (data.default)
    lintMembers(data.default.permissions, 'default', ['default', 'permissions'], manifest, manifests, add);
  return findings;
}

function lintMembers(
  members: readonly string[],
  set: string,
  path: Path,
  manifest: Manifest,
  manifests: Manifests,
  add: Add,
): void {
  const has = (within: Manifest, base: string) =>
    base === 'default' || within.permissions.has(base) || within.sets.has(base);
  members.forEach((member, index) => {
    const { prefix, base } = splitReference(member);
    const other = prefix === undefined ? undefined : manifests.get(prefix);
    if (other ? has(other, base) : has(manifest, member)) return;
    const near = nearest(member, [...manifest.permissions.keys(), ...manifest.sets.keys()]);
    const hint = near ? `; did you mean "${near}"?` : '';
    add('unknown-permission', 'error', [...path, index], `permission ${member} not found from set ${set}${hint}`, {
      instead: near,
    });
  });
}
