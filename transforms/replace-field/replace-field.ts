import { type ConfigProblem, defineConfig, defineTransformation } from '../../src/plugin/index.ts';
import { derivedSchema, schemaWith } from '../connect/derived-schema.ts';
import { REPLACE_NULL, withDefaults } from '../connect/null-default.ts';
import type { Operand } from '../connect/operand.ts';
import { requireRow } from '../connect/row.ts';

const config = defineConfig({
  exclude: { doc: 'Fields to drop, even where `include` names them.', format: 'list', default: [] },
  include: { doc: 'The only fields to keep. By default all.', format: 'list', default: [] },
  renames: { doc: 'New names of fields: `old:new,other:another`.', format: 'list', default: [] },
  replaceNullWithDefault: REPLACE_NULL,
});

export function replaceField(operand: Operand) {
  return defineTransformation({
    name: `ReplaceField$${operand.suffix}`,
    doc: `Drops and renames fields of the ${operand.side}. A tombstone passes.`,
    config,
    check: ({ renames }) => renameProblems(renames),
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
          const value = operand.get(record) ?? null;
          if (value === null) return record;
          const schema = operand.schemaOf(record);
          const given = requireRow(value, operand.side);
          const row = replaceNullWithDefault ? withDefaults(given, schema) : given;
          const fields = Object.entries(row)
            .filter(([name]) => keeps(name))
            .map(([name, field]) => [renamed(name), field]);
          return operand.set(record, Object.fromEntries(fields), replaced(schema));
        },
      };
    },
  });
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
