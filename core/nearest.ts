/** The name that was probably meant. */

/** The name nearest to `wanted`, where one is near enough to be a slip: another case, or few letters. */
export function nearest(wanted: string, names: Iterable<string>): string | undefined {
  const plain = plainOf(wanted);
  const limit = Math.max(1, Math.floor(plain.length / 4));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const name of names) {
    const other = plainOf(name);
    if (name === wanted || Math.abs(other.length - plain.length) > limit) continue;
    const distance = editDistance(plain, other);
    if (distance <= limit && (!best || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** `saveNote` and `save-note` are slips for `save_note`. A name is a page's: no more of it is looked at than names have. */
const plainOf = (name: string) => name.slice(0, 100).toLowerCase().replace(/[_-]/g, '');

/** How many letters have to be put in, left out or replaced. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      const [diagonal = 0, above = 0, left = 0] = [row[j - 1], row[j], next[j - 1]];
      next.push(same ? diagonal : 1 + Math.min(diagonal, above, left));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
