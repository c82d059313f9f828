/** TauRPC: traits whose functions are commands, and events, under names of its own. */
import type { Meta } from './attributes.ts';
import { functionCommand, type RawCommand } from './command-item.ts';
import type { RustEvent, RustUse } from './model.ts';
import { type Item, type ItemPlace, itemsOf } from './syntax.ts';

export interface Procedures {
  readonly commands: readonly RawCommand[];
  readonly events: readonly RustEvent[];
}

/** The attribute that makes a trait's functions commands, where it has one. */
export function proceduresMeta(metas: readonly Meta[], uses: readonly RustUse[]): Meta | undefined {
  return metas.find(({ path }) => {
    if (path === 'taurpc::procedures') return true;
    const imported = uses.find(({ name }) => name === path)?.path;
    return imported?.[0] === 'taurpc' && imported.at(-1) === 'procedures';
  });
}

/** One event carries all of TauRPC's, each with its own name in the payload. */
const EVENT = 'TauRpc_event';

/** `#[taurpc::procedures(path = "api")] trait Api { async fn greet(name: String) -> String; }` answers `TauRPC__api.greet`. */
export function proceduresOf({ node }: Item, meta: Meta, place: ItemPlace): Procedures {
  const path = meta.items?.find((each) => each.path === 'path')?.value;
  const commands: RawCommand[] = [];
  const events: RustEvent[] = [];
  for (const item of itemsOf(node.childForFieldName('body') ?? node)) {
    if (item.node.type !== 'function_signature_item') continue;
    const options = item.metas.filter((each) => each.path === 'taurpc').flatMap(({ items }) => items ?? []);
    const has = (name: string) => options.some((each) => each.path === name);
    if (has('skip')) continue;
    const alias = options.find((each) => each.path === 'alias');
    const own = alias?.value ?? item.node.childForFieldName('name')?.text ?? '';
    const name = `TauRPC__${path ? `${path}.` : ''}${own}`;
    const command = functionCommand(item, place, { name, literal: alias?.literal, keyOf: (key) => key });
    if (!command) continue;
    if (!has('event')) commands.push({ ...command, isProcedure: true });
    else {
      events.push({
        role: 'emit',
        method: own,
        name: { kind: 'text', text: EVENT },
        file: place.file,
        module: place.module,
        at: command.whole,
        nameAt: command.at,
      });
    }
  }
  return { commands, events };
}
