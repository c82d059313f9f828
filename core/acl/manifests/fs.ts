/** The permissions of the fs plugin (2.6): its commands, and for each directory scopes and the sets that use them. */
import { type Facts, permission, words } from './facts.ts';

const APP_DIRECTORIES = 'appconfig appdata applocaldata appcache applog';
const DIRECTORIES = `app ${APP_DIRECTORIES} audio cache config data desktop document download exe font home localdata log
  picture public resource runtime temp template video`;

const META = 'stat lstat fstat exists';
const FILES = 'read_file read open read_text_file read_text_file_lines read_text_file_lines_next seek';
const WRITE_FILES = 'create copy_file remove rename truncate ftruncate write write_file write_text_file';

/** The scope of a directory; `app` stands for all of the app's own. */
function scope(directory: string, inside: '' | '/*' | '/**') {
  const variables = words(directory === 'app' ? APP_DIRECTORIES : directory).map((name) => `$${name.toUpperCase()}`);
  const paths = variables.flatMap((name) => (inside ? [name, name + inside] : [name]));
  return { allow: paths.map((path) => ({ path })), deny: undefined };
}

const scopes = words(DIRECTORIES).flatMap((directory) => [
  permission(`scope-${directory}`, '', { scope: scope(directory, '/*') }),
  permission(`scope-${directory}-recursive`, '', { scope: scope(directory, '/**') }),
  permission(`scope-${directory}-index`, '', { scope: scope(directory, '') }),
]);

const set = (identifier: string, permissions: string) => ({
  identifier,
  description: '',
  permissions: words(permissions),
});

const sets = words(DIRECTORIES).flatMap((directory) => [
  set(`allow-${directory}-read`, `read-all scope-${directory}`),
  set(`allow-${directory}-read-recursive`, `read-all scope-${directory}-recursive`),
  set(`allow-${directory}-write`, `write-all scope-${directory}`),
  set(`allow-${directory}-write-recursive`, `write-all scope-${directory}-recursive`),
  set(`allow-${directory}-meta`, `read-meta scope-${directory}-index`),
  set(`allow-${directory}-meta-recursive`, `read-meta scope-${directory}-recursive`),
]);

const webviewData = (path: string) => ({ allow: undefined, deny: [{ path }] });

export const FS: Facts = {
  default: '',
  alsoDefault: 'create-app-specific-dirs read-app-specific-dirs-recursive',
  commands: `copy_file create exists fstat ftruncate lstat mkdir open read read_dir read_file read_text_file
    read_text_file_lines read_text_file_lines_next remove rename seek size start_accessing_security_scoped_resource stat
    stop_accessing_security_scoped_resource truncate unwatch watch write write_file write_text_file`,
  permissions: [
    permission('allow-read-text-file-lines', 'read_text_file_lines read_text_file_lines_next'),
    permission('allow-write-file', 'write_file open write'),
    permission('read-all', `read_dir ${FILES} ${META} watch unwatch`),
    permission('read-files', `${FILES} ${META}`),
    permission('read-dirs', `read_dir ${META}`),
    permission('read-meta', `read_dir ${META} size`),
    permission('write-all', `mkdir ${WRITE_FILES}`),
    permission('write-files', WRITE_FILES),
    // Without commands and scope: capabilities extend it, and so the scope of the whole plugin.
    permission('scope', ''),
    permission('deny-webview-data-linux', '', { platforms: ['linux'], scope: webviewData('$APPLOCALDATA/**') }),
    permission('deny-webview-data-windows', '', {
      platforms: ['windows'],
      scope: webviewData('$APPLOCALDATA/EBWebView/**'),
    }),
    ...scopes,
  ],
  sets: [
    set('create-app-specific-dirs', 'allow-mkdir scope-app-index'),
    set(
      'read-app-specific-dirs-recursive',
      `allow-read-dir allow-read-file allow-read-text-file allow-read-text-file-lines allow-read-text-file-lines-next
       allow-exists scope-app-recursive`,
    ),
    set('deny-default', 'deny-webview-data-linux deny-webview-data-windows'),
    ...sets,
  ],
};
