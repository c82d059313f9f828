/**
 * The shape of Tauri's capability and permission files, and of what in a configuration speaks of them: which keys there are,
 * what they mean, and what a value names. Completion, hover and the search for names go by it; json-schema.ts makes
 * JSON schemas of it.
 */

/** What a text in a data file is. */
export type Slot =
  | 'capability-identifier'
  | 'capability-reference'
  | 'permission-identifier'
  | 'set-identifier'
  | 'permission-reference'
  | 'window-label'
  | 'window-reference'
  | 'window-pattern'
  | 'webview-pattern'
  | 'platform'
  | 'page-address'
  | 'url-scope'
  | 'path-scope'
  | 'program'
  | 'command'
  | 'text';

export interface Field {
  /** what it means, as Markdown */
  readonly text: string;
  readonly shape: Shape;
  readonly isRequired?: boolean;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, Field>>;
  /** `partial`: there are keys that are not listed here, and others complete them */
  readonly keys: 'all' | 'partial';
}

export type Shape =
  | ObjectShape
  | { readonly kind: 'list'; readonly items: Shape }
  | { readonly kind: 'string'; readonly slot: Slot }
  | { readonly kind: 'boolean' | 'number' | 'any' }
  | { readonly kind: 'either'; readonly shapes: readonly Shape[] }
  /** a value of a scope: what it may be is up to the plugin of the permission beside it */
  | { readonly kind: 'scope' };

const string = (slot: Slot): Shape => ({ kind: 'string', slot });
const list = (items: Shape): Shape => ({ kind: 'list', items });
const either = (...shapes: Shape[]): Shape => ({ kind: 'either', shapes });
const object = (fields: ObjectShape['fields']): ObjectShape => ({ kind: 'object', fields, keys: 'all' });
const partial = (fields: ObjectShape['fields']): ObjectShape => ({ kind: 'object', fields, keys: 'partial' });

const SCHEMA: Field = { text: 'A JSON schema for this file; Tauri ignores it.', shape: string('text') };
const PLATFORMS: Field = {
  text: 'The platforms for which it is meant. Without it: all. An empty list: none.',
  shape: list(string('platform')),
};
const SCOPES = {
  allow: { text: 'What the commands may work on.', shape: list({ kind: 'scope' }) },
  deny: { text: 'What the commands must not work on, even where something allows it.', shape: list({ kind: 'scope' }) },
} as const satisfies ObjectShape['fields'];

const PERMISSION_ENTRY = object({
  identifier: {
    text: 'The permission or set whose scope is extended: `fs:allow-read-file`, `http:default`.',
    shape: string('permission-reference'),
    isRequired: true,
  },
  ...SCOPES,
});

export const CAPABILITY = object({
  $schema: SCHEMA,
  identifier: {
    text: 'The name of the capability. `app.security.capabilities` of the configuration refers to it.',
    shape: string('capability-identifier'),
    isRequired: true,
  },
  description: { text: 'What it is for; Tauri does nothing with it.', shape: string('text') },
  windows: {
    text: 'Labels of windows that get the permissions, with all webviews in them. Patterns like `editor-*` are possible.',
    shape: list(string('window-pattern')),
  },
  webviews: {
    text: 'Labels of single webviews that get the permissions, whichever window they are in. Patterns are possible.',
    shape: list(string('webview-pattern')),
  },
  local: {
    text: 'Whether pages of the app itself get the permissions. Without it: yes.',
    shape: { kind: 'boolean' },
  },
  remote: {
    text: 'Pages from elsewhere that get the permissions, too.',
    shape: object({
      urls: {
        text: 'Addresses as URL patterns: `https://*.example.com/*`.',
        shape: list(string('page-address')),
        isRequired: true,
      },
    }),
  },
  platforms: PLATFORMS,
  permissions: {
    text: 'What the windows may do: identifiers of permissions and sets, alone or with a scope.',
    shape: list(either(string('permission-reference'), PERMISSION_ENTRY)),
    isRequired: true,
  },
});

/** A file has one capability, a list of them, or an object with the list. */
export const CAPABILITY_FILE = either(
  CAPABILITY,
  list(CAPABILITY),
  object({
    $schema: SCHEMA,
    capabilities: { text: 'Several capabilities in one file.', shape: list(CAPABILITY), isRequired: true },
  }),
);

const VERSION: Field = { text: 'The version of the format: 1.', shape: { kind: 'number' } };
const MEMBERS: Field = {
  text: 'Permissions and sets that belong to it. Without a prefix: of the same app or plugin.',
  shape: list(string('permission-reference')),
  isRequired: true,
};

export const PERMISSION_FILE = object({
  $schema: SCHEMA,
  default: {
    text: 'The set that is meant by `default`.',
    shape: object({
      version: VERSION,
      description: { text: 'What the set gives.', shape: string('text') },
      permissions: MEMBERS,
    }),
  },
  set: {
    text: 'Sets of permissions.',
    shape: list(
      object({
        identifier: { text: 'The name of the set.', shape: string('set-identifier'), isRequired: true },
        description: { text: 'What the set gives.', shape: string('text'), isRequired: true },
        permissions: MEMBERS,
      }),
    ),
  },
  permission: {
    text: 'Permissions: commands, a scope, or both.',
    shape: list(
      object({
        version: VERSION,
        identifier: { text: 'The name of the permission.', shape: string('permission-identifier'), isRequired: true },
        description: { text: 'What the permission gives.', shape: string('text') },
        commands: {
          text: 'The commands that are allowed or denied, by their names: `read_file`.',
          shape: object({
            allow: { text: 'Commands that may be called.', shape: list(string('command')) },
            deny: {
              text: 'Commands that must not be called, even where something allows them.',
              shape: list(string('command')),
            },
          }),
        },
        scope: {
          text: 'What the commands may work on. Without commands: for all of the plugin.',
          shape: object(SCOPES),
        },
        platforms: PLATFORMS,
      }),
    ),
  },
});

/** What of a configuration other files speak of. Tauri's own schema has its keys. */
export const CONFIG = partial({
  app: {
    text: '',
    shape: partial({
      windows: {
        text: '',
        shape: list(
          partial({
            label: { text: '', shape: string('window-label') },
            parent: { text: '', shape: string('window-reference') },
          }),
        ),
      },
      security: {
        text: '',
        shape: partial({
          capabilities: { text: '', shape: list(either(string('capability-reference'), CAPABILITY)) },
        }),
      },
    }),
  },
});

const PATH_SCOPE: Field = {
  text: 'A path or a pattern of paths. It may begin with a variable: `$APPDATA/notes/**`.',
  shape: string('path-scope'),
};
const URL_SCOPE: Field = {
  text: 'An address as URL pattern: `https://api.example.com/*`.',
  shape: string('url-scope'),
};

/** Values of the scopes of plugins, by the plugin's key. */
const SCOPE_VALUES: Readonly<Record<string, Shape>> = {
  fs: either(string('path-scope'), object({ path: { ...PATH_SCOPE, isRequired: true } })),
  http: either(string('url-scope'), object({ url: { ...URL_SCOPE, isRequired: true } })),
  opener: object({
    url: { text: 'An address as glob: `https://github.com/*`. Here `*` also matches `/`.', shape: string('url-scope') },
    path: PATH_SCOPE,
    app: {
      text: 'The program that may open it: its name, `true` for any, `false` for the default program.',
      shape: either({ kind: 'boolean' }, string('text')),
    },
  }),
  shell: object({
    name: { text: 'The name by which the page asks for the program.', shape: string('program'), isRequired: true },
    cmd: { text: 'The program. It may begin with a variable: `$HOME/bin/tool`.', shape: string('path-scope') },
    args: {
      text: 'The arguments: `true` for any, or a list of texts and of objects with a `validator`. Without it: none.',
      shape: either(
        { kind: 'boolean' },
        list(
          either(
            string('text'),
            object({
              validator: {
                text: 'A regular expression that the argument must match. It is put between `^` and `$`.',
                shape: string('text'),
                isRequired: true,
              },
              raw: { text: 'Whether `validator` is taken as it is, without `^` and `$`.', shape: { kind: 'boolean' } },
            }),
          ),
        ),
      ),
    },
    sidecar: {
      text: 'Whether the program is a sidecar: one of `bundle.externalBin`.',
      shape: { kind: 'boolean' },
    },
  }),
};

/** Values of the scope of a permission; of plugins that are not known, anything. */
export function scopeShape(identifier: unknown): Shape {
  const plugin = typeof identifier === 'string' ? identifier.split(':')[0] : undefined;
  return (plugin !== undefined && Object.hasOwn(SCOPE_VALUES, plugin) && SCOPE_VALUES[plugin]) || { kind: 'any' };
}
