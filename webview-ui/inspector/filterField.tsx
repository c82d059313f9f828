import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ParsedFilter } from '#core/filter/parse.ts';
import { complete } from './completion.ts';
import { remember } from './filterMemory.ts';
import { formatCount } from './format.ts';
import { Icon, IconButton } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import { SavedFilters } from './savedFilters.tsx';

interface FieldProps {
  readonly inspector: Inspector;
  readonly filterRef: RefObject<HTMLInputElement | null>;
  /** the field was left for the list */
  readonly onLeave: () => void;
}

const LIST = 'filter-options';
const HINT = 'filter-hint';

/** The filter as it is written: its parts in colours, what is wrong underlined, what may be meant below. */
export function FilterField({ inspector, filterRef, onLeave }: FieldProps) {
  const { filter, history } = inspector.arrangement.value;
  const { parsed } = inspector.filtering;
  const { problem, notice } = parsed.value;
  const [caret, setCaret] = useState(0);
  const [isOffering, setIsOffering] = useState(false);
  const [active, setActive] = useState(-1);
  const [isFocused, setIsFocused] = useState(false);
  /** how far back in the history; what was typed is -1 */
  const past = useRef({ at: -1, typed: '' });
  const ink = useRef<HTMLDivElement>(null);
  const caretWanted = useRef<number | undefined>(undefined);

  useAges(inspector);
  const follow = () => {
    if (ink.current) ink.current.style.transform = `translateX(${-(filterRef.current?.scrollLeft ?? 0)}px)`;
  };
  useLayoutEffect(() => {
    const wanted = caretWanted.current;
    caretWanted.current = undefined;
    if (wanted !== undefined) filterRef.current?.setSelectionRange(wanted, wanted);
    // Where the text is scrolled to, the page must lay out to tell: once, with the rows that another filter shows.
    const frame = requestAnimationFrame(follow);
    return () => cancelAnimationFrame(frame);
  }, [filter, caret]);

  const completion = isOffering && isFocused ? complete(filter, caret, inspector.store) : undefined;
  const options = completion?.options ?? [];
  const chosen = active >= 0 ? options[Math.min(active, options.length - 1)] : undefined;

  const write = (text: string, at = text.length) => {
    caretWanted.current = at;
    setCaret(at);
    setActive(-1);
    inspector.setFilter(text);
  };
  const accept = (insert: string) => {
    if (!completion) return;
    const isWhole = !/[:>.]$/.test(insert);
    const rest = filter.slice(completion.to);
    const space = isWhole && rest === '' ? ' ' : '';
    write(filter.slice(0, completion.from) + insert + space + rest, completion.from + insert.length + space.length);
    setIsOffering(true);
  };
  const commit = () => {
    if (!parsed.value.problem) inspector.arrange({ history: remember(history, filter) });
    past.current = { at: -1, typed: '' };
  };
  const leave = () => {
    setIsOffering(false);
    commit();
    onLeave();
  };
  const clear = () => {
    commit();
    write('');
    filterRef.current?.focus();
  };
  const recall = (step: 1 | -1) => {
    const { at, typed } = past.current;
    const next = at + step;
    if (next >= history.length) return;
    past.current = { at: next, typed: at < 0 ? filter : typed };
    setIsOffering(false);
    write(next < 0 ? past.current.typed : (history[next] ?? ''));
  };
  const move = (step: number) => {
    const { length } = options;
    setActive(active < 0 ? (step > 0 ? 0 : length - 1) : (active + step + length) % length);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isOpen = options.length > 0;
    const keys: Readonly<Record<string, (() => void) | undefined>> = {
      Escape: isOpen ? () => setIsOffering(false) : filter === '' ? leave : clear,
      Enter: chosen ? () => accept(chosen.insert) : leave,
      Tab: isOpen && !event.shiftKey ? () => accept((chosen ?? options[0])?.insert ?? '') : undefined,
      ArrowDown: isOpen ? () => move(1) : past.current.at >= 0 ? () => recall(-1) : leave,
      ArrowUp: isOpen ? () => move(-1) : () => recall(1),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  const onCaret = () => {
    const at = filterRef.current?.selectionStart ?? 0;
    if (at !== caret) setCaret(at);
    follow();
  };
  const hint = problem ?? notice;
  const isHintShown = hint !== undefined && isFocused && options.length === 0;
  return (
    <div class="filter" data-problem={problem !== undefined}>
      <Icon name="filter" />
      <div class="filter-edit">
        <div class="filter-ink" aria-hidden="true">
          <div ref={ink}>{inked(filter, parsed.value)}</div>
        </div>
        <input
          ref={filterRef}
          type="text"
          role="combobox"
          value={filter}
          placeholder="Filter: words, cmd:save_*, is:error, dur>50ms"
          aria-label="Filter messages"
          aria-autocomplete="list"
          aria-expanded={options.length > 0}
          aria-controls={LIST}
          aria-activedescendant={chosen ? `${LIST}-${options.indexOf(chosen)}` : undefined}
          aria-invalid={problem !== undefined}
          aria-describedby={isHintShown ? HINT : undefined}
          title="Words must be found, -words not; key:value, is:state, dur>50ms, args.path:*.json; | is or. / or Ctrl+F comes here, ↑ brings back older filters."
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => {
            past.current = { at: -1, typed: '' };
            setIsOffering(true);
            setActive(-1);
            setCaret(event.currentTarget.selectionStart ?? 0);
            inspector.setFilter(event.currentTarget.value);
          }}
          onKeyDown={onKeyDown}
          onKeyUp={onCaret}
          onClick={onCaret}
          onScroll={follow}
          onFocus={() => setIsFocused(true)}
          onBlur={() => {
            setIsFocused(false);
            setIsOffering(false);
            commit();
          }}
        />
      </div>
      {filter !== '' && <FilterCount inspector={inspector} />}
      {filter !== '' && <IconButton icon="close" label="Clear the filter (Esc)" onClick={clear} />}
      <SavedFilters inspector={inspector} onPick={(text) => write(text)} onLeave={() => filterRef.current?.focus()} />
      <div class="filter-popup" id={LIST} role="listbox" aria-label="What may be meant" hidden={options.length === 0}>
        {options.map((option, at) => (
          <div
            key={option.insert}
            id={`${LIST}-${at}`}
            role="option"
            class="filter-option"
            aria-selected={option === chosen}
            ref={(element) => {
              if (option === chosen && element && 'scrollIntoView' in element)
                element.scrollIntoView({ block: 'nearest' });
            }}
            onPointerDown={(event) => {
              // The field keeps the focus.
              event.preventDefault();
              accept(option.insert);
            }}
          >
            <span class="filter-option-label">{option.label}</span>
            <span class="faint">{option.detail}</span>
          </div>
        ))}
      </div>
      <p class="filter-hint" id={HINT} role="status" hidden={!isHintShown} data-problem={problem !== undefined}>
        {isHintShown && (
          <>
            <Icon name={problem ? 'error' : 'info'} /> {capital(hint.message)}
            {problem && filter.trim() !== '' && <span class="faint"> The filter before stays in force.</span>}
          </>
        )}
      </p>
    </div>
  );
}

/** How many messages fit. Apart from the field, which nothing of a message changes. */
function FilterCount({ inspector }: { readonly inspector: Inspector }) {
  void inspector.frame.value;
  void inspector.viewVersion.value;
  const { searching } = inspector.filtering;
  return (
    <span class="filter-count" title={searching.value ? 'Bodies are still looked through' : undefined}>
      {searching.value && <Icon name="loading" class="codicon-modifier-spin" />}
      {formatCount(inspector.view.length)} found{searching.value ? '…' : ''}
    </span>
  );
}

const capital = (sentence: string) =>
  `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`.replace(/\?\.$/, '?');

/** The text in the colours of its parts. */
function inked(text: string, { tokens, problem, notice }: ParsedFilter): ComponentChildren[] {
  const wrong = problem ?? notice;
  const marks = [...tokens.map(({ start, end, kind }) => ({ start, end, kind: `token-${kind}` }))];
  const edges = new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])]);
  if (wrong) {
    edges.add(wrong.start);
    edges.add(Math.max(wrong.end, wrong.start));
  }
  const places = [...edges].filter((edge) => edge <= text.length).toSorted((one, other) => one - other);
  const parts: ComponentChildren[] = places.slice(0, -1).map((start, at) => {
    const end = places[at + 1] ?? text.length;
    const kind = marks.find((mark) => mark.start <= start && mark.end >= end)?.kind ?? '';
    const isWrong = wrong !== undefined && wrong.start <= start && wrong.end >= end;
    return (
      <span key={start} class={`${kind} ${isWrong ? (problem ? 'wrong' : 'unsure') : ''}`}>
        {text.slice(start, end)}
      </span>
    );
  });
  // Something is missing at the end: there is nothing to underline but the place.
  if (wrong && wrong.start >= text.length)
    parts.push(
      <span key="end" class="wrong">
        {'\u00a0'}
      </span>,
    );
  return parts;
}

/** Calls that wait get older while nothing comes. */
function useAges(inspector: Inspector): void {
  const { filtering } = inspector;
  const ages = filtering.filter.value !== undefined && filtering.ages;
  useEffect(() => {
    if (!ages) return;
    const timer = setInterval(() => inspector.recheckAll(), 1000);
    return () => clearInterval(timer);
  }, [ages, inspector]);
}
