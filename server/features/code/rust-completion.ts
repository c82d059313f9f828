/** Completion in Rust: names of events, labels of windows, commands that no list registers yet. */
import { type CompletionItem, CompletionItemKind, MarkupKind, type Range } from 'vscode-languageserver';
import type { At } from '../../context.ts';
import type { ProjectIndex } from '../../index/project-index.ts';
import { contains } from '../../positions.ts';
import { FunctionPaths, type RustFile, type RustText } from '../../rust/index.ts';
import { PROBE } from '../../script/index.ts';
import { prose } from '../markdown.ts';
import { eventOffers, labelOffers, newLabelOffers, type Offer } from './offers.ts';

export async function completeRust({ workspace, settings, file, position }: At): Promise<CompletionItem[]> {
  const project = workspace.projectOf(file);
  const document = project && (await workspace.readDocument(file));
  const reader = project && (await workspace.rustReader());
  if (!project || !document || !reader) return [];
  const text = document.getText();
  const offset = document.offsetAt(position);
  const start = offset - (/[\w\-/:.]*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
  const end = offset + (/^[\w\-/:.]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const range = { start: document.positionAt(start), end: document.positionAt(end) };
  const isQuoted = text[start - 1] === '"';
  const isClosed = !isQuoted || text[end] === '"';
  if (!isQuoted && (settings.hasRustAnalyzer || !IN_LIST.test(text.slice(0, start)))) return [];
  const read = reader.read(file, `${text.slice(0, start)}${PROBE}${isClosed ? '' : '"'}${text.slice(end)}`);
  if (!isQuoted) return commandItems(project, read, range);
  const isHere = ({ eventAt }: { readonly eventAt: { readonly file: string; readonly range: Range } }) =>
    eventAt.file === file && contains(eventAt.range, position);
  return offersIn(project, read, isHere).map(({ name, kind, detail, from, text: note, rank }) => ({
    label: name,
    kind,
    ...(detail !== undefined && { detail }),
    ...(from !== undefined && { labelDetails: { description: from } }),
    ...(note !== undefined && note !== '' && { documentation: { kind: MarkupKind.Markdown, value: note } }),
    sortText: `${rank}${name}`,
    filterText: name,
    textEdit: { range, newText: isClosed ? name : `${name}"` },
  }));
}

const isProbe = (text: RustText | undefined) => text?.kind === 'text' && text.text === PROBE;

function offersIn(project: ProjectIndex, read: RustFile, isHere: Parameters<typeof eventOffers>[2]): Offer[] {
  const event = read.events.find(({ name }) => isProbe(name) || isConstant(read, name));
  if (event) return eventOffers(project, event.role, isHere);
  const window = read.windows.find(({ label }) => isProbe(label) || isConstant(read, label));
  if (window) return window.role === 'make' ? newLabelOffers(project) : labelOffers(project);
  return read.events.some(({ target }) => isProbe(target)) ? labelOffers(project) : [];
}

/** Whether it is a constant of the same file that has the probe. */
function isConstant({ constants }: RustFile, text: RustText): boolean {
  const name = text.kind === 'constant' ? text.path.at(-1) : undefined;
  return constants.some((each) => each.name === name && isProbe(each.value));
}

/** Where an item of a list may begin. */
const IN_LIST = /\b(?:generate_handler|collect_commands)\s*!\s*[[({][^\])}]*$/;

function commandItems(project: ProjectIndex, { registered }: RustFile, range: Range): CompletionItem[] {
  const list = registered.find(({ path }) => path.at(-1) === PROBE);
  if (!list) return [];
  const paths = new FunctionPaths(project.rust.files, project.rust.names);
  return project.rust.unregistered.flatMap((command) => {
    const path = paths.commandPath(list, command);
    if (path === undefined) return [];
    return {
      label: command.rustName,
      kind: CompletionItemKind.Function,
      detail: command.signature,
      labelDetails: { description: path === command.rustName ? 'not registered' : path },
      ...(command.doc !== undefined && {
        documentation: { kind: MarkupKind.Markdown, value: prose(command.doc) },
      }),
      sortText: `0${command.rustName}`,
      filterText: path,
      textEdit: { range, newText: path },
    };
  });
}
