/** A permission or set in words, as Markdown. */
import { APP_KEY } from '#core/acl/identifier.ts';
import type { Manifest, Manifests, Permission } from '#core/acl/manifest.ts';
import { permissionsBehind } from '#core/acl/reference.ts';
import type { Known } from '../../index/acl-facts.ts';
import { code, paragraphs, prose } from '../markdown.ts';

/** Longer lists are cut: the rest is a number. */
const MAX_LISTED = 16;

export interface PermissionText {
  /** in few words: for the line of a completion */
  readonly detail: string;
  /** description, commands, scope, members */
  readonly text: string;
}

/** Of plugins: their manifests stay the same while files of the app change, and they have hundreds of permissions. */
const texts = new WeakMap<Manifest, Map<string, PermissionText>>();

/** What a permission or set gives. */
export function permissionText(known: Known, manifests: Manifests): PermissionText {
  const manifest = manifests.get(known.key);
  if (!manifest || known.key === APP_KEY) return make(known, manifests);
  const ofPlugin = texts.get(manifest) ?? new Map<string, PermissionText>();
  texts.set(manifest, ofPlugin);
  const made = ofPlugin.get(known.base) ?? make(known, manifests);
  ofPlugin.set(known.base, made);
  return made;
}

function make({ identifier, key, base }: Known, manifests: Manifests): PermissionText {
  const manifest = manifests.get(key);
  const permission = manifest?.permissions.get(base);
  const set = base === 'default' ? manifest?.default : manifest?.sets.get(base);
  const reached = permissionsBehind(identifier, manifests).map((each) => each.permission);
  const allowed = unique(reached.flatMap(({ commands }) => commands.allow));
  const denied = unique(reached.flatMap(({ commands }) => commands.deny));
  const isScoped = reached.some(({ scope }) => scope.allow?.length || scope.deny?.length);
  const { description = '' } = set ?? permission ?? {};
  const text = paragraphs([
    `${set ? 'Set' : 'Permission'} of ${key === APP_KEY ? 'the app' : `the plugin ${code(key)}`}`,
    prose(description.trim()),
    listed('Allows', allowed),
    listed('Denies', denied),
    ...scopeTexts(reached),
    set && listed('Members:', set.permissions),
    permission?.platforms && listed('Only for', permission.platforms),
  ]);
  return {
    detail: [...counted('allows', allowed), ...counted('denies', denied), ...(isScoped ? ['with a scope'] : [])].join(
      ', ',
    ),
    text,
  };
}

function counted(verb: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [names.length === 1 ? `${verb} ${names[0]}` : `${verb} ${names.length} commands`];
}

function scopeTexts(reached: readonly Permission[]): string[] {
  const values = (kind: 'allow' | 'deny') => unique(reached.flatMap(({ scope }) => scope[kind] ?? []).map(valueText));
  return [listed('Its scope allows', values('allow')), listed('Its scope denies', values('deny'))].filter(
    (text) => text !== undefined,
  );
}

/** `{ "path": "$HOME/**" }` as the path alone; what has more members as it is. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  const members = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return members.length === 1 && typeof members[0] === 'string' ? members[0] : JSON.stringify(value);
}

function listed(lead: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const shown = names.slice(0, MAX_LISTED).map(code);
  const rest = names.length - shown.length;
  return `${lead} ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
