import { builtInPlugin, connectClass } from '../loader/built-in.ts';
import { listOf } from './conversion.ts';
import { applyRules, type KeyRule, type KeyScope, lost, needless, same } from './key-rule.ts';

const TASK =
  'a task that fails is started again, without end, with errors.retry.delay.ms before the first time';
const STRATEGIES: Readonly<Record<string, string>> = {
  TopicNameStrategy: 'topic',
  RecordNameStrategy: 'record',
  TopicRecordNameStrategy: 'topic-record',
};

/**
 * Keys that Kafka Connect has for every source connector. What a feed has under the same name goes over as it stands;
 * `validate` says of each what is wrong with it here.
 */
export const CONNECT_KEYS: readonly KeyRule[] = [
  same('tasks.max'),
  ...needless(['tasks.max.enforce'], 'a feed never has more tasks than tasks.max'),
  {
    key: 'transforms',
    becomes:
      '`transforms`, behind the parser and `route`: those that are [built in](connect-transformations.md)',
    convert: convertTransforms,
  },
  {
    key: 'predicates',
    becomes: '`predicates`: those that are built in',
    convert: convertPredicates,
  },
  ...(['key', 'value'] as const).flatMap(converterKeys),
  ...headerKeys(),
  same('topic.creation.'),
  same('exactly.once.support'),
  same('transaction.boundary'),
  same('transaction.boundary.interval.ms'),
  same('producer.override.'),
  ...lost(
    ['offsets.storage.topic'],
    'offsets of all feeds are in the topic that offset.storage.topic of the worker names; what the connector has read is not known here',
  ),
  {
    key: 'errors.tolerance',
    becomes: '`errors.tolerance`, as the connector has it for its files',
    convert: (value, scope) => {
      const decided = scope.conversion.lines.get('errors.tolerance')?.value;
      if (decided === value) scope.partOf('errors.tolerance');
      else
        scope.lost(
          `it is ${decided} here, as the connector says it of bad rows of files: one key is for both`,
        );
    },
  },
  {
    key: 'errors.log.include.messages',
    becomes: '`errors.log.include.values`',
    convert: (value, scope) => scope.set('errors.log.include.values', value),
  },
  ...needless(['errors.log.enable'], 'rejected rows are always told of'),
  ...needless(['errors.retry.timeout'], TASK),
  same('errors.retry.delay.max.ms'),
  ...needless(['config.action.reload'], 'a feed that is changed is started again'),
  ...needless(['connector.plugin.version'], 'the connector is another one'),
];

function converterKeys(side: 'key' | 'value'): KeyRule[] {
  const prefix = `${side}.converter`;
  return [
    {
      key: prefix,
      becomes: `\`${prefix}\`: ${'`JsonConverter`, `AvroConverter`, `JsonSchemaConverter`, `StringConverter` and `ByteArrayConverter`, under the names of their classes'}`,
      convert: (name, scope) => convertConverter(name, scope, side),
    },
    {
      key: `${prefix}.${side}.subject.name.strategy`,
      becomes: `\`${prefix}.subject\``,
      convert: (value, scope) => {
        const subject = STRATEGIES[value.split('.').at(-1) ?? ''];
        if (subject === undefined)
          scope.lost(`set ${prefix}.subject, in which {topic} and {record} stand for theirs`);
        else scope.set(`${prefix}.subject`, subject);
      },
    },
    {
      key: `${prefix}.decimal.format`,
      becomes: `\`${prefix}.decimal.format\`: \`NUMERIC\`: \`number\`, \`BASE64\`: \`string\``,
      convert: (value, scope) => scope.set(scope.key, value === 'NUMERIC' ? 'number' : 'string'),
    },
    {
      key: `${prefix}.`,
      becomes: `\`${prefix}.*\`, where the converter here has the option`,
      convert: (value, scope) => {
        if (/\.(?:subject\.name\.strategy|decimal\.format)$/.test(scope.key)) return;
        if (scope.conversion.lines.has(prefix)) scope.set(scope.key, value);
        else scope.lost(`goes with ${prefix}`);
      },
    },
  ];
}

function convertConverter(name: string, scope: KeyScope, side: 'key' | 'value'): void {
  const { labels } = scope.conversion;
  if (builtInPlugin('converter', name) === null)
    return scope.lost(
      "no converter here writes that: the worker's is taken; json, avro, json-schema, string and bytes are there",
    );
  if (side === 'value' && /\bStringConverter$/.test(name) && !labels.includes('line'))
    return scope.lost("it writes Struct{…}, which nobody can read again: the worker's is taken");
  if (side === 'key' && labels.includes('key') && !name.endsWith('.JsonConverter')) {
    scope.set('key.converter', 'json');
    return scope.lost(
      'a key that is an object is for json; transforms.route.key with one field makes it text, which every converter writes',
    );
  }
  scope.set(scope.key, name);
  if (side === 'value') noteSchema(name, scope);
}

/** What converters make of values without a schema, and what Kafka Connect's makes of some types. */
function noteSchema(name: string, scope: KeyScope): void {
  const { labels, lines } = scope.conversion;
  const isJson = name.endsWith('.JsonConverter');
  const hasSchema = !isJson || scope.value('value.converter.schemas.enable').toLowerCase() !== 'false';
  const types = [...lines]
    .filter(([key]) => key.startsWith('transforms.validate.fields.'))
    .map(([, { value }]) => value);
  if (hasSchema && !labels.includes('validate') && !labels.includes('line'))
    scope.lost(
      'it needs a schema: write transforms.validate.type: schema and transforms.validate.fields.<name>, and validate into transforms',
    );
  else if (!hasSchema && ['timestamp', 'date', 'time', 'decimal'].some((type) => types.includes(type)))
    scope.lost(
      'without schemas times and dates are text in ISO 8601, and decimals are text; there they are numbers and base64. TimestampConverter$Value with target.type: unix makes milliseconds',
    );
}

function headerKeys(): KeyRule[] {
  const why = 'headers are text';
  return ['header.converter', 'header.converter.'].map((key) => ({
    key,
    becomes: `nothing: ${why}`,
    convert: (value, scope) => {
      const isText = scope.key !== 'header.converter' || /\.(?:Simple|String)\w*Converter$/.test(value);
      if (isText) scope.needless(why);
      else scope.lost(why);
    },
  }));
}

function convertTransforms(value: string, scope: KeyScope): void {
  for (const label of listOf(value)) {
    const below = `transforms.${label}.`;
    const type = scope.conversion.source.get(`${below}type`) ?? '';
    if (connectClass('transformation', type) === null) {
      const instead = `${type || label} is not built in, and left out of transforms: headrace create transform NAME begins one of your own`;
      scope.conversion.note(type === '' ? scope.key : `${below}type`, 'lost', instead);
      scope.conversion.noteRest(below);
      continue;
    }
    const stage = scope.foreignStage(label, 'transform');
    applyRules([movedBelow(below, stage)], scope.conversion);
  }
  scope.conversion.chain();
  scope.partOf('transforms');
}

function convertPredicates(value: string, scope: KeyScope): void {
  for (const label of listOf(value)) {
    const below = `predicates.${label}.`;
    const type = scope.conversion.source.get(`${below}type`) ?? '';
    if (connectClass('predicate', type) !== null) {
      scope.conversion.predicate(label);
      applyRules([same(below)], scope.conversion);
    } else {
      const instead = `${type || label} is not built in: headrace create predicate NAME begins one of your own`;
      scope.conversion.note(type === '' ? scope.key : `${below}type`, 'lost', instead);
      scope.conversion.noteRest(below);
      dropUsers(label, scope);
    }
  }
  scope.conversion.chain();
  if (scope.conversion.lines.has('predicates')) scope.partOf('predicates');
  else scope.lost('none of them is built in');
}

/** A transformation whose predicate is not there would do to all records what was meant for some. */
function dropUsers(predicate: string, { conversion }: KeyScope): void {
  for (const label of conversion.labels)
    if (conversion.lines.get(`transforms.${label}.predicate`)?.value === predicate)
      conversion.dropStage(label, `left out, as its predicate ${predicate} is not built in`);
}

/** Keys below one prefix become the same below another. */
function movedBelow(below: string, stage: string): KeyRule {
  return {
    key: below,
    becomes: '',
    convert: (value, scope) => scope.set(stage + scope.key.slice(below.length), value),
  };
}
