import { useEffect } from 'preact/hooks';
import type { HandlerPlaceReport, ReportedFrame, StackReport } from '#core/origin-messages.ts';
import { plural } from './format.ts';
import { Icon } from './icon.tsx';
import type { Origins } from './origins.ts';

interface OriginProps {
  readonly origins: Origins;
  readonly id: number;
}

/** Where the page made a call, and where its handler threw. The host is asked when this is first drawn. */
export function StackTab({ origins, id, thrown }: OriginProps & { readonly thrown: string | undefined }) {
  useEffect(() => origins.askStack(id), [origins, id]);
  const stack = origins.stack.value;
  const report = stack?.id === id ? stack.report : undefined;
  return (
    <div class="facts origin">
      {thrown !== undefined && <h3 class="first">Called from</h3>}
      {report === undefined ? (
        <p class="faint">Looking…</p>
      ) : report === null ? (
        <p class="faint">The record is not kept any more.</p>
      ) : (
        <Frames origins={origins} id={id} report={report} />
      )}
      {thrown !== undefined && (
        <>
          <h3>Thrown in the handler</h3>
          <pre class="thrown" tabIndex={0}>
            {thrown}
          </pre>
        </>
      )}
    </div>
  );
}

function Frames({ origins, id, report }: OriginProps & { readonly report: StackReport }) {
  const { frames, note } = report;
  const libraries = frames.filter(({ library }) => library).length;
  // Where all are of libraries, they are what there is.
  const mayHide = libraries > 0 && libraries < frames.length;
  const showAll = origins.showLibraries.value || !mayHide;
  const shown = frames.flatMap((frame, at) => (showAll || !frame.library ? [{ frame, at }] : []));
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons[next]?.focus();
  };
  return (
    <>
      {shown.length > 0 && (
        <ol class="frames" aria-label="Called from, innermost first" onKeyDown={onKeyDown}>
          {shown.map(({ frame, at }, place) => (
            <Frame key={at} frame={frame} isFirst={place === 0} onOpen={() => origins.openFrame(id, at)} />
          ))}
        </ol>
      )}
      {note !== undefined && <p class="faint">{note}</p>}
      {mayHide && (
        <button
          type="button"
          class="link libraries"
          aria-expanded={showAll}
          onClick={() => (origins.showLibraries.value = !showAll)}
        >
          {showAll ? 'Hide' : 'Show'} {plural(libraries, 'frame')} of libraries
        </button>
      )}
    </>
  );
}

interface FrameProps {
  readonly frame: ReportedFrame;
  readonly isFirst: boolean;
  readonly onOpen: () => void;
}

function Frame({ frame, isFirst, onOpen }: FrameProps) {
  const { name, place, script, code, opens, problem, library, isAsync } = frame;
  const title =
    opens === 'file'
      ? `Open ${place}`
      : opens === 'text'
        ? `Open ${place} as its source map has it`
        : `Nothing to open: ${problem ?? 'the source is not there'}`;
  return (
    <li class={library ? 'frame library' : 'frame'}>
      <button
        type="button"
        class="frame-open"
        title={script === undefined ? title : `${title}\nRuns as ${script}`}
        aria-disabled={opens === undefined}
        tabIndex={isFirst ? 0 : -1}
        onClick={() => opens && onOpen()}
      >
        {code !== undefined && <code class="frame-code">{code}</code>}
        <span class="frame-place">
          {opens !== undefined && <Icon name={opens === 'file' ? 'go-to-file' : 'file-code'} />}
          <span class="mono">{place}</span>
          <span class="faint">
            {isAsync && 'after await '}
            {name !== '' && `in ${name}`}
            {library && ' (library)'}
          </span>
        </span>
        {problem !== undefined && <span class="frame-problem">{problem}</span>}
      </button>
    </li>
  );
}

const PLACE_TITLES: Readonly<Record<HandlerPlaceReport['what'], string>> = {
  handler: 'Handler in TypeScript',
  rust: 'Command in Rust',
};

/** Who answers the command of a call, and where that stands. */
export function HandlerTab({ origins, id }: OriginProps) {
  useEffect(() => origins.askHandler(id), [origins, id]);
  const handler = origins.handler.value;
  if (handler?.id !== id) return <p class="waiting">Looking…</p>;
  const { report } = handler;
  if (!report) return <p class="waiting">The app is closed, so nothing more can be said.</p>;
  return (
    <div class="facts origin" tabIndex={0} role="region" aria-label="Handler">
      <p class="summary">{report.summary}</p>
      {report.places.map(({ what, place, code }, at) => (
        <section key={at}>
          <h3>{PLACE_TITLES[what]}</h3>
          <button type="button" class="link" title={`Open ${place}`} onClick={() => origins.openHandlerPlace(id, at)}>
            <Icon name="go-to-file" />
            {place}
          </button>
          {code.length > 0 && (
            <pre class="excerpt" tabIndex={0}>
              {code.map(({ line, text }) => (
                <span key={line} class="excerpt-line">
                  <span class="excerpt-number" aria-hidden="true">
                    {line}
                  </span>
                  <code>{text}</code>
                  {'\n'}
                </span>
              ))}
            </pre>
          )}
        </section>
      ))}
    </div>
  );
}
