/** What the language server finds in a folder, read as it reads the folders of VS Code. */
import { fileURLToPath } from 'node:url';
import type { CallSite, CommandDefinition, EventSite } from '#server/index/facts.ts';
import { DEFAULT_LANGUAGE_SETTINGS } from '#core/language-messages.ts';
import { diagnosticsOf } from '#server/features/diagnostics.ts';
import { withLevels } from '#server/levels.ts';
import { RustReader } from '#server/rust/index.ts';
import { Workspace } from '#server/workspace/workspace.ts';
import { type Found, UNKNOWN } from './found.ts';

const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** A diagnostic, as shown where no setting says otherwise. */
export interface Problem {
  /** from the folder of the repository */
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

export interface ServerCount {
  readonly found: readonly Found[];
  readonly problems: readonly Problem[];
  /** what kept files from being read */
  readonly reports: readonly string[];
  readonly projects: number;
  readonly milliseconds: number;
}

/** @param folder an absolute path with forward slashes */
export async function countByServer(folder: string): Promise<ServerCount> {
  const reports: string[] = [];
  const workspace = new Workspace({
    rustReader: () =>
      RustReader.create({
        runtime: `${packages}/web-tree-sitter/web-tree-sitter.wasm`,
        grammar: `${packages}/tree-sitter-rust/tree-sitter-rust.wasm`,
      }),
    report: (message) => reports.push(message),
  });
  const start = performance.now();
  workspace.setFolders([folder]);
  await workspace.settled();
  const inFolder = (file: string) => file.slice(folder.length + 1);
  const found: Found[] = [];
  const problems: Problem[] = [];
  for (const project of workspace.projects) {
    for (const definitions of project.commands.values()) {
      for (const each of definitions) found.push(...ofDefinition(each, inFolder));
    }
    for (const file of project.files) {
      const { calls } = project.facts(file);
      for (const call of calls) found.push(...ofCall(call, inFolder));
      for (const event of project.facts(file).events) found.push(ofEvent(event, inFolder));
    }
    for (const [file, diagnostics] of diagnosticsOf(project)) {
      for (const { range, code, message } of withLevels(diagnostics, DEFAULT_LANGUAGE_SETTINGS.diagnostics)) {
        problems.push({
          file: inFolder(file),
          line: range.start.line + 1,
          code: String(code),
          message: typeof message === 'string' ? message : message.value,
        });
      }
    }
  }
  const projects = workspace.projects.length;
  workspace.dispose();
  return { found, problems, reports, projects, milliseconds: performance.now() - start };
}

type InFolder = (file: string) => string;

function* ofDefinition({ source, name, at, parameters }: CommandDefinition, inFolder: InFolder): Generator<Found> {
  if (source !== 'rust' || !at) return;
  const own = name.slice(name.lastIndexOf('|') + 1);
  const place = { file: inFolder(at.file), line: at.range.start.line + 1 };
  yield { sort: 'command', ...place, name: own };
  for (const { key } of parameters) yield { sort: 'parameter', ...place, name: `${own}(${key})` };
}

function* ofCall({ command = UNKNOWN, commandAt, args }: CallSite, inFolder: InFolder): Generator<Found> {
  const place = { file: inFolder(commandAt.file), line: commandAt.range.start.line + 1 };
  yield { sort: 'call', ...place, name: command };
  if (args.kind !== 'object') return;
  for (const { key } of args.keys) yield { sort: 'argument', ...place, name: `${command}(${key})` };
}

function ofEvent({ role, event = UNKNOWN, eventAt }: EventSite, inFolder: InFolder): Found {
  return { sort: 'event', file: inFolder(eventAt.file), line: eventAt.range.start.line + 1, name: `${role} ${event}` };
}
