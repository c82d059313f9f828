/** The permissions of the official plugins, as of mid-2026. */
import { type Facts, permission } from './facts.ts';
import { FS } from './fs.ts';

export const PLUGINS: Readonly<Record<string, Facts>> = {
  autostart: { default: 'enable disable is_enabled' },
  'barcode-scanner': { default: 'cancel check_permissions open_app_settings request_permissions scan vibrate' },
  biometric: { default: 'authenticate status' },
  cli: { default: 'cli_matches' },
  'clipboard-manager': { default: '', commands: 'clear read_image read_text write_html write_image write_text' },
  'deep-link': { default: 'get_current', commands: 'is_registered register unregister' },
  dialog: {
    default: 'message save open',
    // Two are aliases of `message` since 2.7. Npm packages before that call commands of their own, which show no more
    // than a message does: without a manifest of the project's own they are a part of it.
    permissions: ['message', 'ask', 'confirm'].flatMap((name) => {
      const commands = name === 'message' ? 'message ask confirm' : `message ${name}`;
      return [permission(`allow-${name}`, commands), permission(`deny-${name}`, '', { deny: commands })];
    }),
  },
  fs: FS,
  geolocation: {
    commands: 'check_permissions clear_permissions clear_watch get_current_position request_permissions watch_position',
  },
  'global-shortcut': { default: '', commands: 'is_registered register register_all unregister unregister_all' },
  haptics: { commands: 'impact_feedback notification_feedback selection_feedback vibrate' },
  http: { default: 'fetch fetch_cancel fetch_send fetch_read_body fetch_cancel_body' },
  log: { default: 'log' },
  nfc: { default: 'is_available scan write' },
  notification: {
    default: `is_permission_granted request_permission notify register_action_types register_listener cancel get_pending
      remove_active get_active check_permissions show batch list_channels delete_channel create_channel permission_state`,
  },
  opener: {
    default: 'open_url reveal_item_in_dir',
    alsoDefault: 'allow-default-urls',
    commands: 'open_path',
    permissions: [
      permission('allow-default-urls', '', {
        scope: { allow: ['mailto:*', 'tel:*', 'http://*', 'https://*'].map((url) => ({ url })), deny: undefined },
      }),
    ],
  },
  os: { default: 'arch exe_extension family locale os_type platform version', commands: 'hostname' },
  positioner: { default: 'move_window move_window_constrained set_tray_icon_state' },
  process: { default: 'exit restart' },
  shell: { default: 'open', commands: 'execute kill spawn stdin_write' },
  sql: { default: 'close load select', commands: 'execute' },
  store: { default: 'load get_store set get has delete clear reset keys values entries length reload save' },
  stronghold: {
    default: `create_client get_store_record initialize execute_procedure load_client save_secret save_store_record save`,
    commands: 'destroy remove_secret remove_store_record',
  },
  updater: { default: 'check download install download_and_install' },
  upload: { default: 'upload download' },
  websocket: { default: 'connect send' },
  'window-state': { default: 'filename restore_state save_window_state' },
};
