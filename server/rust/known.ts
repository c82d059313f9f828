/** Types of other crates whose form on the wire is known: the standard library, and what Tauri apps use most. */
import { JSON_VALUE, leaf, NULL, type ObjectShape, PRIMITIVES, REQUIRED, type Shape, STRING } from './shape.ts';

/** The shapes of a type's arguments: `of(0)` is that of the first. */
type Arguments = (index: number) => Shape;

interface Known {
  readonly crates: readonly string[];
  readonly shape: (of: Arguments) => Shape;
}

const STD = ['std', 'core', 'alloc'];
const PRIMITIVE = (name: string) => PRIMITIVES[name] as Shape;

const object = (fields: Readonly<Record<string, Shape>>, title?: string): ObjectShape => ({
  kind: 'object',
  fields: Object.entries(fields).map(([key, shape]) => ({ key, shape, presence: REQUIRED })),
  ...(title !== undefined && { title }),
});
/** `Option<Option<T>>` is null for both. */
const nullable = (shape: Shape): Shape => (shape.kind === 'nullable' ? shape : { kind: 'nullable', of: shape });
const array = (of: Arguments): Shape => ({ kind: 'array', item: of(0) });
const map = (of: Arguments): Shape => ({ kind: 'record', key: mapKey(of(0)), value: of(1) });
const inner = (of: Arguments): Shape => of(0);
const fixed = (shape: Shape) => () => shape;

/** Keys of JSON's objects are strings, whatever they are in Rust. */
const mapKey = (key: Shape): Shape => (key.kind === 'leaf' && key.ts === 'string' ? key : STRING);

const ISO = leaf('z.iso.datetime({ offset: true })', 'string');
const LOCAL = leaf('z.iso.datetime({ local: true })', 'string');
const IPV4 = leaf('z.ipv4()', 'string');
const IPV6 = leaf('z.ipv6()', 'string');
const POINT = (of: Arguments) => object({ x: of(0), y: of(0) });
const AREA = (of: Arguments) => object({ width: of(0), height: of(0) });

const KNOWN: Readonly<Record<string, readonly Known[]>> = {
  String: [{ crates: [...STD, 'smartstring'], shape: fixed(STRING) }],
  Option: [{ crates: STD, shape: (of) => nullable(of(0)) }],
  Vec: [{ crates: STD, shape: array }],
  VecDeque: [{ crates: STD, shape: array }],
  LinkedList: [{ crates: STD, shape: array }],
  BinaryHeap: [{ crates: STD, shape: array }],
  HashSet: [{ crates: [...STD, 'hashbrown', 'ahash'], shape: array }],
  BTreeSet: [{ crates: STD, shape: array }],
  IndexSet: [{ crates: ['indexmap'], shape: array }],
  FxHashSet: [{ crates: ['rustc_hash'], shape: array }],
  AHashSet: [{ crates: ['ahash'], shape: array }],
  DashSet: [{ crates: ['dashmap'], shape: array }],
  HashMap: [{ crates: [...STD, 'hashbrown', 'ahash'], shape: map }],
  BTreeMap: [{ crates: STD, shape: map }],
  IndexMap: [{ crates: ['indexmap'], shape: map }],
  FxHashMap: [{ crates: ['rustc_hash'], shape: map }],
  AHashMap: [{ crates: ['ahash'], shape: map }],
  DashMap: [{ crates: ['dashmap'], shape: map }],
  Map: [{ crates: ['serde_json'], shape: fixed({ kind: 'record', key: STRING, value: JSON_VALUE }) }],
  Box: [{ crates: STD, shape: inner }],
  Rc: [{ crates: STD, shape: inner }],
  Arc: [{ crates: STD, shape: inner }],
  Cow: [{ crates: STD, shape: inner }],
  Cell: [{ crates: STD, shape: inner }],
  RefCell: [{ crates: STD, shape: inner }],
  Mutex: [{ crates: [...STD, 'parking_lot'], shape: inner }],
  RwLock: [{ crates: [...STD, 'parking_lot'], shape: inner }],
  Wrapping: [{ crates: STD, shape: inner }],
  Saturating: [{ crates: STD, shape: inner }],
  Reverse: [{ crates: STD, shape: inner }],
  PhantomData: [{ crates: STD, shape: fixed(NULL) }],
  Result: [
    {
      crates: STD,
      shape: (of) => ({ kind: 'union', options: [object({ Ok: of(0) }), object({ Err: of(1) })] }),
    },
  ],
  Range: [{ crates: STD, shape: (of) => object({ start: of(0), end: of(0) }) }],
  RangeInclusive: [{ crates: STD, shape: (of) => object({ start: of(0), end: of(0) }) }],
  PathBuf: [{ crates: STD, shape: fixed(STRING) }],
  Path: [{ crates: STD, shape: fixed(STRING) }],
  Utf8PathBuf: [{ crates: ['camino'], shape: fixed(STRING) }],
  Duration: [{ crates: STD, shape: fixed(object({ secs: PRIMITIVE('u64'), nanos: PRIMITIVE('u32') }, 'Duration')) }],
  SystemTime: [
    {
      crates: STD,
      shape: fixed(object({ secs_since_epoch: PRIMITIVE('u64'), nanos_since_epoch: PRIMITIVE('u32') }, 'SystemTime')),
    },
  ],
  IpAddr: [{ crates: STD, shape: fixed({ kind: 'union', options: [IPV4, IPV6] }) }],
  Ipv4Addr: [{ crates: STD, shape: fixed(IPV4) }],
  Ipv6Addr: [{ crates: STD, shape: fixed(IPV6) }],
  SocketAddr: [{ crates: STD, shape: fixed(STRING) }],
  ...Object.fromEntries(
    ['8', '16', '32', '64', '128', 'size'].flatMap((size) =>
      ['u', 'i'].flatMap((sign) => [
        [`NonZero${sign.toUpperCase()}${size}`, [{ crates: STD, shape: fixed(PRIMITIVE(sign + size)) }]],
        [`Atomic${sign.toUpperCase()}${size}`, [{ crates: STD, shape: fixed(PRIMITIVE(sign + size)) }]],
      ]),
    ),
  ),
  AtomicBool: [{ crates: STD, shape: fixed(PRIMITIVE('bool')) }],
  Value: [
    { crates: ['serde_json'], shape: fixed(JSON_VALUE) },
    { crates: ['serde_yaml', 'serde_yaml_ng', 'serde_norway'], shape: fixed(JSON_VALUE) },
  ],
  RawValue: [{ crates: ['serde_json'], shape: fixed(JSON_VALUE) }],
  Number: [{ crates: ['serde_json'], shape: fixed(leaf('z.number()', 'number')) }],
  Uuid: [{ crates: ['uuid'], shape: fixed(leaf('z.guid()', 'string')) }],
  Url: [{ crates: ['url', 'tauri', 'reqwest'], shape: fixed(leaf('z.url()', 'string')) }],
  DateTime: [{ crates: ['chrono'], shape: fixed(ISO) }],
  NaiveDateTime: [{ crates: ['chrono'], shape: fixed(LOCAL) }],
  NaiveDate: [{ crates: ['chrono'], shape: fixed(leaf('z.iso.date()', 'string')) }],
  NaiveTime: [{ crates: ['chrono'], shape: fixed(leaf('z.iso.time()', 'string')) }],
  Timestamp: [{ crates: ['jiff'], shape: fixed(ISO) }],
  RelativePathBuf: [{ crates: ['relative_path'], shape: fixed(STRING) }],
  Version: [{ crates: ['semver'], shape: fixed(STRING) }],
  VersionReq: [{ crates: ['semver'], shape: fixed(STRING) }],
  Decimal: [{ crates: ['rust_decimal'], shape: fixed(STRING) }],
  CompactString: [{ crates: ['compact_str'], shape: fixed(STRING) }],
  SmolStr: [{ crates: ['smol_str'], shape: fixed(STRING) }],
  OrderedFloat: [{ crates: ['ordered_float'], shape: inner }],
  NotNan: [{ crates: ['ordered_float'], shape: inner }],
  Bytes: [{ crates: ['bytes'], shape: fixed({ kind: 'array', item: PRIMITIVE('u8') }) }],
  ByteBuf: [{ crates: ['serde_bytes'], shape: fixed({ kind: 'array', item: PRIMITIVE('u8') }) }],
  // Tauri's own
  ResourceId: [{ crates: ['tauri'], shape: fixed(PRIMITIVE('u32')) }],
  Theme: [{ crates: ['tauri'], shape: fixed({ kind: 'enum', values: ['light', 'dark'], title: 'Theme' }) }],
  BaseDirectory: [{ crates: ['tauri'], shape: fixed(PRIMITIVE('u16')) }],
  PermissionState: [
    {
      crates: ['tauri'],
      shape: fixed({
        kind: 'enum',
        values: ['granted', 'denied', 'prompt', 'prompt-with-rationale'],
        title: 'PermissionState',
      }),
    },
  ],
  PhysicalPosition: [{ crates: ['tauri'], shape: POINT }],
  LogicalPosition: [{ crates: ['tauri'], shape: POINT }],
  PhysicalSize: [{ crates: ['tauri'], shape: AREA }],
  LogicalSize: [{ crates: ['tauri'], shape: AREA }],
  FilePath: [{ crates: ['tauri_plugin_fs', 'tauri_plugin_dialog'], shape: fixed(STRING) }],
  SafeFilePath: [{ crates: ['tauri_plugin_fs'], shape: fixed(STRING) }],
};

/** The shape of a type of another crate; undefined where it is not known. `of` gives the shapes of its arguments. */
export function knownShape(path: readonly string[], of: Arguments): Shape | undefined {
  const name = path.at(-1) ?? '';
  if (Object.hasOwn(PRIMITIVES, name) && STD.includes(path[0] ?? '')) return PRIMITIVES[name];
  return entryOf(path)?.shape(of);
}

export const isKnown = (path: readonly string[]) =>
  entryOf(path) !== undefined || (STD.includes(path[0] ?? '') && Object.hasOwn(PRIMITIVES, path.at(-1) ?? ''));

function entryOf(path: readonly string[]): Known | undefined {
  const name = path.at(-1) ?? '';
  if (!Object.hasOwn(KNOWN, name)) return undefined;
  return KNOWN[name]?.find(({ crates }) => crates.includes(path[0] ?? ''));
}

/** What a field's `with = "path"` puts on the wire; undefined where it is not known. */
export function convertedShape(path: string): Shape | undefined {
  if (/^chrono::serde::ts_\w+_option$/.test(path)) return { kind: 'nullable', of: PRIMITIVE('i64') };
  if (/^chrono::(?:naive::serde|serde)::ts_\w+$/.test(path)) return PRIMITIVE('i64');
  if (/^time::serde::(?:rfc3339|iso8601)$/.test(path)) return ISO;
  if (/^time::serde::(?:rfc3339|iso8601)::option$/.test(path)) return { kind: 'nullable', of: ISO };
  if (/^time::serde::timestamp(?:::\w+)?$/.test(path)) return PRIMITIVE('i64');
  if (path === 'humantime_serde') return STRING;
  if (path === 'serde_bytes') return { kind: 'array', item: PRIMITIVE('u8') };
  return undefined;
}
