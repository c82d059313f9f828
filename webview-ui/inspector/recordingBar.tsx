/** What is said of an opened recording, and the buttons for recording to a file and exports. */
import { formatCount, formatSize, plural } from './format.ts';
import { Icon, IconButton } from './icon.tsx';
import type { Recordings } from './recordings.ts';

/** Above the list of a recording: what it is, and what is missing in it. */
export function RecordingBar({ recordings }: { readonly recordings: Recordings }) {
  const about = recordings.about.value;
  if (!about) return null;
  const { name, started, tool, skipped, lost, redacted } = about;
  const date = started === undefined ? Number.NaN : Date.parse(started);
  return (
    <div class="recording-bar" role="note" aria-label="Recording">
      <span class="recording-name">
        <Icon name="file" /> {name}
      </span>
      {!Number.isNaN(date) && <span>began {new Date(date).toLocaleString()}</span>}
      {tool !== undefined && <span class="faint">written by {tool}</span>}
      {redacted.length > 0 && (
        <span title={`Values of these keys were replaced: ${redacted.join(', ')}`}>
          <Icon name="lock" /> secrets are «redacted»
        </span>
      )}
      {lost > 0 && (
        <span class="lost" title="The recorder did not keep them: its limit was reached.">
          <Icon name="warning" /> {formatCount(lost)} lost before it was saved
        </span>
      )}
      {skipped > 0 && (
        <span class="lost" title="Lines that are torn off, damaged, or of a newer version are left out.">
          <Icon name="warning" /> {plural(skipped, 'line')} could not be read
        </span>
      )}
    </div>
  );
}

/** Of the running session alone. Capturing is keeping messages here; this writes them to a file, too. */
export function RecordToFile({ recordings }: { readonly recordings: Recordings }) {
  if (recordings.about.value) return null;
  const file = recordings.file.value;
  if (!file) {
    return (
      <IconButton
        icon="record"
        label="Record to a file: from now on, until you stop it"
        onClick={() => recordings.toggleFile()}
      />
    );
  }
  return (
    <IconButton
      icon="stop-circle"
      class="record recording"
      pressed
      text={`Recording ${formatCount(file.messages)}`}
      label={`Stop recording to ${file.name}: ${plural(file.messages, 'message')}, ${formatSize(file.bytes)}`}
      onClick={() => recordings.toggleFile()}
    />
  );
}

export function ExportButton({ recordings }: { readonly recordings: Recordings }) {
  return <IconButton icon="export" label="Export messages…" onClick={() => recordings.export('export')} />;
}
