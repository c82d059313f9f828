import { useEffect, useRef, useState } from 'preact/hooks';
import { save } from '#core/filter/saved.ts';
import { IconButton } from './icon.tsx';
import type { Inspector } from './inspector.ts';

interface SavedProps {
  readonly inspector: Inspector;
  readonly onPick: (filter: string) => void;
  /** back to the field */
  readonly onLeave: () => void;
}

/** The star: filters with names. */
export function SavedFilters({ inspector, onPick, onLeave }: SavedProps) {
  const { filter } = inspector.arrangement.value;
  const saved = inspector.savedFilters.value;
  const [isOpen, setIsOpen] = useState(false);
  const [name, setName] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const current = saved.find((each) => each.filter === filter.trim() && filter.trim() !== '');
  const canSave = filter.trim() !== '' && !inspector.filtering.parsed.value.problem;

  useEffect(() => {
    if (isOpen) box.current?.querySelector<HTMLElement>('button, input')?.focus();
  }, [isOpen]);

  const close = () => {
    setIsOpen(false);
    onLeave();
  };
  const pick = (text: string) => {
    onPick(text);
    close();
  };
  const onSave = (event: Event) => {
    event.preventDefault();
    if (!canSave) return;
    const added = { name: name.trim() === '' ? filter.trim() : name.trim(), filter: filter.trim() };
    inspector.setSavedFilters(save(saved, added));
    setName('');
    close();
  };
  return (
    <>
      <IconButton
        icon={current ? 'star-full' : 'star-empty'}
        label={current ? `Saved filters: this one is “${current.name}”` : 'Saved filters'}
        pressed={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      />
      {isOpen && (
        <div
          class="filter-popup saved-filters"
          role="dialog"
          aria-label="Saved filters"
          ref={box}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            event.stopPropagation();
            close();
          }}
          onFocusOut={(event) => {
            if (event.relatedTarget instanceof Node && !box.current?.contains(event.relatedTarget)) setIsOpen(false);
          }}
        >
          {saved.map((each) => (
            <div key={each.name} class="saved-filter">
              <button type="button" class="saved-pick" title={each.filter} onClick={() => pick(each.filter)}>
                <span class="filter-option-label">{each.name}</span>
                {each.name !== each.filter && <span class="faint">{each.filter}</span>}
              </button>
              <IconButton
                icon="trash"
                label={`Delete “${each.name}”`}
                onClick={() => {
                  inspector.setSavedFilters(saved.filter((other) => other !== each));
                  box.current?.querySelector('input')?.focus();
                }}
              />
            </div>
          ))}
          <form class="saved-form" onSubmit={onSave}>
            <input
              type="text"
              value={name}
              placeholder={canSave ? 'Name of this filter' : 'Write a filter to save it'}
              aria-label="Name of this filter"
              onInput={(event) => setName(event.currentTarget.value)}
            />
            <button type="submit" class="button small" disabled={!canSave}>
              Save
            </button>
          </form>
        </div>
      )}
    </>
  );
}
