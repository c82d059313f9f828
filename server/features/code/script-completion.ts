/** Completion in TypeScript and JavaScript: names in calls, keys of arguments, names of events, windows and permissions. */
import {
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type Range,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { At, Context } from '../../context.ts';
import { propertyFor } from '../../fixes/arguments.ts';
import { rangesOf } from '../../fixes/fix.ts';
import type { CommandDefinition, Parameter } from '../../index/facts.ts';
import type { ProjectIndex } from '../../index/project-index.ts';
import { contains } from '../../positions.ts';
import { propertyName } from '../../rust/index.ts';
import { type Attempt, channelClass, variablesAt } from '../../script/index.ts';
import { code } from '../markdown.ts';
import { answering, parameterText } from './command-text.ts';
import {
  commandNote,
  commandOffers,
  eventOffers,
  handlerOffers,
  labelOffers,
  newLabelOffers,
  type Offer,
  permissionOffers,
} from './offers.ts';
import { type Wanted, wantedAt } from './wanted.ts';

export async function completeScript({ workspace, file, position, snippets }: At): Promise<CompletionItem[]> {
  const projects = workspace.projectsOf(file);
  const document = projects.length > 0 ? await workspace.readDocument(file) : undefined;
  if (!document) return [];
  const found = wantedAt(projects, file, document, position);
  if (!found) return [];
  const writer = new Writer({ projects, file, document, attempt: found.attempt, snippets });
  return found.wanted.kind === 'argument' ? writer.argumentItems(found.wanted) : writer.nameItems(found.wanted);
}

/** What an item of a command has with it: the file that it is offered in. Its label is the name. */
interface CommandData {
  readonly commandFor: string;
}

/** Tells more of a command that somebody looks at in the list. */
export function resolveScript({ workspace }: Context, item: CompletionItem): CompletionItem {
  const { commandFor } = (item.data ?? {}) as Partial<CommandData>;
  const projects = typeof commandFor === 'string' ? workspace.projectsOf(commandFor) : [];
  const project = projects.find(({ commands }) => commands.has(item.label)) ?? projects[0];
  if (!project) return item;
  const { detail, text = '' } = commandNote(project, item.label);
  return { ...item, ...(detail !== undefined && { detail }), documentation: markdown(text) };
}

interface Place {
  /** those that the file belongs to */
  readonly projects: readonly ProjectIndex[];
  readonly file: string;
  readonly document: TextDocument;
  readonly attempt: Attempt;
  readonly snippets: boolean;
}

/** Writes items for one place. */
class Writer {
  readonly #place: Place;
  readonly #range: Range;
  #visible: ((name: string) => boolean) | undefined;

  constructor(place: Place) {
    const { document, attempt } = place;
    this.#place = place;
    this.#range = { start: document.positionAt(attempt.at.start), end: document.positionAt(attempt.at.end) };
  }

  // ---- names

  nameItems(wanted: Exclude<Wanted, { kind: 'argument' }>): CompletionItem[] {
    const { projects, attempt } = this.#place;
    const isCommand = wanted.kind === 'command';
    const offers = projects.flatMap((project) => this.#offers(project, wanted));
    const items = unique(offers, ({ name }) => name).map((offer) => this.#nameItem(offer, isCommand));
    // With quotes of its own nothing of the call is there yet: so its arguments can be written, too.
    const isBare = isCommand && wanted.args === 'none' && attempt.form === 'string';
    return isBare ? [...items, ...this.#callItems()] : items;
  }

  #offers(project: ProjectIndex, wanted: Exclude<Wanted, { kind: 'argument' }>): Offer[] {
    const { file } = this.#place;
    switch (wanted.kind) {
      case 'command':
        return commandOffers(project);
      case 'event':
        return eventOffers(
          project,
          wanted.role,
          ({ eventAt }) => eventAt.file === file && contains(eventAt.range, this.#range.start),
        );
      case 'window':
        return wanted.isNew ? newLabelOffers(project) : labelOffers(project);
      case 'handler':
        return handlerOffers(project, wanted.prefix);
      case 'permission':
        return permissionOffers(project, this.#written);
    }
  }

  #nameItem({ name, kind, detail, from, text, rank }: Offer, isCommand: boolean): CompletionItem {
    const { form, quote, isComplete } = this.#place.attempt;
    const newText = form === 'text' ? name + (isComplete ? '' : quote) : quote + name + quote;
    return {
      label: name,
      kind,
      ...(detail !== undefined && detail !== '' && { detail }),
      ...(from !== undefined && { labelDetails: { description: from } }),
      ...(text !== undefined && text !== '' && { documentation: markdown(text) }),
      ...(isCommand && { data: { commandFor: this.#place.file } satisfies CommandData }),
      sortText: `${rank}${name}`,
      textEdit: { range: this.#range, newText },
    };
  }

  /** The commands of the app with all that they need. */
  #callItems(): CompletionItem[] {
    const { projects, attempt } = this.#place;
    const commands = unique(
      projects.flatMap((project) => [...project.commands]),
      ([name]) => name,
    );
    return commands.flatMap(([name, definitions]): CompletionItem[] => {
      const definition = answering(definitions);
      const needed = needs(definition);
      if (!definition || needed.length === 0) return [];
      const keys = needed.map(({ key }) => key).join(', ');
      return [
        {
          label: `${name}, { ${keys} }`,
          kind: CompletionItemKind.Snippet,
          detail: 'with its arguments',
          documentation: markdown(argumentList(needed)),
          sortText: `${definition.isRegistered ? 0 : 1}${name},`,
          filterText: name,
          ...this.#write(`${attempt.quote}${name}${attempt.quote}, `, needed, ['{ ', ' }']),
        },
      ];
    });
  }

  // ---- arguments

  argumentItems({ commands, present }: Extract<Wanted, { kind: 'argument' }>): CompletionItem[] {
    const { projects, attempt } = this.#place;
    const definitions = projects.flatMap((project) =>
      commands.flatMap((name) => answering(project.commands.get(name) ?? []) ?? []),
    );
    const parameters = unique(
      definitions.flatMap((each) => each.parameters),
      ({ key }) => key,
    );
    const absent = parameters.filter(({ key }) => !present.has(key));
    if (attempt.form === 'object') return this.#objectItems(absent);
    const isVisible = this.#variables();
    const needed = absent.filter(({ isRequired }) => isRequired !== false);
    return [
      ...absent.map((parameter, order) => this.#argumentItem(parameter, isVisible(parameter.key), order)),
      ...(needed.length > 1 && !attempt.isComplete && attempt.form === 'key' ? [this.#allItem(needed)] : []),
    ];
  }

  #objectItems(absent: readonly Parameter[]): CompletionItem[] {
    const needed = absent.filter(({ isRequired }) => isRequired !== false);
    if (absent.length === 0) return [];
    const keys = needed.map(({ key }) => key).join(', ');
    return [
      {
        label: needed.length === 0 ? '{ }' : `{ ${keys} }`,
        kind: CompletionItemKind.Snippet,
        detail: needed.length === 0 ? 'arguments' : 'all arguments that it needs',
        documentation: markdown(argumentList(absent)),
        sortText: '0',
        filterText: this.#written || '{',
        ...(needed.length === 0
          ? { textEdit: { range: this.#range, newText: '{  }' } }
          : this.#write(this.#lead, needed, ['{ ', ' }'])),
      },
    ];
  }

  #argumentItem(parameter: Parameter, isVisible: boolean, order: number): CompletionItem {
    const { key, type, isRequired, kind, declared } = parameter;
    const { form, isComplete } = this.#place.attempt;
    const isAlone = form === 'text' || isComplete;
    const rank = isRequired === true ? 1 : isRequired === 'unknown' ? 2 : 3;
    return {
      label: key,
      kind: CompletionItemKind.Field,
      labelDetails: {
        ...(isRequired === false && { detail: '?' }),
        ...(isVisible && !isAlone && { description: 'variable' }),
      },
      ...(type !== undefined && { detail: parameterText(parameter) }),
      ...(declared !== undefined && { documentation: markdown(declaredText(parameter)) }),
      sortText: `${rank}${String(order).padStart(3, '0')}`,
      filterText: key,
      ...(isAlone || isVisible
        ? { textEdit: { range: this.#range, newText: form === 'text' ? key : propertyName(key) } }
        : kind === 'channel'
          ? this.#write('', [parameter], ['', ''])
          : { textEdit: { range: this.#range, newText: `${propertyName(key)}: ` } }),
    };
  }

  #allItem(needed: readonly Parameter[]): CompletionItem {
    const [first] = needed;
    return {
      label: needed.map(({ key }) => key).join(', '),
      kind: CompletionItemKind.Snippet,
      detail: 'all missing arguments',
      documentation: markdown(argumentList(needed)),
      sortText: '0',
      filterText: first?.key ?? '',
      ...this.#write('', needed, ['', '']),
    };
  }

  /** The edit that writes arguments, with stops for their values where the client has such. */
  #write(
    before: string,
    parameters: readonly Parameter[],
    [open, close]: readonly [string, string],
  ): Pick<CompletionItem, 'textEdit' | 'insertTextFormat' | 'additionalTextEdits'> {
    const { file, document, attempt, snippets } = this.#place;
    const isVisible = this.#variables();
    const hasChannel = parameters.some(({ key, kind }) => kind === 'channel' && !isVisible(key));
    const channel = hasChannel ? channelClass(file, document.getText(), attempt.at.start) : undefined;
    const made = channel?.name ?? 'Channel';
    let stop = 0;
    const properties = parameters.map((parameter) => {
      const name = propertyName(parameter.key);
      if (isVisible(parameter.key)) return snippets ? escaped(name) : name;
      if (!snippets) return propertyFor(parameter, attempt.quote, made);
      const value = parameter.kind === 'channel' ? `new ${escaped(made)}(\${${++stop}})` : `\${${++stop}}`;
      return `${escaped(name)}: ${value}`;
    });
    const imports = channel?.edits ?? [];
    const start = snippets ? escaped(before) : before;
    return {
      textEdit: { range: this.#range, newText: start + open + properties.join(', ') + close },
      insertTextFormat: snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      ...(imports.length > 0 && { additionalTextEdits: rangesOf(document, imports) }),
    };
  }

  /** `invoke('greet',‸` has no blank yet. */
  get #lead(): string {
    const { document, attempt } = this.#place;
    return document.getText().slice(0, attempt.at.start).endsWith(',') ? ' ' : '';
  }

  get #written(): string {
    return this.#place.document.getText(this.#range);
  }

  #variables(): (name: string) => boolean {
    const { file, attempt } = this.#place;
    return (this.#visible ??= variablesAt(file, attempt.text, attempt.at.start));
  }
}

/** The first of each key. */
const unique = <T>(items: readonly T[], keyOf: (item: T) => string): T[] =>
  [...new Map(items.toReversed().map((item) => [keyOf(item), item])).values()].toReversed();

const needs = (definition: CommandDefinition | undefined): readonly Parameter[] =>
  definition?.parameters.filter(({ isRequired }) => isRequired !== false) ?? [];

function declaredText({ declared, rustName, isRequired }: Parameter): string {
  const name = rustName === undefined ? '' : `${rustName}: `;
  const optional = isRequired === false ? '\n\nMay be left out.' : '';
  return `\`${name}${(declared ?? '').replaceAll('`', "'")}\`${optional}`;
}

const argumentList = (parameters: readonly Parameter[]) =>
  parameters.map((each) => `- ${code(parameterText(each))}`).join('\n');

const markdown = (value: string) => ({ kind: MarkupKind.Markdown, value });

/** Text that means itself in a snippet. */
const escaped = (text: string) => text.replaceAll(/[\\$}]/g, '\\$&');
