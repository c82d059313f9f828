/** Frontends that others would build: create-tauri-app's templates, generated and built as their own scripts do. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { creator, ensureCreator, ensureFrontends } from './ensure.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
/** Below this folder, so that what is generated finds the packages that it is built with. */
const generated = join(here, 'generated');
const BUILD_WITHIN_MS = 120_000;

/** All templates of create-tauri-app whose frontend is JavaScript or TypeScript. */
export const TEMPLATES = [
  'vanilla',
  'vanilla-ts',
  'vue',
  'vue-ts',
  'svelte',
  'svelte-ts',
  'react',
  'react-ts',
  'solid',
  'solid-ts',
  'preact',
  'preact-ts',
  'angular',
] as const;
export type Template = (typeof TEMPLATES)[number];

const Scripts = z.looseObject({ scripts: z.looseObject({ build: z.string().optional() }) });

/** Generates a template and builds its frontend; gives the project's folder, without node_modules, in `folder`. */
export async function makeTemplate(template: Template, folder: string): Promise<string> {
  await ensureFrontends();
  await ensureCreator();
  mkdirSync(generated, { recursive: true });
  const made = join(generated, template);
  rmSync(made, { recursive: true, force: true });
  const create = join(creator, 'node_modules/create-tauri-app/create-tauri-app.js');
  await run(process.execPath, [create, template, '--template', template, '--manager', 'npm', '--yes'], {
    cwd: generated,
  });
  const { scripts } = Scripts.parse(JSON.parse(readFileSync(join(made, 'package.json'), 'utf8')));
  // What comes before is the type check of the template's own code.
  const build = scripts.build?.split('&&').at(-1)?.trim();
  if (build) await runTool(build, made);
  const project = join(folder, template);
  cpSync(made, project, { recursive: true });
  rmSync(made, { recursive: true, force: true });
  return project;
}

/** Runs `vite build` and its like from the packages of this folder. */
async function runTool(command: string, cwd: string): Promise<void> {
  const [tool = '', ...args] = command.split(' ');
  const { bin } = z
    .looseObject({ bin: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(packageOf(tool), 'package.json'), 'utf8')));
  const script = join(packageOf(tool), bin[tool] ?? '');
  const env = { ...process.env, NG_CLI_ANALYTICS: 'false', CI: '1' };
  await run(process.execPath, [script, ...args], { cwd, env, timeout: BUILD_WITHIN_MS });
}

const packageOf = (tool: string) => join(here, 'node_modules', tool === 'ng' ? '@angular/cli' : tool);
