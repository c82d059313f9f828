/** Makes a permission for a command of the app, as Tauri's build would. */
import { APP_KEY } from '#core/acl/identifier.ts';
import { commandPermissions } from '#core/acl/manifest.ts';
import type { AclFacts } from '../index/acl-facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { changeFile, createFile, type Fix } from './fix.ts';

/** `allow-greet` or `deny-greet` where there is a command `greet`; none for other names. */
export function createPermission(identifier: string, { acl, manifests }: AclFacts, project: ProjectIndex): Fix[] {
  const command = [...project.commands.keys()].find((name) =>
    commandPermissions(name).some((permission) => permission.identifier === identifier),
  );
  if (command === undefined || command.startsWith('plugin:')) return [];
  const permission = commandPermissions(command).find((each) => each.identifier === identifier);
  const list = permission?.commands.deny.length ? 'deny' : 'allow';
  const text = [
    '[[permission]]',
    `identifier = "${identifier}"`,
    `description = ${JSON.stringify(permission?.description)}`,
    `commands.${list} = ["${command}"]`,
    '',
  ].join('\n');
  const own = acl.files.permissions.find(({ folder, document }) => folder === undefined && document.format === 'toml');
  // The first permission of its own puts all commands of an app under the ACL.
  const warning = manifests.has(APP_KEY) ? '' : '; all commands of the app need one from then on';
  const title = `Create the permission "${identifier}"${warning}`;
  if (own) {
    const append = (before: string) => (before.trim() === '' || before.endsWith('\n') ? `\n${text}` : `\n\n${text}`);
    return [
      changeFile(title, own.file.replaceAll('\\', '/'), (open) => {
        const before = open.getText();
        return [{ offset: before.length, length: 0, newText: append(before) }];
      }),
    ];
  }
  const folder = project.folder.configFolder;
  return [{ title, edit: async () => createFile(`${folder}/permissions/app.toml`, text) }];
}
