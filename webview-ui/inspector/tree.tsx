import { useReducer, useState } from 'preact/hooks';
import { PATH_ROOTS } from '#core/filter/ast.ts';
import { findInValue, useFind } from './payloadFind.ts';
import { formatCount } from './format.ts';
import { ExactNumber } from './json.ts';
import { isObject, type JsonTree, type PathPart, summary, type TreeLine, valueText } from './jsonTree.ts';
import { Icon } from './icon.tsx';
import { CHANNEL_TOKEN, type Link } from './links.ts';
import { marked } from './marked.tsx';
import type { Payloads } from './payloads.ts';
import { useScroller, VirtualRows } from './virtualRows.tsx';

const LINE_HEIGHT = 20;

interface TreeProps {
  readonly payloads: Payloads;
  readonly tree: JsonTree;
  /** what is found is marked */
  readonly pattern: RegExp | undefined;
  readonly onCopy: (text: string) => void;
  /** the record that a value stands for */
  readonly linkOf: (path: readonly PathPart[], value: unknown) => Link | undefined;
  readonly onGoTo: (id: number) => void;
}

/** What can be done with a line, and its key in the tree. */
interface LineAction {
  readonly icon: string;
  readonly label: string;
  readonly run: () => void;
}

/** The keyboard is that of the ARIA tree pattern; Ctrl+C copies the value, Ctrl+Shift+C its path. */
export function TreeView({ payloads, tree, pattern, onCopy, linkOf, onGoTo }: TreeProps) {
  const [hovered, setHovered] = useState(-1);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const scroller = useScroller(LINE_HEIGHT);
  const { viewport } = scroller;
  const { actions } = payloads;

  const { lines } = tree;
  const at = Math.min(tree.active, lines.length - 1);
  const setActive = (index: number) => {
    tree.active = index;
    redraw(0);
  };
  const go = (index: number, where?: 'center') => {
    const next = Math.min(Math.max(0, index), lines.length - 1);
    viewport.count = lines.length;
    viewport.reveal(next, where);
    setActive(next);
  };
  useFind(
    payloads,
    tree,
    (wanted) => findInValue(tree.value, wanted),
    (path) => go(tree.reveal(path), 'center'),
  );
  const toggle = (index: number) => {
    tree.toggle(index);
    redraw(0);
  };
  const actionsOf = (index: number): Readonly<Record<string, LineAction>> => {
    const line = lines[index];
    if (!line || line.range || line.isCut) return {};
    const path = tree.pathText(index);
    const text = line.isText ? line.label : undefined;
    const copyValue = { icon: 'copy', label: 'Copy value (Ctrl+C)', run: () => onCopy(text ?? valueText(line.value)) };
    if (line.isText) return { c: copyValue };
    const { addColumn, filterBy } = actions;
    const { value } = line;
    // Of the whole message as one JSON there are neither columns nor terms.
    const root = PATH_ROOTS.find((each) => each === tree.root);
    return {
      c: copyValue,
      C: { icon: 'bracket-dot', label: `Copy path (Ctrl+Shift+C): ${path}`, run: () => onCopy(path) },
      ...(filterBy &&
        root &&
        !(value instanceof ExactNumber) && {
          f: { icon: 'filter', label: 'Filter by this value (f)', run: () => filterBy(root, line.path, value) },
        }),
      ...(addColumn &&
        root &&
        line.path.length > 0 && { a: { icon: 'table', label: 'Add as column (a)', run: () => addColumn(path) } }),
    };
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[at];
    if (!line || event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    const { c, C, f, a } = actionsOf(at);
    const keys: Readonly<Record<string, (() => void) | undefined>> = control
      ? { c: c?.run, C: C?.run }
      : {
          ArrowDown: () => go(at + 1),
          ArrowUp: () => go(at - 1),
          PageDown: () => go(at + viewport.page),
          PageUp: () => go(at - viewport.page),
          Home: () => go(0),
          End: () => go(lines.length - 1),
          ArrowRight: () => (line.isExpandable && !line.isOpen ? toggle(at) : line.isOpen && go(at + 1)),
          ArrowLeft: () => (line.isOpen ? toggle(at) : go(tree.parentOf(at))),
          Enter: () => {
            const link = line.isText ? undefined : linkOf(line.path, line.value);
            if (link) onGoTo(link.id);
            else toggle(at);
          },
          ' ': () => toggle(at),
          // All that stand beside it, as the ARIA pattern has it.
          '*': () => {
            tree.openSiblings(at);
            redraw(0);
          },
          f: f?.run,
          a: a?.run,
        };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };

  const row = (index: number) => {
    const line = lines[index];
    return (
      line && (
        <div
          key={index}
          id={`tree-${index}`}
          class="tree-line"
          role="treeitem"
          aria-level={line.depth + 1}
          aria-posinset={line.position}
          aria-setsize={line.siblings}
          aria-expanded={line.isExpandable ? line.isOpen : undefined}
          aria-selected={index === at}
          style={{ paddingInlineStart: `${line.depth * 14 + 4}px` }}
          onPointerDown={() => setActive(index)}
          onPointerEnter={() => setHovered(index)}
          onClick={(event) => {
            if (event.target instanceof Element && event.target.closest('.twistie')) toggle(index);
          }}
          onDblClick={() => line.isExpandable && toggle(index)}
        >
          <Icon
            name={line.isOpen ? 'chevron-down' : 'chevron-right'}
            class={line.isExpandable ? 'twistie' : 'twistie none'}
          />
          <LineContent line={line} tree={tree} pattern={pattern} linkOf={linkOf} onGoTo={onGoTo} />
          {(index === at || index === hovered) && <LineActions actions={Object.values(actionsOf(index))} />}
        </div>
      )
    );
  };
  const span = viewport.span(6);
  return (
    <div class="tree">
      <div
        class="scroll-box"
        role="tree"
        aria-label="Value"
        tabIndex={0}
        aria-activedescendant={at >= span.first && at < span.last ? `tree-${at}` : undefined}
        ref={scroller.boxRef}
        onKeyDown={onKeyDown}
        onPointerLeave={() => setHovered(-1)}
      >
        <VirtualRows scroller={scroller} count={lines.length} row={row} role="none" />
      </div>
    </div>
  );
}

/** Not in the tab order: the keys do the same. */
function LineActions({ actions }: { readonly actions: readonly LineAction[] }) {
  return (
    <span class="tree-actions">
      {actions.map(({ icon, label, run }) => (
        <button key={icon} type="button" tabIndex={-1} title={label} aria-label={label} onClick={run}>
          <Icon name={icon} />
        </button>
      ))}
    </span>
  );
}

type LineProps = Pick<TreeProps, 'tree' | 'pattern' | 'linkOf' | 'onGoTo'> & { readonly line: TreeLine };

function LineContent({ line, tree, pattern, linkOf, onGoTo }: LineProps) {
  if (line.isCut) return <span class="tree-cut">{line.label}</span>;
  if (line.range) return <span class="tree-range">{line.label}</span>;
  if (line.isText) {
    return <span class="value-string">{marked(line.label, pattern)}</span>;
  }
  const link = linkOf(line.path, line.value);
  return (
    <>
      <span class="tree-key">{marked(line.label, pattern)}</span>
      <span class="punctuation">: </span>
      <Value line={line} pattern={pattern} isCut={tree.isCut(line.value)} />
      {link && (
        // Not in the tab order: in the tree Enter goes there.
        <button
          type="button"
          class="link"
          tabIndex={-1}
          title={`Go to ${link.title} (Enter)`}
          onClick={() => onGoTo(link.id)}
        >
          #{link.id}
        </button>
      )}
    </>
  );
}

function Value({ line, pattern, isCut }: Pick<LineProps, 'line' | 'pattern'> & { readonly isCut: boolean }) {
  const { value } = line;
  if (typeof value === 'string' && CHANNEL_TOKEN.test(value)) {
    return (
      <span class="value-channel">
        <Icon name="radio-tower" /> {value}
      </span>
    );
  }
  if (isObject(value)) {
    const more = isCut ? <span class="tree-cut"> and more</span> : undefined;
    if (line.isOpen) {
      return (
        <span class="faint">
          {Array.isArray(value) ? `(${formatCount(value.length)})` : ''}
          {more}
        </span>
      );
    }
    return (
      <span class="value-inside">
        {marked(summary(value), pattern)}
        {more}
      </span>
    );
  }
  return (
    <span class={`value-${valueClass(value)}`}>
      {marked(line.isOpen ? `(${formatCount(String(value).length)} characters)` : summary(value), pattern)}
    </span>
  );
}

function valueClass(value: unknown): string {
  if (value instanceof ExactNumber) return 'number';
  return value === null ? 'null' : typeof value;
}
