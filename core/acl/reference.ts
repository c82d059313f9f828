/** References: what the identifiers of capabilities and sets lead to. */
import { APP_KEY, printIdentifier } from './identifier.ts';
import type { Manifests, Permission } from './manifest.ts';

/** A permission, and the key of the manifest that it belongs to. */
export interface ReachedPermission {
  readonly key: string;
  readonly permission: Permission;
}

/** Everything behind an identifier, by the rules of resolving; what is unknown is left out. */
export function permissionsBehind(text: string, manifests: Manifests): ReachedPermission[] {
  const found = new Map<Permission, string>();
  const visited = new Set<string>();
  const visit = (key: string, base: string, fromSet: boolean): void => {
    const manifest = manifests.get(key);
    const name = printIdentifier(key, base);
    if (!manifest || visited.has(name)) return;
    const permission = manifest.permissions.get(base);
    const members = base === 'default' ? manifest.default?.permissions : manifest.sets.get(base)?.permissions;
    if (permission && (fromSet || !members)) {
      found.set(permission, key);
      return;
    }
    visited.add(name);
    for (const member of members ?? []) {
      const other = splitReference(member);
      if (other.prefix !== undefined && manifests.has(other.prefix)) visit(other.prefix, other.base, true);
      else visit(key, member, true);
    }
  };
  const { prefix, base } = splitReference(text);
  visit(prefix ?? APP_KEY, base, false);
  return [...found].map(([permission, key]) => ({ key, permission }));
}

/** The key of the manifest that an identifier names, and its name in there. */
export function splitReference(text: string): { prefix: string | undefined; base: string } {
  const colon = text.lastIndexOf(':');
  return { prefix: colon < 0 ? undefined : text.slice(0, colon), base: text.slice(colon + 1) };
}
