import { HeadraceError } from '../../plugin/index.ts';

/** Confluent's strategies: TopicNameStrategy, RecordNameStrategy, TopicRecordNameStrategy. */
const TEMPLATES: Readonly<Record<string, string>> = {
  record: '{record}',
  'topic-record': '{topic}-{record}',
};

/**
 * The subject of a schema by the option `subject`; `record` is null where the schema is not a record's.
 *
 * @throws HeadraceError CONFIG_INVALID when the subject asks for the name of a record and there is none
 */
export function subjectOf(
  option: string,
  side: 'key' | 'value',
  topic: string,
  record: string | null,
): string {
  if (option === 'topic') return `${topic}-${side}`;
  const template = Object.hasOwn(TEMPLATES, option) ? (TEMPLATES[option] as string) : option;
  return template.replaceAll(/\{(topic|record)\}/g, (_placeholder, word) => {
    if (word === 'topic') return topic;
    if (record !== null) return record;
    throw new HeadraceError(
      'CONFIG_INVALID',
      `${side}.converter.subject: ${side}s are text and have no record name; expected topic or a name without {record}, got ${JSON.stringify(option)}`,
    );
  });
}
