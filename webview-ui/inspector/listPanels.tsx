/** What opens above the list: the columns, the keys, and the field for a message's number. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { COLUMNS, type ColumnId, columnOf, pathOf } from './columns.ts';
import { Icon, IconButton } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import { LIST_KEYS } from './keyList.ts';
import { TIME_MODES, type TimeMode } from './listArrangement.ts';
import { GROUPINGS, type Grouping } from './grouping.ts';

interface PanelProps {
  readonly inspector: Inspector;
  /** it closed: the focus goes back to the list */
  readonly onLeave: () => void;
}

export function ListPanels({ inspector, onLeave }: PanelProps) {
  const { panel } = inspector.list;
  const leave = () => {
    panel.value = 'none';
    onLeave();
  };
  if (panel.value === 'columns') return <ColumnPanel inspector={inspector} onLeave={leave} />;
  if (panel.value === 'keys') return <KeyPanel onLeave={leave} />;
  return panel.value === 'goTo' ? <GoTo inspector={inspector} onLeave={leave} /> : null;
}

interface PopupProps {
  readonly title: string;
  readonly onLeave: () => void;
  readonly children: ComponentChildren;
}

/** Takes the focus, and gives it back by Esc or when something else is pressed. */
function Popup({ title, onLeave, children }: PopupProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = box;
    (current?.querySelector<HTMLElement>('[data-first]') ?? current)?.focus();
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !current?.contains(event.target)) onLeave();
    };
    document.addEventListener('pointerdown', onPointerDown, true);
    return () => document.removeEventListener('pointerdown', onPointerDown, true);
    // The panel is one and the same as long as it is open.
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onLeave();
  };
  return (
    <div class="popup" role="dialog" aria-label={title} tabIndex={-1} ref={box} onKeyDown={onKeyDown}>
      <div class="popup-head">
        <h2>{title}</h2>
        <IconButton icon="close" label="Close (Esc)" onClick={onLeave} />
      </div>
      {children}
    </div>
  );
}

const TIME_TEXTS: Readonly<Record<TimeMode, string>> = {
  start: 'Since the session began',
  absolute: 'Time of day',
  previous: 'Since the message above',
  selected: 'Since the selected message',
};

const GROUPING_TEXTS: Readonly<Record<Grouping, string>> = {
  none: 'Not grouped',
  call: 'By call: what belongs to it below',
  command: 'By command',
  window: 'By window',
  chain: 'By chain: all that one message caused',
};

function ColumnPanel({ inspector, onLeave }: PanelProps) {
  const { list } = inspector;
  const { columns, time, grouping, isFolding } = list.arrangement;
  const hidden = COLUMNS.map(({ id }) => id as ColumnId).filter((id) => !columns.includes(id));
  return (
    <Popup title="Columns and groups" onLeave={onLeave}>
      <div class="popup-columns">
        <div class="all-columns">
          <fieldset class="choices">
            <legend>Columns</legend>
            <div class="choice-list">
              {[...columns, ...hidden].map((id, at) => (
                <ColumnChoice
                  key={id}
                  inspector={inspector}
                  id={id}
                  isShown={at < columns.length}
                  isFirst={at === 0}
                  isLast={at === columns.length - 1}
                />
              ))}
            </div>
          </fieldset>
        </div>
        <div>
          <fieldset class="choices">
            <legend>Time</legend>
            {TIME_MODES.map((mode) => (
              <label key={mode}>
                <input type="radio" name="time" checked={time === mode} onChange={() => list.setTime(mode)} />
                {TIME_TEXTS[mode]}
              </label>
            ))}
          </fieldset>
          <fieldset class="choices">
            <legend>Groups</legend>
            {GROUPINGS.map((each) => (
              <label key={each}>
                <input
                  type="radio"
                  name="grouping"
                  checked={grouping === each}
                  onChange={() => list.setGrouping(each)}
                />
                {GROUPING_TEXTS[each]}
              </label>
            ))}
            <label>
              <input
                type="checkbox"
                checked={isFolding}
                disabled={grouping !== 'none'}
                onChange={(event) => list.setFolding(event.currentTarget.checked)}
              />
              Same calls within a second as one line (×n)
            </label>
          </fieldset>
          <PathField inspector={inspector} />
          <button type="button" class="link" onClick={() => list.resetColumns()}>
            As it was at first
          </button>
        </div>
      </div>
    </Popup>
  );
}

interface ChoiceProps {
  readonly inspector: Inspector;
  readonly id: ColumnId;
  readonly isShown: boolean;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function ColumnChoice({ inspector, id, isShown, isFirst, isLast }: ChoiceProps) {
  const { list } = inspector;
  const { title, about } = columnOf(id);
  const name = title === '#' ? 'Number' : title;
  return (
    <div class="choice">
      <label title={about}>
        <input
          type="checkbox"
          data-first={isFirst || undefined}
          checked={isShown}
          onChange={(event) => list.showColumn(id, event.currentTarget.checked)}
        />
        <span class={pathOf(id) === undefined ? '' : 'mono'}>{name}</span>
      </label>
      {isShown && (
        <>
          <IconButton
            icon="arrow-up"
            label={`Move ${name} to the left`}
            disabled={isFirst}
            onClick={() => list.moveColumn(id, { by: -1 })}
          />
          <IconButton
            icon="arrow-down"
            label={`Move ${name} to the right`}
            disabled={isLast}
            onClick={() => list.moveColumn(id, { by: 1 })}
          />
        </>
      )}
    </div>
  );
}

/** A column for what stands at a path in the messages. */
function PathField({ inspector }: { readonly inspector: Inspector }) {
  const [path, setPath] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const add = () => {
    if (inspector.list.addPath(path)) setPath('');
    else setIsWrong(true);
  };
  return (
    <form
      class="path-field"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <input
        type="text"
        class="mono"
        value={path}
        placeholder="args.user.name"
        aria-label="Path of a new column"
        aria-invalid={isWrong}
        aria-describedby={isWrong ? 'path-problem' : undefined}
        spellcheck={false}
        onInput={(event) => {
          setPath(event.currentTarget.value);
          setIsWrong(false);
        }}
      />
      <button type="submit" class="button secondary small">
        Add Column
      </button>
      {isWrong && (
        <p id="path-problem" role="alert">
          A path begins with args, result, error or data: args.user.name, result.items[0], data["a key"].
        </p>
      )}
    </form>
  );
}

function KeyPanel({ onLeave }: { readonly onLeave: () => void }) {
  return (
    <Popup title="Keys" onLeave={onLeave}>
      <dl class="key-list">
        {LIST_KEYS.map(({ keys, text }) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p class="faint">
        <Icon name="keyboard" /> More keys can be given in VS Code’s Keyboard Shortcuts: look for “IPC Workbench”.
      </p>
    </Popup>
  );
}

function GoTo({ inspector, onLeave }: PanelProps) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    const { value } = event.currentTarget;
    if (event.key === 'Enter' && value !== '') inspector.list.goToNumber(Number(value));
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    onLeave();
  };
  return (
    <div class="popup go-to" role="dialog" aria-label="Go to a message">
      <label>
        Go to #
        <input
          ref={field}
          type="text"
          inputMode="numeric"
          aria-label="Number of the message"
          onInput={(event) => (event.currentTarget.value = event.currentTarget.value.replace(/\D/g, ''))}
          onKeyDown={onKeyDown}
          onBlur={() => (inspector.list.panel.value = 'none')}
        />
      </label>
    </div>
  );
}
