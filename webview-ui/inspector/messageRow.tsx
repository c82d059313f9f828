import { Component } from 'preact';
import { annotatedColumn, Annotations, type CellContext, cellOf } from './cells.tsx';
import type { Column } from './columns.ts';
import { formatCount } from './format.ts';
import { Icon } from './icon.tsx';
import { classOf } from './listHeader.tsx';
import { NoteEditor } from './noteEditor.tsx';
import type { Row } from '#core/inspector-messages.ts';

interface RowProps extends Omit<CellContext, 'texts'> {
  readonly row: Row;
  /** among the lines, counted from the first there ever was */
  readonly place: number;
  readonly isSelected: boolean;
  /** of several that are selected, the one whose details are shown */
  readonly isLead: boolean;
  readonly columns: readonly Column[];
  /** texts of columns that show a path, as JSON: so that one comparison tells whether they changed */
  readonly texts: string;
  /** rows are nested or folded somewhere: this one leaves room for the sign */
  readonly isTree: boolean;
  readonly depth: number;
  readonly nested: number;
  readonly nestedFailures: number;
  readonly isOpen: boolean;
  /** the rows below stand for repetitions of this one */
  readonly isFold: boolean;
  /** the note is being written: what to do with it */
  readonly onNote: ((comment: string | undefined) => void) | undefined;
}

/** A class, so that a frame that brings three rows draws three rows and not all in sight. */
export class MessageRow extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const { row: oldRow, ...oldRest } = this.props;
    const { row: newRow, ...newRest } = next;
    return !isShallowEqual(oldRest, newRest) || !isShallowEqual(oldRow, newRow);
  }

  override render(props: RowProps) {
    const { row, place, isSelected, isLead, columns, nested, onNote } = props;
    const annotated = annotatedColumn(columns);
    const isAnnotated = row.marked === true || row.comment !== undefined;
    const context: CellContext = { ...props, texts: props.texts === '' ? {} : JSON.parse(props.texts) };
    return (
      <div
        class={`row status-${row.status} kind-${row.kind} ${isLead ? 'lead' : ''}`}
        role="row"
        id={`row-${row.id}`}
        data-id={row.id}
        data-odd={place % 2 === 1}
        aria-rowindex={place + 2}
        aria-selected={isSelected}
        aria-expanded={nested > 0 ? props.isOpen : undefined}
        aria-level={props.isTree ? props.depth + 1 : undefined}
      >
        {columns.map((column, at) => {
          const { content, label, title, class: more } = cellOf(column, row, context);
          return (
            <div
              key={column.id}
              class={`cell cell-${classOf(column)} ${more ?? ''}`}
              role="gridcell"
              aria-colindex={at + 1}
              aria-label={label}
              title={title}
            >
              {[
                column.id === 'name' && props.isTree && <Nesting key="nesting" {...props} />,
                isAnnotated && at === annotated && <Annotations key="annotations" row={row} />,
                ...(content ?? []),
              ]}
            </div>
          );
        })}
        {onNote && <NoteEditor comment={row.comment ?? ''} onDone={onNote} />}
      </div>
    );
  }
}

/** How far the row is moved in, and the sign that opens and closes what is below. */
function Nesting({ depth, nested, nestedFailures, isOpen, isFold }: RowProps) {
  return (
    <>
      <span
        class={`codicon twistie ${nested === 0 ? 'none' : `codicon-chevron-${isOpen ? 'down' : 'right'}`}`}
        data-twistie={nested > 0}
        aria-hidden="true"
        style={{ marginInlineStart: `${Math.min(depth, 8) * 12}px` }}
      />
      {nested > 0 && (
        <span class={`nested ${nestedFailures > 0 ? 'failed' : ''}`}>
          {nestedFailures > 0 && <Icon name="error" />}
          <span aria-hidden="true">{isFold ? `×${formatCount(nested + 1)}` : formatCount(nested)}</span>
          <span class="for-readers">
            {isFold ? `${formatCount(nested + 1)} times: ` : `${formatCount(nested)} below`}
            {nestedFailures > 0 && `, ${formatCount(nestedFailures)} failed`}{' '}
          </span>
        </span>
      )}
    </>
  );
}

function isShallowEqual(one: object, other: object): boolean {
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length &&
    entries.every(([key, value]) => Object.is(value, (other as Readonly<Record<string, unknown>>)[key]))
  );
}
