import type { RefObject } from 'preact';
import { formatCount } from './format.ts';
import { Icon, IconButton } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import { ExportButton, RecordToFile } from './recordingBar.tsx';
import { ViewSwitch } from './time/view-switch.tsx';

interface ToolbarProps {
  readonly inspector: Inspector;
  readonly filterRef: RefObject<HTMLInputElement | null>;
  /** the field was left for the list */
  readonly onLeave: () => void;
}

export function Toolbar({ inspector, filterRef, onLeave }: ToolbarProps) {
  const { filter, hideInternal } = inspector.arrangement.value;
  const paused = inspector.paused.value;
  const { recordings } = inspector;
  const isLive = recordings.about.value === undefined;
  void inspector.frame.value;
  const shown = inspector.view.length;

  const clearFilter = () => {
    inspector.setFilter('');
    filterRef.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && filter !== '') inspector.setFilter('');
    else if (event.key === 'Escape' || event.key === 'ArrowDown' || event.key === 'Enter') onLeave();
    else return;
    event.preventDefault();
  };
  return (
    <div class="toolbar" role="toolbar" aria-label="Inspector">
      {isLive && (
        <>
          <IconButton
            icon={paused ? 'debug-start' : 'debug-pause'}
            class="record"
            pressed={!paused}
            label={paused ? 'Capture messages again (Space)' : 'Pause capture (Space)'}
            {...(paused ? { text: 'Paused' } : {})}
            onClick={() => inspector.togglePaused()}
          />
          <IconButton icon="clear-all" label="Clear (Ctrl+L)" onClick={() => inspector.clear()} />
          <RecordToFile recordings={recordings} />
          <span class="divider" />
        </>
      )}
      <div class="filter">
        <Icon name="filter" />
        <input
          ref={filterRef}
          type="text"
          value={filter}
          placeholder='Filter: words, -without, "exact text", is:denied'
          aria-label="Filter messages"
          title="All words must be found in name, window, kind, status or content. -word leaves out, is:denied is a status or kind. / or Ctrl+F comes here."
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => inspector.setFilter(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {filter !== '' && <span class="filter-count">{formatCount(shown)} found</span>}
        {filter !== '' && <IconButton icon="close" label="Clear the filter (Esc)" onClick={clearFilter} />}
      </div>
      <IconButton
        icon={hideInternal ? 'eye-closed' : 'eye'}
        pressed={!hideInternal}
        text="Internal"
        label={
          hideInternal
            ? 'Internal calls (listen, unlisten, channel fetch) are hidden: show them'
            : 'Internal calls (listen, unlisten, channel fetch) are shown: hide them'
        }
        onClick={() => inspector.setHideInternal(!hideInternal)}
      />
      <ViewSwitch inspector={inspector} />
      <span class="divider" />
      <ExportButton recordings={recordings} />
      {isLive && (
        <IconButton
          icon="link-external"
          label="Open the inspector as an editor tab"
          onClick={() => inspector.run('openInspectorInEditor')}
        />
      )}
    </div>
  );
}
