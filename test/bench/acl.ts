/** What permissions cost: reading the files of an app, and one decision (in plain Node: no page has a part in it). */
import { type Access, authorityFor, type RuntimeAuthority } from '#core/acl/authority.ts';
import { collectCapabilities, parseCapabilityFile } from '#core/acl/capability-file.ts';
import { identifiersOf } from '#core/acl/manifest.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import type { Origin } from '#core/acl/reach.ts';

const CAPABILITIES = 50;
const PERMISSIONS = 10;

/** Median and 95 % quantile. */
export interface AclMeasured {
  readonly capabilities: number;
  readonly permissions: number;
  /** µs of one decision, by kind */
  readonly decisions: Readonly<Record<string, readonly [median: number, slow: number]>>;
  /** ms from the texts of the files to the authority */
  readonly loading: readonly [median: number, slow: number];
}

/** Capability files as projects have them: sets and single permissions of many plugins, scopes, globs, remote addresses. */
function files(): string[] {
  const all = [...bundledManifests()]
    .flatMap(([key, manifest]) => identifiersOf(key, manifest))
    .filter((identifier) => !/(?:^|:)deny-/.test(identifier));
  return Array.from({ length: CAPABILITIES }, (_, index) => {
    const permissions = Array.from({ length: PERMISSIONS }, (_, at) => {
      const identifier = all[(index * 67 + at * 151) % all.length] as string;
      return at % 5 === 0 ? { identifier, allow: [{ path: `$APPDATA/${index}/**` }] } : identifier;
    });
    return JSON.stringify({
      identifier: `capability-${index}`,
      windows: index % 3 === 0 ? ['main', `editor-${index}-*`] : [`window-${index}`],
      permissions: index === 0 ? ['core:default', ...permissions.slice(1)] : permissions,
      ...(index % 4 === 0 && { remote: { urls: [`https://*.example-${index}.test`] } }),
    });
  });
}

function load(texts: readonly string[]): RuntimeAuthority {
  const sources = collectCapabilities(texts.map((text, index) => parseCapabilityFile(`${index}.json`, text)));
  const capabilities = sources.map(({ capability }) => capability);
  return authorityFor({ capabilities, manifests: bundledManifests(), target: 'linux' }, ({ message }) => {
    throw new Error(message);
  });
}

export function measureAcl(): AclMeasured {
  const texts = files();
  const loading: number[] = [];
  for (let round = 0; round < 15; round++) {
    const start = performance.now();
    load(texts);
    loading.push(performance.now() - start);
  }
  const authority = load(texts);
  const access = (command: string, window = 'main', origin: Origin = 'local'): Access => ({
    command,
    window,
    webview: window,
    origin,
  });
  const kinds: Readonly<Record<string, readonly Access[]>> = {
    allowed: ['plugin:event|listen', 'plugin:window|title', 'plugin:path|join'].map((command) => access(command)),
    'for an app without permissions of its own': [access('greet'), access('save_user')],
    'for a remote page': ['plugin:fs|read_file', 'plugin:event|emit', 'greet'].map((command) =>
      access(command, 'main', { remote: 'https://a.example-4.test/page?x=1' }),
    ),
    refused: ['plugin:window|set_title', 'plugin:fs|read_file', 'plugin:nobody|nothing'].map((command) =>
      access(command, 'stranger'),
    ),
  };
  const decisions = Object.entries(kinds).map(([kind, asked]) => [kind, spread(timesOf(authority, asked))] as const);
  return {
    capabilities: CAPABILITIES,
    permissions: CAPABILITIES * PERMISSIONS,
    decisions: Object.fromEntries(decisions),
    loading: spread(loading),
  };
}

/** µs of one decision; a sample is a thousand of them, the clock sees no less. */
function timesOf(authority: RuntimeAuthority, asked: readonly Access[]): number[] {
  const samples: number[] = [];
  for (let sample = 0; sample < 60; sample++) {
    const start = performance.now();
    for (let at = 0; at < 1000; at++) authority.decide(asked[at % asked.length] as Access);
    samples.push(performance.now() - start);
  }
  // The first ones warm up.
  return samples.slice(10);
}

function spread(values: readonly number[]): [number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] as number;
  return [at(0.5), at(0.95)];
}
