import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Detail, SlicePart } from '#core/inspector-messages.ts';
import { BodyBar } from './bodyBar.tsx';
import { PayloadFindBar } from './payloadFindBar.tsx';
import { formatCount, formatSize } from './format.ts';
import { HexView } from './hex.tsx';
import { ImageView } from './image.tsx';
import type { Inspector } from './inspector.ts';
import { PlainText, TextLines } from './jsonText.tsx';
import type { PathPart } from './jsonTree.ts';
import { Links } from './links.ts';
import { bytesOfArray, looksOf, type Payload, SlicedBytes, WHOLE_BYTES } from './payload.ts';
import type { ChosenModes, Mode } from './payloads.ts';
import { type JsonTable, tablesIn } from './jsonTable.ts';
import { TableView } from './table.tsx';
import { TreeView } from './tree.tsx';

interface BodyProps {
  readonly inspector: Inspector;
  readonly id: number;
  readonly part: SlicePart;
  readonly detail: Detail;
  readonly payload: Payload;
  /** the name that paths begin with */
  readonly root: string;
  /** what to say when there is nothing */
  readonly absent: string;
}

type JsonPayload = Payload & { readonly kind: 'json' };
type BytesPayload = Payload & { readonly kind: 'bytes' };

/** One body: as a tree, a table, text, bytes or a picture, whichever it can be. */
export function BodyView(props: BodyProps) {
  const { payload, absent } = props;
  switch (payload.kind) {
    case 'none':
      return <p class="waiting">{absent}</p>;
    case 'dropped':
      return <p class="waiting">Not kept: the recorder's budget for bodies was used up.</p>;
    case 'json':
      return <JsonBody {...props} payload={payload} />;
    case 'bytes':
      return <BytesBody {...props} payload={payload} />;
  }
}

function JsonBody(props: BodyProps & { readonly payload: JsonPayload }) {
  const { inspector, id, part, payload, root } = props;
  const { payloads } = inspector;
  const json = useJson(inspector, payload, root);
  useEffect(() => payloads.look(id, part, payload), [payloads, id, part, payload]);
  const { parsed } = json;
  const bytes = useMemo(() => {
    const found = parsed?.cut.size === 0 ? bytesOfArray(parsed.value) : undefined;
    return found && SlicedBytes.of(found);
  }, [parsed]);
  const looks = useMemo(() => bytes && looksOf(bytes), [bytes]);
  const modes: readonly Mode[] = [
    'Tree',
    ...(json.tables.length > 0 ? (['Table'] as const) : []),
    'Text',
    ...(bytes ? (['Hex'] as const) : []),
    ...(looks?.image ? (['Image'] as const) : []),
  ];
  const mode = useMode(inspector, 'json', modes);
  const size = formatSize(payload.size);
  return (
    <Frame
      {...props}
      modes={modes}
      mode={mode}
      kind="json"
      facts={bytes ? `${size}, an array of bytes${looks ? `, looks like ${looks.name}` : ''}` : size}
      tables={mode === 'Table' ? json : undefined}
      onCopy={() => payloads.copy(id, part, payload)}
    >
      {payload.truncated && <Truncated {...props} />}
      {mode === 'Hex' || mode === 'Image' ? (
        bytes && <BytesMode {...props} mode={mode} bytes={bytes} />
      ) : (
        <JsonMode {...props} json={json} mode={mode} />
      )}
    </Frame>
  );
}

function BytesBody(props: BodyProps & { readonly payload: BytesPayload }) {
  const { inspector, id, part, payload, root } = props;
  const { payloads } = inspector;
  const { bytes } = payload;
  const looks = useMemo(() => looksOf(bytes), [bytes]);
  const canBeText = bytes.size <= WHOLE_BYTES;
  const isJson = looks?.ending === 'json' && canBeText;
  const isText = (looks?.ending === 'txt' && canBeText) || isJson;
  const modes: readonly Mode[] = [
    ...(looks?.image && canBeText ? (['Image'] as const) : []),
    ...(isJson ? (['Tree', 'Text'] as const) : []),
    ...(isText && !isJson ? (['Text'] as const) : []),
    'Hex',
  ];
  const mode = useMode(inspector, 'bytes', modes);
  const needsAll = mode === 'Tree' || mode === 'Text';
  const isWhole = bytes.isWhole;
  useEffect(() => {
    if (needsAll && !isWhole) payloads.loadBytes(id, part, bytes);
  }, [payloads, id, part, bytes, needsAll, isWhole]);
  const text = useMemo(
    () => (needsAll && isWhole ? new TextDecoder().decode(bytes.take(0, bytes.size)) : ''),
    [bytes, needsAll, isWhole],
  );
  return (
    <Frame
      {...props}
      modes={modes}
      mode={mode}
      kind="bytes"
      facts={`${formatCount(bytes.size)} bytes${looks ? `, looks like ${looks.name}` : ''}`}
      onCopy={needsAll && isWhole ? () => inspector.copy(text) : undefined}
    >
      {needsAll && !isWhole ? (
        <p class="waiting">Loading…</p>
      ) : isJson && needsAll ? (
        <JsonOfText {...props} text={text} root={root} mode={mode} />
      ) : mode === 'Text' ? (
        <PlainText payloads={payloads} text={text} label="Text" pattern={patternOf(inspector)} />
      ) : (
        <BytesMode {...props} mode={mode} bytes={bytes} />
      )}
    </Frame>
  );
}

/** Bytes that are JSON as text: read like JSON that came as such. */
function JsonOfText(props: BodyProps & { readonly text: string; readonly mode: Mode }) {
  const { inspector, text, root, mode } = props;
  const payload = useMemo((): JsonPayload => ({ kind: 'json', text, size: text.length, truncated: false }), [text]);
  return <JsonMode {...props} json={useJson(inspector, payload, root)} mode={mode} />;
}

type Json = ReturnType<typeof useJson>;

/** What is made of a JSON text, in steps where it is long. */
function useJson(inspector: Inspector, payload: JsonPayload, root: string) {
  const views = inspector.payloads.views(payload);
  useLayoutEffect(() => views.read(), [views]);
  const parsed = views.parsed.value;
  const tables = useMemo(() => (parsed ? tablesIn(parsed.value, root) : []), [parsed, root]);
  const [wanted, setWanted] = useState('');
  const table = tables.find(({ title }) => title === wanted) ?? tables[0];
  return { views, parsed, tables, table, setTable: (chosen: JsonTable) => setWanted(chosen.title) };
}

type JsonModeProps = BodyProps & { readonly json: Json; readonly mode: Mode };

function JsonMode({ inspector, id, part, detail, root, json, mode }: JsonModeProps) {
  const { payloads } = inspector;
  const { views, parsed, table } = json;
  const links = useMemo(() => new Links(inspector.store, detail), [inspector, detail]);
  const pattern = patternOf(inspector);
  const lineCount = views.lineCount.value;
  useLayoutEffect(() => (mode === 'Text' ? views.layOut() : undefined), [views, mode]);
  const copy = (text: string) => inspector.copy(text);
  if (mode === 'Text') {
    return (
      <TextLines
        payloads={payloads}
        lines={views.lines}
        count={lineCount}
        label="JSON text"
        pattern={pattern}
        found={part === 'raw' ? undefined : inspector.finding.at(id, part)}
        isJson
      />
    );
  }
  if (!parsed) return <p class="waiting">Reading…</p>;
  if (mode === 'Table' && table) {
    const open = (path: readonly PathPart[]) => {
      const tree = views.tree(root);
      tree.active = tree.reveal(path);
      tree.open(tree.active);
      payloads.setMode('json', 'Tree');
    };
    return (
      <TableView key={table.title} payloads={payloads} table={table} pattern={pattern} onCopy={copy} onOpen={open} />
    );
  }
  return (
    <TreeView
      key={id}
      payloads={payloads}
      tree={views.tree(root)}
      pattern={pattern}
      onCopy={copy}
      linkOf={(path, value) => links.find(root, path, value)}
      onGoTo={(row) => inspector.goTo(row)}
    />
  );
}

function BytesMode({
  inspector,
  id,
  part,
  mode,
  bytes,
}: BodyProps & { readonly mode: Mode; readonly bytes: SlicedBytes }) {
  const { payloads } = inspector;
  const loadAll = () => payloads.loadBytes(id, part, bytes);
  const looks = looksOf(bytes);
  if (mode === 'Image' && looks?.image) {
    return <ImageView bytes={bytes} type={looks.image} name={looks.name} onLoad={loadAll} />;
  }
  return (
    <HexView
      payloads={payloads}
      bytes={bytes}
      pattern={patternOf(inspector)}
      onWant={(offset) => payloads.loadSlice(id, part, offset)}
      onWantAll={loadAll}
    />
  );
}

/** What is searched here is marked; without a search, what the list is filtered by. */
function patternOf(inspector: Inspector): RegExp | undefined {
  return inspector.payloads.find.pattern.value ?? inspector.highlight.value;
}

/** The mode that was chosen last, where this payload has it. */
function useMode(inspector: Inspector, kind: keyof ChosenModes, modes: readonly Mode[]): Mode {
  const wanted = inspector.payloads.modes.value[kind];
  return modes.find((mode) => mode === wanted) ?? modes[0] ?? 'Text';
}

function Truncated({ inspector, id, part, payload }: BodyProps) {
  const { payloads } = inspector;
  const loaded = payloads.loading.value.get(part);
  if (payload.kind !== 'json') return null;
  const size = formatSize(payload.size);
  return (
    <p class="truncated" role="status">
      {loaded === undefined ? (
        <>
          Only the first {formatSize(payload.text.length)} of {size} are here.
          <button type="button" class="button secondary small" onClick={() => payloads.loadAll(id, part, payload)}>
            Load all
          </button>
        </>
      ) : (
        `Loading: ${formatSize(loaded)} of ${size} …`
      )}
    </p>
  );
}

interface FrameProps extends BodyProps {
  readonly modes: readonly Mode[];
  readonly mode: Mode;
  readonly kind: keyof ChosenModes;
  readonly facts: string;
  readonly tables?: Json | undefined;
  readonly onCopy?: (() => void) | undefined;
  readonly children: ComponentChildren;
}

/** The bar, the field for searching, and what is shown. */
function Frame({ inspector, id, part, modes, mode, kind, facts, tables, onCopy, children }: FrameProps) {
  const { payloads } = inspector;
  const box = useRef<HTMLDivElement>(null);
  const isFinding = payloads.find.isOpen.value;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'f' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    payloads.find.open();
  };
  return (
    <div class="body" ref={box} onKeyDown={onKeyDown}>
      <BodyBar
        modes={modes}
        mode={mode}
        onMode={(chosen) => payloads.setMode(kind, chosen)}
        facts={facts}
        tables={tables}
        onFind={mode === 'Image' ? undefined : () => payloads.find.open()}
        onCompare={part === 'raw' ? undefined : () => inspector.diff([id], part)}
        onCopy={onCopy}
        onOpen={() => inspector.openInEditor(id, part)}
      />
      {isFinding && mode !== 'Image' && (
        <PayloadFindBar
          find={payloads.find}
          onLeave={() => box.current?.querySelector<HTMLElement>('.scroll-box')?.focus()}
        />
      )}
      {children}
    </div>
  );
}
