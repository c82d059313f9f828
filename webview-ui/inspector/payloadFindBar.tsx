import { useEffect, useRef } from 'preact/hooks';
import type { PayloadFind } from './payloadFind.ts';
import { formatCount } from './format.ts';
import { IconButton } from './icon.tsx';
import { MOST_FOUND } from './jsonLines.ts';

/** The field that searches the payload: Enter goes on, Shift+Enter back, Esc closes it. */
export function PayloadFindBar({ find, onLeave }: { readonly find: PayloadFind; readonly onLeave: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const asked = find.asked.value;
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [asked]);
  const close = () => {
    find.close();
    onLeave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') find.step(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="payload-find" role="search" onKeyDown={onKeyDown}>
      <input
        ref={field}
        type="text"
        aria-label="Find in this payload"
        placeholder="Find"
        spellcheck={false}
        value={find.text.value}
        onInput={(event) => (find.text.value = event.currentTarget.value)}
      />
      <span class="payload-find-count faint" role="status">
        {countText(find)}
      </span>
      <IconButton icon="arrow-up" label="Previous (Shift+Enter)" onClick={() => find.step(-1)} />
      <IconButton icon="arrow-down" label="Next (Enter)" onClick={() => find.step(1)} />
      <IconButton icon="close" label="Close (Esc)" onClick={close} />
    </div>
  );
}

function countText({ text, count, at }: PayloadFind): string {
  if (text.value === '') return '';
  if (count.value < 0) return 'Searching…';
  if (count.value === 0) return 'Not found';
  const more = count.value >= MOST_FOUND ? '+' : '';
  return `${formatCount(at.value + 1)} of ${formatCount(count.value)}${more}`;
}
