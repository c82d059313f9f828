/** What the window `main` may do, by permissions of the manifests that ship. */
import { RuntimeAuthority } from '#core/acl/authority.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { capability, resolved } from '../acl/support.ts';

/** `core:default` and these. */
export function permitted(...permissions: readonly unknown[]): RuntimeAuthority {
  const manifests = bundledManifests();
  return new RuntimeAuthority(resolved([capability(['core:default', ...permissions])], manifests), manifests);
}
