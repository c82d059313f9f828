import { type ComponentChildren, Fragment } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PermissionReport, ReportedEntry, ReportedScope } from '#core/acl/report.ts';
import { plural } from './format.ts';
import { Icon } from './icon.tsx';
import type { Inspector } from './inspector.ts';
import type { Word } from './vocabulary.ts';

interface PermissionProps {
  readonly inspector: Inspector;
  readonly id: number;
}

/**
 * What allows a call, or why it was refused: what was looked at, and what would allow it. The host is asked when this is
 * first drawn.
 */
export function Permission({ inspector, id, wasRefused }: PermissionProps & { readonly wasRefused: boolean }) {
  useEffect(() => inspector.explain(id), [inspector, id]);
  const permission = inspector.permission.value;
  if (permission?.id !== id) return <p class="waiting">Looking…</p>;
  if (!permission.report) {
    const none = 'The app is closed or has no capabilities, so nothing more can be said.';
    return <p class="waiting">{wasRefused ? `${none} See Error.` : none}</p>;
  }
  return <Report inspector={inspector} id={id} report={permission.report} wasRefused={wasRefused} />;
}

const VERDICTS: Readonly<Record<PermissionReport['verdict'], Word>> = {
  allowed: { icon: 'pass', text: 'Allowed' },
  free: { icon: 'pass', text: 'No permission needed' },
  refused: { icon: 'circle-slash', text: 'Refused' },
  handler: { icon: 'circle-slash', text: 'Refused' },
};

interface ReportProps extends PermissionProps {
  readonly report: PermissionReport;
  readonly wasRefused: boolean;
}

function Report({ inspector, id, report, wasRefused }: ReportProps) {
  const { icon, text } = VERDICTS[report.verdict];
  // It is about now: of a call that was refused, or may not be made any more, that is worth a word.
  const isNews = wasRefused !== (report.verdict === 'refused') && report.verdict !== 'handler';
  return (
    <div class="facts permission" tabIndex={0} role="region" aria-label="Permission">
      <p class={`verdict verdict-${report.verdict}`} role="status">
        <Icon name={icon} />
        <span>
          <strong>
            {text}
            {isNews && ' now'}.
          </strong>{' '}
          {report.summary}
        </span>
      </p>
      <Missing inspector={inspector} id={id} report={report} />
      {report.entries.length > 0 && (
        <Section title="Looked at">
          <ul class="looked-at">
            {report.entries.map((entry, at) => (
              <Entry key={at} inspector={inspector} id={id} entry={entry} />
            ))}
          </ul>
        </Section>
      )}
      <Capabilities inspector={inspector} id={id} report={report} />
      <Scope title="Scope of the command" scope={report.commandScope} />
      <Scope title="Scope of the plugin" scope={report.globalScope} />
      {report.release !== undefined && (
        <Section title="In a release build the page gets">
          <p class="mono">{report.release}</p>
        </Section>
      )}
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** What would allow the call, and the buttons that write it down; the smallest permission is the one to press. */
function Missing({ inspector, id, report }: PermissionProps & { readonly report: PermissionReport }) {
  const { missing, targets, editable } = report;
  if (missing.length === 0) return null;
  const [target] = targets;
  const where = targets.length > 1 ? 'a capability' : target ? target.file : 'a new capability';
  return (
    <Section title={missing.length > 1 ? 'Missing: one of these' : 'Missing'}>
      <ul class="missing">
        {missing.map(({ identifier, commands }, at) => (
          <li key={identifier}>
            <span>
              <span class="mono">{identifier}</span>{' '}
              {commands > 1 && <span class="faint">allows {plural(commands, 'command')}</span>}
            </span>
            {editable && (
              <button
                type="button"
                class={`button small ${at === 0 ? '' : 'secondary'}`}
                title={`Opens the file with ${identifier} added, not saved yet`}
                aria-label={`Add ${identifier} to ${where}`}
                onClick={() => inspector.addPermission(id, identifier)}
              >
                Add to {where}…
              </button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const EFFECTS: Readonly<Record<ReportedEntry['effect'], Word>> = {
  allows: { icon: 'check', text: 'allows' },
  denies: { icon: 'circle-slash', text: 'denies' },
  'does not apply': { icon: 'dash', text: 'does not apply' },
};

function Entry({ inspector, id, entry }: PermissionProps & { readonly entry: ReportedEntry }) {
  const { capability, permission, effect, reasons, file } = entry;
  return (
    <li class={`effect-${effect.replaceAll(' ', '-')}`}>
      <Icon name={EFFECTS[effect].icon} />
      <div>
        <div>
          <span class="mono">{permission}</span> <span class="faint">of capability</span>{' '}
          <span class="mono">{capability}</span>
        </div>
        <div class="reason">
          <span class="for-readers">{EFFECTS[effect].text}: </span>
          {reasons.join('; ')}
        </div>
        {file !== undefined && (
          <FileLink file={file} onOpen={() => inspector.openCapability(id, capability, permission)} />
        )}
      </div>
    </li>
  );
}

function Capabilities({ inspector, id, report }: PermissionProps & { readonly report: PermissionReport }) {
  const { capabilities } = report;
  return (
    <Section title="Capabilities of this window">
      {capabilities.length === 0 ? (
        <p class="faint">None names it.</p>
      ) : (
        <ul class="capabilities">
          {capabilities.map(({ capability, file }) => (
            <li key={capability}>
              <span class="mono">{capability}</span>
              {file !== undefined && <FileLink file={file} onOpen={() => inspector.openCapability(id, capability)} />}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function FileLink({ file, onOpen }: { readonly file: string; readonly onOpen: () => void }) {
  return (
    <button type="button" class="link" title={`Open ${file} there`} onClick={onOpen}>
      <Icon name="go-to-file" />
      {file}
    </button>
  );
}

function Scope({ title, scope }: { readonly title: string; readonly scope: ReportedScope }) {
  const lines = [
    ...scope.allow.map((value) => ['allow', value] as const),
    ...scope.deny.map((value) => ['deny', value] as const),
  ];
  if (lines.length === 0) return null;
  return (
    <Section title={title}>
      <dl>
        {lines.map(([effect, value], at) => (
          <Fragment key={at}>
            <dt>{effect}</dt>
            <dd class="mono">{value}</dd>
          </Fragment>
        ))}
      </dl>
    </Section>
  );
}
