import type { ComponentChild } from 'preact';

/**
 * A text in which the found words are marked. A function and no component: a list has a text in most of its cells, and
 * each component costs more than the text.
 */
export function marked(text: string, pattern: RegExp | undefined): ComponentChild {
  if (!pattern) return text;
  const parts: ComponentChild[] = [];
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
