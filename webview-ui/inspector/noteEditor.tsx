import { useLayoutEffect, useRef } from 'preact/hooks';

interface NoteEditorProps {
  readonly comment: string;
  /** the note, or undefined where it stays as it was */
  readonly onDone: (comment: string | undefined) => void;
}

/** As the recorder keeps it. */
const LONGEST = 2_048;

/** A note is written in its row. */
export function NoteEditor({ comment, onDone }: NoteEditorProps) {
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  // What is done takes the field away, and a field that goes loses the focus.
  const done = (text: string | undefined) => {
    if (isDone.current) return;
    isDone.current = true;
    onDone(text);
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    if (event.isComposing) return;
    if (event.key === 'Enter') done(event.currentTarget.value);
    else if (event.key === 'Escape') done(undefined);
    else return;
    event.preventDefault();
  };
  return (
    <input
      class="note-editor"
      ref={field}
      type="text"
      defaultValue={comment}
      maxLength={LONGEST}
      aria-label="Note"
      placeholder="Note: Enter keeps it, Esc does not"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.stopPropagation()}
      onBlur={(event) => done(event.currentTarget.value === comment ? undefined : event.currentTarget.value)}
    />
  );
}
