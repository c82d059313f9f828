/** The types of a command as a page writes them: TypeScript. */
import type { RustArgument, RustCommand, RustType, RustTypeRef } from './model.ts';
import { printType, type TypeWords } from './print.ts';
import { type Bound, NO_ENV, type Names } from './resolve.ts';
import { resultOf } from './settle.ts';
import { type Declared, type Direction, Shapes } from './shapes.ts';
import { referencesIn, type Shape } from './shape.ts';

/** A declared type that types of a command name. */
export interface WireDeclaration {
  readonly name: string;
  readonly text: string;
  readonly type: RustType;
}

/** All undefined where it is not known; `void` for nothing. */
export interface WireTypes {
  /** of each argument, in their order; undefined also for what the page does not send */
  readonly args: readonly (string | undefined)[];
  readonly returns: string | undefined;
  /** what a rejection has; undefined also where the command cannot fail */
  readonly error: string | undefined;
  /** the declared types that these name, and those that they name themselves */
  readonly declarations: readonly WireDeclaration[];
}

/** Longer types of one line have a name. */
const INLINE = 60;

export function wireTypes(command: RustCommand, names: Names): WireTypes {
  const printer = new TypePrinter(names);
  const scope = names.scopeOf(command);
  const args = command.args.map((argument) =>
    argumentType(argument, { ref: argument.type, scope, env: NO_ENV }, printer),
  );
  const { ok, error, fails } = resultOf(command, names);
  const returns = ok ? printer.result(ok) : 'void';
  const isTauris = fails && !error && isTauriResult(command, names);
  return {
    args,
    returns,
    error: error ? printer.type(error, 'out') : isTauris ? 'string' : undefined,
    declarations: printer.declarations(),
  };
}

/** The type of an event's payload, with names for what is declared; undefined where it is not known. */
export function payloadType(
  type: RustTypeRef,
  place: { readonly file: string; readonly module: readonly string[] },
  names: Names,
): string | undefined {
  return new TypePrinter(names).type({ ref: type, scope: names.scopeOf(place), env: NO_ENV }, 'out');
}

function argumentType({ kind, type }: RustArgument, bound: Bound, printer: TypePrinter): string | undefined {
  if (kind === 'injected' || kind === 'raw request') return undefined;
  // An alias of a channel, or one without a type, is a channel nonetheless.
  if (kind === 'channel' && type.kind === 'other') return 'Channel<unknown>';
  return printer.type(bound, 'in');
}

/** `tauri::Result<T>`: its error is written as a string. */
function isTauriResult(command: RustCommand, names: Names): boolean {
  if (!command.declared) return false;
  const type = names.expand({ ref: command.declared, scope: names.scopeOf(command), env: NO_ENV });
  return type.kind === 'external' && type.path[0] === 'tauri';
}

/** Types of one command: what it names has one name in all of them. */
class TypePrinter {
  readonly #names: Names;
  readonly #shapes: Shapes;
  /** in which direction a declared type was named first */
  readonly #named = new Map<string, Direction>();
  #byName: ReadonlyMap<string, Declared> = new Map();

  constructor(names: Names) {
    this.#names = names;
    this.#shapes = new Shapes(names, new Set());
  }

  result(bound: Bound): string | undefined {
    const type = this.#names.expand(bound);
    if (type.kind === 'tuple' && type.items.length === 0) return 'void';
    return this.type(bound, 'out');
  }

  type(bound: Bound, direction: Direction): string | undefined {
    if (this.#isBytes(bound)) return 'ArrayBuffer';
    const channel = this.#channelOfBytes(bound);
    if (channel) return channel;
    const shape = this.#shapes.shapeOf(bound, direction, '');
    const known = this.#meaning(shape);
    return known.kind === 'unknown' ? undefined : this.#print(shape, direction);
  }

  /** Tauri's `Response` has bytes. */
  #isBytes(bound: Bound): boolean {
    const type = this.#names.expand(bound);
    if (type.kind === 'unknown') return type.name === 'Response';
    return type.kind === 'external' && type.path[0] === 'tauri' && type.path.at(-1) === 'Response';
  }

  #channelOfBytes(bound: Bound): string | undefined {
    const type = this.#names.expand(bound);
    const name = type.kind === 'external' ? type.path.at(-1) : type.kind === 'unknown' ? type.name : undefined;
    const sent = name === 'Channel' && 'args' in type ? type.args[0] : undefined;
    return sent && this.#isBytes(sent) ? 'Channel<ArrayBuffer>' : undefined;
  }

  #declared(name: string): Declared | undefined {
    const { declared } = this.#shapes;
    if (this.#byName.size < declared.size)
      this.#byName = new Map([...declared.values()].map((each) => [each.name, each]));
    return this.#byName.get(name);
  }

  /** What a name stands for, where it stands for something that reads better by itself. */
  #meaning(shape: Shape): Shape {
    const seen = new Set<string>();
    let meant = shape;
    while (meant.kind === 'reference' && !seen.has(meant.name)) {
      seen.add(meant.name);
      meant = this.#declared(meant.name)?.shape ?? { kind: 'unknown', rust: meant.name };
    }
    return meant;
  }

  #print(shape: Shape, direction: Direction): string {
    const words: TypeWords = {
      reference: (name) => this.#reference(name, words, direction),
      channel: (message) => `Channel<${message ?? 'unknown'}>`,
      json: 'unknown',
      isAbsent: ({ kind }) => kind !== 'required' && (kind !== 'default' || direction === 'in'),
      absent: '',
    };
    return printType(shape, words);
  }

  #reference(name: string, words: TypeWords, direction: Direction): string {
    const meant = this.#meaning({ kind: 'reference', name });
    if (meant.kind === 'unknown') return 'unknown';
    const isNamed = meant.kind === 'reference' || meant.kind === 'object' || referencesIn(meant).length > 0;
    const inline = isNamed ? undefined : printType(meant, words);
    if (inline !== undefined && inline.length <= INLINE) return inline;
    if (!this.#named.has(name)) this.#named.set(name, direction);
    return name;
  }

  declarations(): WireDeclaration[] {
    const texts = new Map<string, WireDeclaration>();
    // Printing one names others: they come behind it.
    for (const [name, direction] of this.#named) {
      const declared = this.#declared(name);
      if (declared) texts.set(name, this.#declaration(declared, direction));
    }
    return [...texts.values()];
  }

  #declaration({ name, shape, type }: Declared, direction: Direction): WireDeclaration {
    return { name, type, text: this.#print(shape, direction) };
  }
}
