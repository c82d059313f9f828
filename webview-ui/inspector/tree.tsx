import { useEffect, useReducer, useState } from 'preact/hooks';
import { ExactNumber } from './json.ts';
import { isObject, type JsonTree, summary, type TreeLine, valueText } from './jsonTree.ts';
import { Icon } from './icon.tsx';
import { CHANNEL_TOKEN } from './inspector.ts';
import { useScroller, VirtualRows } from './virtualRows.tsx';

const LINE_HEIGHT = 20;

interface TreeProps {
  readonly tree: JsonTree;
  readonly onCopy: (text: string) => void;
  /** the row of a channel whose token stands in the value */
  readonly channelRow: (token: string) => number | undefined;
  readonly onGoTo: (id: number) => void;
}

/** The keyboard is that of the ARIA tree pattern; Ctrl+C copies the value, Ctrl+Shift+C its path. */
export function TreeView({ tree, onCopy, channelRow, onGoTo }: TreeProps) {
  const [active, setActive] = useState(0);
  const [hovered, setHovered] = useState(-1);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const scroller = useScroller(LINE_HEIGHT);
  const { viewport } = scroller;
  useEffect(() => setActive(0), [tree]);

  const { lines } = tree;
  const at = Math.min(active, lines.length - 1);
  const go = (index: number) => {
    const next = Math.min(Math.max(0, index), lines.length - 1);
    viewport.count = lines.length;
    viewport.reveal(next);
    setActive(next);
  };
  const toggle = (index: number) => {
    tree.toggle(index);
    redraw(0);
  };
  const copyValue = (index: number) => onCopy(valueText(lines[index]?.value));
  const copyPath = (index: number) => onCopy(tree.pathText(index));

  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[at];
    if (!line || event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    const keys: Readonly<Record<string, () => void>> = control
      ? { c: () => copyValue(at), C: () => copyPath(at) }
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
            const row = typeof line.value === 'string' ? channelRow(line.value) : undefined;
            if (row === undefined) toggle(at);
            else onGoTo(row);
          },
          ' ': () => toggle(at),
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
          <span class={line.range ? 'tree-range' : 'tree-key'}>{line.label}</span>
          {line.range === undefined && <span class="punctuation">: </span>}
          {line.range === undefined && <Value line={line} channelRow={channelRow} onGoTo={onGoTo} />}
          {(index === at || index === hovered) && line.range === undefined && (
            // Not in the tab order: the keys do the same.
            <span class="tree-actions">
              <button
                type="button"
                tabIndex={-1}
                title={`${tree.pathText(index)} (Ctrl+Shift+C)`}
                onClick={() => copyPath(index)}
              >
                Copy path
              </button>
              <button type="button" tabIndex={-1} title="Ctrl+C" onClick={() => copyValue(index)}>
                Copy value
              </button>
            </span>
          )}
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

interface ValueProps {
  readonly line: TreeLine;
  readonly channelRow: (token: string) => number | undefined;
  readonly onGoTo: (id: number) => void;
}

function Value({ line, channelRow, onGoTo }: ValueProps) {
  const { value } = line;
  if (typeof value === 'string' && CHANNEL_TOKEN.test(value)) {
    const row = channelRow(value);
    return (
      <>
        <span class="value-channel">
          <Icon name="radio-tower" /> {value}
        </span>
        {row !== undefined && (
          // Not in the tab order: in the tree Enter goes there.
          <button type="button" class="link" tabIndex={-1} onClick={() => onGoTo(row)}>
            #{row}
          </button>
        )}
      </>
    );
  }
  if (isObject(value)) {
    if (line.isOpen)
      return <span class="faint">{Array.isArray(value) ? `(${value.length.toLocaleString('en-US')})` : ''}</span>;
    return <span class="value-inside">{summary(value)}</span>;
  }
  return <span class={`value-${valueClass(value)}`}>{summary(value)}</span>;
}

function valueClass(value: unknown): string {
  if (value instanceof ExactNumber) return 'number';
  return value === null ? 'null' : typeof value;
}
