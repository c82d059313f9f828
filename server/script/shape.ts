/** What other files see of a file, as a text: while it stays the same, they need not be linked again. */
import type { Candidate, FunctionValue, Reading, Value } from './model.ts';

/** Of all that it exports, with the places of strings: calls elsewhere say where their names stand. */
export function shapeOf(reading: Reading): string {
  const writer = new ShapeWriter(reading);
  for (const [name, value] of reading.exports) {
    writer.add(name);
    writer.value(value);
  }
  writer.add('*', ...reading.stars);
  const before = reading.before ? shapeOf(reading.before) : '';
  return `${writer.text}\n${before}`;
}

class ShapeWriter {
  readonly #reading: Reading;
  readonly #parts: (string | number)[] = [];
  /** functions and objects by number: they speak of each other */
  readonly #seen = new Map<Value, number>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get text(): string {
    return JSON.stringify(this.#parts);
  }

  add(...parts: readonly (string | number)[]): void {
    this.#parts.push(...parts);
  }

  value(value: Value): void {
    this.add(value.kind);
    switch (value.kind) {
      case 'string': {
        const { start, end } = this.#reading.lines.range(value);
        this.add(value.text, start.line, start.character, end.line, end.character);
        break;
      }
      case 'template':
        for (const part of value.parts)
          if (typeof part === 'string') this.add(part);
          else this.value(part);
        break;
      case 'either':
        this.#all(value.values);
        break;
      case 'object':
        if (this.#isKnown(value)) break;
        this.add(Number(value.isOpen), Number(value.isConstant), value.members.length);
        for (const { key, value: member } of value.members) {
          this.add(key);
          this.value(member);
        }
        this.#all(value.spreads);
        break;
      case 'array':
        this.#args(value.elements);
        break;
      case 'function':
        if (!this.#isKnown(value)) this.#function(value);
        break;
      case 'class':
        if (this.#isKnown(value)) break;
        for (const members of [value.statics, value.members]) {
          this.add(members.size);
          for (const [name, member] of members) {
            this.add(name);
            this.value(member);
          }
        }
        break;
      case 'handler':
        this.add(value.index);
        break;
      case 'import':
        this.add(value.from, value.name);
        break;
      case 'member':
        this.add(value.name);
        this.value(value.of);
        break;
      case 'result':
      case 'instance':
        this.value(value.of);
        this.#args(value.args);
        break;
      case 'parameter':
        this.add(value.index, Number(value.isRest));
        this.value(value.of);
        break;
      case 'known':
        this.add(value.name);
        break;
      case 'event':
        this.add(value.payload ?? '');
        this.value(value.name);
        break;
      case 'nothing':
      case 'unknown':
        break;
    }
  }

  #function({ uses, returns, typeParameter }: FunctionValue): void {
    this.add(typeParameter ?? '', uses.length);
    for (const { callee, args, isNew, typeArgument } of uses) {
      this.add(Number(isNew), typeArgument?.text ?? '');
      this.value(callee);
      this.#args(args);
    }
    this.value(returns);
  }

  #args(args: Candidate['args']): void {
    this.add(args.length);
    for (const { value, isSpread } of args) {
      this.add(Number(isSpread));
      this.value(value);
    }
  }

  #all(values: readonly Value[]): void {
    this.add(values.length);
    for (const each of values) this.value(each);
  }

  /** Writes the number of what was written before. */
  #isKnown(value: Value): boolean {
    const known = this.#seen.get(value);
    this.add(known ?? this.#seen.size);
    if (known === undefined) this.#seen.set(value, this.#seen.size);
    return known !== undefined;
  }
}
