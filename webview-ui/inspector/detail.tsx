import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Row } from '#core/inspector-messages.ts';
import { BodyView } from './body.tsx';
import { Editor } from './editor.tsx';
import { formatDuration } from './format.ts';
import { Icon, IconButton } from './icon.tsx';
import type { Inspector, Shown } from './inspector.ts';
import { MessageFacts } from './facts.tsx';
import { Answer } from './answer.tsx';
import { HandlerTab, StackTab } from './originTabs.tsx';
import { Permission } from './permission.tsx';
import { NOTHING_RUNS } from './recordings.ts';
import { Raw } from './raw.tsx';
import { Stream } from './stream.tsx';
import { Timing } from './timing.tsx';
import { bodyTitle, KIND_WORDS, outcomeTitle, statusWord } from './vocabulary.ts';

interface DetailProps {
  readonly inspector: Inspector;
  readonly paneRef: RefObject<HTMLElement | null>;
  /** Esc: back to the list, which keeps its selection */
  readonly onBack: () => void;
  readonly onClose: () => void;
}

interface Tab {
  readonly id:
    | 'answer'
    | 'permission'
    | 'body'
    | 'outcome'
    | 'stream'
    | 'message'
    | 'timing'
    | 'stack'
    | 'handler'
    | 'raw';
  readonly title: string;
  readonly content: () => ComponentChildren;
}

export function DetailPane({ inspector, paneRef, onBack, onClose }: DetailProps) {
  void inspector.frame.value;
  const shown = inspector.shown.value;
  const id = inspector.selected.value;
  const row = inspector.find(id) ?? (shown?.kind === 'detail' ? shown.detail.row : undefined);
  const [wanted, setWanted] = useState<Tab['id']>('body');
  // Whoever comes to a refused call wants to know why: another tab is chosen for such calls alone.
  const [wantedOfDenied, setWantedOfDenied] = useState<Tab['id']>('permission');
  const [wantedOfUnhandled, setWantedOfUnhandled] = useState<Tab['id']>('answer');

  const match = inspector.finding.current.value;
  useEffect(() => {
    if (match?.part !== 'body' && match?.part !== 'outcome') return;
    for (const set of [setWanted, setWantedOfDenied, setWantedOfUnhandled]) set(match.part);
  }, [match]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    onBack();
  };
  if (!row) return null;
  if (inspector.editing.value === id && shown?.kind === 'detail') {
    return (
      <section class="detail" ref={paneRef} aria-label="Edit and resend" onKeyDown={onKeyDown}>
        <Editor key={id} inspector={inspector} shown={shown} onLeave={onBack} />
      </section>
    );
  }
  const tabs = shown?.kind === 'detail' ? tabsOf(inspector, row, shown) : [];
  const [tabId, setTabId] =
    row.status === 'denied'
      ? ([wantedOfDenied, setWantedOfDenied] as const)
      : row.status === 'unhandled' || inspector.held.value.includes(id)
        ? ([wantedOfUnhandled, setWantedOfUnhandled] as const)
        : ([wanted, setWanted] as const);
  const active = tabs.find((tab) => tab.id === tabId) ?? tabs[0];
  return (
    <section class="detail" ref={paneRef} aria-label="Details" onKeyDown={onKeyDown}>
      <DetailHeader inspector={inspector} row={row} shown={shown} onClose={onClose} />
      <TabStrip tabs={tabs} active={active} onSelect={setTabId} />
      {row.note !== undefined && (
        <p class="detail-note">
          <Icon name="info" /> {row.note}
        </p>
      )}
      <div class="tab-panel" role="tabpanel" aria-label={active?.title}>
        {active ? active.content() : <p class="waiting">{shown?.kind === 'gone' ? 'No longer kept.' : 'Loading…'}</p>}
      </div>
    </section>
  );
}

function tabsOf(inspector: Inspector, row: Row, shown: Shown & { kind: 'detail' }): readonly Tab[] {
  const { id, detail, body, outcome } = shown;
  const isCall = row.kind === 'invoke';
  const isStreaming = detail.related.ids.some((related) => inspector.find(related)?.of === id);
  const roots = isCall ? (['args', row.status === 'ok' ? 'result' : 'error'] as const) : (['data', 'result'] as const);
  const tabs: Tab[] = [];
  const isLive = inspector.recordings.about.value === undefined;
  const permission: Tab = {
    id: 'permission',
    title: 'Permission',
    content: () => <Permission key={id} inspector={inspector} id={id} wasRefused={isRefused} />,
  };
  const isRefused = row.status === 'denied';
  if (isCall && isLive && isRefused) tabs.push(permission);
  const answer: Tab = {
    id: 'answer',
    title: 'Answer',
    content: () => <Answer key={id} inspector={inspector} id={id} row={row} />,
  };
  const isUnanswered = row.status === 'unhandled' || row.status === 'pending';
  if (isCall && isLive && isUnanswered) tabs.push(answer);
  if (row.kind === 'channel') tabs.push(streamTab(inspector, id));
  if (isCall || body.kind !== 'none') {
    tabs.push({
      id: 'body',
      title: bodyTitle(row),
      content: () => (
        <BodyView
          key={`${id} body`}
          inspector={inspector}
          id={id}
          part="body"
          detail={detail}
          payload={body}
          root={roots[0]}
          absent={isCall ? 'Called without arguments.' : 'Nothing came with it.'}
        />
      ),
    });
  }
  if (isCall) {
    tabs.push({
      id: 'outcome',
      title: outcomeTitle(row),
      content: () => (
        <BodyView
          key={`${id} outcome ${outcome.kind}`}
          inspector={inspector}
          id={id}
          part="outcome"
          detail={detail}
          payload={outcome}
          root={roots[1]}
          absent={row.status === 'pending' ? 'No answer yet.' : 'Answered with nothing.'}
        />
      ),
    });
  }
  if (isCall && isLive && !isUnanswered) tabs.push(answer);
  if (isStreaming && row.kind !== 'channel') tabs.push(streamTab(inspector, id));
  tabs.push({
    id: 'message',
    title: 'Message',
    content: () => <MessageFacts inspector={inspector} shown={shown} row={row} />,
  });
  const raw: Tab = {
    id: 'raw',
    title: 'Raw',
    content: () => <Raw key={id} inspector={inspector} id={id} detail={detail} />,
  };
  if (!isCall) return [...tabs, raw];
  const { origins } = inspector;
  const { stack, phases } = detail;
  tabs.push(
    { id: 'timing', title: 'Timing', content: () => <Timing inspector={inspector} row={row} phases={phases} /> },
    ...(isRefused || !isLive ? [] : [permission]),
    { id: 'stack', title: 'Stack', content: () => <StackTab key={id} origins={origins} id={id} thrown={stack} /> },
  );
  if (isLive) {
    tabs.push({ id: 'handler', title: 'Handler', content: () => <HandlerTab key={id} origins={origins} id={id} /> });
  }
  return [...tabs, raw];
}

function streamTab(inspector: Inspector, id: number): Tab {
  return { id: 'stream', title: 'Stream', content: () => <Stream key={id} inspector={inspector} id={id} /> };
}

interface HeaderProps {
  readonly inspector: Inspector;
  readonly row: Row;
  readonly shown: Shown | undefined;
  readonly onClose: () => void;
}

function DetailHeader({ inspector, row, shown, onClose }: HeaderProps) {
  const status = statusWord(row);
  const isOpen = shown?.kind !== 'detail' || shown.detail.canResend;
  const isLive = inspector.recordings.about.value === undefined;
  const closed = isLive ? 'Its window is closed, so it cannot be sent again' : NOTHING_RUNS;
  return (
    <div class="detail-header">
      <h2 title={row.name}>
        <Icon name={KIND_WORDS[row.kind].icon} class="kind" />
        <span class="detail-name">{row.name}</span>
        <span class={`status status-${row.status}`}>
          <Icon name={status.icon} />
          {status.text}
        </span>
        {row.duration !== undefined && <span class="faint">{formatDuration(row.duration)}</span>}
      </h2>
      {row.kind === 'invoke' && (
        <>
          <IconButton
            icon="debug-rerun"
            text="Resend"
            label={isOpen ? 'Send this call again as it was (r)' : closed}
            disabled={!isOpen}
            onClick={() => inspector.resend(row.id)}
          />
          <IconButton
            icon="edit"
            text="Edit & Resend"
            label={isOpen ? 'Change the arguments and send (e)' : closed}
            disabled={!isOpen}
            onClick={() => inspector.edit(row.id)}
          />
        </>
      )}
      <IconButton icon="close" label="Close the details (Esc in the list)" onClick={onClose} />
    </div>
  );
}

interface TabStripProps {
  readonly tabs: readonly Tab[];
  readonly active: Tab | undefined;
  readonly onSelect: (id: Tab['id']) => void;
}

function TabStrip({ tabs, active, onSelect }: TabStripProps) {
  const strip = useRef<HTMLDivElement>(null);
  const place = tabs.findIndex((tab) => tab === active);
  // Another message may have other tabs, and there is not room for all.
  useLayoutEffect(() => {
    strip.current?.children[place]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [place, tabs.length]);
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const next = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) {
      if (event.key !== 'ArrowDown') return;
      event.preventDefault();
      event.currentTarget.parentElement?.querySelector<HTMLElement>('.tab-panel [tabindex="0"]')?.focus();
      return;
    }
    event.preventDefault();
    const index = (next + tabs.length) % tabs.length;
    const tab = tabs[index];
    if (!tab) return;
    onSelect(tab.id);
    const button = event.currentTarget.children[index];
    if (button instanceof HTMLElement) button.focus();
  };
  return (
    <div class="tabs" role="tablist" ref={strip} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          class="tab"
          aria-selected={tab === active}
          tabIndex={tab === active ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.title}
        </button>
      ))}
    </div>
  );
}
