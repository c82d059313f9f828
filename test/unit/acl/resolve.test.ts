/** What holds whatever the capabilities say, and what becomes of wrong ones. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RuntimeAuthority } from '#core/acl/authority.ts';
import { Capability } from '#core/acl/capability.ts';
import { parseCapabilityFile } from '#core/acl/capability-file.ts';
import { Grants } from '#core/acl/grants.ts';
import { type Manifests, mergeManifest, PermissionFileData } from '#core/acl/manifest.ts';
import type { Origin } from '#core/acl/reach.ts';
import { compareBytes, type Problem, resolve } from '#core/acl/resolve.ts';

const data = PermissionFileData.parse({
  set: [
    { identifier: 'good', description: '', permissions: ['allow-a', 'scope'] },
    { identifier: 'broken', description: '', permissions: ['allow-a', 'deny-nope', 'allow-b'] },
    { identifier: 'circle', description: '', permissions: ['allow-a', 'circle'] },
  ],
  permission: [{ identifier: 'scope', scope: { allow: ['G'] } }],
});
const MANIFESTS: Manifests = new Map([
  ['p', mergeManifest([data], ['a', 'b'])],
  ['q', mergeManifest([], ['a'])],
]);
const COMMANDS = ['plugin:p|a', 'plugin:p|b', 'plugin:q|a', 'plugin:p|c'];
const ORIGINS: Origin[] = ['local', { remote: 'https://a.test/x' }, { remote: 'https://b.test/' }];

const capability = (permissions: unknown[], more: object = {}) =>
  Capability.parse({ identifier: 'c', windows: ['main'], permissions, ...more });

function collect(capabilities: Capability[], declared = new Set<string>()) {
  const problems: Problem[] = [];
  const input = { capabilities, manifests: MANIFESTS, target: 'linux', declared } as const;
  return { resolved: resolve(input, (problem) => problems.push(problem)), problems };
}

/** Every call of a small world that is allowed. */
function allowed(
  capabilities: Capability[],
  options: ConstructorParameters<typeof RuntimeAuthority>[2] = {},
): string[] {
  const authority = new RuntimeAuthority(collect(capabilities).resolved, MANIFESTS, options);
  const found: string[] = [];
  for (const command of COMMANDS) {
    for (const window of ['main', 'other']) {
      for (const origin of ORIGINS) {
        const { allowed: passes } = authority.decide({ command, window, webview: window, origin });
        if (passes) found.push(JSON.stringify([command, window, origin]));
      }
    }
  }
  return found;
}

const REFERENCES = ['p:allow-a', 'p:allow-b', 'q:allow-a', 'p:good', 'p:scope', 'p:default'];
const DENIALS = ['p:deny-a', 'p:deny-b', 'q:deny-a'];
const WRONG = ['p:nope', 'nope:x', 'p:deny-nope', 'q:deny-x', 'p:broken', 'p:circle', 'notes:read'];

const capabilityOf = (references: readonly string[], more: object = {}) =>
  fc
    .record({
      identifier: fc.constantFrom('a', 'b', 'c'),
      local: fc.boolean(),
      windows: fc.subarray(['main', 'other', 'm*', '*']),
      webviews: fc.subarray(['main', 'o?her']),
      urls: fc.subarray(['https://a.test', 'https://*.test', 'https://b.test/y']),
      permissions: fc.array(fc.constantFrom(...references), { maxLength: 4 }),
      ...more,
    })
    .map(({ urls, ...rest }) => Capability.parse({ ...rest, ...(urls.length > 0 && { remote: { urls } }) }));

const some = (references: readonly string[]) => fc.array(capabilityOf(references), { maxLength: 4 });
const denyMode = fc.constantFrom('tauri-2.12' as const, 'scoped-origin' as const);
const isWithin = (small: readonly string[], large: readonly string[]) => small.every((each) => large.includes(each));

test('a denial never widens', () => {
  fc.assert(
    fc.property(some([...REFERENCES, ...DENIALS]), capabilityOf(DENIALS), denyMode, (capabilities, denial, mode) => {
      const options = { denyMode: mode };
      return isWithin(allowed([...capabilities, denial], options), allowed(capabilities, options));
    }),
  );
});

test('a capability of another window changes no decision', () => {
  const other = capabilityOf(REFERENCES, { windows: fc.constant(['elsewhere']), webviews: fc.constant([]) });
  fc.assert(
    fc.property(some([...REFERENCES, ...DENIALS]), other, (capabilities, unrelated) => {
      expect(allowed([...capabilities, unrelated])).toEqual(allowed(capabilities));
    }),
  );
});

test('what is wrong and left out never allows more than the rest', () => {
  const mixed = fc.array(
    capabilityOf([...REFERENCES, ...DENIALS, ...WRONG], {
      windows: fc.subarray(['main', 'other', 'a**', '[']),
      urls: fc.subarray(['https://a.test', 'tauri.app', '']),
    }),
    { maxLength: 4 },
  );
  const good = (each: Capability): Capability => ({
    ...each,
    // Sets count as far as they are good.
    permissions: each.permissions.flatMap((entry) =>
      entry === 'p:broken'
        ? ['p:allow-a', 'p:allow-b']
        : entry === 'p:circle'
          ? ['p:allow-a']
          : WRONG.includes(entry as string)
            ? []
            : [entry],
    ),
    windows: each.windows.filter((label) => label !== 'a**' && label !== '['),
    ...(each.remote && { remote: { urls: each.remote.urls.filter((url) => url.startsWith('https:')) } }),
  });
  fc.assert(
    fc.property(mixed, denyMode, (capabilities, mode) => {
      const options = { denyMode: mode };
      return isWithin(allowed(capabilities, options), allowed(capabilities.map(good), options));
    }),
    { numRuns: 300 },
  );
});

test('a lost denial denies: the whole plugin, or the paths that it names', () => {
  expect(allowed([capability(['p:allow-a', 'p:allow-b', 'q:allow-a', 'p:deny-nope'])])).toEqual([
    JSON.stringify(['plugin:q|a', 'main', 'local']),
  ]);
  expect(allowed([capability(['p:broken', 'q:allow-a'])])).toEqual([JSON.stringify(['plugin:q|a', 'main', 'local'])]);
  const unreadable = { ...capability(['p:allow-a']), permissions: ['p:allow-a', 'p:deny-a_b'] };
  expect(allowed([unreadable])).toEqual([]);
  const { resolved } = collect([capability(['p:allow-a', { identifier: 'p:nope', deny: ['X'] }])]);
  expect(resolved.globalScope.get('p')).toEqual({ allow: [], deny: ['X'] });
  expect(resolved.deniedCommands.size).toBe(0);
});

test('a denial for an address that is no pattern holds for all remote pages', () => {
  const remote = { urls: ['tauri.app'] };
  const denial = capability(['p:deny-a'], { identifier: 'd', local: false, remote });
  const allowing = capability(['p:allow-a'], { remote: { urls: ['https://a.test'] } });
  expect(allowed([allowing, denial])).toEqual([]);
  expect(allowed([allowing, denial], { denyMode: 'scoped-origin' })).toEqual([
    JSON.stringify(['plugin:p|a', 'main', 'local']),
  ]);
});

test('problems are told with their place', () => {
  const text = '{ "identifier": "c", "windows": ["main", "a**"],\n  "permissions": ["p:allow-a",\n    "p:nope"] }';
  const [source] = parseCapabilityFile('c.json', text);
  if (!source) throw new Error('no capability');
  const { problems, resolved } = collect([source.capability]);
  expect(problems.map(({ code, path }) => [code, source.document.placeOf('c.json', path).line])).toEqual([
    ['glob', 1],
    ['unknown-permission', 3],
  ]);
  expect([...resolved.allowedCommands.keys()]).toEqual(['plugin:p|a']);
});

test('identifiers that handlers ask for need no manifest', () => {
  const declared = new Set(['notes:read', 'p:own']);
  const capabilities = [
    capability([{ identifier: 'notes:read', allow: ['/n/*'], deny: ['/n/x'] }, 'p:own', 'p:other']),
  ];
  const { resolved, problems } = collect(capabilities, declared);
  expect(problems.map(({ message }) => message)).toEqual(['unknown permission other for p']);
  const asked = new Grants(structuredClone({ grants: resolved.grants, reaches: resolved.reaches })).of('main');
  expect(
    [
      ['notes:read', '/n/a'],
      ['notes:read', '/n/x'],
      ['p:own', undefined],
      ['p:other', undefined],
    ].map(([name, value]) => asked.allows(name as string, value)),
  ).toEqual([true, false, true, false]);
});

test('a reference grants by name all that it reaches, each with its scope', () => {
  const { resolved } = collect([capability([{ identifier: 'p:good', allow: ['E'] }])]);
  expect(Object.fromEntries(resolved.grants[0]?.scopes ?? [])).toEqual({
    'p:good': { allow: ['E', 'G'], deny: [] },
    'p:allow-a': { allow: ['E'], deny: [] },
    'p:scope': { allow: ['E', 'G'], deny: [] },
  });
  const remote = new Grants(collect([capability(['p:good'], { remote: { urls: ['https://a.test'] } })]).resolved);
  const allows = (origin: Origin) => remote.of('main', 'main', origin).allows('p:allow-a');
  expect(ORIGINS.map(allows)).toEqual([true, true, false]);
});

test('a capability that is written as JSON is read as it was', () => {
  fc.assert(
    fc.property(capabilityOf([...REFERENCES, ...WRONG]), fc.array(fc.jsonValue()), (each, allow) => {
      const given = { ...each, permissions: [...each.permissions, { identifier: 'p:x', allow }] };
      for (const file of ['c.json', 'c.json5']) {
        const [read] = parseCapabilityFile(file, JSON.stringify([given], null, 2));
        expect(read?.capability).toEqual(JSON.parse(JSON.stringify(given)));
      }
    }),
  );
});

test('names go by their bytes', () => {
  const bytes = new TextEncoder();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      const [left, right] = [bytes.encode(a), bytes.encode(b)];
      expect(Math.sign(compareBytes(a, b))).toBe(Math.sign(Buffer.compare(left, right)));
    }),
  );
});

test('a denial that hangs on a name nobody knows is kept, also where handlers may ask for that name', () => {
  const lost = { identifier: 'p:typo', deny: ['/secret'] };
  for (const declared of [new Set<string>(), new Set(['p:typo'])]) {
    const { resolved } = collect([capability(['p:allow-a', lost])], declared);
    expect(resolved.globalScope.get('p')?.deny).toEqual(['/secret']);
  }
});

test('sets without end, in width or depth, are given up and denied, whichever plugin they reach', () => {
  const set = (identifier: string, permissions: string[]) => ({ identifier, description: '', permissions });
  const wide = Array.from({ length: 30 }, (_, n) => set(`w${n}`, n < 29 ? [`w${n + 1}`, `w${n + 1}`] : []));
  const deep = Array.from({ length: 5000 }, (_, n) => set(`d${n}`, n < 4999 ? [`d${n + 1}`] : ['allow-a']));
  const many = set('many', [...Array.from({ length: 10_000 }, () => 'q:allow-a'), 'q:deny-a']);
  const manifests: Manifests = new Map([
    ['p', mergeManifest([PermissionFileData.parse({ set: [...wide, ...deep, many] })], ['a'])],
    ['q', mergeManifest([], ['a'])],
  ]);
  for (const [reference, command] of [
    ['p:w0', 'plugin:p|a'],
    ['p:d0', 'plugin:p|a'],
    ['p:many', 'plugin:q|a'],
  ] as const) {
    const problems: string[] = [];
    const capabilities = [capability([reference, 'p:allow-a', 'q:allow-a'])];
    const resolved = resolve({ capabilities, manifests, target: 'linux' }, ({ code }) => problems.push(code));
    const authority = new RuntimeAuthority(resolved, manifests);
    const access = { command, window: 'main', webview: 'main', origin: 'local' } as const;
    expect([reference, problems, authority.decide(access).allowed]).toEqual([reference, ['size'], false]);
    // The text of a refusal looks through all sets, and a page may ask for it.
    expect(authority.decide({ ...access, window: 'other' }).allowed).toBe(false);
  }
});

test('a denial under the name that a plugin of Tauri’s own had before keeps its command denied', () => {
  const manifests: Manifests = new Map([['core:window', mergeManifest([], ['close'])]]);
  const capabilities = [capability(['core:window:allow-close', 'window:deny-close'])];
  const resolved = resolve({ capabilities, manifests, target: 'linux' }, () => undefined);
  expect(resolved.deniedCommands.has('plugin:window|close')).toBe(true);
});

test('long names of refused commands are not remembered', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const used = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const authority = new RuntimeAuthority(collect([]).resolved, MANIFESTS);
  const before = used();
  for (let n = 0; n < 150; n++) {
    const command = `plugin:p|${n}${'x'.repeat(128 * 1024)}`;
    expect(authority.decide({ command, window: 'main', webview: 'main', origin: 'local' }).allowed).toBe(false);
  }
  expect(used() - before).toBeLessThan(8 * 1024 * 1024);
  // Nobody may have collected what would remember them.
  expect(authority.commands).toEqual([]);
});
