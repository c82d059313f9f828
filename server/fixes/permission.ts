/** Adds a permission to a capability. */
import { Capability, identifierOf } from '#core/acl/capability.ts';
import type { CapabilitySource } from '#core/acl/capability-file.ts';
import { Document } from '#core/acl/document.ts';
import { addPermission } from '#core/acl/edit.ts';
import type { ProjectAcl } from '../index/project-index.ts';
import { changeFile, createFile, type Fix } from './fix.ts';

/** One fix for each capability of the project's windows, the one of most windows first; a new capability where none is. */
export function grant({ acl, files }: ProjectAcl, permission: string, labels: readonly string[]): Fix[] {
  const counts = new Map<string, number>();
  for (const name of labels.flatMap((label) => acl.authority.grants.capabilitiesOf(label))) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sources = [...counts].sort(([, a], [, b]) => b - a).flatMap(([name]) => acl.sourceOf(name) ?? []);
  if (sources.length > 0) return sources.map((source, at) => addTo(source, permission, at === 0));
  return files.listed || labels.length === 0
    ? []
    : [create(files.folder.replaceAll('\\', '/'), acl, permission, labels)];
}

function addTo(source: CapabilitySource, permission: string, isPreferred: boolean): Fix {
  const { capability, path } = source;
  const title = `Add "${permission}" to the capability "${capability.identifier}"`;
  return changeFile(
    title,
    source.file.replaceAll('\\', '/'),
    (open) => {
      const now = { ...source, document: documentOf(open.getText(), source) };
      if (!now.document) return undefined;
      let value: unknown = now.document.value;
      for (const step of path) value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[step];
      const { success, data } = Capability.safeParse(value);
      const isSame = success && data.identifier === capability.identifier;
      if (!isSame || data.permissions.some((entry) => identifierOf(entry) === permission)) return undefined;
      return addPermission({ ...now, document: now.document }, permission);
    },
    isPreferred,
  );
}

/** The file as it is open; undefined while what is typed there is not of its format. */
function documentOf(text: string, { document }: CapabilitySource): Document | undefined {
  try {
    return new Document(text, document.format);
  } catch {
    return undefined;
  }
}

function create(folder: string, acl: ProjectAcl['acl'], permission: string, labels: readonly string[]): Fix {
  let identifier = 'default';
  for (let count = 2; acl.sourceOf(identifier); count++) identifier = `default-${count}`;
  const capability = {
    identifier,
    description: 'What the windows of the app may do',
    windows: labels,
    permissions: [permission],
  };
  return {
    title: `Create the capability "${identifier}" with "${permission}"`,
    isPreferred: true,
    edit: async () => createFile(`${folder}/${identifier}.json`, `${JSON.stringify(capability, null, 2)}\n`),
  };
}
