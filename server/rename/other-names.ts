/** Texts that name more than one thing: who renames one of them would rename the others along. */
import type { FileRange } from '../index/facts.ts';
import type { Occurrences } from '../symbols/occurrences.ts';
import { type IpcSymbol, symbolKey } from '../symbols/symbol.ts';
import { placeText } from './rename-edit.ts';
import type { Renaming } from './renaming.ts';

/** What a text names besides a symbol, in words: a constant may be the name of a command and of an event. */
export function otherName(occurrences: Occurrences, symbol: IpcSymbol, place: FileRange): string | undefined {
  const key = symbolKey(symbol);
  const other = occurrences
    .exactlyAt(place)
    .find((each) => each.written !== 'variable' && symbolKey(each.symbol) !== key);
  return other && inWords(other.symbol);
}

const inWords = (symbol: IpcSymbol) =>
  symbol.kind === 'argument' ? `an argument of "${symbol.command}"` : `the ${symbol.kind} "${symbol.name}"`;

/** Whether a text stays since it names something else, too; the user is told. */
export function staysForOther({ occurrences, edit }: Renaming, symbol: IpcSymbol, at: FileRange): boolean {
  const other = otherName(occurrences, symbol, at);
  if (other === undefined) return false;
  edit.leave(`The name at ${placeText(at)} is that of ${other}, too, and stays.`);
  return true;
}
