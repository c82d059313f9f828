import type { ComponentChildren } from 'preact';

/** A text in which the found words are marked. */
export function Marked({ text, pattern }: { readonly text: string; readonly pattern: RegExp | undefined }) {
  if (!pattern) return <>{text}</>;
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match[0] === '') continue;
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push(<mark>{match[0]}</mark>);
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return <>{parts}</>;
}
