/** The order of declarations: each after those that it speaks of, and which of them speak of themselves. */

export interface Order<T> {
  readonly sorted: readonly T[];
  readonly recursive: ReadonlySet<string>;
}

interface Node {
  readonly name: string;
  readonly refersTo: readonly string[];
}

/** Strongly connected components as Tarjan finds them. */
export function inOrder<T extends Node>(nodes: readonly T[]): Order<T> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: T[] = [];
  const open = new Set<string>();
  const sorted: T[] = [];
  const recursive = new Set<string>();
  const visit = (node: T): void => {
    index.set(node.name, index.size);
    low.set(node.name, index.size - 1);
    stack.push(node);
    open.add(node.name);
    for (const name of node.refersTo) {
      const next = byName.get(name);
      if (!next) continue;
      if (!index.has(name)) visit(next);
      if (open.has(name)) low.set(node.name, Math.min(low.get(node.name) ?? 0, low.get(name) ?? 0));
    }
    if (low.get(node.name) !== index.get(node.name)) return;
    const group = stack.splice(stack.indexOf(node));
    for (const { name } of group) open.delete(name);
    if (group.length > 1 || node.refersTo.includes(node.name)) for (const { name } of group) recursive.add(name);
    sorted.push(...group.reverse());
  };
  for (const node of nodes) if (!index.has(node.name)) visit(node);
  return { sorted, recursive };
}
