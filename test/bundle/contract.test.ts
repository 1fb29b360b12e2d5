import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../docs/markdown.ts';

const DIST = join(ROOT, 'dist');
const ENTRY = join(DIST, 'src/plugin/index.d.ts');

/** All that `headrace/plugin` exports. What is added here is a promise to authors of plugins. */
const EXPORTED = [
  'Applied',
  'AvroFieldSource',
  'AvroSource',
  'BatchApplied',
  'CONTRACT_VERSION',
  'CommittedOffset',
  'ConfigDefinition',
  'ConfigProblem',
  'ConfigValues',
  'Converter',
  'ConverterPlugin',
  'ErrorCode',
  'FieldSchema',
  'FieldType',
  'FieldUse',
  'FieldValue',
  'FileParser',
  'FileProgress',
  'FileRejected',
  'FileStart',
  'FileState',
  'GivenUpFile',
  'HeadraceError',
  'HeadraceErrorOptions',
  'HistogramOptions',
  'InnerRecord',
  'LookoutContext',
  'MetricLabels',
  'MetricOptions',
  'OffsetReader',
  'OptionDefinition',
  'OptionFormats',
  'ParsedCells',
  'ParsedRows',
  'Parser',
  'ParserContext',
  'ParserPlugin',
  'PluginContext',
  'PluginCounter',
  'PluginGauge',
  'PluginHistogram',
  'PluginLog',
  'PluginMetrics',
  'Predicate',
  'PredicatePlugin',
  'ReadProgress',
  'RecordHeader',
  'RecordSchema',
  'Rejection',
  'RowError',
  'RowOrigin',
  'RowPosition',
  'Sleep',
  'SoughtField',
  'SourceArchive',
  'SourceChunk',
  'SourceConnectorPlugin',
  'SourceFile',
  'SourceOffset',
  'SourcePartition',
  'SourceRecord',
  'SourceTask',
  'Stage',
  'TaskContext',
  'TimeUnit',
  'Transformation',
  'TransformationContext',
  'TransformationPlugin',
  'addingFields',
  'defineConfig',
  'defineConverter',
  'defineParser',
  'definePredicate',
  'defineSourceConnector',
  'defineTransformation',
  'inBatches',
  'messageOf',
];

/** Declarations that come with the first one, by what each imports. */
function reached(path: string, known = new Set<string>()): Set<string> {
  if (known.has(path)) return known;
  known.add(path);
  for (const [, from = ''] of readFileSync(path, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']*)'/g))
    reached(join(path, '..', from.replace(/\.[jt]s$/, '.d.ts')), known);
  return known;
}

describe('what authors of plugins see', () => {
  test('is what is listed here, and no more', () => {
    const lists = [...readFileSync(ENTRY, 'utf8').matchAll(/export (?:type )?\{([^}]*)\}/g)];
    const names = lists.flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
    expect(names.filter((name) => name !== '').sort()).toEqual(EXPORTED);
  });

  test('is declared by the contract and the errors alone', () => {
    const elsewhere = [...reached(ENTRY)]
      .map((path) => relative(DIST, path))
      .filter((path) => !path.startsWith('src/plugin/'));
    expect(elsewhere).toEqual(['src/errors.d.ts']);
  });
});
