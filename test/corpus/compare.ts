/** Two counts side by side, and what of their differences was judged by hand. */
import * as z from 'zod';
import { type Found, isNamed, keyOf, SORTS, type Sort } from './found.ts';

/**
 * What a person found out about a difference: whether the thing is there, and why one of the counts does not have it, in
 * a word or two that group what is alike.
 */
export const Judgements = z.record(z.string(), z.object({ real: z.boolean(), kind: z.string() }));
export type Judgements = z.infer<typeof Judgements>;

export interface Compared {
  readonly both: number;
  readonly onlyServer: readonly string[];
  readonly onlyOther: readonly string[];
}

/** By sort. The same thing twice on one line counts once; what gets its name at run time does not count. */
export function compare(server: readonly Found[], other: readonly Found[]): Record<Sort, Compared> {
  const compared = SORTS.map((sort): [Sort, Compared] => {
    const ours = new Set(server.filter((each) => each.sort === sort && isNamed(each)).map(keyOf));
    const theirs = new Set(other.filter((each) => each.sort === sort && isNamed(each)).map(keyOf));
    const onlyServer = [...ours].filter((key) => !theirs.has(key));
    const onlyOther = [...theirs].filter((key) => !ours.has(key));
    return [sort, { both: ours.size - onlyServer.length, onlyServer, onlyOther }];
  });
  return Object.fromEntries(compared) as Record<Sort, Compared>;
}

/** How much of what is there the server found, and how much of what it found is there. */
export interface Score {
  readonly real: number;
  readonly found: number;
  readonly foundAndReal: number;
  /** differences that nobody judged: taken as real where the server has them not, and as not real where only it has them */
  readonly unjudged: number;
  /** misses, and things that are not there, by the kind that they were judged to be */
  readonly kinds: ReadonlyMap<string, number>;
}

/** @param prefix of the judgements' keys: the repository's name and a space */
export function score({ both, onlyServer, onlyOther }: Compared, judgements: Judgements, prefix: string): Score {
  let real = both;
  let foundAndReal = both;
  let unjudged = 0;
  const kinds = new Map<string, number>();
  const note = (kind: string) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  for (const key of onlyServer) {
    const judged = judgements[prefix + key];
    if (judged === undefined) unjudged++;
    if (judged?.real) {
      real++;
      foundAndReal++;
    } else note(`not there: ${judged?.kind ?? 'unjudged'}`);
  }
  for (const key of onlyOther) {
    const judged = judgements[prefix + key];
    if (judged === undefined) unjudged++;
    if (judged?.real === false) continue;
    real++;
    note(`missed: ${judged?.kind ?? 'unjudged'}`);
  }
  return { real, found: both + onlyServer.length, foundAndReal, unjudged, kinds };
}
