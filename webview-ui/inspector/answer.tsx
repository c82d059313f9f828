import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AnswerAction, AnswerReport, Row } from '#core/inspector-messages.ts';
import { Icon } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import { findJsonError } from './json.ts';

interface AnswerProps {
  readonly inspector: Inspector;
  readonly id: number;
  readonly row: Row;
}

/** Who answers the command of a call, and what to do where nobody does. The host is asked when this is first drawn. */
export function Answer({ inspector, id, row }: AnswerProps) {
  useEffect(() => inspector.askAnswer(id), [inspector, id, row.status]);
  const answer = inspector.answer.value;
  if (answer?.id !== id) return <p class="waiting">Looking…</p>;
  if (!answer.report) {
    return <p class="waiting">The app is closed, or another extension hosts it: its calls cannot be answered here.</p>;
  }
  if (answer.report.held) return <HeldCall inspector={inspector} id={id} report={answer.report} />;
  return <Offers inspector={inspector} id={id} row={row} report={answer.report} />;
}

function Offers({ inspector, id, row, report }: AnswerProps & { readonly report: AnswerReport }) {
  const { command, rust, handled, rule, armed, mayHaveRules } = report;
  const act = (action: AnswerAction) => () => inspector.actOnAnswer(id, action);
  const needsHandler = rust !== undefined && !handled;
  const isAnswered = row.status === 'ok' || row.status === 'error';
  return (
    <div class="facts answer" tabIndex={0} role="region" aria-label="Answer">
      <p class={`verdict ${needsHandler && !rule ? 'verdict-unhandled' : ''}`} role="status">
        <Icon name={rule ? 'law' : handled ? 'symbol-method' : 'question'} />
        <span>
          <strong>{headline(report)}</strong> {explanation(report, row)}
        </span>
      </p>
      <ul class="where">
        {rust !== undefined && (
          <Where title="Rust">
            <FileLink text={rust} label={`Open ${rust}`} onOpen={act('openRust')} />
          </Where>
        )}
        {handled && (
          <Where title="Handler">
            <FileLink text="Go to the handler" label={`Go to the handler of ${command}`} onOpen={act('openHandler')} />
          </Where>
        )}
        {rule && (
          <Where title="Rule">
            <FileLink text=".ipc-workbench/rules.json" label="Open the rules" onOpen={act('openRules')} />
          </Where>
        )}
      </ul>
      <div class="offers" role="group" aria-label="What to do">
        {needsHandler && (
          <Offer
            text="Create Handler Stub"
            isFirst={!rule}
            hint="Writes a typed handler from the Rust signature into the backend, for you to fill in."
            onClick={act('createStub')}
          />
        )}
        {isAnswered && mayHaveRules && (
          <Offer
            text={row.status === 'ok' ? 'Answer Always With This Result' : 'Answer Always With This Error'}
            hint="Writes it into .ipc-workbench/rules.json: the next calls get it, and no handler runs."
            onClick={act('alwaysThis')}
          />
        )}
        {armed ? (
          <Offer
            text="Don’t Wait"
            hint={`The next call of ${command} waits here for your answer.`}
            onClick={() => inspector.disarm({ app: row.app, command })}
          />
        ) : (
          <Offer
            text="Answer by Hand…"
            hint="The next call waits here until you have written its answer."
            onClick={act('byHand')}
          />
        )}
        {mayHaveRules && (
          <Offer
            text={rule ? 'Change the Rule…' : 'Answer Always…'}
            hint="Opens .ipc-workbench/rules.json with an answer to edit. It is in force once you save."
            onClick={act('always')}
          />
        )}
      </div>
    </div>
  );
}

function headline({ rust, handled, rule }: AnswerReport): string {
  if (rule) return 'A rule answers it.';
  if (handled) return 'A handler answers it.';
  return rust === undefined ? 'Nobody answers it.' : 'No handler yet.';
}

function explanation({ rust, hint, handled, rule }: AnswerReport, row: Row): string {
  if (rule) return 'Calls of this command get the same answer each time.';
  if (handled) return row.status === 'unhandled' ? 'Send the call again.' : '';
  return rust === undefined
    ? (hint ?? 'Neither a handler, nor a plugin, nor the Rust code of the project is known to have this command.')
    : 'The Rust code defines this command, and its TypeScript handler is still to be written.';
}

function Where({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <li>
      <span class="faint">{title}</span> {children}
    </li>
  );
}

function FileLink(props: { readonly text: string; readonly label: string; readonly onOpen: () => void }) {
  return (
    <button type="button" class="link" aria-label={props.label} title={props.label} onClick={props.onOpen}>
      <Icon name="go-to-file" />
      {props.text}
    </button>
  );
}

interface OfferProps {
  readonly text: string;
  /** what it does */
  readonly hint: string;
  readonly isFirst?: boolean;
  readonly onClick: () => void;
}

function Offer({ text, hint, isFirst = false, onClick }: OfferProps) {
  return (
    <button type="button" class={`button ${isFirst ? '' : 'secondary'}`} title={hint} onClick={onClick}>
      {text}
    </button>
  );
}

/** A call that waits: its answer as JSON, to write and send. */
function HeldCall({ inspector, id, report }: Omit<AnswerProps, 'row'> & { readonly report: AnswerReport }) {
  const [ok, setOk] = useState(true);
  const [written, setWritten] = useState<Readonly<Record<string, string>>>({});
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // At the beginning: what it looks like is seen from there.
    area.current?.setSelectionRange(0, 0);
    area.current?.focus();
  }, []);

  const text = written[String(ok)] ?? (ok ? report.result : report.error);
  const error = useMemo(() => findJsonError(text), [text]);
  const problem = error ? `Line ${error.line}, column ${error.column}: ${error.message}` : '';
  const send = () => {
    if (!error) {
      inspector.sendAnswer(id, ok, text);
      return;
    }
    area.current?.setSelectionRange(error.offset, error.offset + 1);
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };
  return (
    <div class="editor by-hand" onKeyDown={onKeyDown}>
      <fieldset>
        <legend class="for-readers">The call</legend>
        <span>The page waits. Its call</span>
        {[true, false].map((kind) => (
          <label key={String(kind)}>
            <input type="radio" name="outcome" checked={ok === kind} onChange={() => setOk(kind)} />
            {kind ? 'resolves with' : 'rejects with'}
          </label>
        ))}
      </fieldset>
      <textarea
        ref={area}
        aria-label={ok ? 'Result as JSON' : 'Error as JSON'}
        aria-invalid={problem !== ''}
        aria-describedby="answer-problem"
        spellcheck={false}
        value={text}
        onInput={(event) => setWritten({ ...written, [String(ok)]: event.currentTarget.value })}
      />
      <div class="by-hand-foot">
        <p id="answer-problem" class={problem === '' ? 'editor-hint' : 'editor-problem'} role="status">
          {problem === '' ? 'Ctrl+Enter sends' : problem}
        </p>
        <button type="button" class="button secondary" onClick={() => inspector.actOnAnswer(id, 'passOn')}>
          {report.handled || report.rule ? 'Let It Go On' : 'Don’t Answer'}
        </button>
        <button type="button" class="button" title="Send (Ctrl+Enter)" disabled={problem !== ''} onClick={send}>
          Send Answer
        </button>
      </div>
    </div>
  );
}

/** Says which commands wait for their next call, above the list. */
export function Waiting({ inspector }: { readonly inspector: Inspector }) {
  const waiting = inspector.waiting.value;
  if (waiting.length === 0) return null;
  return (
    <div class="waiting-commands" role="status">
      {waiting.map((each) => (
        <p key={`${each.app} ${each.command}`}>
          <Icon name="watch" />
          <span>
            The next call of <strong>{each.command}</strong> will wait here for your answer.
          </span>
          <button type="button" class="link" onClick={() => inspector.disarm(each)}>
            Don’t wait
          </button>
        </p>
      ))}
    </div>
  );
}
