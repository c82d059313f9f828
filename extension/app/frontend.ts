/** Where an app's pages come from: its development server or its built files, and who decides which. */
import { resolve } from 'node:path';
import * as vscode from 'vscode';
import { frontendSetting } from '../settings.ts';
import { type Project, ProjectError } from '#server/project/index.ts';
import { answers } from './dev-server.ts';
import { beforeDevCommand, type DevServerTask } from './dev-server-task.ts';
import type { PageSource } from './page-server.ts';

/** `dev`: the development server; `dist`: the built files. */
export type FrontendKind = 'dev' | 'dist';
export type Frontend = Exclude<PageSource['frontend'], { kind: 'remote' }>;

export const kindOf = ({ kind }: Frontend): FrontendKind => (kind === 'server' ? 'dev' : 'dist');

export interface FrontendChoice {
  readonly project: Project;
  readonly devServer: DevServerTask;
  /** what is shown, where that is certain; else the setting decides */
  readonly wanted?: FrontendKind | undefined;
  /** whether the user may be asked: a window that comes back must not wait for an answer */
  readonly ask: boolean;
}

/**
 * Where the pages come from: by the setting, the development server where it answers, what the user says where it could
 * be started, else the built files. Undefined: the user wants none.
 *
 * @throws ProjectError where there is nothing to show, or the server that was asked for does not start
 */
export async function chooseFrontend({
  project,
  devServer,
  wanted,
  ask,
}: FrontendChoice): Promise<Frontend | undefined> {
  const server = project.devUrl === undefined ? undefined : new URL(project.devUrl);
  const files = project.frontendFiles.length > 0 ? builtFrontend(project) : undefined;
  const possible = { dev: server !== undefined, dist: files !== undefined };
  const setting = wanted && possible[wanted] ? wanted : frontendSetting(project.root);
  const built = setting === 'dev' && server ? undefined : files;
  if (!server || setting === 'dist') return built ?? missing(project);
  const dev: Frontend = { kind: 'server', url: server };
  if (await answers(server)) return dev;
  const command = beforeDevCommand(project);
  if (!command || !ask) return built ?? dev;
  const picked = await pickFrontend(server, command.script, built !== undefined);
  if (picked === 'start') return (await devServer.start(server)) ? dev : undefined;
  return picked === 'built' ? built : picked === 'wait' ? dev : undefined;
}

function builtFrontend({ frontendFiles }: Project): Frontend {
  return { kind: 'folder', folder: frontendFiles };
}

/** The server that could be started does not answer: what now? */
async function pickFrontend(
  server: URL,
  script: string,
  built: boolean,
): Promise<'start' | 'built' | 'wait' | undefined> {
  const choices = [
    { label: `$(play) Start dev server`, description: script, pick: 'start' as const },
    ...(built ? [{ label: '$(file-directory) Open built files', pick: 'built' as const }] : []),
    { label: '$(watch) I start it myself', description: 'the window waits for it', pick: 'wait' as const },
  ];
  const chosen = await vscode.window.showQuickPick(choices, {
    title: `The dev server at ${server.origin} does not answer`,
    placeHolder: 'What shall the app show? (Escape: nothing)',
    ignoreFocusOut: true,
  });
  return chosen?.pick;
}

function missing(project: Project): never {
  const { config, configFolder } = project;
  const { frontendDist } = config.build;
  const build = config.build['beforeBuildCommand'];
  const how = typeof build === 'string' && build !== '' ? ` (\`${build}\`)` : '';
  const paths = [frontendDist ?? []].flat();
  const text =
    paths.length > 0
      ? `build.frontendDist is ${JSON.stringify(frontendDist)}, and ${paths.map((path) => resolve(configFolder, path)).join(', ')} does not exist: build the frontend${how}, or set build.devUrl`
      : 'neither build.frontendDist nor build.devUrl is set: there is no page to show';
  const { file, ...at } = project.placeOf('build', 'frontendDist');
  throw new ProjectError(text, file, at);
}
