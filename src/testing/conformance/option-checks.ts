import { messageOf } from '../../errors.ts';
import type { ConfigDefinition, OptionDefinition } from '../../plugin/index.ts';
import { dottedName } from '../../values/dotted-name.ts';
import { type Options, valuesOf, type WithOptions } from '../option-values.ts';
import { expectThat } from './conformance-case.ts';

/** Options that a plugin must refuse, over those that are right. */
export interface WrongOptions {
  readonly options: Options;
  /** A part of what it says of them. */
  readonly message: string;
}

export interface Described<D extends ConfigDefinition> extends WithOptions<D> {
  readonly name: string;
  readonly doc: string;
}

const NO_OPTION = 'no.such.option';
/** No number, no word of a list, no URL. */
const NONSENSE = 'neither this nor that';
const ANYTHING: readonly OptionDefinition['format'][] = ['string', 'list', 'path', 'map'];

/** What is asked of the options of any plugin. */
export function optionChecks<D extends ConfigDefinition>(
  plugin: Described<D>,
  options: Options,
  wrong: readonly WrongOptions[] = [],
): Readonly<Record<string, () => void>> {
  const refuses = (more: Options, part: string) => expectRefusal(plugin, { ...options, ...more }, more, part);
  return {
    'says what it is and what its options are for': () => {
      for (const [what, text] of [
        ['a name', plugin.name],
        ['a doc', plugin.doc],
      ])
        expectThat(isText(text), () => `expected ${what}, got ${JSON.stringify(text)}`);
      for (const [name, { doc }] of Object.entries(plugin.config))
        expectThat(isText(doc), () => `option ${name}: expected a doc, got ${JSON.stringify(doc)}`);
    },
    'takes options that are right and tells wrong ones by their names': () => {
      valuesOf(plugin, options);
      refuses({ [NO_OPTION]: NONSENSE }, NO_OPTION);
      for (const [name, { format }] of Object.entries(plugin.config))
        if (!ANYTHING.includes(format)) refuses({ [dottedName(name)]: NONSENSE }, dottedName(name));
      for (const { options: more, message } of wrong) refuses(more, message);
    },
  };
}

function isText(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== '';
}

function expectRefusal<D extends ConfigDefinition>(
  plugin: Described<D>,
  options: Options,
  shown: Options,
  part: string,
): void {
  const about = `options ${JSON.stringify(shown)}`;
  let message: string | null = null;
  try {
    valuesOf(plugin, options);
  } catch (error) {
    message = messageOf(error);
  }
  expectThat(message !== null, () => `${about}: expected a mistake with "${part}" in it, got none`);
  expectThat(
    message.includes(part) && !message.includes('check threw'),
    () => `${about}: expected a mistake with "${part}" in it, got "${message}"`,
  );
}
