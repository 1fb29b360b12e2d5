// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Connect's placeholders look like JavaScript's

import {
  addingFields,
  type ConfigProblem,
  defineConfig,
  defineTransformation,
  HeadraceError,
} from '../../src/plugin/index.ts';
import { patternGroups, patternProblem, TextPattern } from '../shared/text-pattern.ts';
import { requireLegalTopic, requireTopic } from './shared/topic.ts';

const config = defineConfig({
  regex: {
    doc: 'A regular expression for the whole name of the topic, as Java writes it and JavaScript has it.',
    format: 'string',
    required: true,
  },
  replacement: {
    doc: 'The new name: `$1` and `${name}` stand for groups of the expression.',
    format: 'string',
    required: true,
  },
});

export default defineTransformation({
  name: 'RegexRouter',
  doc: `Renames the topic when a pattern matches the whole of it; any other stays. A pattern that takes longer than \
500 ms for a topic rejects the row, and after three such topics it is tried on no other that is new.`,
  config,
  *check({ regex, replacement }): Iterable<ConfigProblem> {
    const problem = patternProblem(regex);
    if (problem !== null) {
      yield { key: 'regex', message: problem };
      return;
    }
    const { count, names } = patternGroups(regex);
    const compiled = compileReplacement(replacement, count, names);
    if (typeof compiled === 'string') yield { key: 'replacement', message: compiled };
  },
  fieldUse: () => addingFields([]),
  create({ regex, replacement }) {
    const { count, names } = patternGroups(regex);
    const compiled = compileReplacement(replacement, count, names);
    if (typeof compiled === 'string') throw new HeadraceError('CONFIG_INVALID', `replacement: ${compiled}`);
    const topics = new TextPattern(regex, 'topic', (match) =>
      match === null
        ? null
        : requireLegalTopic(
            match.input.slice(0, match.index) +
              fillReplacement(compiled, match) +
              match.input.slice(match.index + match[0].length),
          ),
    );
    return {
      apply(record) {
        const topic = requireTopic(record);
        record.topic = topics.of(topic) ?? topic;
        return record;
      },
    };
  },
});

/** A group of the match by number or name, or text. */
type Part = string | number | { readonly name: string };

type Replacement = readonly Part[];

/**
 * Compiles Java's replacement text: `$1`, `${name}`, and a backslash before what stands for itself. Text says what is
 * wrong with it. `groups` and `names` are those of the expression.
 */
function compileReplacement(
  source: string,
  groups: number,
  names: ReadonlySet<string>,
): Replacement | string {
  const parts: Part[] = [];
  for (let at = 0; at < source.length; at++) {
    const character = source[at] as string;
    if (character === '\\') {
      at++;
      if (at === source.length) return 'a \\ has nothing after it; write \\\\ for a backslash';
      parts.push(source[at] as string);
    } else if (character === '$') {
      const group = groupAt(source.slice(at + 1), groups, names);
      if (typeof group === 'string') return group;
      parts.push(group.part);
      at += group.length;
    } else {
      parts.push(character);
    }
  }
  return parts;
}

function groupAt(text: string, groups: number, names: ReadonlySet<string>) {
  const name = /^\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(text);
  if (name !== null) {
    const [whole, part = ''] = name;
    return names.has(part) ? { part: { name: part }, length: whole.length } : `no group is named ${part}`;
  }
  const digits = /^[0-9]+/.exec(text)?.[0];
  if (digits === undefined) return 'a $ has no group after it; write \\$ for a dollar';
  // Java takes as many digits as make a group that there is: `$10` is group 1 and a 0 when there are nine groups.
  let length = 1;
  while (length < digits.length && Number(digits.slice(0, length + 1)) <= groups) length++;
  const part = Number(digits.slice(0, length));
  return part <= groups ? { part, length } : `there is no group ${part}`;
}

/** The text that replaces a match. */
function fillReplacement(replacement: Replacement, match: RegExpExecArray): string {
  return replacement
    .map((part) => {
      if (typeof part === 'string') return part;
      return (typeof part === 'number' ? match[part] : match.groups?.[part.name]) ?? '';
    })
    .join('');
}
