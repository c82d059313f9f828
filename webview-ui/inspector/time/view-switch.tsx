import { useRef } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import type { Inspector } from '../inspector.ts';
import { type View, VIEWS } from './time-views.ts';

const WORDS: Readonly<Record<View, { readonly icon: string; readonly text: string; readonly title: string }>> = {
  list: { icon: 'list-flat', text: 'List', title: 'One row for each message (w)' },
  sequence: { icon: 'type-hierarchy-sub', text: 'Sequence', title: 'Who said what to whom, in order (w)' },
  statistics: { icon: 'graph', text: 'Statistics', title: 'Numbers of each command' },
};

/** List, sequence or statistics: one choice, so the arrow keys move it. */
export function ViewSwitch({ inspector }: { readonly inspector: Inspector }) {
  const box = useRef<HTMLDivElement>(null);
  const { view } = inspector.arrangement.value;
  const onKeyDown = (event: KeyboardEvent) => {
    const step =
      event.key === 'ArrowRight' || event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
          ? -1
          : 0;
    if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const at = (VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length;
    inspector.arrange({ view: VIEWS[at] ?? 'list' });
    const next = box.current?.children[at];
    if (next instanceof HTMLElement) next.focus();
  };
  return (
    <div class="view-switch" role="radiogroup" aria-label="View" ref={box} onKeyDown={onKeyDown}>
      {VIEWS.map((each) => (
        <button
          type="button"
          key={each}
          role="radio"
          class="icon-button with-text"
          aria-checked={each === view}
          tabIndex={each === view ? 0 : -1}
          aria-label={WORDS[each].text}
          title={WORDS[each].title}
          onClick={() => inspector.arrange({ view: each })}
        >
          <Icon name={WORDS[each].icon} />
          <span>{WORDS[each].text}</span>
        </button>
      ))}
    </div>
  );
}
