import { prettyJson } from '#core/json-text.ts';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatSize } from './format.ts';
import { Icon } from './icon.tsx';
import type { Inspector, Shown } from './inspector.ts';
import { findJsonError } from './json.ts';

interface EditorProps {
  readonly inspector: Inspector;
  readonly shown: Shown & { readonly kind: 'detail' };
  readonly onLeave: () => void;
}

/** The arguments of a recorded call as JSON, to change and send. */
export function Editor({ inspector, shown, onLeave }: EditorProps) {
  const { id, detail, body } = shown;
  const recorded = useMemo(() => (body.kind === 'json' && !body.truncated ? prettyJson(body.text) : undefined), [body]);
  const [written, setText] = useState<string | undefined>(undefined);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), [recorded === undefined]);

  const isMissing = body.kind === 'json' && body.truncated;
  useEffect(() => {
    if (body.kind === 'json' && body.truncated) inspector.payloads.loadAll(id, 'body', body);
  }, [isMissing]);

  const leave = () => {
    inspector.editing.value = 0;
    onLeave();
  };
  const text = written ?? recorded ?? (body.kind === 'none' ? '{}' : '');
  const error = useMemo(() => findJsonError(text), [text]);
  const isObject = error === undefined && text.trimStart().startsWith('{');
  const problem = error
    ? `Line ${error.line}, column ${error.column}: ${error.message}`
    : isObject
      ? ''
      : 'Arguments are an object: {"name": value}';

  const send = () => {
    if (problem !== '') {
      if (error) area.current?.setSelectionRange(error.offset, error.offset + 1);
      area.current?.focus();
      return;
    }
    inspector.resend(id, text);
    leave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
    else if (event.key === 'Escape') leave();
    else return;
    event.preventDefault();
  };
  const cannot =
    body.kind === 'bytes'
      ? 'This call carries raw bytes, which cannot be edited as JSON. It can be sent again as it was.'
      : body.kind === 'dropped'
        ? 'Its arguments were not kept, so there is nothing to edit.'
        : undefined;
  return (
    <div class="editor" onKeyDown={onKeyDown}>
      <div class="detail-header">
        <h2 title={detail.row.name}>
          <Icon name="edit" />
          <span class="detail-name">{detail.row.name}</span>
          <span class="faint">to {detail.row.window}</span>
        </h2>
        <button type="button" class="button secondary" onClick={leave}>
          Cancel
        </button>
        <button
          type="button"
          class="button"
          title="Send (Ctrl+Enter)"
          disabled={cannot !== undefined || problem !== ''}
          onClick={send}
        >
          Send
        </button>
      </div>
      {cannot !== undefined || isMissing ? (
        <p class="waiting">{cannot ?? `Loading ${formatSize(body.kind === 'json' ? body.size : 0)}…`}</p>
      ) : (
        <>
          <textarea
            ref={area}
            aria-label="Arguments as JSON"
            aria-invalid={problem !== ''}
            aria-describedby="editor-problem"
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p id="editor-problem" class={problem === '' ? 'editor-hint' : 'editor-problem'} role="status">
            {problem === '' ? 'Ctrl+Enter sends, Esc cancels. It goes with the same window’s permissions.' : problem}
          </p>
        </>
      )}
    </div>
  );
}
