/** Projects: folders with Tauri's own files, and what those say. For the extension and for the language server. */
export { type AclFiles, ACL_FOLDERS, readAclFiles } from './acl-files.ts';
export {
  type Acl,
  type AclFinding,
  type AclSwitches,
  AppAcl,
  type DeclaredByBackend,
  HostedAcl,
  targetOf,
} from './app-acl.ts';
export * from './config.ts';
export { CONFIG_NAMES, ConfigFiles, findConfig, mergePatch } from './config-files.ts';
export { isElsewhere, isFile } from './files.ts';
export {
  findProjects,
  type FoundProject,
  frontendPackageFolder,
  isSkipped,
  projectAt,
  type Visited,
  walkFolders,
} from './find-projects.ts';
export { GitIgnore, type Ignores, ignoresAbove, isIgnored } from './gitignore.ts';
export { type Package, readPackage } from './packages.ts';
export { findBackend, locateProject, type Project, type ProjectPlace, readProject } from './project.ts';
export { EditedFiles, type ReadingReport } from './project-reader.ts';
export {
  type BuildScript,
  type CratePlugins,
  findCrates,
  NO_BUILD_SCRIPT,
  pluginsIn,
  readBuildScript,
} from './rust-crates.ts';
