/** Completion in configuration, capability and permission files: keys, and whatever other files give a name. */
import { basename } from 'node:path';
import { APP_KEY } from '#core/acl/identifier.ts';
import { Target } from '#core/acl/capability.ts';
import { commandPermissions } from '#core/acl/manifest.ts';
import type { Path } from '#core/acl/place.ts';
import { type CompletionItem, CompletionItemKind, MarkupKind } from 'vscode-languageserver';
import type { At } from '../../context.ts';
import type { ProjectIndex } from '../../index/project-index.ts';
import { AclFacts, labelPattern } from '../../index/acl-facts.ts';
import { prose } from '../markdown.ts';
import { DataFile, type Spot } from './data-file.ts';
import { keyEdit, valueEdit } from './insertion.ts';
import { PATH_VARIABLES } from './path-variables.ts';
import { permissionText } from './permission-text.ts';
import { hasSchema, namesSchema } from './schema.ts';
import type { Shape, Slot } from './shapes.ts';

/** Undefined for a file that is none of these. */
export async function completeAcl(at: At): Promise<CompletionItem[] | undefined> {
  const data = await DataFile.read(at);
  if (!data) return undefined;
  const spot = data.at(at.position);
  const project = at.workspace.projectOf(at.file);
  const offset = data.document.offsetAt(at.position);
  if (!spot || !project) return [];
  if (spot.role === 'key') return completeKey(data, spot, offset);
  const facts = AclFacts.of(project);
  return facts ? completeValue({ data, spot, offset, project, facts }) : [];
}

// ---- keys

function completeKey(data: DataFile, spot: Spot, offset: number): CompletionItem[] {
  if (hasSchema(data)) return [];
  const container = spot.path.slice(0, -1);
  const present = new Set(keysOf(data, container));
  const own = spot.token?.text;
  const items = new Map<string, CompletionItem>();
  for (const shape of spot.shapes) {
    if (shape.kind !== 'object' || shape.keys === 'partial' || !fits(present, own, Object.keys(shape.fields))) continue;
    for (const [key, { text, shape: value, isRequired }] of Object.entries(shape.fields)) {
      if (
        key === '$schema' ||
        items.has(key) ||
        (present.has(key) && key !== own && !mayRepeat(data, container, value))
      )
        continue;
      const edit = keyEdit(data, spot, offset, key, value);
      items.set(key, {
        label: key,
        kind: CompletionItemKind.Property,
        documentation: { kind: MarkupKind.Markdown, value: text },
        sortText: (isRequired ? '0' : '1') + key,
        filterText: edit.newText.startsWith('"') ? `"${key}"` : key,
        textEdit: edit,
      });
    }
  }
  return [...items.values()];
}

/** Of two sorts of objects, the keys that are there already say which one is meant. */
function fits(present: ReadonlySet<string>, own: string | undefined, fields: readonly string[]): boolean {
  const others = [...present].filter((key) => key !== own && key !== '$schema');
  return others.length === 0 || others.some((key) => fields.includes(key));
}

/** `[[permission]]` may stand there again. */
function mayRepeat(data: DataFile, container: Path, shape: Shape): boolean {
  const isTables = shape.kind === 'list' && shape.items.kind === 'object';
  return data.outline.format === 'toml' && container.length === 0 && isTables;
}

function keysOf(data: DataFile, path: Path): string[] {
  const object = data.outline.valueAt(path);
  return typeof object === 'object' && object !== null && !Array.isArray(object) ? Object.keys(object) : [];
}

// ---- values

interface Asked {
  readonly data: DataFile;
  readonly spot: Spot;
  readonly offset: number;
  readonly project: ProjectIndex;
  readonly facts: AclFacts;
}

interface Offer {
  readonly value: string | boolean;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  readonly text?: string;
  /** those with lower ones come first */
  readonly rank?: number;
}

function completeValue(asked: Asked): CompletionItem[] {
  const { data, spot, offset } = asked;
  const shapes = spot.shapes.flatMap((shape) =>
    shape.kind === 'list' && !spot.token ? itemShapes(shape.items) : [shape],
  );
  const used = new Set(spot.token || typeof spot.path.at(-1) === 'number' ? siblings(data, spot) : []);
  return shapes
    .flatMap((shape) => offersFor(asked, shape))
    .filter(({ value }) => !used.has(value))
    .map(({ value, kind, detail, text, rank = 0 }) => {
      const edit = valueEdit(data, spot, offset, value);
      return {
        label: String(value),
        kind,
        ...(detail && { detail }),
        ...(text && { documentation: { kind: MarkupKind.Markdown, value: text } }),
        sortText: `${rank}${value}`,
        filterText: spot.token && spot.token.quote !== '' ? String(value) : edit.newText.trimStart(),
        textEdit: edit,
      };
    });
}

const itemShapes = (items: Shape): readonly Shape[] => (items.kind === 'either' ? items.shapes : [items]);

/** The texts of the list that a spot is in, but for its own. */
function siblings(data: DataFile, { path }: Spot): unknown[] {
  const list = data.outline.valueAt(path.slice(0, -1));
  return Array.isArray(list) ? list.filter((_, index) => index !== path.at(-1)) : [];
}

function offersFor(asked: Asked, shape: Shape): Offer[] {
  if (shape.kind === 'boolean') return [true, false].map((value) => ({ value, kind: CompletionItemKind.Value }));
  return shape.kind === 'string' ? (OFFERS[shape.slot]?.(asked) ?? []) : [];
}

const OFFERS: Readonly<Partial<Record<Slot, (asked: Asked) => Offer[]>>> = {
  'permission-reference': permissions,
  'permission-identifier': permissionsToMake,
  'capability-identifier': ({ data }) => [
    { value: basename(data.file).replace(/\.\w+$/, ''), kind: CompletionItemKind.File },
  ],
  'capability-reference': ({ facts }) =>
    facts.capabilities.map(({ capability }) => ({
      value: capability.identifier,
      kind: CompletionItemKind.Reference,
      ...(capability.description && { text: prose(capability.description) }),
    })),
  'window-pattern': windowPatterns,
  'webview-pattern': windowPatterns,
  'window-label': ({ facts }) => labels(facts.labelsMeant, 'named elsewhere'),
  'window-reference': ({ facts }) => labels(facts.labels, 'window'),
  platform: () => Target.options.map((value) => ({ value, kind: CompletionItemKind.EnumMember })),
  'page-address': addresses,
  'url-scope': addresses,
  'path-scope': paths,
  program: ({ facts }) =>
    facts.acl.config.config.bundle.externalBin.map((value) => ({
      value,
      kind: CompletionItemKind.File,
      detail: 'sidecar',
    })),
  command: commands,
};

function permissions({ data, spot, facts }: Asked): Offer[] {
  const inForm = new Set(
    data.names
      .filter(({ kind, role }) => kind === 'permission' && role === 'reference')
      .map(({ name }) => prefixOf(name)),
  );
  // Its own schema has those that the last build wrote.
  const given = hasSchema(data) && namesSchema(data) ? facts.acl.files.written : undefined;
  const isSet = data.kind === 'permission';
  const own = spot.token && prefixOf(spot.token.text);
  return facts.known.flatMap((known): Offer[] => {
    const { identifier, key } = known;
    if (key !== APP_KEY && given?.has(key)) return [];
    const isUsed = inForm.has(prefixOf(identifier)) && prefixOf(identifier) !== own;
    const rank = (isSet && key === APP_KEY) || isUsed ? 0 : key === APP_KEY ? 1 : facts.hasPlugin(key) ? 2 : 3;
    return [
      {
        value: identifier,
        kind:
          known.base.startsWith('allow-') || known.base.startsWith('deny-')
            ? CompletionItemKind.EnumMember
            : CompletionItemKind.Enum,
        ...permissionText(known, facts.manifests),
        rank,
      },
    ];
  });
}

const prefixOf = (identifier: string) => identifier.slice(0, Math.max(0, identifier.lastIndexOf(':')));

/** Identifiers for commands of the app that no permission allows yet. */
function permissionsToMake({ facts, project }: Asked): Offer[] {
  const allowed = new Set(
    [...(facts.manifests.get(APP_KEY)?.permissions.values() ?? [])].flatMap(({ commands: { allow } }) => allow),
  );
  return [...project.commands.keys()]
    .filter((name) => !name.startsWith('plugin:') && !allowed.has(name))
    .map((name) => ({
      value: commandPermissions(name)[0].identifier,
      kind: CompletionItemKind.EnumMember,
      detail: `for ${name}`,
    }));
}

function windowPatterns({ facts, spot }: Asked): Offer[] {
  const globs = facts.windows.flatMap(({ pattern }) => (pattern === undefined ? [] : (labelPattern(pattern) ?? [])));
  return [
    ...labels(facts.labels, 'window'),
    ...[...new Set(globs)].map((value) => ({
      value,
      kind: CompletionItemKind.Value,
      detail: 'windows with labels made at run time',
    })),
    ...(spot.path.length > 0 ? [{ value: '*', kind: CompletionItemKind.Value, detail: 'all of them', rank: 1 }] : []),
  ];
}

const labels = (names: readonly string[], detail: string): Offer[] =>
  names.map((value) => ({ value, kind: CompletionItemKind.Value, detail }));

function addresses({ data, facts }: Asked): Offer[] {
  const { devUrl } = facts.acl.config.config.build;
  const others = data.outline.tokens
    .filter((token) => /^(?:url-scope|page-address)$/.test(data.slotOf(token) ?? ''))
    .map(({ text }) => text);
  const values = [...(devUrl ? [`${new URL(devUrl).origin}/*`] : []), 'https://*', 'http://localhost:*', ...others];
  return [...new Set(values)].map((value) => ({ value, kind: CompletionItemKind.Value }));
}

function paths({ spot, offset }: Asked): Offer[] {
  const { token } = spot;
  const typed = token ? token.text.slice(0, Math.max(0, offset - token.inner.start)) : '';
  if (/[/\\]/.test(typed)) return [];
  return Object.entries(PATH_VARIABLES).flatMap(([name, text]) =>
    ['', '/*', '/**'].map((inside) => ({
      value: name + inside,
      kind: CompletionItemKind.Variable,
      detail: DETAIL[inside] + text,
    })),
  );
}

const DETAIL: Readonly<Record<string, string>> = { '': '', '/*': 'what is in ', '/**': 'all below ' };

function commands({ project }: Asked): Offer[] {
  return [...project.commands]
    .filter(([name]) => !name.startsWith('plugin:'))
    .map(([value, [definition]]) => ({
      value,
      kind: CompletionItemKind.Function,
      ...(definition && { detail: definition.signature, ...(definition.doc && { text: prose(definition.doc) }) }),
    }));
}
