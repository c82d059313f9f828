/** What Rust code says of events and windows. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventSite } from '#server/index/facts.ts';
import type { RustReader } from '#server/rust/index.ts';
import { rustReader } from '../rust/rust-fixtures.ts';
import { type Files, factsOf } from './rust-texts.ts';

let reader: RustReader;
beforeAll(async () => {
  reader = await rustReader();
});
afterAll(() => reader.dispose());

const sitesIn = (files: Files | string) => factsOf(reader, files);

const nameOf = ({ event, pattern }: EventSite) => event ?? (pattern === undefined ? '?' : `/${pattern}/`);

describe('events', () => {
  test('are emitted and listened to by literals, with exact places', () => {
    const { events, text } = sitesIn(`use tauri::{Emitter, Listener};
      fn start(app: &AppHandle) {
        app.emit("download-started", Started { url: "x", size: 1 }).unwrap();
        window.emit_to("main", "progress", 5u32)?;
        app.emit_filter(r#"raw"#, &payload, |target| true);
        app.listen("ready", move |event| {});
        let id = app.once_any("once", handler);
        app.emit_str_to(EventTarget::labeled("editor"), "text", json);
        tauri::Emitter::emit(&app, "by-trait", ())?;
      }`);
    expect(events.map((each) => [each.role, each.method, nameOf(each), each.target, text(each.eventAt)])).toEqual([
      ['emit', 'emit', 'download-started', undefined, 'download-started'],
      ['emit', 'emit_to', 'progress', 'main', 'progress'],
      ['emit', 'emit_filter', 'raw', undefined, 'r#"raw"#'],
      ['listen', 'listen', 'ready', undefined, 'ready'],
      ['listen', 'once_any', 'once', undefined, 'once'],
      ['emit', 'emit_str_to', 'text', 'editor', 'text'],
      ['emit', 'emit', 'by-trait', undefined, 'by-trait'],
    ]);
    expect(events.map(({ literal }) => text(literal))).toEqual(events.map(({ event }) => event));
    expect(text(events[0]?.at)).toBe('app.emit("download-started", Started { url: "x", size: 1 })');
    expect(events.map(({ caller, side }) => [caller, side])).toEqual(events.map(() => ['start', 'rust']));
  });

  test('by a text that is put together, which has no place of its own', () => {
    const { events, text } = sitesIn(`use tauri::Emitter;
      const DONE: &str = concat!("do", /* n */ r"ne");
      fn f(app: AppHandle) {
        app.emit(concat!("ti", "ck"), 4); app.emit(DONE, 4); app.emit(std::concat!("own"), 4); app.emit(concat!("a", 1), 4);
      }`);
    expect(events.map((each) => [nameOf(each), text(each.eventAt), each.literal])).toEqual([
      ['tick', 'concat!("ti", "ck")', undefined],
      ['done', 'DONE', undefined],
      ['own', 'std::concat!("own")', undefined],
      ['?', 'concat!("a", 1)', undefined],
    ]);
  });

  test('by constants: of the file, of other modules, of types, of functions', () => {
    const files = {
      'src/lib.rs': `mod events; mod player; use events::LOADED as DONE; use crate::events as names;
        const OWN: &str = "own";
        fn f(app: AppHandle) {
          const LOCAL: &str = "local";
          app.emit(OWN, 1); app.emit(DONE, 1); app.emit(names::FAILED, 1); app.emit(crate::events::inner::DEEP, 1);
          app.emit(LOCAL, 1); app.emit(player::Player::CHANGED, 1); app.emit(Missing::GONE, 1);
        }`,
      'src/events.rs': `pub const LOADED: &str = "loaded"; pub static FAILED: &'static str = "failed";
        pub mod inner { pub const DEEP: &str = super::LOADED; }`,
      'src/player.rs': `pub struct Player; pub struct Other;
        impl Player { pub const CHANGED: &'static str = "player:changed";
          fn tell(&self) { self.app.emit(Self::CHANGED, ()).ok(); } }
        impl Other { pub const CHANGED: &'static str = "other:changed"; }`,
    };
    const { events, text } = sitesIn(files);
    expect(events.map(nameOf)).toEqual([
      'own',
      'loaded',
      'failed',
      'loaded',
      'local',
      'player:changed',
      '?',
      'player:changed',
    ]);
    expect(events.slice(0, 3).map(({ eventAt, literal }) => [text(eventAt), text(literal)])).toEqual([
      ['OWN', 'own'],
      ['DONE', 'loaded'],
      ['names::FAILED', 'failed'],
    ]);
    expect(events[1]?.literal?.file).toBe('src/events.rs');
  });

  test('a constant of which there are several that differ is none', () => {
    const { events } = sitesIn({
      'src/a.rs': 'pub const NAME: &str = "a";',
      'src/b.rs': 'pub const NAME: &str = "b";',
      'src/lib.rs':
        'use crate::a::*; use crate::b::*; fn f(app: AppHandle) { app.emit(NAME, 1); app.emit(a::NAME, 1); }',
    });
    expect(events.map(nameOf)).toEqual(['?', 'a']);
  });

  test('by variables, branches and formats', () => {
    const { events, text } = sitesIn(`fn f(app: AppHandle, given: &str) {
      let name = "by-variable".to_string();
      app.emit(&name, 1);
      app.emit(&format!("log-{}-{id}.txt", 1), 1);
      let event = format!("pty:{{{}}}", id); app.emit(event.as_str(), 1);
      app.emit(&format!("plain"), 1);
      app.emit(if loud { "loud" } else { "quiet" }, 1);
      app.emit(match kind { Kind::A => "kind-a", Kind::B => { "kind-b" } }, 1);
      app.emit(String::from("owned").as_str(), 1);
      app.emit(given, 1); app.emit(&format!("{}", id), 1);
      for name in NAMES { app.emit(name, 1); }
    }`);
    expect(events.map(nameOf)).toEqual([
      'by-variable',
      '/log-.*-.*\\.txt/',
      '/pty:\\{.*\\}/',
      'plain',
      'loud',
      'quiet',
      'kind-a',
      'kind-b',
      'owned',
      '?',
      '?',
      '?',
    ]);
    expect(new RegExp(events[1]?.pattern ?? '', 'u').test('log-1-x.txt')).toBe(true);
    expect([text(events[0]?.eventAt), text(events[0]?.literal)]).toEqual(['&name', 'by-variable']);
  });

  test('a variable that may get another value has no name that is known', () => {
    const { events } = sitesIn(`#[derive(Serialize)] struct Payload { a: u8 }
    fn f(app: AppHandle) {
      let mut name = String::from("scan"); if deep { name.push_str("-deep"); } app.emit(&name, 1);
      let mut other = "first"; if deep { other = "second"; } app.emit(other, Payload { a: 1 });
      let mut payload = Payload { a: 1 }; payload.a = 2; app.emit("sent", payload);
    }`);
    expect(events.map((each) => [nameOf(each), each.payload])).toEqual([
      ['?', 'number'],
      ['?', 'Payload'],
      ['sent', 'Payload'],
    ]);
  });

  test('in macros, closures and async blocks, and not in comments, texts or tests', () => {
    const { events, text } = sitesIn(`fn f(app: AppHandle) {
      // app.emit("comment", 1);
      let text = ".emit(\\"text\\", 1)";
      tauri::async_runtime::spawn(async move { app.emit("spawned", 1).ok(); });
      tokio::select! {
        Some(x) = rx.recv() => { /* é */ let _ = app.emit("selected", Progress { x }); }
        _ = done => { app.emit_to("main", FINISHED, ()).unwrap(); }
      }
    }
    const FINISHED: &str = "finished";
    #[cfg(test)] mod tests { fn t() { app.emit("test", 1); } }`);
    expect(events.map(nameOf)).toEqual(['spawned', 'selected', 'finished']);
    expect(events.map(({ eventAt }) => text(eventAt))).toEqual(['spawned', 'selected', 'FINISHED']);
    expect(events.map(({ caller }) => caller)).toEqual(['f', 'f', 'f']);
  });

  test('by variants of enums: what a method, a derive or an impl says', () => {
    const { events, text } = sitesIn(`use tauri::Emitter;
      enum Name { Ready, Gone, Both(u8), Other }
      impl Name {
        fn as_str(&self) -> &'static str { match self { Self::Ready => "ready", Name::Gone | Self::Both(_) => "gone", _ => "?" } }
        fn label(&self) -> &str { match self { Name::Ready => "Ready!", Name::Gone => "Gone!" } }
      }
      impl From<Key> for &'static str { fn from(key: Key) -> &'static str { match key { Key::Changed => "key-changed" } } }
      impl fmt::Display for Key {
        fn fmt(&self, f: &mut Formatter) -> fmt::Result { match self { Key::Changed => write!(f, "displayed") } }
      }
      #[derive(strum::Display)] #[strum(serialize_all = "kebab-case")] enum Strum { FileSaved, #[strum(serialize = "own")] Own }
      #[derive(Iden)] enum Idens { #[iden = "by_iden"] A, SnakeName }
      fn f(app: AppHandle) {
        app.emit(Name::Ready.as_str(), 1); app.emit(&Name::Both.as_str().to_string(), 1); app.emit(Name::Other.as_str(), 1);
        app.emit(Key::Changed.into(), 1); app.emit(&Key::Changed.to_string(), 1);
        app.emit(Strum::FileSaved.as_ref(), 1); app.emit(&Strum::Own.to_string(), 1);
        app.emit(Idens::A.to_string().as_str(), 1); app.emit(&Idens::SnakeName.to_string(), 1);
      }`);
    expect(events.map(nameOf)).toEqual([
      'ready',
      'gone',
      '?',
      'key-changed',
      'displayed',
      'file-saved',
      'own',
      'by_iden',
      'snake_name',
    ]);
    expect(events.map(({ literal }) => text(literal))).toEqual([
      'ready',
      'gone',
      undefined,
      'key-changed',
      'displayed',
      undefined,
      'own',
      'by_iden',
      undefined,
    ]);
  });

  test('by what a function that emits is called with, also from other files', () => {
    const { events, text } = sitesIn({
      'src/lib.rs': `use tauri::{AppHandle, Emitter}; mod work;
        pub fn send_event<T>(app: &AppHandle, event: &str, payload: T) { app.emit(event, payload).ok(); }
        struct Bus; impl Bus { fn notify(&self, name: &str) { self.app.emit_to("main", name, ()).ok(); } }
        fn f(bus: Bus) { bus.notify("by-method"); }
        fn never_called_emit(app: AppHandle, event: &str) { app.emit(event, 1); }`,
      'src/work.rs': `use tauri::AppHandle; const DONE: &str = "work:done";
        fn work(app: &AppHandle) { crate::send_event(app, "work:begun", 1); send_event(&app, DONE, ()); send_event(app, unknown(), 1); }`,
    });
    expect(events.map((each) => [nameOf(each), each.target, text(each.eventAt), each.caller])).toEqual([
      ['?', undefined, 'event', 'never_called_emit'],
      ['by-method', 'main', 'by-method', 'f'],
      ['work:begun', undefined, 'work:begun', 'work'],
      ['work:done', undefined, 'DONE', 'work'],
      ['?', undefined, 'unknown()', 'work'],
    ]);
  });

  test('by constants that a macro is given', () => {
    const { events, text } =
      sitesIn(`names! { pub const SAVED: &str = "saved" => SAVED_NAME; /* const NO: &str = "no" */ }
      fn f(app: AppHandle) { app.emit(SAVED, 1); app.emit(NO, 1); }`);
    expect(events.map((each) => [nameOf(each), text(each.literal)])).toEqual([
      ['saved', 'saved'],
      ['?', undefined],
    ]);
  });

  test('calls of others with these names are none of them', () => {
    const { events } = sitesIn(`fn f(out: &mut Assembler) {
      listener.listen(128); once.call_once(|| 1); out.emit(Op::Add, 1); bus.emit();
      server.listen(tx, false); progress.emit(0, 1); std::sync::Once::new();
    }`);
    expect(events).toEqual([]);
  });

  test('the payload has a type where it is written near', () => {
    const payloadOf = (value: string, before = '') =>
      sitesIn(`#[derive(Clone, serde::Serialize)] #[serde(rename_all = "camelCase")] struct Progress { bytes_done: u64 }
        #[derive(Clone, Serialize)] enum Status { Idle, Busy }
        impl Progress { fn send(&self, app: &AppHandle) { app.emit("self", self.clone()); } }
        fn f(app: AppHandle, given: Vec<Progress>, other: impl Serialize) { ${before} app.emit("x", ${value}); }`).events.at(
        -1,
      )?.payload;
    expect(payloadOf('Progress { bytes_done: 1 }')).toBe('Progress');
    expect(payloadOf('&progress', 'let progress = Progress { bytes_done: 1 };')).toBe('Progress');
    expect(payloadOf('progress.clone()', 'let progress: Option<Progress> = None;')).toBe('Progress | null');
    expect(payloadOf('Progress::new(1)')).toBe('Progress');
    expect(payloadOf('Status::Idle')).toBe("'Idle' | 'Busy'");
    expect(payloadOf('given')).toBe('Progress[]');
    expect(payloadOf('Some("text")')).toBe('string | null');
    expect(payloadOf('format!("{}", 1)')).toBe('string');
    expect(payloadOf('1.5')).toBe('number');
    expect(payloadOf('()')).toBe('null');
    expect(payloadOf('other')).toBeUndefined();
    expect(payloadOf('compute()')).toBeUndefined();
  });

  test("tauri-specta's have the names of their types", () => {
    const { events, text } = sitesIn({
      'src/lib.rs': `mod events; use events::{DownloadProgress, Renamed};
        fn f(app: &AppHandle) {
          DownloadProgress { done: 1 }.emit(app).unwrap();
          let event = events::HTTPReady; event.emit(app)?;
          Renamed("x".into()).emit_to(app, "main").ok();
          DownloadProgress::listen(app, |event| {});
          Renamed::once_any(app, |event| {});
          NotAnEvent { a: 1 }.emit(app);
        }`,
      'src/events.rs': `#[derive(Clone, Serialize, Deserialize, Type, tauri_specta::Event)] pub struct DownloadProgress { done: u8 }
        #[derive(Clone, Serialize, Type, Event)] pub struct HTTPReady;
        #[derive(Clone, Serialize, Type, Event)] #[tauri_specta(event_name = "other-name")] pub struct Renamed(String);`,
    });
    expect(events.map((each) => [each.role, nameOf(each), each.target])).toEqual([
      ['emit', 'download-progress', undefined],
      ['emit', 'http-ready', undefined],
      ['emit', 'other-name', 'main'],
      ['listen', 'download-progress', undefined],
      ['listen', 'other-name', undefined],
    ]);
    expect(text(events[2]?.literal)).toBe('other-name');
    expect(events[0]?.payload).toBe('DownloadProgress');
  });

  test('of a plugin of tauri-specta have its name before theirs', () => {
    const { events } = sitesIn({
      'src/lib.rs': `mod events; const PLUGIN_NAME: &str = "updater2";
        fn builder<R: tauri::Runtime>() -> tauri_specta::Builder<R> {
          tauri_specta::Builder::<R>::new().plugin_name(PLUGIN_NAME)
            .commands(tauri_specta::collect_commands![check::<tauri::Wry>])
            .events(tauri_specta::collect_events![events::Updated, events::Ready])
        }
        fn f(app: &AppHandle) { events::Updated.emit(app); events::Ready::listen(app, |_| {}); events::Other.emit(app); }`,
      'src/events.rs': `#[derive(Type, tauri_specta::Event)] pub struct Updated;
        #[derive(Type, Event)] #[tauri_specta(event_name = "is-ready")] pub struct Ready;
        #[derive(Type, Event)] pub struct Other;`,
    });
    expect(events.map((each) => [each.role, nameOf(each), each.literal])).toEqual([
      ['emit', 'plugin:updater2:updated', undefined],
      ['listen', 'plugin:updater2:is-ready', undefined],
      ['emit', 'other', undefined],
    ]);
  });

  test('of an app of tauri-specta have no name before theirs', () => {
    const { events } = sitesIn(`#[derive(Type, tauri_specta::Event)] pub struct Updated;
      fn run() { tauri_specta::Builder::<tauri::Wry>::new().events(collect_events![Updated]); }
      fn f(app: &AppHandle) { Updated.emit(app); }`);
    expect(events.map(nameOf)).toEqual(['updated']);
  });
});

describe('windows', () => {
  test('get their labels from literals, constants and formats', () => {
    const { windows, text } = sitesIn(`const LABEL: &str = "settings";
      fn f(app: &AppHandle) {
        WebviewWindowBuilder::new(app, "editor", tauri::WebviewUrl::App("index.html".into())).build()?;
        tauri::WebviewWindowBuilder::<_, _>::new(&handle, LABEL, url);
        tauri::window::WindowBuilder::new(app, format!("note-{}", id));
        window.add_child(WebviewBuilder::new("child", url), position, size);
        WebviewWindow::builder(app, &label, url);
        winit::WindowBuilder::new().with_title("none");
        WebviewWindowBuilder::from_config(app, &config);
      }`);
    expect(windows.map(({ label, pattern }) => label ?? (pattern === undefined ? '?' : `/${pattern}/`))).toEqual([
      'editor',
      'settings',
      '/note-.*/',
      'child',
      '?',
    ]);
    expect(windows.map(({ literal }) => text(literal))).toEqual(['editor', 'settings', 'note-{}', 'child', undefined]);
    expect(text(windows[3]?.at)).toBe('WebviewBuilder::new("child", url)');
  });

  test('are named where their labels are compared, and where all windows are asked for one', () => {
    const { references, text } = sitesIn(`const MAIN: &str = "main"; const ABOUT: &str = "about";
      fn f(app: &AppHandle, window: Window) {
        match window.label() { "a" | r"b" if x == "no" => 1, self::ABOUT => 2, MAIN => 3, other => 4 };
        match webview.label().to_string().as_str() { "c" => {} _ => {} }
        if "d" == window.label() || &window.label() != &MAIN || window.label() == other.label() {}
        matches!(window.label(), "e" | "f"); assert_eq!(window.label(), "g", "no"); assert!(window.label() != "h");
        println!("{}", window.label(), "no"); menu.label() == "no"; window.label() > "no"; match menu.label() { "no" => {} }
        app.webview_windows().get("i").unwrap(); app.webview_windows().contains_key(MAIN); all.get("no");
        vec![app.windows().get("j")]; app.webview_windows().get(&label);
      }`);
    expect(references.map(({ label, at, literal }) => [label, text(at), text(literal)])).toEqual([
      ['a', 'a', 'a'],
      ['b', 'r"b"', 'b'],
      ['about', 'self::ABOUT', 'about'],
      ['main', 'MAIN', 'main'],
      ['c', 'c', 'c'],
      ['d', 'd', 'd'],
      ['main', '&MAIN', 'main'],
      ['e', 'e', 'e'],
      ['f', 'f', 'f'],
      ['g', 'g', 'g'],
      ['h', 'h', 'h'],
      ['i', 'i', 'i'],
      ['main', 'MAIN', 'main'],
      ['j', 'j', 'j'],
    ]);
  });

  test('are named where they are looked up and where events go to', () => {
    const { references, text } = sitesIn(`const MAIN: &str = "main";
      fn f(app: &AppHandle) {
        app.get_webview_window("main").unwrap(); app.get_window(MAIN); manager.get_webview(label);
        app.emit_to("editor", "saved", ())?; app.emit_to(EventTarget::webview_window("about"), "saved", ())?;
        app.emit_filter("x", 1, |t| matches!(t, EventTarget::WebviewWindow { label } if label == "main"));
        if window.label() == "main" && menu.label() != "File" && app.window().label() != "about" {}
      }`);
    expect(references.map(({ label, at }) => [label, text(at)])).toEqual([
      ['main', 'main'],
      ['main', 'MAIN'],
      ['editor', 'editor'],
      ['about', 'about'],
      ['main', 'main'],
      ['about', 'about'],
    ]);
  });
});
