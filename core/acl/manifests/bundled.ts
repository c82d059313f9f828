/** The manifests of Tauri's own and the official plugins, for projects that were never built with Cargo. */
import type { Manifests } from '../manifest.ts';
import { CORE } from './core.ts';
import { manifestOf } from './facts.ts';
import { PLUGINS } from './plugins.ts';

let made: Manifests | undefined;

/** The manifests that the extension brings, by key; a project's own `acl-manifests.json` takes their place. */
export function bundledManifests(): Manifests {
  made ??= new Map(Object.entries({ ...CORE, ...PLUGINS }).map(([key, facts]) => [key, manifestOf(facts)]));
  return made;
}
