import { useEffect, useMemo } from 'preact/hooks';
import { formatCount, formatSize, formatTime, plural } from './format.ts';
import { Icon } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import { KIND_WORDS } from './vocabulary.ts';
import { useScroller, VirtualRows } from './virtualRows.tsx';

const LINE_HEIGHT = 22;

/** The messages that belong to a channel, or to a call and its channels, in order and as they come. */
export function Stream({ inspector, id }: { readonly inspector: Inspector; readonly id: number }) {
  void inspector.frame.value;
  const stream = useMemo(() => inspector.openStream(id), [inspector, id]);
  useEffect(() => () => stream.close(), [stream]);
  const scroller = useScroller(LINE_HEIGHT);
  const { view } = stream;
  if (view.length === 0) return <p class="waiting">No message yet.</p>;

  const row = (index: number) => {
    const item = inspector.store.row(view.slotAt(index) ?? -1);
    return (
      item && (
        <li key={item.id} class="stream-line">
          <Icon name={KIND_WORDS[item.kind].icon} class="kind" />
          <span class="for-readers">{KIND_WORDS[item.kind].text}</span>
          <span class="stream-index">{item.index === undefined ? '' : formatCount(item.index)}</span>
          <span class="stream-time">{formatTime(item.time)}</span>
          <span class="stream-size">{formatSize(item.size)}</span>
          <button type="button" class="link" title={`Go to #${item.id}`} onClick={() => inspector.goTo(item.id)}>
            #{item.id}
          </button>
          <span class="stream-preview">
            {item.kind === 'channel-end' ? 'The channel ended.' : item.preview || item.name}
          </span>
        </li>
      )
    );
  };
  return (
    <div class="body">
      <div class="body-bar">
        <span class="faint body-facts">{plural(view.length, 'record')}</span>
      </div>
      <div class="scroll-box" role="list" aria-label="Messages of the stream" tabIndex={0} ref={scroller.boxRef}>
        <VirtualRows scroller={scroller} count={view.length} row={row} />
      </div>
    </div>
  );
}
