// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Connect's placeholders look like JavaScript's

import {
  addingFields,
  type ConfigProblem,
  defineConfig,
  defineTransformation,
  HeadraceError,
  RowError,
} from '../../src/plugin/index.ts';
import { compileDatePattern } from './shared/date-pattern.ts';
import { requireLegalTopic, requireTopic } from './shared/topic.ts';

const config = defineConfig({
  topicFormat: {
    doc: 'The new name: `${topic}` stands for the topic, `${timestamp}` for the timestamp.',
    format: 'string',
    default: '${topic}-${timestamp}',
  },
  timestampFormat: {
    doc: "How the timestamp is written, in UTC, by the letters of Java's SimpleDateFormat: yyyy, MM, dd, HH, mm, ss, SSS.",
    format: 'string',
    default: 'yyyyMMdd',
  },
});

export default defineTransformation({
  name: 'TimestampRouter',
  doc: `Puts the record's timestamp into the name of its topic. A record without a timestamp rejects the row: set it with \
\`route\` before.`,
  config,
  *check({ timestampFormat }): Iterable<ConfigProblem> {
    const pattern = compileDatePattern(timestampFormat);
    if (typeof pattern === 'string') yield { key: 'timestamp.format', message: pattern };
  },
  fieldUse: () => addingFields([]),
  create({ topicFormat, timestampFormat }) {
    const pattern = compileDatePattern(timestampFormat);
    if (typeof pattern === 'string')
      throw new HeadraceError('CONFIG_INVALID', `timestamp.format: ${pattern}`);
    return {
      apply(record) {
        const { timestamp } = record;
        if (timestamp === null)
          throw new RowError('MissingTimestamp', 'timestamp: the record has none; set it before');
        const topic = requireTopic(record);
        const formatted = pattern.format(new Date(timestamp));
        record.topic = requireLegalTopic(
          topicFormat.replaceAll('${topic}', () => topic).replaceAll('${timestamp}', () => formatted),
        );
        return record;
      },
    };
  },
});
