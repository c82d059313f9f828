/** Listeners that are ended with their component. */
import { effectAround } from '../script/index.ts';
import type { FileRange } from '../index/facts.ts';
import { changeFile, type Fix } from './fix.ts';

/** Keeps what `listen` gives and calls it where the effect of React around it ends. */
export function endWithEffect({ file, range }: FileRange): Fix {
  return changeFile(
    'End it with its component',
    file,
    (document) => {
      const effect = effectAround(document.getText(), range.start);
      if (!effect) return undefined;
      const { call, end, indent } = effect;
      const name = effect.freeName('unlisten');
      return [
        { offset: call, length: 0, newText: `const ${name} = ` },
        { offset: end, length: 0, newText: `\n${indent}return () => void ${name}.then((stop) => stop());` },
      ];
    },
    true,
  );
}
