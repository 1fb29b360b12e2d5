import { addingFields, defineConfig, defineTransformation } from '../../src/plugin/index.ts';
import { routeFrom, routeProblems } from './route-options.ts';
import { RouteTransformation } from './route-transformation.ts';
import { soughtFields } from './sought-fields.ts';

const config = defineConfig({
  topic: {
    doc: `The topic to write to. \`{field}\` is replaced by the row's value: \`market.{asset_class}.trades\`. A name may \
also be one of \`constants\` or a part of \`file.pattern\`, which come before fields; \`{header:name}\` is a header; \
\`{name|lower}\` and \`{name|upper}\` change its letters; write \`{{\` and \`}}\` for braces. Without it the topic stays \
as it is.`,
    format: 'string',
    default: null,
  },
  topicsAllowed: {
    doc: 'The topics that rows may go to: names, or patterns with `*`. A row with another topic is rejected. By default all.',
    format: 'list',
    default: [],
  },
  filePattern: {
    doc: `What files are named like: \`{exchange}_{data_type}_*.csv\`. Its parts are names for templates and \`key\`. With a \
slash in it, it is held against the end of the path: \`{exchange}/*.csv\`. Rows of other files are rejected.`,
    format: 'string',
    default: null,
  },
  constants: {
    doc: 'Names for templates and `key` that are the same for every row: `constants.exchange: asx`.',
    format: 'map',
    default: {},
  },
  key: {
    doc: "The field whose value becomes the record's key; several become an object of these fields, in this order.",
    format: 'list',
    default: [],
  },
  partition: {
    doc: 'The partition: a number, or a template such as `{shard}`. By default the key decides.',
    format: 'string',
    default: null,
  },
  headers: {
    doc: 'Headers to add, as `headers.<name>: <template>`. A header of one optional field, `{field}`, may be null.',
    format: 'map',
    default: {},
  },
  timestamp: {
    doc: `The field that holds the record's time: ISO 8601 (UTC where it names no zone) or milliseconds since 1970. \
By default the time of writing.`,
    format: 'string',
    default: null,
  },
});

export default defineTransformation({
  name: 'route',
  doc: "Says where a record goes: topic, key, partition, headers and timestamp, from fixed text, fields of the row, headers and the file's name.",
  config,
  check: routeProblems,
  fieldUse: (values) => addingFields(soughtFields(routeFrom(values))),
  create: (values) => new RouteTransformation(routeFrom(values)),
});
