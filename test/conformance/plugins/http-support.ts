/** What the tests of the http plugin share: a page that may fetch some URLs, and its ways to fetch. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as plugin from '@tauri-apps/plugin-http';
import { onTestFinished } from 'vitest';
import { thisSystem } from '../../../extension/plugins/directories.ts';
import type { HttpHost } from '../../../extension/plugins/http/plugin.ts';
import { testPluginHost } from '../../plugin-host.ts';
import { type CoreSettings, outcome, type Page } from '../harness.ts';
import { openPermitted, type Permitted } from './permitted-page.ts';

export const NAME = '@tauri-apps/plugin-http';

export interface Settings {
  readonly deny?: readonly string[];
  readonly http?: Partial<HttpHost>;
  readonly env?: Record<string, string>;
  readonly home?: string;
  readonly core?: Partial<CoreSettings>;
}

/** A page that may fetch what `allow` names. Its home is a folder that goes with the test. */
export async function open(
  allow: readonly string[],
  settings: Settings = {},
): Promise<Permitted & { readonly home: string }> {
  const { deny = [], http = {}, env = {}, home = temporary(), core = {} } = settings;
  const permitted = await openPermitted([{ identifier: 'http:default', allow, deny }], [NAME], {
    host: {
      http: { ...testPluginHost([]).http, ...http },
      system: { ...thisSystem(), platform: 'linux', env, home },
    },
    ...core,
  });
  return { ...permitted, home };
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'http-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

export const fetchOf = (page: Page) => (page.packages[NAME] as unknown as typeof plugin).fetch;

/** What the plugin's own commands get, past what the npm package and its `Request` refuse. */
export const raw = (page: Page, url: string, more: object = {}) =>
  outcome(page.invoke('plugin:http|fetch', { clientConfig: { method: 'GET', url, headers: [], data: null, ...more } }));

export const headersOf = ({ rawHeaders }: IncomingMessage) =>
  Array.from({ length: rawHeaders.length / 2 }, (_, index) => [rawHeaders[2 * index], rawHeaders[2 * index + 1]]);

export const notes = ({ core }: Permitted) =>
  [...core.tap.records()].flatMap((record) => ('note' in record ? [record.note] : []));
