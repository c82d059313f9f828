/** Events that only one side knows, and listeners that nobody ends. */
import { nearest } from '#core/nearest.ts';
import { replaceAt } from '../fixes/fix.ts';
import { endWithEffect } from '../fixes/listener.ts';
import type { EventRole, EventSite } from '../index/facts.ts';
import { byName } from '../index/parts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { knowsEvents } from './knowledge.ts';
import type { FileCheck, Problem } from './problem.ts';

export function* lonelyEvents(project: ProjectIndex): Iterable<Problem> {
  const heard = sidesOf(project, 'listen');
  const emitted = sidesOf(project, 'emit');
  // Where Rust emits nothing at all, plugins do, or a way that is not seen.
  if (knowsEvents(project, 'emit') && emitted.sites.some(({ side }) => side === 'rust')) {
    yield* lonely(heard, emitted, 'event-never-emitted', 'nothing emits');
  }
  // Who listens is another program where no script of the project does.
  if (knowsEvents(project, 'listen') && heard.sites.some(({ side }) => side === 'script')) {
    yield* lonely(emitted, heard, 'event-never-heard', 'nothing listens to');
  }
}

interface Side {
  /** with the names of their events */
  readonly sites: readonly EventSite[];
  readonly names: ReadonlySet<string>;
  readonly patterns: readonly RegExp[];
}

function sidesOf({ events, eventPatterns }: ProjectIndex, role: EventRole): Side {
  const sites = [...events.values()].flatMap((all) => all.filter((site) => site.role === role));
  const patterns = eventPatterns.flatMap((site) =>
    site.role === role && site.pattern !== undefined ? site.pattern : [],
  );
  return {
    sites,
    names: new Set(sites.flatMap(({ event }) => event ?? [])),
    patterns: patterns.map((each) => new RegExp(`^(?:${each})$`)),
  };
}

function* lonely(here: Side, there: Side, code: Problem['code'], says: string): Iterable<Problem> {
  const nearestTo = byName((event) => nearest(event, there.names));
  const isKnown = byName(
    // Tauri's own events, and those of plugins, have such names.
    (event) => event.includes('://') || there.names.has(event) || there.patterns.some((pattern) => pattern.test(event)),
  );
  for (const { event = '', eventAt, literal } of here.sites) {
    if (isKnown(event)) continue;
    const meant = nearestTo(event);
    yield {
      code,
      at: eventAt,
      message: `${says} "${event}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
      fixes: meant !== undefined && literal ? [replaceAt(`Change to "${meant}"`, literal, meant, true)] : [],
    };
  }
}

/** Listeners of components, which come and go, that are never ended. */
export const unhandledListeners: FileCheck = () =>
  function* ({ events }) {
    for (const site of events) {
      if (site.method !== 'listen' || !site.isDropped || !isInComponent(site)) continue;
      const message = 'this listener outlives its component: keep what listen resolves to, and call it at the end';
      yield { code: 'unhandled-listener', at: site.at, message, fixes: isReact(site) ? [endWithEffect(site.at)] : [] };
    }
  };

const isReact = ({ at: { file } }: EventSite) => /\.[jt]sx$/.test(file);

/** Components at the root live as long as their page. */
function isInComponent({ at: { file }, caller = '' }: EventSite): boolean {
  const name = file.split('/').at(-1) ?? '';
  if (/\.(?:vue|svelte)$/.test(name)) return !/^(?:App|main|index|layout|\+layout|\+page)\./i.test(name);
  return /\.[jt]sx$/.test(name) && /^(?:[A-Z]\w*[a-z]|use[A-Z])/.test(caller) && !/^(?:App|Root|Main)$/.test(caller);
}
