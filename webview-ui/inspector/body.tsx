import { useMemo, useState } from 'preact/hooks';
import { formatSize } from './format.ts';
import { HexView } from './hex.tsx';
import { IconButton } from './icon.tsx';
import type { Inspector, Mode, Part } from './inspector.ts';
import { JsonText } from './jsonText.tsx';
import { parseJson } from './json.ts';
import { JsonTree } from './jsonTree.ts';
import { bytesOfArray, type Payload, SLICE_BYTES, SlicedBytes, sniff } from './payload.ts';
import { TreeView } from './tree.tsx';

interface BodyProps {
  readonly inspector: Inspector;
  readonly id: number;
  readonly part: Part;
  readonly payload: Payload;
  /** the name that paths begin with */
  readonly root: string;
  /** what to say when there is nothing */
  readonly absent: string;
}

/** One body: as a tree, as text, as bytes, whichever it can be. */
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

function JsonBody({
  inspector,
  id,
  part,
  payload,
  root,
}: BodyProps & { readonly payload: Payload & { kind: 'json' } }) {
  const { text, truncated } = payload;
  const value = useMemo(() => (truncated ? undefined : { of: readJson(text) }), [text, truncated]);
  const tree = useMemo(() => value && new JsonTree(value.of, root), [value, root]);
  const bytes = useMemo(() => value && bytesOfArray(value.of), [value]);
  const wanted = inspector.mode.value;
  const modes: readonly Mode[] = tree ? (bytes ? ['Tree', 'Text', 'Hex'] : ['Tree', 'Text']) : ['Text'];
  const mode = modes.includes(wanted) ? wanted : (modes[0] ?? 'Text');
  const sliced = useMemo(() => bytes && SlicedBytes.of(bytes), [bytes]);
  return (
    <div class="body">
      <BodyBar
        modes={modes}
        mode={mode}
        onMode={(chosen) => (inspector.mode.value = chosen)}
        facts={bytes ? `${formatSize(payload.size)}, an array of bytes` : formatSize(payload.size)}
        onCopy={() => inspector.copy(text)}
        onOpen={() => inspector.openInEditor(id, part)}
      />
      {truncated && (
        <p class="truncated">
          Only the first {formatSize(text.length)} of {formatSize(payload.size)} are here.
          <button
            type="button"
            class="button secondary small"
            onClick={() => inspector.loadAll(id, part, payload.size)}
          >
            Load all
          </button>
        </p>
      )}
      {mode === 'Tree' && tree && (
        <TreeView
          tree={tree}
          onCopy={(copied) => inspector.copy(copied)}
          onGoTo={(row) => inspector.goTo(row)}
          channelRow={(token) => inspector.findChannel(id, token)}
        />
      )}
      {mode === 'Text' && <JsonText json={text} find={inspector.finding.at(id, part)} />}
      {mode === 'Hex' && sliced && <HexView bytes={sliced} onWant={() => {}} />}
    </div>
  );
}

function BytesBody({ inspector, id, part, payload }: BodyProps & { readonly payload: Payload & { kind: 'bytes' } }) {
  const { bytes } = payload;
  const looksLike = useMemo(() => sniff(bytes), [bytes]);
  const [mode, setMode] = useState<Mode>('Hex');
  const modes: readonly Mode[] = looksLike === 'UTF-8 text' && bytes.isWhole ? ['Hex', 'Text'] : ['Hex'];
  const text = useMemo(
    () => (mode === 'Text' ? new TextDecoder().decode(bytes.take(0, bytes.size)) : ''),
    [mode, bytes],
  );
  return (
    <div class="body">
      <BodyBar
        modes={modes}
        mode={mode}
        onMode={setMode}
        facts={`${bytes.size.toLocaleString('en-US')} bytes${looksLike === undefined ? '' : `, looks like ${looksLike}`}`}
        onOpen={() => inspector.openInEditor(id, part)}
      />
      {mode === 'Text' ? (
        <pre class="stack" tabIndex={0}>
          {text}
        </pre>
      ) : (
        <HexView bytes={bytes} onWant={(offset) => inspector.loadSlice(id, part, offset, SLICE_BYTES)} />
      )}
    </div>
  );
}

interface BodyBarProps {
  readonly modes: readonly Mode[];
  readonly mode: Mode;
  readonly onMode: (mode: Mode) => void;
  readonly facts: string;
  readonly onCopy?: () => void;
  readonly onOpen: () => void;
}

function BodyBar({ modes, mode, onMode, facts, onCopy, onOpen }: BodyBarProps) {
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
      <span class="faint body-facts">{facts}</span>
      {onCopy && <IconButton icon="copy" label="Copy as JSON" onClick={onCopy} />}
      <IconButton icon="go-to-file" label="Open in an editor" onClick={onOpen} />
    </div>
  );
}

/** A host that sends what is not JSON has a bug, but its text should still be seen. */
function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
