/** A core whose windows hold some permissions, with the manifests that the extension brings. */
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { authority, capability } from '../acl/support.ts';
import { type CoreSettings, openPage, type Page, startCore, type TestCore } from '../harness.ts';

export interface Permitted {
  readonly core: TestCore;
  readonly page: Page;
}

export async function openPermitted(
  permissions: readonly unknown[],
  packages: readonly string[],
  settings: CoreSettings = {},
): Promise<Permitted> {
  const all = capability(['core:default', ...permissions], { windows: ['*'] });
  const core = await startCore({ authority: authority([all], bundledManifests()), ...settings });
  return { core, page: await openPage(core, 'main', { packages }) };
}
