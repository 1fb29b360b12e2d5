import { expect, test } from 'vitest';
import { FieldWalk } from '../../../src/config/check/field-walk.ts';
import type { TransformationStage } from '../../../src/config/define/plugin-instance.ts';
import filter from '../../../transforms/connect/filter.ts';
import { value as replaceField } from '../../../transforms/connect/replace-field.ts';
import constants from '../../../transforms/constants/index.ts';
import field from '../../../transforms/field/index.ts';
import route from '../../../transforms/route/index.ts';
import schema from '../../../transforms/schema/index.ts';

const defaultsOf = (config: Readonly<Record<string, { readonly default?: unknown }>>) =>
  Object.fromEntries(Object.entries(config).map(([name, option]) => [name, option.default]));

function stage(plugin: { readonly config: object }, values: object): TransformationStage {
  const all = { ...defaultsOf(plugin.config as never), ...values };
  return { label: 'stage', plugin, values: all, predicate: null, modulePath: null } as never;
}

const wanted = async (...stages: TransformationStage[]) => (await FieldWalk.of(stages)).wanted();
const typed = stage(schema, { fields: { symbol: 'string', exchange: 'string', 'price.amount': 'double' } });
const adding = stage(constants, { fields: { exchange: 'ASX' } });

test('the fields of a file that a feed takes are those of its schema, but for what is added before', async () => {
  expect(await wanted(typed)).toEqual(['symbol', 'exchange', 'price.amount']);
  expect(await wanted(adding, typed)).toEqual(['symbol', 'price.amount']);
  const routed = stage(route, { topic: '{venue}', key: ['symbol'] });
  expect(await wanted(routed, adding, typed)).toEqual(['venue', 'symbol', 'price.amount']);
});

test('and those that a predicate looks at', async () => {
  const instance = { plugin: field, values: { field: 'status', equals: 'TEST' } };
  const predicate = { label: 'tests', negate: false, instance };
  const filtered = { ...stage(filter, {}), predicate } as never;
  expect(await wanted(filtered, typed)).toEqual(['status', 'symbol', 'exchange', 'price.amount']);
});

test('they may be any without a schema, or where something before it may change names or rows', async () => {
  expect(await wanted()).toBeNull();
  expect(await wanted(adding)).toBeNull();
  expect(await wanted(stage(replaceField, { renames: ['sym:symbol'] }), typed)).toBeNull();
  expect(await wanted(stage({ config: {} }, {}), typed)).toBeNull();
  expect(
    await wanted({ ...typed, predicate: { instance: { plugin: field, values: {} } } } as never),
  ).toBeNull();
});
