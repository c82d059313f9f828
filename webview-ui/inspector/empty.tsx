import { formatCount } from './format.ts';
import { Icon } from './icon.tsx';
import type { Inspector } from './inspector.ts';

/** What stands where rows would be: why there are none, and how to get some. */
export function Empty({ inspector }: { readonly inspector: Inspector }) {
  const { store } = inspector;
  const { filter, hideInternal } = inspector.arrangement.value;
  if (inspector.recordings.about.value && store.length === 0) {
    return (
      <div class="empty">
        <p class="empty-title">No messages in this recording</p>
      </div>
    );
  }
  if (store.length === 0) {
    return (
      <div class="empty">
        <p class="empty-title">{inspector.paused.value ? 'Capture is paused' : 'No messages yet'}</p>
        <p>
          {inspector.paused.value
            ? 'Messages pass, but none is kept.'
            : 'Every call, event and channel message of every window appears here, from the first one on.'}
        </p>
        <p class="empty-actions">
          {inspector.paused.value ? (
            <button type="button" class="button" onClick={() => inspector.togglePaused()}>
              Capture
            </button>
          ) : (
            <>
              <button type="button" class="button" onClick={() => inspector.run('openDemo')}>
                Open Demo
              </button>
              <button type="button" class="button secondary" onClick={() => inspector.run('openApp')}>
                Open App
              </button>
            </>
          )}
        </p>
      </div>
    );
  }
  return (
    <div class="empty">
      <p class="empty-title">
        <Icon name="filter" /> 0 of {formatCount(store.length)} match
      </p>
      <p class="empty-actions">
        {filter !== '' && (
          <button type="button" class="button" onClick={() => inspector.setFilter('')}>
            Clear the filter
          </button>
        )}
        {hideInternal && (
          <button type="button" class="button secondary" onClick={() => inspector.setHideInternal(false)}>
            Show internal calls
          </button>
        )}
      </p>
    </div>
  );
}
