/** An app on a folder of its own, whose page has the genuine fs package. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as fs from '@tauri-apps/plugin-fs';
import { onTestFinished } from 'vitest';
import { authorityFor } from '#core/acl/authority.ts';
import { bundledManifests } from '#core/acl/manifests/bundled.ts';
import { type FsAccessSettings, createFsAccess } from '../../../extension/plugins/fs-access.ts';
import type { PluginHost } from '../../../extension/plugins/host.ts';
import { capability } from '../acl/support.ts';
import { openPage, type Page, startCore, type TestCore } from '../harness.ts';

export type Fs = typeof fs;

export interface FsApp {
  readonly core: TestCore;
  readonly page: Page;
  readonly fs: Fs;
  /** the canonical folder that everything happens in */
  readonly home: string;
}

/** The commands of the fs plugin, without a scope. */
export const ALL = [
  'fs:read-all',
  'fs:write-all',
  'fs:allow-size',
  'fs:allow-start-accessing-security-scoped-resource',
  'fs:allow-stop-accessing-security-scoped-resource',
  'core:default',
  'core:resources:allow-close',
];

export interface FsAppOptions {
  /** by the folder of the test */
  readonly permissions?: (home: string) => readonly unknown[];
  readonly settings?: FsAccessSettings;
  readonly host?: Partial<PluginHost>;
  /** more packages of the page */
  readonly packages?: readonly string[];
}

export function temporaryFolder(): string {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'ipc-fs-')));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

export const allow = (...paths: readonly string[]) => ({
  identifier: 'fs:scope',
  allow: paths.map((path) => ({ path })),
});

/** The bytes of a text, in the page's own realm. */
export const bytesIn = (page: Page, text: string): Uint8Array<ArrayBuffer> =>
  page.run((_api, each) => Uint8Array.from(each), [...Buffer.from(text)]);

export async function startFsApp({ permissions, settings, host, packages = [] }: FsAppOptions = {}): Promise<FsApp> {
  const home = temporaryFolder();
  const given = permissions?.(home) ?? [...ALL, allow(home, `${home}/**`)];
  const system = {
    platform: process.platform,
    env: { HOME: home, XDG_DATA_HOME: join(home, 'data') },
    home,
    readText: () => undefined,
  };
  const place = { identifier: 'dev.test.app', resourceDirectory: join(home, 'src-tauri'), system, cwd: home, ...host };
  const unexpected = ({ message }: { message: string }) => {
    throw new Error(message);
  };
  const input = { capabilities: [capability(given)], manifests: bundledManifests(), target: 'linux' as const };
  const core = await startCore({
    authority: authorityFor(input, unexpected),
    host: { ...place, fsAccess: createFsAccess(place, home, settings) },
  });
  const page = await openPage(core, 'main', { packages: ['@tauri-apps/plugin-fs', ...packages] });
  return { core, page, home, fs: page.packages['@tauri-apps/plugin-fs'] as unknown as Fs };
}
