/** What allows a recorded call, or why it was refused, for the inspector: the report, the way to the files, and the edit that allows it. */
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { Access } from '#core/acl/authority.ts';
import { type CapabilitySource } from '#core/acl/capability-file.ts';
import { Capability, identifierOf } from '#core/acl/capability.ts';
import { Document } from '#core/acl/document.ts';
import { addPermission } from '#core/acl/edit.ts';
import { type PermissionReport, report } from '#core/acl/report.ts';
import type { Emitter } from '#core/lifetime.ts';
import { bodyValue, type MessageRecord } from '#core/record.ts';
import type { Tap } from '#core/tap.ts';
import { plainMessage } from '../plugins/plain-text.ts';
import { type Acl, AppAcl } from '#server/project/index.ts';
import { changeText, showRange } from '../editing.ts';
import type { Log } from '../log.ts';
import { openPlace, reportError } from '../problems.ts';

export interface PermissionsOptions {
  readonly tap: Tap;
  readonly log: Log;
  /** the ACL of a running app; undefined where it has none, or does not run any more */
  findAcl(app: string): Acl | undefined;
  readonly onChange: Emitter<void>['event'];
}

interface Asked {
  readonly record: MessageRecord;
  readonly acl: Acl;
  readonly access: Access;
}

export class Permissions {
  readonly #options: PermissionsOptions;
  /** a file or a backend changed what windows may do */
  readonly onChange: Emitter<void>['event'];

  constructor(options: PermissionsOptions) {
    this.#options = options;
    this.onChange = options.onChange;
  }

  /** What the ACL says now to a recorded call; undefined where that cannot be said. */
  report(id: number): PermissionReport | undefined {
    const asked = this.#find(id);
    if (!asked) return undefined;
    const { record, acl, access } = asked;
    const { window, webview, origin } = access;
    const grants = acl.authority.of(window, webview, origin);
    const refusal = record.outcome && bodyValue(record.outcome);
    return report({
      access,
      explanation: acl.explain(access),
      wasRefused: record.status === 'denied',
      // The text of the authority itself is no refusal of a handler.
      refusal: typeof refusal === 'string' && refusal.startsWith('Permission denied: ') ? refusal : undefined,
      asked: acl.askedBy(access.command).filter((permission) => !grants.allows(permission)),
      fileOf: (capability) => {
        const source = sourceOf(acl, capability);
        return source && shownFile(source.file);
      },
      editable: acl instanceof AppAcl,
    });
  }

  /** Opens the file of a capability, where it names the permission. */
  async open(id: number, capability: string, permission?: string): Promise<void> {
    const asked = this.#find(id);
    if (!(asked?.acl instanceof AppAcl)) return;
    const { acl, access } = asked;
    const place = acl.placeOf(capability, access.command, permission ?? '');
    if (place) await this.#try('The capability cannot be shown', () => openPlace(place));
  }

  /** Adds a permission that a recorded call lacks, as {@link addPermissionFor} does. */
  async add(id: number, permission: string): Promise<void> {
    const asked = this.#find(id);
    if (!(asked?.acl instanceof AppAcl)) return;
    const { acl, access } = asked;
    await this.#try(`"${permission}" cannot be added`, () => addPermissionFor(acl, access, permission));
  }

  #find(id: number): Asked | undefined {
    const record = this.#options.tap.find(id);
    const acl = record && this.#options.findAcl(record.app);
    if (record?.kind !== 'invoke' || !acl) return undefined;
    const { name, window, origin } = record;
    const access: Access = {
      command: name,
      window,
      webview: window,
      origin: origin === undefined ? 'local' : { remote: origin },
    };
    return { record, acl, access };
  }

  async #try(what: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      reportError(this.#options.log, what, error);
    }
  }
}

/**
 * Adds a permission to a capability of a window, in an editor and not saved: saving puts it in force. Asks which
 * capability where there are several, and begins a file where there is none.
 */
export async function addPermissionFor(acl: AppAcl, access: Access, permission: string): Promise<void> {
  const targets = acl.explain(access).capabilities.flatMap((name) => acl.sourceOf(name) ?? []);
  if (targets.length === 0) return createCapability(acl, access, permission);
  const target = targets.length === 1 ? targets[0] : await chooseTarget(targets, permission);
  if (target) await addTo(target, permission);
}

function sourceOf(acl: Acl, capability: string): CapabilitySource | undefined {
  return acl instanceof AppAcl ? acl.sourceOf(capability) : undefined;
}

async function chooseTarget(
  targets: readonly CapabilitySource[],
  permission: string,
): Promise<CapabilitySource | undefined> {
  const items = targets.map((source) => ({
    label: source.capability.identifier,
    description: shownFile(source.file),
    detail: source.capability.description,
    source,
  }));
  const placeHolder = `Which capability shall hold ${permission}?`;
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.source;
}

/** Adds the permission to the file as the editor has it now, and selects it. */
async function addTo({ capability, file, document, path }: CapabilitySource, permission: string): Promise<void> {
  const editor = await vscode.workspace.openTextDocument(file);
  const now = { capability, file, path, document: new Document(editor.getText(), document.format) };
  const present = permissionsIn(now);
  if (!present) throw new Error(`${basename(file)} has changed: save it first`);
  let index = present.permissions.findIndex((entry) => identifierOf(entry) === permission);
  if (index < 0) {
    index = present.permissions.length;
    await changeText(editor.uri, () => addPermission(now, permission), '');
  }
  const range = new Document(editor.getText(), document.format).nearestRangeOf([...path, 'permissions', index]);
  await showRange(editor, range);
}

/** The capability as the text has it by now; undefined where another one, or none, stands in its place. */
function permissionsIn({ capability, document, path }: CapabilitySource): Capability | undefined {
  let value: unknown = document.value;
  for (const step of path) value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[step];
  const parsed = Capability.safeParse(value);
  return parsed.success && parsed.data.identifier === capability.identifier ? parsed.data : undefined;
}

/** Begins a capability for a window that none is about; nothing is on the disk before it is saved. */
async function createCapability(acl: AppAcl, { window, origin }: Access, permission: string): Promise<void> {
  const identifier = freeIdentifier(acl, window);
  const capability = {
    identifier,
    description: `What the window "${window}" may do`,
    ...(origin !== 'local' && { local: false, remote: { urls: [`${new URL(origin.remote).origin}/*`] } }),
    windows: [window],
    permissions: [permission],
  };
  const file = vscode.Uri.file(join(acl.files.folder, `${identifier}.json`));
  const editor = await vscode.workspace.openTextDocument(file.with({ scheme: 'untitled' }));
  const text = `${JSON.stringify(capability, null, 2)}\n`;
  const change = new vscode.WorkspaceEdit();
  change.replace(editor.uri, new vscode.Range(0, 0, editor.lineCount, 0), text);
  if (!(await vscode.workspace.applyEdit(change))) throw new Error(`VS Code did not begin ${basename(file.fsPath)}`);
  await showRange(editor, new Document(text, 'json').nearestRangeOf(['permissions', 0]));
  const { listed } = acl.files;
  if (!listed) return;
  const open = `Open ${basename(listed.file)}`;
  const hint = `${basename(listed.file)} lists the capabilities in force: add "${identifier}" there too.`;
  if ((await vscode.window.showInformationMessage(plainMessage(hint), open)) === open) await openPlace(listed);
}

/** A name of a capability and its file that nothing has yet. */
function freeIdentifier(acl: AppAcl, window: string): string {
  const base = window.replace(/[^\w-]+/g, '-');
  const taken = (name: string) =>
    acl.sourceOf(name) !== undefined || existsSync(join(acl.files.folder, `${name}.json`));
  let name = base;
  for (let number = 2; taken(name); number++) name = `${base}-${number}`;
  return name;
}

/** A file as people know it: by its path in the workspace, or by its folder and name where it is outside. */
function shownFile(file: string): string {
  const shown = vscode.workspace.asRelativePath(file, false);
  return isAbsolute(shown) ? `${basename(dirname(file))}/${basename(file)}` : shown;
}
