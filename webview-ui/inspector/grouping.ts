/** Lines of the list made of ordered rows: by command, by window, by chain, by call, or with repetitions folded. */
import type { ColumnStore, Columns } from './store.ts';
import { isFailure } from './vocabulary.ts';

export const GROUPINGS = ['none', 'call', 'command', 'window', 'chain'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Rows in the order in which they would stand without groups. */
export interface Ordered {
  readonly length: number;
  slotAt(index: number): number | undefined;
}

/** What stands above the rows of a group. */
export interface Group {
  /** what it is known by when lines are made anew: a number of the store's strings, or of a record */
  readonly key: string;
  /** the slot of a row that belongs to it */
  readonly sample: number;
  readonly count: number;
  readonly failures: number;
  readonly isOpen: boolean;
  /** where its rows stand among the members */
  readonly from: number;
}

/** All lines: a slot, or -1 - n for the n-th group. */
export interface Lines {
  readonly lines: Int32Array;
  readonly length: number;
  /** how far each is moved in; absent: not at all */
  readonly depths?: Uint8Array;
  /** how many rows stand under (or for) a row; absent: none */
  readonly nested?: Int32Array;
  /** of these, how many failed */
  readonly nestedFailures?: Int32Array;
  readonly groups: readonly Group[];
  /** slots, group by group */
  readonly members: Int32Array;
}

/** Whether what has a key was opened or closed by somebody, against what is usual. */
export type Toggled = ReadonlySet<string>;

const NOTHING = new Int32Array(0);
/** Repetitions within this time, in ms, become one line. */
const FOLD_WITHIN = 1000;

export function groupLines(store: ColumnStore, order: Ordered, grouping: Grouping, toggled: Toggled): Lines {
  if (grouping === 'call') return nestLines(store, order, toggled);
  return headedLines(store, order, keyOf(store, grouping), grouping === 'chain', toggled);
}

/** A number for each group; numbers of strings and records are below 2^32. */
function keyOf(store: ColumnStore, grouping: Grouping): (rows: Columns, at: number) => number {
  // Events and commands may have one name.
  if (grouping === 'command') return (rows, at) => (rows.name[at] ?? 0) * 16 + (rows.kind[at] ?? 0);
  if (grouping === 'window') return (rows, at) => (rows.app[at] ?? 0) * 2 ** 24 + (rows.window[at] ?? 0);
  return chainRoot(store);
}

const ownerOf = (rows: Columns, at: number) => rows.of[at] || rows.cause[at] || 0;

/** The record at which everything began that led to a row. */
function chainRoot(store: ColumnStore): (rows: Columns, at: number) => number {
  const known = new Map<number, number>();
  const next = (rows: Columns, at: number) => ownerOf(rows, at) || rows.replayOf[at] || 0;
  return (rows, at) => {
    const way: number[] = [];
    let id = rows.id[at] ?? 0;
    let owner = next(rows, at);
    // What brought a message about came before it; other numbers are somebody's joke, and might lead in a circle.
    while (owner !== 0 && owner < id) {
      const root = known.get(owner);
      way.push(id);
      id = root ?? owner;
      if (root !== undefined) break;
      owner = store.read(store.slotOf(owner), next) ?? 0;
    }
    for (const each of way) known.set(each, id);
    return id;
  };
}

function headedLines(
  store: ColumnStore,
  order: Ordered,
  key: (rows: Columns, at: number) => number,
  singlesAreBare: boolean,
  toggled: Toggled,
): Lines {
  const numbers = new Map<number, number>();
  const of = new Int32Array(order.length);
  const counts: number[] = [];
  const failures: number[] = [];
  const samples: number[] = [];
  for (let at = 0; at < order.length; at++) {
    const slot = order.slotAt(at) ?? -1;
    const value = store.read(slot, key) ?? 0;
    let number = numbers.get(value);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(value, number);
      counts.push(0);
      failures.push(0);
      samples.push(slot);
    }
    of[at] = number;
    counts[number] = (counts[number] ?? 0) + 1;
    if (store.test(slot, isFailure)) failures[number] = (failures[number] ?? 0) + 1;
  }
  let from = 0;
  const groups = [...numbers.keys()].map((value, number): Group => {
    const count = counts[number] ?? 0;
    const isBare = singlesAreBare && count === 1;
    const group = {
      key: String(value),
      sample: samples[number] ?? -1,
      count,
      failures: failures[number] ?? 0,
      isOpen: isBare || !toggled.has(String(value)),
      from,
    };
    from += count;
    return group;
  });
  const places = Int32Array.from(groups, (group) => group.from);
  const members = new Int32Array(order.length);
  for (let at = 0; at < order.length; at++) {
    const number = of[at] ?? 0;
    const place = places[number] ?? 0;
    members[place] = order.slotAt(at) ?? -1;
    places[number] = place + 1;
  }
  const lines = new Int32Array(order.length + groups.length);
  const depths = new Uint8Array(lines.length);
  let length = 0;
  for (const [number, group] of groups.entries()) {
    const isBare = singlesAreBare && group.count === 1;
    if (!isBare) lines[length++] = -1 - number;
    if (!group.isOpen) continue;
    lines.set(members.subarray(group.from, group.from + group.count), length);
    if (!isBare) depths.fill(1, length, length + group.count);
    length += group.count;
  }
  return { lines, length, depths, groups, members };
}

/** Each row below the one it belongs to: answers of channels, events and what they brought about below their call. */
function nestLines(store: ColumnStore, order: Ordered, toggled: Toggled): Lines {
  const count = order.length;
  const { start } = store;
  /** by slot: its place in the order, from 1 */
  const places = new Int32Array(store.length);
  for (let at = 0; at < count; at++) places[(order.slotAt(at) ?? 0) - start] = at + 1;

  const placeOfOwner = (slot: number): number => {
    let at = slot;
    for (;;) {
      const owner = store.read(at, ownerOf) ?? 0;
      const next = owner === 0 ? -1 : store.slotOf(owner);
      // Owners come first; other numbers might lead in a circle.
      if (next < 0 || next >= at) return -1;
      const place = places[next - start] ?? 0;
      if (place > 0) return place - 1;
      at = next;
    }
  };

  // Lists of children, in their order: the last one is put in first.
  const firstChild = new Int32Array(count).fill(-1);
  const nextSibling = new Int32Array(count).fill(-1);
  let firstRoot = -1;
  for (let at = count - 1; at >= 0; at--) {
    const owner = placeOfOwner(order.slotAt(at) ?? 0);
    if (owner < 0) {
      nextSibling[at] = firstRoot;
      firstRoot = at;
    } else {
      nextSibling[at] = firstChild[owner] ?? -1;
      firstChild[owner] = at;
    }
  }

  const walked = new Int32Array(count);
  const depths = new Uint8Array(count);
  const parents = new Int32Array(count);
  /** what is still to be walked: a place, its depth, and where its parent was put */
  const todo: [place: number, depth: number, parent: number][] = firstRoot < 0 ? [] : [[firstRoot, 0, -1]];
  let end = 0;
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [place, depth, parent] = next;
    const sibling = nextSibling[place] ?? -1;
    const child = firstChild[place] ?? -1;
    if (sibling >= 0) todo.push([sibling, depth, parent]);
    if (child >= 0) todo.push([child, Math.min(255, depth + 1), end]);
    parents[end] = parent;
    depths[end] = depth;
    walked[end++] = order.slotAt(place) ?? -1;
  }

  const nested = new Int32Array(count);
  const nestedFailures = new Int32Array(count);
  for (let at = count - 1; at >= 0; at--) {
    const parent = parents[at] ?? -1;
    if (parent < 0) continue;
    nested[parent] = (nested[parent] ?? 0) + (nested[at] ?? 0) + 1;
    const failed = store.test(walked[at] ?? -1, isFailure) ? 1 : 0;
    nestedFailures[parent] = (nestedFailures[parent] ?? 0) + (nestedFailures[at] ?? 0) + failed;
  }
  // What is closed is left out in place: lines only move to the front.
  let length = 0;
  for (let at = 0; at < count; length++) {
    const slot = walked[at] ?? -1;
    const below = nested[at] ?? 0;
    walked[length] = slot;
    depths[length] = depths[at] ?? 0;
    nested[length] = below;
    nestedFailures[length] = nestedFailures[at] ?? 0;
    at += 1 + (below > 0 && toggled.has(keyOfRow(store, slot)) ? below : 0);
  }
  return { lines: walked, length, depths, nested, nestedFailures, groups: [], members: NOTHING };
}

/** What the toggle of a row is known by. */
export const keyOfRow = (store: ColumnStore, slot: number) => String(store.read(slot, (rows, at) => rows.id[at]) ?? 0);

/** Calls that are the same and follow each other within a second become one line, until somebody opens it. */
export function foldLines(store: ColumnStore, order: Ordered, toggled: Toggled): Lines {
  const count = order.length;
  const lines = new Int32Array(count);
  const depths = new Uint8Array(count);
  const nested = new Int32Array(count);
  let length = 0;
  for (let at = 0; at < count; ) {
    const head = order.slotAt(at) ?? -1;
    const like = store.read(head, signature);
    let end = at + 1;
    while (end < count && isRepetition(like, store.read(order.slotAt(end) ?? -1, signature))) end++;
    const others = end - at - 1;
    lines[length] = head;
    nested[length++] = others;
    if (others > 0 && toggled.has(keyOfRow(store, head))) {
      for (let each = at + 1; each < end; each++) {
        depths[length] = 1;
        lines[length++] = order.slotAt(each) ?? -1;
      }
    }
    at = end;
  }
  return { lines, length, depths, nested, groups: [], members: NOTHING };
}

interface Signature {
  readonly same: string;
  readonly time: number;
}

function signature(rows: Columns, at: number): Signature | undefined {
  if (rows.kind[at] !== 0) return undefined;
  const parts = [rows.app[at], rows.window[at], rows.name[at], rows.status[at], rows.preview[at]];
  return { same: parts.join(' '), time: rows.time[at] ?? 0 };
}

const isRepetition = (first: Signature | undefined, next: Signature | undefined) =>
  first !== undefined && next?.same === first.same && Math.abs(next.time - first.time) <= FOLD_WITHIN;
