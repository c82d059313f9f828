import { useEffect, useRef } from 'preact/hooks';
import type { FoundPart } from '#core/filter/find.ts';
import { formatCount } from './format.ts';
import { IconButton } from './icon.tsx';
import type { Inspector } from './inspector.ts';

const PART_WORDS: Readonly<Record<FoundPart, string>> = {
  name: 'name',
  note: 'reason',
  comment: 'note',
  body: 'message',
  outcome: 'answer',
};

/** A text searched for in all rows that are shown, and in their bodies: F3 goes from match to match. */
export function FindBar({ inspector, onLeave }: { readonly inspector: Inspector; readonly onLeave: () => void }) {
  const { finding } = inspector;
  const input = useRef<HTMLInputElement>(null);
  const isOpen = finding.isOpen.value;
  const focus = finding.focus.value;
  useEffect(() => {
    if (!isOpen || focus === 0) return;
    input.current?.focus();
    input.current?.select();
  }, [isOpen, focus]);
  if (!isOpen) return null;
  void finding.version.value;
  void inspector.viewVersion.value;
  const current = finding.current.value;
  const { at, total } = finding.position;
  const isSearching = finding.searching.value;
  const text = finding.text.value;

  const close = () => {
    finding.close();
    onLeave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter') finding.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  };
  return (
    <search class="find-bar" aria-label="Find in messages">
      <input
        ref={input}
        type="text"
        value={text}
        placeholder="Find in all shown messages and their bodies"
        aria-label="Find"
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => finding.search(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span class="find-count" role="status">
        {text.trim() === ''
          ? ''
          : `${at === 0 ? '' : `${formatCount(at)} of `}${formatCount(total)}${isSearching ? '…' : at === 0 ? ' found' : ''}`}
        {current && ` · in ${PART_WORDS[current.part]} of #${current.id}`}
      </span>
      <IconButton icon="arrow-up" label="Match before (Shift+F3)" onClick={() => finding.step(-1)} />
      <IconButton icon="arrow-down" label="Next match (F3)" onClick={() => finding.step(1)} />
      <IconButton icon="close" label="Close (Esc)" onClick={close} />
    </search>
  );
}
