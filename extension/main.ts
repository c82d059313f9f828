/** Activation: builds and owns everything. Reads like a table of contents. */
import * as vscode from 'vscode';
import { Lifetime } from '#core/lifetime.ts';
import { SourceStatistics } from '#core/statistics.ts';
import { Tap } from '#core/tap.ts';
import { createApi, type IpcWorkbenchApi } from './api.ts';
import { AnswerCommands } from './answer-commands.ts';
import { Apps } from './app/apps.ts';
import { RustProjects } from './app/rust-projects.ts';
import { UnhandledNotice } from './app/unhandled-notice.ts';
import { registerCommands } from './commands.ts';
import { Bodies } from './inspector/bodies.ts';
import { Answers } from './inspector/answers.ts';
import { Inspector } from './inspector/inspector.ts';
import { Origins } from './inspector/origins.ts';
import { SavedFilters } from './inspector/saved-filters.ts';
import { Permissions } from './inspector/permissions.ts';
import { SessionKeeper } from './inspector/session-keeper.ts';
import { Language } from './language/language.ts';
import { createLog, errorText } from './log.ts';
import { RecordingEditor } from './recordings/editor.ts';
import { Otlp } from './recordings/otlp.ts';
import { Recordings } from './recordings/recordings.ts';
import { ShownSource } from './recordings/shown-source.ts';
import { sessionBytes, tapLimits } from './settings.ts';
import { CommandsTree } from './surfaces/commands-tree.ts';
import { RecordingsTree } from './surfaces/recordings-tree.ts';
import { StatusBar } from './surfaces/status-bar.ts';
import { Traffic } from './surfaces/traffic.ts';
import { ProjectsTree } from './tree/projects-tree.ts';

export function activate(context: vscode.ExtensionContext): IpcWorkbenchApi {
  const start = processorMs();
  const life = new Lifetime();
  context.subscriptions.push(life);

  const log = life.own(createLog());
  const tap = life.own(new Tap(tapLimits()));
  life.own(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration('ipcWorkbench.inspector')) return;
      tap.limits = tapLimits();
      session.maxBytes = sessionBytes();
    }),
  );
  // Before all that leaves records: the last ones come when the rest has ended.
  const session = life.own(new SessionKeeper({ tap, log, context, maxBytes: sessionBytes() }));
  const rust = life.own(new RustProjects({ log, extensionUri: context.extensionUri }));
  const apps = life.own(new Apps({ tap, log, context, rust }));
  const statistics = life.own(new SourceStatistics(tap));
  const api = life.own(createApi({ tap, statistics, log, context }));
  const permissions = new Permissions({
    tap,
    log,
    findAcl: (app) => apps.find(app)?.acl ?? api.hosted.get(app)?.acl,
    onChange: apps.onAclChange,
  });
  const answerCommands = new AnswerCommands({ apps, rust, tap });
  const answers = new Answers({ tap, log, apps, actions: answerCommands });
  const tool = `ipc-workbench ${api.exports.version}`;
  const recordings = life.own(new Recordings({ source: tap, tool, log }));
  const shown = life.own(new ShownSource(tap));
  const origins = life.own(new Origins({ log, apps, hosted: api.hosted }));
  const bodies = life.own(new Bodies());
  const filters = life.own(new SavedFilters(context.workspaceState));
  life.own(bodies.add(session.name, shown, session.ready));
  const inspector = life.own(
    new Inspector({
      tap,
      source: shown,
      files: recordings,
      extensionUri: context.extensionUri,
      findConnection: (app, window) => apps.findConnection(app, window) ?? api.findConnection(app, window),
      bodies,
      permissions,
      answers,
      origins,
      filters,
    }),
  );
  life.own(
    new RecordingEditor({
      extensionUri: context.extensionUri,
      tool,
      log,
      bodies,
      origins,
      filters,
      use: (post) => recordings.use(post),
      focus: inspector.focus,
    }),
  );
  life.own(new Otlp({ source: tap, tool, log }));
  const tree = life.own(new ProjectsTree({ apps, rust }));
  const traffic = life.own(new Traffic(tap, statistics));
  life.own(new CommandsTree(traffic));
  life.own(new RecordingsTree());
  life.own(new StatusBar({ tap, traffic, recordings }));
  const language = life.own(new Language({ log, extensionUri: context.extensionUri, traffic }));
  life.own(new UnhandledNotice({ apps, log, memory: context.workspaceState }));
  life.own(registerCommands({ apps, api, inspector, recordings, tap, log, answers: answerCommands, tree, language }));

  // `npm start` and the picture scripts ask for it.
  if (process.env['IPC_WORKBENCH_OPEN'] === 'demo') {
    apps.openDemo().catch((error: unknown) => log.error(`Opening the demo failed: ${errorText(error)}`));
  }
  api.exports.activationMs = processorMs() - start;
  log.info(`Activated in ${api.exports.activationMs.toFixed(1)} ms`);
  return api.exports;
}

/** Processor time of this thread: while VS Code starts, the clock on the wall shows mostly what others do. */
function processorMs(): number {
  // The oldest VS Code that we support brings a Node without it.
  const read: typeof process.cpuUsage | undefined = process.threadCpuUsage;
  const { user, system } = read ? read() : process.cpuUsage();
  return (user + system) / 1000;
}
