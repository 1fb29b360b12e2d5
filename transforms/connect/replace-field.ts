import {
  type ConfigProblem,
  type ConfigValues,
  defineConfig,
  defineTransformation,
  type FieldUse,
} from '../../src/plugin/index.ts';
import { entriesOf, orderedRow } from '../../src/values/ordered-row.ts';
import { derivedSchema, schemaWith } from '../shared/derived-schema.ts';
import { REPLACE_NULL, rowWithDefaults } from './shared/null-default.ts';
import { KEY, type Operand, VALUE } from './shared/operand.ts';
import { valueUse } from './shared/value-use.ts';

const config = defineConfig({
  exclude: { doc: 'Fields to drop, even where `include` names them.', format: 'list', default: [] },
  include: { doc: 'The only fields to keep. By default all.', format: 'list', default: [] },
  renames: { doc: 'New names of fields: `old:new,other:another`.', format: 'list', default: [] },
  replaceNullWithDefault: REPLACE_NULL,
});

function replaceField(operand: Operand) {
  return defineTransformation({
    name: `ReplaceField$${operand.suffix}`,
    doc: `Drops and renames fields of the ${operand.side}. A tombstone passes.`,
    config,
    check: ({ renames }) => renameProblems(renames),
    fieldUse: (values) => replacedUse(values, operand),
    create({ exclude, include, renames, replaceNullWithDefault }) {
      const excluded = new Set(exclude);
      const included = new Set(include);
      const newNames = new Map(renames.map((rename) => rename.split(':') as [string, string]));
      const keeps = (name: string) => !excluded.has(name) && (included.size === 0 || included.has(name));
      const renamed = (name: string) => newNames.get(name) ?? name;
      const replaced = derivedSchema((schema) =>
        schemaWith(
          schema,
          schema.fields
            .filter(({ name }) => keeps(name))
            .map((field) => ({ ...field, name: renamed(field.name) })),
        ),
      );
      return {
        apply(record) {
          if ((operand.get(record) ?? null) === null) return record;
          const schema = operand.schemaOf(record);
          const row = rowWithDefaults(operand, record, replaceNullWithDefault);
          const fields = entriesOf(row)
            .filter(([name]) => keeps(name))
            .map(([name, field]) => [renamed(name), field] as const);
          return operand.set(record, orderedRow(fields), replaced(schema));
        },
      };
    },
  });
}

/** What it drops and renames as well: a name that no row has means another one, or drops nothing. */
function replacedUse(
  { exclude, include, renames }: Pick<ConfigValues<typeof config>, 'exclude' | 'include' | 'renames'>,
  operand: Operand,
): FieldUse {
  const newNames = new Map(renames.map((rename) => rename.split(':') as [string, string]));
  const keeps = (name: string) => !exclude.includes(name) && (include.length === 0 || include.includes(name));
  const after: FieldUse['after'] = (before) =>
    before?.filter(keeps).map((name) => newNames.get(name) ?? name) ?? null;
  const uses = [
    valueUse(operand, { key: 'exclude', names: exclude }),
    valueUse(operand, { key: 'include', names: include }),
    valueUse(operand, { key: 'renames', names: [...newNames.keys()] }),
  ];
  return { ...valueUse(operand, { key: '', names: [] }, after), seeks: uses.flatMap(({ seeks }) => seeks) };
}

function* renameProblems(renames: readonly string[]): Iterable<ConfigProblem> {
  const seen = new Set<string>();
  for (const rename of renames) {
    const [from, to, ...more] = rename.split(':');
    if (!from || !to || more.length > 0) {
      const message = `expected pairs such as old:new, got ${JSON.stringify(rename)}`;
      yield { key: 'renames', message };
    } else if (seen.has(from)) {
      yield { key: 'renames', message: `renames ${JSON.stringify(from)} more than once` };
    }
    seen.add(from ?? '');
  }
}

export const key = replaceField(KEY);
export const value = replaceField(VALUE);
