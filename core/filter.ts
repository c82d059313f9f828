/** Which records fit a text: words that must all occur, `-word` that must not, "quoted words" as one. */
import { bodyPreview, type MessageRecord } from './record.ts';

/** Compiles a filter text; capital letters in a word make it case-sensitive (smart case). */
export function textFilter(text: string): (record: MessageRecord) => boolean {
  const terms = [...text.matchAll(/(-?)(?:"([^"]*)"|(\S+))/g)].map(([, not, quoted, word]) => {
    const needle = quoted ?? word ?? '';
    return { not: not === '-', needle, exact: needle !== needle.toLowerCase() };
  });
  if (terms.length === 0) return () => true;
  return (record) => {
    const outcome = record.outcome ? bodyPreview(record.outcome) : '';
    const haystack = `${record.name} ${record.window} ${record.app} ${record.kind} ${record.status} ${record.note ?? ''} ${bodyPreview(record.body)} ${outcome}`;
    const lower = haystack.toLowerCase();
    return terms.every(({ not, needle, exact }) => (exact ? haystack : lower).includes(needle) !== not);
  };
}
