/** Trees to texts: what is printed means the same, in one way of writing for each meaning. */
import type { Condition, Filter, PathStep, Range, Scalar, TextItem } from './ast.ts';
import { parseFilter } from './parse.ts';

export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'or':
      return filter.of.map(printFilter).join(' | ');
    case 'and':
      return filter.of.map((part) => (part.kind === 'or' ? inParentheses(part) : printFilter(part))).join(' ');
    case 'not':
      return `-${filter.of.kind === 'or' || filter.of.kind === 'and' ? inParentheses(filter.of) : printFilter(filter.of)}`;
    case 'word':
      return printWord(filter.text);
    case 'regex':
      return printRegex(filter);
    case 'is':
      return `is:${filter.states.join(',')}`;
    case 'text':
      return `${filter.key}:${filter.items.map(printItem).join(',')}`;
    case 'number':
      return `${filter.key}:${filter.ranges.map(printRange).join(',')}`;
    case 'compare':
      return `${filter.key}${filter.op}${filter.value}`;
    case 'around':
      return `${filter.key}:${filter.ids.join(',')}`;
    case 'path':
      return `${filter.root}${filter.steps.map(printStep).join('')}${printCondition(filter.condition)}`;
  }
}

const inParentheses = (filter: Filter) => `(${printFilter(filter)})`;

/** A word as it must be written to mean just that text. */
function printWord(text: string): string {
  const { filter, notice } = parseFilter(text);
  const isPlain =
    filter?.kind === 'word' && filter.text === text && !notice && !/^["/]|[()]|^(?:AND|OR|NOT)\b/.test(text);
  return isPlain ? text : quote(text);
}

function printItem(item: TextItem | Range): string {
  if (item.kind === 'range') return printRange(item);
  if (item.kind === 'regex') return printRegex(item);
  return item.kind === 'exact' ? quote(item.text) : item.text;
}

const printRegex = ({ source, ignoreCase }: { readonly source: string; readonly ignoreCase: boolean }) =>
  `/${source}/${ignoreCase ? 'i' : ''}`;

function printRange({ from, to }: Range): string {
  return from !== undefined && from === to ? `${from}` : `${from ?? ''}..${to ?? ''}`;
}

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'fits':
      // `1` alone would be a text there, so a range of one keeps both its ends.
      return `:${condition.items.map((item) => (item.kind === 'range' ? `${item.from ?? ''}..${item.to ?? ''}` : printItem(item))).join(',')}`;
    case 'contains':
      return `~${printItem(condition.item)}`;
    case 'compare':
      return `${condition.op}${printScalar(condition.value)}`;
  }
}

function printScalar(value: Scalar): string {
  if (value.kind === 'number') return `${value.value}`;
  return value.quoted ? quote(value.text) : value.text;
}

function printStep(step: PathStep): string {
  switch (step.kind) {
    case 'member':
      return isPlainName(step.name) ? `.${step.name}` : `[${JSON.stringify(step.name)}]`;
    case 'anywhere':
      return `..${step.name}`;
    case 'element':
      return `[${step.index}]`;
    case 'all':
      return '[*]';
  }
}

const isPlainName = (name: string) => /^[^\s.[\]()":=!~<>,]+$/.test(name);

/** As a text in quotes: only quotes and backslashes need care. */
export const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
