import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Waiting } from './answer.tsx';
import { DetailPane } from './detail.tsx';
import { FindBar } from './findBar.tsx';
import { Footer } from './footer.tsx';
import type { Inspector } from './inspector.ts';
import { MessageList } from './list.tsx';
import { ListPanels } from './listPanels.tsx';
import { RecordingBar } from './recordingBar.tsx';
import { useFocusReport, useShortcuts } from './shortcuts.ts';
import { Split } from './split.tsx';
import { Sequence } from './time/sequence.tsx';
import { Statistics } from './time/statistics.tsx';
import { Overview } from './time/overview.tsx';
import { Toolbar } from './toolbar.tsx';

/** Narrower than this, the details are below the list instead of beside it … */
const LEAST_WIDE = 700;
/** … and narrower than this, where there is more room below. */
const WIDE = 1000;

export const isBeside = ({ width, height }: { readonly width: number; readonly height: number }) =>
  width >= WIDE || (width >= LEAST_WIDE && width > height);

export function App({ inspector }: { readonly inspector: Inspector }) {
  const root = useRef<HTMLElement>(null);
  const filter = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const details = useRef<HTMLElement>(null);
  const isWide = useIsWide(root);
  const isOpen = inspector.selected.value !== 0;

  const focusList = useCallback(() => list.current?.focus(), []);
  useShortcuts(inspector, filter);
  useFocusReport(inspector);

  // Details come from the host: who presses Enter before they are there goes to them when they are.
  const wanted = useRef(0);
  const goToTab = () => {
    const tab = details.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true]');
    if (!tab) return false;
    tab.focus();
    return true;
  };
  const openDetails = () => {
    wanted.current = goToTab() ? 0 : inspector.selected.value;
  };
  const shown = inspector.shown.value;
  useEffect(() => {
    if (wanted.current === 0) return;
    if (wanted.current !== inspector.selected.value || goToTab()) wanted.current = 0;
  }, [shown]);

  const closeDetails = () => {
    inspector.select(0);
    focusList();
  };
  const Messages = inspector.arrangement.value.view === 'sequence' ? Sequence : MessageList;
  const messages = <Messages inspector={inspector} boxRef={list} onOpen={openDetails} onClose={closeDetails} />;
  const { wideSplit, tallSplit, view } = inspector.arrangement.value;
  useFocusOfView(view, focusList);
  return (
    <main class="app" ref={root}>
      <Toolbar inspector={inspector} filterRef={filter} onLeave={focusList} />
      <RecordingBar recordings={inspector.recordings} />
      <Overview inspector={inspector} />
      <FindBar inspector={inspector} onLeave={focusList} />
      <Waiting inspector={inspector} />
      {view === 'statistics' ? (
        <Statistics inspector={inspector} boxRef={list} isWide={isWide} />
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
      <ListPanels inspector={inspector} onLeave={focusList} />
      <Footer inspector={inspector} />
    </main>
  );
}

/** Where the view that went had the focus, the one that came has it. */
function useFocusOfView(view: string, focus: () => void): void {
  const before = useRef(view);
  useLayoutEffect(() => {
    const { activeElement } = document;
    const isLost = activeElement === null || activeElement === document.body || !activeElement.isConnected;
    if (before.current !== view && isLost) focus();
    before.current = view;
  }, [view, focus]);
}

function useIsWide(root: { readonly current: HTMLElement | null }): boolean {
  const [isWide, setIsWide] = useState(() => isBeside({ width: window.innerWidth, height: window.innerHeight }));
  useEffect(() => {
    if (!root.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setIsWide(isBeside(entry.contentRect));
    });
    observer.observe(root.current);
    return () => observer.disconnect();
  }, [root]);
  return isWide;
}
