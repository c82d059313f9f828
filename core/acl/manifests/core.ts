/** The permissions of Tauri's own plugins (2.12). */
import type { Facts } from './facts.ts';

export const CORE: Readonly<Record<string, Facts>> = {
  core: {
    default: '',
    alsoDefault: `core:path:default core:event:default core:window:default core:webview:default core:app:default
      core:image:default core:resources:default core:menu:default core:tray:default`,
  },
  'core:app': {
    default:
      'version name tauri_version identifier bundle_type register_listener remove_listener supports_multiple_windows',
    commands: `app_hide app_show default_window_icon exit fetch_data_store_identifiers remove_data_store set_app_theme
      set_dock_visibility`,
  },
  'core:event': { default: 'listen unlisten emit emit_to' },
  'core:image': { default: 'new from_bytes from_path rgba size' },
  'core:menu': {
    default: `new append prepend insert remove remove_at items get popup create_default set_as_app_menu set_as_window_menu
      text set_text is_enabled set_enabled set_accelerator set_as_windows_menu_for_nsapp set_as_help_menu_for_nsapp
      is_checked set_checked set_icon`,
  },
  'core:path': { default: 'resolve_directory resolve normalize join dirname extname basename is_absolute' },
  'core:resources': { default: 'close' },
  'core:tray': {
    default: `new get_by_id remove_by_id set_icon set_menu set_tooltip set_title set_visible set_temp_dir_path
      set_icon_as_template set_icon_with_as_template set_show_menu_on_left_click`,
  },
  'core:webview': {
    default: 'get_all_webviews webview_position webview_size internal_toggle_devtools',
    commands: `clear_all_browsing_data create_webview create_webview_window print reparent set_webview_auto_resize
      set_webview_background_color set_webview_focus set_webview_position set_webview_size set_webview_zoom webview_close
      webview_hide webview_show`,
  },
  'core:window': {
    default: `get_all_windows scale_factor inner_position outer_position inner_size outer_size is_fullscreen is_minimized
      is_maximized is_focused is_decorated is_resizable is_maximizable is_minimizable is_closable is_visible is_enabled
      title current_monitor primary_monitor monitor_from_point available_monitors cursor_position theme is_always_on_top
      activity_name scene_identifier internal_toggle_maximize`,
    commands: `center close create destroy hide maximize minimize request_user_attention set_always_on_bottom
      set_always_on_top set_background_color set_badge_count set_badge_label set_closable set_content_protected
      set_cursor_grab set_cursor_icon set_cursor_position set_cursor_visible set_decorations set_effects set_enabled
      set_focus set_focusable set_fullscreen set_fullscreen_on_monitor set_icon set_ignore_cursor_events set_max_size set_maximizable set_min_size
      set_minimizable set_overlay_icon set_position set_progress_bar set_resizable set_shadow set_simple_fullscreen set_size
      set_size_constraints set_skip_taskbar set_theme set_title set_title_bar_style set_visible_on_all_workspaces show
      start_dragging start_resize_dragging toggle_maximize unmaximize unminimize`,
  },
};
