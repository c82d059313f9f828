// The fixture projects: copied to a folder that VS Code may write to, their frontends bundled from the genuine package.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import type * as core from '@tauri-apps/api/core';
import type * as event from '@tauri-apps/api/event';
import type * as webviewWindow from '@tauri-apps/api/webviewWindow';
import type * as window from '@tauri-apps/api/window';
import * as esbuild from 'esbuild';
import type { Frame } from 'playwright-core';
import { ensureFrontends } from '../frontends/ensure.mjs';
import { until } from './controls.ts';
import type { Workbench } from './harness.ts';
import { TemporaryFolders } from '../vscode/temporary.mjs';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const projects = join(root, 'test/fixtures/projects');

export type Project = {
  readonly folder: string;
  /** Absolute path of a file of the project. */
  path(file: string): string;
  read(file: string): string;
  write(file: string, text: string): void;
  /** Absolute path of a source of the frontend. */
  sourceOf(page: string): string;
};

const folders = new TemporaryFolders();
after(() => folders.remove());

/** A copy of `basic`, ready to run. */
export async function makeProject(): Promise<Project> {
  const project = copyOf('basic');
  await bundlePage(['main.ts', 'lazy.ts', 'worker.ts'].map(project.sourceOf), project.path('dist/assets'));
  return project;
}

/** A copy of `consumers`, ready to run: pages that use packages of others, which call plugins of their own. */
export async function makeConsumers(): Promise<Project> {
  await ensureFrontends();
  const project = copyOf('consumers');
  const packages = join(root, 'test/frontends/node_modules');
  await esbuild.build({
    ...pageOptions,
    entryPoints: ['main.ts', 'controls.ts'].map(project.sourceOf),
    outdir: project.path('dist/assets'),
    splitting: true,
    nodePaths: [packages],
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: {
      // The file for bundlers wants Vue's developer tools, which a production build leaves out.
      pinia: join(packages, 'pinia/dist/pinia.esm-browser.prod.js'),
      'tailwind-merge': project.sourceOf('tailwind-merge.ts'),
    },
  });
  cpSync(join(packages, 'tauri-plugin-sentry-api/dist/inject.min.js'), project.path('src-ipc/sentry.min.js'));
  return project;
}

/** A copy of a project; its pages are still to be bundled. */
function copyOf(name: string): Project {
  const folder = join(folders.make('ipc-'), name);
  const source = join(projects, name);
  cpSync(source, folder, { recursive: true, filter: (path) => basename(path) !== 'frontend' });
  cpSync(join(source, 'public'), join(folder, 'dist'), { recursive: true });
  const path = (file: string) => join(folder, file);
  const sourceOf = (page: string) => join(source, 'frontend', page);
  return {
    folder,
    path,
    read: (file) => readFileSync(path(file), 'utf8'),
    write: (file, text) => writeFileSync(path(file), text),
    sourceOf,
  };
}

const pageOptions = {
  bundle: true,
  format: 'esm',
  target: 'chrome138',
  absWorkingDir: root,
  logLevel: 'warning',
} as const satisfies esbuild.BuildOptions;

/** Bundles pages; `api` is the name by which a version of `@tauri-apps/api` is installed. */
export async function bundlePage(entryPoints: string[], outdir: string, api = '@tauri-apps/api'): Promise<void> {
  await esbuild.build({
    ...pageOptions,
    entryPoints,
    outdir,
    ...(api !== '@tauri-apps/api' && { alias: { '@tauri-apps/api': api } }),
  });
}

/** What frontend/main.ts puts on the page; for use inside of `frame.evaluate`. */
export type Tauri = {
  readonly core: typeof core;
  readonly event: typeof event;
  readonly window: typeof window;
  readonly webviewWindow: typeof webviewWindow;
};

declare global {
  var tauri: Tauri;
}

export type Answer = { readonly ok: unknown } | { readonly error: unknown };

/** Calls a command from a page, and tells a rejection from an answer. */
export function invoke(frame: Frame, cmd: string, args: Record<string, unknown> = {}): Promise<Answer> {
  return frame.evaluate(
    ([cmd, args]) =>
      tauri.core.invoke(cmd, args).then(
        (ok) => ({ ok }),
        (error: unknown) => ({ error }),
      ),
    [cmd, args] as const,
  );
}

/** Waits until the page's own script has run. */
export async function pageReady(frame: Frame): Promise<Frame> {
  await frame.waitForFunction(() => document.documentElement.dataset['ready'] === 'true', undefined, {
    timeout: 60_000,
  });
  return frame;
}

/** Does what loads a window's page anew, maybe in a new frame, and waits until the new page is ready. */
export async function reloaded(
  workbench: Workbench,
  label: string,
  page: Frame,
  action: () => Promise<unknown>,
): Promise<Frame> {
  await page.evaluate(() => Object.assign(globalThis, { before: true }));
  await action();
  const fresh = await until(async () => {
    const frame = await workbench.appFrame(label);
    const isNew = await frame.evaluate(() => !('before' in globalThis)).catch(() => false); // it may be going just now
    return isNew ? frame : undefined;
  }, 'loading the page anew');
  return await pageReady(fresh);
}
