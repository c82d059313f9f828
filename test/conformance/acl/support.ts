/** Capabilities and manifests for the tests of the ACL: those of the list of behaviours, and short forms of others. */
import { readFileSync } from 'node:fs';
import { type AuthorityOptions, RuntimeAuthority } from '#core/acl/authority.ts';
import { Capability, type Target } from '#core/acl/capability.ts';
import { type CapabilitySource, parseCapabilityFile } from '#core/acl/capability-file.ts';
import { type Manifest, type Manifests, mergeManifest, PermissionFileData } from '#core/acl/manifest.ts';
import { parsePermissionFile } from '#core/acl/manifest-file.ts';
import type { Origin } from '#core/acl/reach.ts';
import { type Resolved, resolve } from '#core/acl/resolve.ts';
import type { Scopes } from '#core/acl/scope/scope.ts';

const fixture = (path: string) => readFileSync(new URL(`../../fixtures/acl/${path}`, import.meta.url), 'utf8');

export const json = (path: string): unknown => JSON.parse(fixture(path));

export function capabilitiesOf(file: string): CapabilitySource[] {
  return parseCapabilityFile(file, fixture(`capabilities/${file}`));
}

/** The plugins `fs`, `os` and `ping` that the behaviours are told with. */
export const PLUGINS: Manifests = new Map(
  ['fs', 'os', 'ping'].map((key) => [
    key,
    mergeManifest([parsePermissionFile(`${key}.toml`, fixture(`plugins/${key}.toml`)).data]),
  ]),
);

export interface ManifestData {
  readonly default?: readonly string[];
  readonly permission?: readonly object[];
  readonly set?: Readonly<Record<string, readonly string[]>>;
  readonly commands?: readonly string[];
}

export function manifest({ default: members, permission = [], set = {}, commands }: ManifestData): Manifest {
  const sets = Object.entries(set).map(([identifier, permissions]) => ({ identifier, description: '', permissions }));
  const data = PermissionFileData.parse({
    permission,
    set: sets,
    ...(members && { default: { permissions: members } }),
  });
  return mergeManifest([data], commands);
}

export const manifests = (data: Readonly<Record<string, ManifestData>>): Manifests =>
  new Map(Object.entries(data).map(([key, each]) => [key, manifest(each)]));

/** A capability of the window `main`. */
export const capability = (permissions: readonly unknown[], more: object = {}): Capability =>
  Capability.parse({ identifier: 'c', windows: ['main'], permissions, ...more });

export function resolved(
  capabilities: readonly Capability[],
  given: Manifests = PLUGINS,
  target: Target = 'linux',
): Resolved {
  return resolve({ capabilities, manifests: given, target });
}

export function authority(
  capabilities: readonly Capability[],
  given: Manifests = PLUGINS,
  options: Partial<AuthorityOptions> = {},
): RuntimeAuthority {
  return new RuntimeAuthority(resolved(capabilities, given), given, options);
}

/** What the page gets: undefined, or the text of the refusal. */
export function refusal(
  asked: RuntimeAuthority,
  command: string,
  { window = 'main', webview = window, origin = 'local' }: { window?: string; webview?: string; origin?: Origin } = {},
): string | undefined {
  const decision = asked.decide({ command, window, webview, origin });
  return decision.allowed ? undefined : decision.message;
}

/** The message of what `run` throws. */
export function thrown(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

export interface Lists {
  readonly allow?: readonly unknown[];
  readonly deny?: readonly unknown[];
}
/** Both scopes of a call, where only what matters is given. */
export const scopes = (command: Lists = {}, global: Lists = {}): Scopes => ({
  command: { allow: [], deny: [], ...command },
  global: { allow: [], deny: [], ...global },
});
