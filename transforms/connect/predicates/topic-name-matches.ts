import { type ConfigProblem, defineConfig, definePredicate } from '../../../src/plugin/index.ts';
import { patternProblem, TextPattern } from '../../shared/text-pattern.ts';

const config = defineConfig({
  pattern: {
    doc: 'A regular expression for the whole name of the topic, as Java writes it and JavaScript has it.',
    format: 'string',
    required: true,
  },
});

export default definePredicate({
  name: 'TopicNameMatches',
  doc: `Met by records whose topic matches a pattern. A pattern that takes longer than \
500 ms for a topic rejects the row, and after three such topics it is tried on no other that is new.`,
  config,
  *check({ pattern }): Iterable<ConfigProblem> {
    const problem = patternProblem(pattern);
    if (problem !== null) yield { key: 'pattern', message: problem };
  },
  create({ pattern }) {
    const matches = new TextPattern(pattern, 'topic', (match) => match !== null);
    return { test: ({ topic }) => topic !== null && matches.of(topic) };
  },
});
