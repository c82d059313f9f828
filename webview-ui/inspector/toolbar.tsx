import type { RefObject } from 'preact';
import { FilterField } from './filterField.tsx';
import { IconButton } from './icon.tsx';
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
  const { hideInternal, list } = inspector.arrangement.value;
  const paused = inspector.paused.value;
  const { recordings } = inspector;
  const isLive = recordings.about.value === undefined;
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
      <FilterField inspector={inspector} filterRef={filterRef} onLeave={onLeave} />
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
      <IconButton
        icon="settings"
        pressed={list.grouping !== 'none' || list.isFolding}
        label="Columns, groups and times"
        onClick={() => inspector.list.act('chooseColumns')}
      />
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
