/** Commands of plugins that the project has, by their manifests. */
import { APP_KEY } from '#core/acl/identifier.ts';
import type { Manifests } from '#core/acl/manifest.ts';
import { pluginCommand } from '#core/call.ts';
import type { AclFacts } from '../../index/acl-facts.ts';

const MADE = new WeakMap<Manifests, ReadonlyMap<string, readonly string[]>>();

/** The names that pages call them by: `plugin:fs|read_file`. */
export function pluginCommands(facts: AclFacts): string[] {
  let all = MADE.get(facts.manifests);
  if (!all) MADE.set(facts.manifests, (all = commandsIn(facts.manifests)));
  return [...all].flatMap(([key, names]) => (facts.hasPlugin(key) ? names : []));
}

function commandsIn(manifests: Manifests): ReadonlyMap<string, readonly string[]> {
  const plugins = [...manifests].filter(([key]) => key !== APP_KEY);
  return new Map(
    plugins.map(([key, { permissions }]) => {
      const names = [...permissions.values()].flatMap(({ commands: { allow, deny } }) => [...allow, ...deny]);
      return [key, [...new Set(names)].map((name) => pluginCommand(key.replace(/^core:/, ''), name))];
    }),
  );
}
