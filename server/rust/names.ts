/** Names as heck (Tauri's arguments) and serde (fields, variants) change them. */

/** The words of a name as heck finds them: digits make no boundary (tauri-core 2.5). */
function wordsOf(name: string): string[] {
  return name
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((part) =>
      part
        .replace(/(\p{Ll}\p{N}*)(\p{Lu})/gu, '$1 $2')
        .replace(/(\p{Lu}\p{N}*)(\p{Lu}\p{Ll})/gu, '$1 $2')
        .split(' '),
    )
    .filter(Boolean);
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

export const lowerCamelCase = (name: string) => {
  const [first = '', ...others] = wordsOf(name);
  return first.toLowerCase() + others.map(capital).join('');
};

export const upperCamelCase = (name: string) => wordsOf(name).map(capital).join('');

export const snakeCase = (name: string) =>
  wordsOf(name)
    .map((word) => word.toLowerCase())
    .join('_');

export const kebabCase = (name: string) => snakeCase(name).replaceAll('_', '-');

/** A field of a struct under serde's `rename_all`: it starts from snake_case and knows no other boundary than `_`. */
export function renameField(name: string, rule: string | undefined): string {
  const pascal = () =>
    name
      .split('_')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('');
  switch (rule) {
    case 'UPPERCASE':
    case 'SCREAMING_SNAKE_CASE':
      return name.toUpperCase();
    case 'PascalCase':
      return pascal();
    case 'camelCase':
      return lowerFirst(pascal());
    case 'kebab-case':
      return name.replaceAll('_', '-');
    case 'SCREAMING-KEBAB-CASE':
      return name.toUpperCase().replaceAll('_', '-');
    default:
      return name;
  }
}

/** A variant of an enum under serde's `rename_all`: it starts from PascalCase; every capital is a boundary. */
export function renameVariant(name: string, rule: string | undefined): string {
  const snake = () =>
    [...name]
      .map((char, at) => (at > 0 && isCapital(char) ? `_${char}` : char))
      .join('')
      .toLowerCase();
  switch (rule) {
    case 'lowercase':
      return name.toLowerCase();
    case 'UPPERCASE':
      return name.toUpperCase();
    case 'camelCase':
      return lowerFirst(name);
    case 'snake_case':
      return snake();
    case 'SCREAMING_SNAKE_CASE':
      return snake().toUpperCase();
    case 'kebab-case':
      return snake().replaceAll('_', '-');
    case 'SCREAMING-KEBAB-CASE':
      return snake().toUpperCase().replaceAll('_', '-');
    default:
      return name;
  }
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const isCapital = (char: string) => /\p{Lu}/u.test(char);
