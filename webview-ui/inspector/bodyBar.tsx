import { IconButton } from './icon.tsx';
import type { Mode } from './payloads.ts';
import type { JsonTable } from './jsonTable.ts';

interface BodyBarProps {
  readonly modes: readonly Mode[];
  readonly mode: Mode;
  readonly onMode: (mode: Mode) => void;
  readonly facts: string;
  /** the lists that may be shown as a table, and the one that is */
  readonly tables:
    | {
        readonly tables: readonly JsonTable[];
        readonly table: JsonTable | undefined;
        readonly setTable: (table: JsonTable) => void;
      }
    | undefined;
  readonly onFind: (() => void) | undefined;
  readonly onCompare: (() => void) | undefined;
  readonly onCopy: (() => void) | undefined;
  readonly onOpen: () => void;
}

/** Above a payload: how it is shown, what it is, what can be done with it. */
export function BodyBar(props: BodyBarProps) {
  const { modes, mode, onMode, facts, tables, onFind, onCompare, onCopy, onOpen } = props;
  return (
    <div class="body-bar">
      {modes.length > 1 && (
        <span class="modes" role="group" aria-label="View as">
          {modes.map((candidate) => (
            <button
              key={candidate}
              type="button"
              class="mode"
              aria-pressed={candidate === mode}
              onClick={() => onMode(candidate)}
            >
              {candidate}
            </button>
          ))}
        </span>
      )}
      {tables && <TableChoice {...tables} />}
      <span class="faint body-facts" title={facts}>
        {facts}
      </span>
      {onFind && <IconButton icon="search" label="Find in this payload (Ctrl+F)" onClick={onFind} />}
      {onCompare && <IconButton icon="diff" label="Compare with the previous one of this name" onClick={onCompare} />}
      {onCopy && <IconButton icon="copy" label="Copy all of it" onClick={onCopy} />}
      <IconButton icon="go-to-file" label="Open in an editor" onClick={onOpen} />
    </div>
  );
}

function TableChoice({ tables, table, setTable }: NonNullable<BodyBarProps['tables']>) {
  if (!table) return null;
  if (tables.length === 1) return <code class="table-title">{table.title}</code>;
  return (
    <select
      class="table-choice"
      aria-label="List"
      value={table.title}
      onChange={({ currentTarget }) => {
        const chosen = tables[currentTarget.selectedIndex];
        if (chosen) setTable(chosen);
      }}
    >
      {tables.map(({ title, rows }) => (
        <option key={title} value={title}>
          {title} ({rows.length})
        </option>
      ))}
    </select>
  );
}
