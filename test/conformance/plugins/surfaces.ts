/** An app whose one page runs an official npm package, for the tests of plugins that meet VS Code's surfaces. */
import { authorityFor } from '#core/acl/authority.ts';
import { Capability } from '#core/acl/capability.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import type { PluginHost } from '../../../extension/plugins/host.ts';
import { openPage, type Page, startCore, type TestCore } from '../harness.ts';

export interface Surface<Package> {
  readonly core: TestCore;
  readonly page: Page;
  readonly npm: Package;
}

export interface Given {
  /** by which the window may call; all commands of the plugin where absent */
  readonly permissions?: readonly string[];
  readonly host?: Partial<PluginHost>;
  /** `plugins` of the configuration */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** @param name of the plugin, which is also in the name of its package */
export async function startSurface<Package>(name: string, given: Given = {}): Promise<Surface<Package>> {
  const core = await startCore({
    ...(given.host && { host: given.host }),
    ...(given.config && { pluginConfig: given.config }),
    ...(given.permissions && { authority: authorityOf(['core:event:default', ...given.permissions]) }),
  });
  const page = await openPage(core, 'main', { packages: [`@tauri-apps/plugin-${name}`] });
  return { core, page, npm: page.packages[`@tauri-apps/plugin-${name}`] as Package };
}

/** Decides as for a project whose capability gives the window `main` these permissions. */
export function authorityOf(permissions: readonly string[]) {
  const capabilities = [Capability.parse({ identifier: 'main', windows: ['main'], permissions })];
  return authorityFor({ capabilities, manifests: bundledManifests(), target: 'linux' }, ({ message }) => {
    throw new Error(message);
  });
}

/** The calls of a plugin that the host has recorded. */
export function calls(core: TestCore, plugin: string): string[] {
  return [...core.tap.records()].map(({ name }) => name).filter((name) => name.startsWith(`plugin:${plugin}|`));
}
