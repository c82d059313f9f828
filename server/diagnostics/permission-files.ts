/** What is wrong in permission files of the app. */
import { APP_KEY } from '#core/acl/identifier.ts';
import { type Finding, lintPermissionFile } from '#core/acl/lint.ts';
import type { PermissionFile } from '#core/acl/manifest-file.ts';
import { nearest } from '#core/nearest.ts';
import type { AclFacts } from '../index/acl-facts.ts';
import type { ProjectIndex } from '../index/project-index.ts';
import { knowsRustCommands } from './knowledge.ts';
import { problemOf } from './lint-problem.ts';
import type { Problem } from './problem.ts';

export function permissionProblems(facts: AclFacts, project: ProjectIndex): Problem[] {
  const { files, stale } = facts.acl;
  const knowsAll = knowsRustCommands(project);
  return files.permissions
    .filter(({ file }) => !stale.has(file))
    .flatMap((file) => {
      const plugin = file.folder !== undefined && facts.inlined.has(file.folder) ? file.folder : undefined;
      const found = lintPermissionFile(file, plugin ?? APP_KEY, facts.manifests);
      const missing = plugin === undefined && knowsAll ? withoutCommand(file, project) : [];
      return [...found, ...missing].map((finding) => problemOf(finding, file.document));
    });
}

/** Names of commands that nothing defines. */
function withoutCommand({ file, document, data }: PermissionFile, { commands: known }: ProjectIndex): Finding[] {
  return data.permission.flatMap(({ commands }, index) =>
    (['allow', 'deny'] as const).flatMap((list) =>
      commands[list].flatMap((name, at): Finding[] => {
        // That no command can have such a name is said already.
        if (known.has(name) || name.includes('-')) return [];
        const instead = nearest(
          name,
          [...known.keys()].filter((each) => !each.startsWith('plugin:')),
        );
        const hint = instead === undefined ? '' : `; did you mean "${instead}"?`;
        return [
          {
            code: 'permission-without-command',
            severity: 'warning',
            message: `the app has no command "${name}"${hint}`,
            place: document.placeOf(file, ['permission', index, 'commands', list, at]),
            instead,
          },
        ];
      }),
    ),
  );
}
