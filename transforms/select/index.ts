import {
  type ConfigProblem,
  defineConfig,
  defineTransformation,
  type FieldUse,
} from '../../src/plugin/index.ts';
import { emptyListProblems, repeatedNameProblems } from '../shared/list-problems.ts';
import { SelectTransformation } from './select-transformation.ts';

const config = defineConfig({
  fields: {
    doc: 'The fields that are left of a row, in this order; `old:new` has another name from here on.',
    format: 'list',
    required: true,
  },
});

/** A field under the name that it has, and the one it is to have. */
export interface Selected {
  readonly from: string;
  readonly to: string;
}

export default defineTransformation({
  name: 'select',
  doc: 'Leaves fields of a row in an order of their own, under other names perhaps. A row that lacks one is rejected. A tombstone passes.',
  config,
  *check({ fields }): Iterable<ConfigProblem> {
    yield* emptyListProblems('fields', fields);
    const bad = fields.find((field) => selected(field) === null);
    if (bad !== undefined)
      yield {
        key: 'fields',
        message: `expected names, or pairs such as old:new, got ${JSON.stringify(bad)}`,
      };
    else
      yield* repeatedNameProblems(
        'fields',
        selection(fields).map(({ to }) => to),
      );
  },
  fieldUse({ fields }): FieldUse {
    const all = selection(fields);
    return {
      seeks: all.map(({ from }) => ({ name: from, key: 'fields', lack: 'refused' })),
      after: () => all.map(({ to }) => to),
      dropsOthers: true,
    };
  },
  create: ({ fields }) => new SelectTransformation(selection(fields)),
});

function selection(fields: readonly string[]): Selected[] {
  return fields.flatMap((field) => selected(field) ?? []);
}

function selected(field: string): Selected | null {
  const [from, to = from, ...more] = field.split(':');
  return !from || !to || more.length > 0 ? null : { from, to };
}
