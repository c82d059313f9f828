import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Waiting } from './answer.tsx';
import { DetailPane } from './detail.tsx';
import { FindBar } from './findBar.tsx';
import { Footer } from './footer.tsx';
import type { Inspector } from './inspector.ts';
import { MessageList } from './list.tsx';
import { RecordingBar } from './recordingBar.tsx';
import { Split } from './split.tsx';
import { Sequence } from './time/sequence.tsx';
import { Statistics } from './time/statistics.tsx';
import { Overview } from './time/overview.tsx';
import { Toolbar } from './toolbar.tsx';

/** Narrower than this, the details are below the list instead of beside it. */
const WIDE = 700;

export function App({ inspector }: { readonly inspector: Inspector }) {
  const root = useRef<HTMLElement>(null);
  const filter = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const details = useRef<HTMLElement>(null);
  const isWide = useIsWide(root);
  const isOpen = inspector.selected.value !== 0;

  const focusList = useCallback(() => list.current?.focus(), []);
  useShortcuts(inspector, filter);

  const closeDetails = () => {
    inspector.select(0);
    focusList();
  };
  const Messages = inspector.arrangement.value.view === 'sequence' ? Sequence : MessageList;
  const messages = (
    <Messages
      inspector={inspector}
      boxRef={list}
      onOpen={() => details.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus()}
      onClose={closeDetails}
    />
  );
  const { wideSplit, tallSplit, view } = inspector.arrangement.value;
  return (
    <main class="app" ref={root}>
      <Toolbar inspector={inspector} filterRef={filter} onLeave={focusList} />
      <RecordingBar recordings={inspector.recordings} />
      <Overview inspector={inspector} />
      <FindBar inspector={inspector} onLeave={focusList} />
      <Waiting inspector={inspector} />
      {view === 'statistics' ? (
        <Statistics inspector={inspector} isWide={isWide} />
      ) : (
        <Split
          isWide={isWide}
          share={isWide ? wideSplit : tallSplit}
          onShare={(share) => inspector.arrange(isWide ? { wideSplit: share } : { tallSplit: share })}
          label="Size of the list and the details"
          first={messages}
          second={
            isOpen && <DetailPane inspector={inspector} paneRef={details} onBack={focusList} onClose={closeDetails} />
          }
        />
      )}
      <Footer inspector={inspector} />
    </main>
  );
}

function useIsWide(root: { readonly current: HTMLElement | null }): boolean {
  const [isWide, setIsWide] = useState(() => window.innerWidth >= WIDE);
  useEffect(() => {
    if (!root.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setIsWide(entry.contentRect.width >= WIDE);
    });
    observer.observe(root.current);
    return () => observer.disconnect();
  }, [root]);
  return isWide;
}

/** Keys that work wherever the focus is; the list's own are in the list. */
function useShortcuts(inspector: Inspector, filter: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const focusFilter = () => {
      filter.current?.focus();
      filter.current?.select();
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      if (event.key === 'F3' && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        inspector.findNext(event.shiftKey ? -1 : 1);
        return;
      }
      const { selected } = inspector;
      const control = event.ctrlKey || event.metaKey;
      const actions: Readonly<Record<string, () => void>> = control
        ? { f: focusFilter, l: () => inspector.clear() }
        : isTyping(event.target)
          ? {}
          : {
              '/': focusFilter,
              w: () => inspector.toggleSequence(),
              n: () => inspector.selectFailure(1),
              p: () => inspector.selectFailure(-1),
              r: () => selected.value !== 0 && inspector.resend(selected.value),
              e: () => selected.value !== 0 && inspector.edit(selected.value),
              d: () => selected.value !== 0 && inspector.diff([selected.value]),
              // On a button, Space presses the button.
              ...(isButton(event.target) ? {} : { ' ': () => inspector.togglePaused() }),
            };
      const action = event.shiftKey ? undefined : actions[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [inspector, filter]);
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

const isButton = (target: EventTarget | null) =>
  target instanceof Element && target.closest('button, [role=tab], [role=button]') !== null;
