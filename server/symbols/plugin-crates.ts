/** Where a project's own plugins are. */
import { calledCommand } from '#core/call.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { crateOf } from '../rust/index.ts';

/** The folders of the crates that register commands of plugins, by the plugin; that of the app may be one of them. */
export function pluginCrates({ commands }: Pick<ProjectIndex, 'commands'>): ReadonlyMap<string, ReadonlySet<string>> {
  const crates = new Map<string, Set<string>>();
  for (const [name, definitions] of commands) {
    const { plugin } = calledCommand(name);
    if (plugin === undefined) continue;
    const found = crates.get(plugin) ?? new Set();
    crates.set(plugin, found);
    for (const { source, registrations } of definitions) {
      if (source === 'rust') for (const { file } of registrations) found.add(crateOf(file).root);
    }
  }
  return crates;
}
