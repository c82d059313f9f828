import { useEffect, useRef, useState } from 'preact/hooks';
import { formatCount, plural } from './format.ts';
import { Icon } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import { RecorderFacts } from './recorder.tsx';

/** Told to screen readers not more often than this. */
const ANNOUNCE_PAUSE = 3000;

export function Footer({ inspector }: { readonly inspector: Inspector }) {
  void inspector.frame.value;
  void inspector.viewVersion.value;
  const { store, view } = inspector;
  const errors = store.count('error') + store.count('undelivered');
  const denied = store.count('denied');
  const unhandled = store.count('unhandled');
  const pending = store.count('pending');
  const notice = inspector.notice.value;
  return (
    <div class="footer">
      <span>
        {view.length === store.length
          ? plural(store.length, 'message')
          : `${formatCount(view.length)} of ${plural(store.length, 'message')}`}
      </span>
      {errors + denied + unhandled > 0 && (
        <button
          type="button"
          class="link failures"
          title="Go to the next failure (n), to the one before (p)"
          onClick={() => inspector.selectFailure(1)}
        >
          <Icon name="error" />
          {[
            errors > 0 && plural(errors, 'error'),
            denied > 0 && `${formatCount(denied)} denied`,
            unhandled > 0 && `${formatCount(unhandled)} unhandled`,
          ]
            .filter(Boolean)
            .join(', ')}
        </button>
      )}
      {pending > 0 && <span>{formatCount(pending)} pending</span>}
      <RecorderFacts recorder={inspector.recorder} lost={inspector.lost.value} kept={store.length} />
      <span class="notice" role="status">
        {notice}
      </span>
      <Announcer text={errors + denied === 0 ? '' : `${plural(errors, 'error')}, ${formatCount(denied)} denied`} />
    </div>
  );
}

/** Says a text that changes often, but not all of its changes. */
function Announcer({ text }: { readonly text: string }) {
  const [said, setSaid] = useState('');
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    const timer = setTimeout(() => setSaid(latest.current), ANNOUNCE_PAUSE);
    return () => clearTimeout(timer);
    // A timer for each change would never end while errors stream in: `said` starts the next one.
  }, [said, text === said]);
  return (
    <span class="for-readers" aria-live="polite">
      {said}
    </span>
  );
}
