/** Names that can be written somewhere, with what there is to know of each: of commands, events, windows, permissions. */
import { CompletionItemKind } from 'vscode-languageserver';
import { AclFacts } from '../../index/acl-facts.ts';
import type { CommandDefinition, EventRole, EventSite, WindowSite } from '../../index/facts.ts';
import type { ProjectIndex } from '../../index/project-index.ts';
import { permissionText } from '../acl/permission-text.ts';
import { accessLine, windowAccess } from './access.ts';
import { answering, calledText, definitionText, pageSignature, unregisteredText } from './command-text.ts';
import { code, paragraphs, plain } from '../markdown.ts';
import { pluginCommands } from './plugin-commands.ts';
import { TAURI_EVENTS } from './tauri-events.ts';

export interface Offer {
  readonly name: string;
  readonly kind: CompletionItemKind;
  /** on one line */
  readonly detail?: string | undefined;
  /** where it is from, beside the name */
  readonly from?: string | undefined;
  /** Markdown; that of a command, and its detail, are {@link commandNote} */
  readonly text?: string | undefined;
  /** those with lower ones come first */
  readonly rank: number;
}

/** Whether a place is the one where somebody writes: what is written there is nothing yet that could be offered. */
export type IsHere = (site: { readonly eventAt: EventSite['eventAt'] }) => boolean;

// ---- commands

/** Commands of the app, then those of plugins. */
export function commandOffers(project: ProjectIndex): Offer[] {
  const { commands } = project;
  const facts = AclFacts.of(project);
  const others = facts ? pluginCommands(facts).filter((name) => !commands.has(name)) : [];
  return [
    ...[...commands].flatMap(([name, definitions]) => commandOffer(name, definitions) ?? []),
    ...others.map((name) => pluginOffer(project, name)),
  ];
}

function commandOffer(name: string, definitions: readonly CommandDefinition[]): Offer | undefined {
  if (definitions.length === 0) return undefined;
  const unregistered = unregisteredText(definitions);
  return {
    name,
    kind: CompletionItemKind.Function,
    from: unregistered === undefined ? sources(definitions) : 'not registered',
    rank: unregistered === undefined ? 0 : 1,
  };
}

function pluginOffer(project: ProjectIndex, name: string): Offer {
  const access = windowAccess(project, name);
  return {
    name,
    kind: CompletionItemKind.Function,
    from: 'plugin',
    rank: access && access.allowed.length > 0 ? 2 : 3,
  };
}

/**
 * What there is to know of a command: its signature, its definitions, and who may call it. There may be a thousand commands,
 * and their types have to be made: so only of those that somebody looks at.
 */
export function commandNote(project: ProjectIndex, name: string): Pick<Offer, 'detail' | 'text'> {
  const definitions = project.commands.get(name) ?? [];
  const best = answering(definitions);
  const access = accessLine(windowAccess(project, name));
  return {
    detail: best && pageSignature(best),
    text: paragraphs([
      unregisteredText(definitions),
      ...definitions.map(definitionText),
      access !== undefined && plain(access),
    ]),
  };
}

const SOURCES = { rust: 'Rust', handler: 'TypeScript', plugin: 'plugin' } as const;

const sources = (definitions: readonly CommandDefinition[]) =>
  [...new Set(definitions.map(({ source }) => SOURCES[source]))].join(', ');

/** Commands that are called or that Rust has, and no handler answers yet. */
export function handlerOffers({ commands, calls }: ProjectIndex, prefix = ''): Offer[] {
  const isHandled = (name: string) => commands.get(name)?.some(({ source }) => source === 'handler') ?? false;
  return [...new Set([...calls.keys(), ...commands.keys()])]
    .filter(
      (name) =>
        name !== '' && !isHandled(name) && name.startsWith('plugin:') === (prefix !== '') && name.startsWith(prefix),
    )
    .map((name) => {
      const best = answering(commands.get(name) ?? []);
      const places = calls.get(name)?.length ?? 0;
      return {
        name: name.slice(prefix.length),
        kind: CompletionItemKind.Function,
        detail: best && pageSignature(best),
        from: best ? 'Rust' : 'called',
        text: paragraphs([best && definitionText(best), places > 0 && calledText(places)]),
        rank: places > 0 ? 0 : 1,
      };
    });
}

// ---- events

/** Events that somebody emits or listens to; for listeners also Tauri's own. The other side's come first. */
export function eventOffers({ events }: ProjectIndex, role: EventRole, isHere: IsHere): Offer[] {
  const known = [...events].flatMap(([name, all]): Offer[] => {
    const sites = all.filter((site) => !isHere(site));
    if (name === '' || sites.length === 0 || Object.hasOwn(TAURI_EVENTS, name)) return [];
    const across = sites.some((site) => site.role !== role);
    return [
      {
        name,
        kind: CompletionItemKind.Event,
        detail: payloadOf(sites),
        from: [...new Set(sites.map(({ side }) => (side === 'rust' ? 'Rust' : 'TypeScript')))].join(', '),
        text: eventText(sites),
        rank: across ? 0 : 1,
      },
    ];
  });
  if (role === 'emit') return known;
  const own = Object.entries(TAURI_EVENTS).map(([name, { payload, text }]) => ({
    name,
    kind: CompletionItemKind.Event,
    detail: payload,
    from: 'Tauri',
    text: plain(text),
    rank: 2,
  }));
  return [...known, ...own];
}

/** The type of an event's payload: as its emitter has it, else as its listeners expect it. */
export function payloadOf(sites: readonly EventSite[]): string | undefined {
  const ordered = [...sites].sort((a, b) => rankOf(a) - rankOf(b));
  for (const { payload } of ordered) if (payload !== undefined) return payload;
  return undefined;
}

const rankOf = ({ role, side }: EventSite) => (role === 'emit' ? 0 : 2) + (side === 'rust' ? 0 : 1);

function eventText(sites: readonly EventSite[]): string {
  const inRole = (role: EventRole, verb: string) => {
    const callers = sites
      .filter((site) => site.role === role)
      .map(({ caller, at }) => caller ?? at.file.split('/').at(-1));
    const names = [...new Set(callers)].slice(0, MAX_LISTED).map((name) => code(name ?? ''));
    return names.length > 0 && `${verb} by ${names.join(', ')}`;
  };
  return paragraphs([inRole('emit', 'Emitted'), inRole('listen', 'Listened to')]);
}

const MAX_LISTED = 8;

// ---- windows

const FROM: Readonly<Record<WindowSite['from'], string>> = {
  config: 'configuration',
  script: 'TypeScript',
  rust: 'Rust',
};

/** Labels of windows that the configuration or code makes. */
export function labelOffers({ windows }: ProjectIndex): Offer[] {
  const named = Map.groupBy(windows, ({ label }) => label);
  return [...named].flatMap(([name, sites]) =>
    name === undefined
      ? []
      : [
          {
            name,
            kind: CompletionItemKind.Value,
            from: [...new Set(sites.map(({ from }) => FROM[from]))].join(', '),
            rank: 0,
          },
        ],
  );
}

/** Labels that capabilities or code speak of, and no window has. */
export function newLabelOffers(project: ProjectIndex): Offer[] {
  const facts = AclFacts.of(project);
  return (facts?.labelsMeant ?? []).map((name) => ({
    name,
    kind: CompletionItemKind.Value,
    from: 'named elsewhere',
    rank: 0,
  }));
}

// ---- permissions

/**
 * Permissions that a handler may ask for.
 *
 * @param written what stands there already: that alone makes it none
 */
export function permissionOffers(project: ProjectIndex, written: string): Offer[] {
  const facts = AclFacts.of(project);
  if (!facts) return [];
  const known = facts.known.filter(({ key }) => facts.hasPlugin(key));
  const names = new Set(known.map(({ identifier }) => identifier));
  return [
    ...known.map((each) => ({
      name: each.identifier,
      kind: CompletionItemKind.EnumMember,
      ...permissionText(each, facts.manifests),
      rank: 1,
    })),
    ...[...facts.declared]
      .filter((name) => name !== written && !names.has(name))
      .map((name) => ({ name, kind: CompletionItemKind.EnumMember, from: 'asked for elsewhere', rank: 0 })),
  ];
}
