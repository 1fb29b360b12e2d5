// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Connect's placeholders look like JavaScript's

import {
  addingFields,
  type ConfigProblem,
  defineConfig,
  defineTransformation,
  HeadraceError,
} from '../../../src/plugin/index.ts';
import { requireLegalTopic, requireTopic } from '../shared/topic.ts';
import { patternGroups, patternProblem, TopicPattern } from '../shared/topic-pattern.ts';
import { compileReplacement, fillReplacement } from './replacement.ts';

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
    const topics = new TopicPattern(regex, (match) =>
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
