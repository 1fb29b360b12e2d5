import {
  addingFields,
  type ConfigProblem,
  defineConfig,
  defineTransformation,
} from '../../src/plugin/index.ts';
import { entriesOf, namesOf } from '../../src/values/ordered-row.ts';
import { compileTemplate, type Template } from '../shared/template.ts';
import { SetTransformation } from './set-transformation.ts';

const config = defineConfig({
  fields: {
    doc: `The fields to set, as \`fields.<name>: <text>\`, in which \`{field}\` stands for the value of a field as it was before, \
\`{field|lower}\` and \`{field|upper}\` for it in other letters, and \`{{\` for a brace.`,
    format: 'map',
    default: {},
  },
});

export default defineTransformation({
  name: 'set',
  doc: `Sets fields to text that is made of others. A field that is there gets this value and is a string from here on; \
one that is not stands behind the others. Text of no characters is null. A tombstone passes.`,
  config,
  *check({ fields }): Iterable<ConfigProblem> {
    if (namesOf(fields).length === 0)
      yield { key: 'fields', message: 'expected at least one, as `fields.<name>: <text>`' };
    for (const [name, text] of entriesOf(fields)) {
      const problem = templateProblem(text);
      if (problem !== null) yield { key: `fields.${name}`, message: problem };
    }
  },
  fieldUse({ fields }) {
    const seeks = templatesOf(fields).flatMap(({ name, template }) =>
      template.parts.map((part) => ({ name: part.name, key: `fields.${name}`, lack: 'refused' }) as const),
    );
    return addingFields(seeks, namesOf(fields));
  },
  create: ({ fields }) => new SetTransformation(templatesOf(fields)),
});

/** A field, and what its text is made of. */
export interface FieldTemplate {
  readonly name: string;
  readonly template: Template;
}

function templatesOf(fields: Readonly<Record<string, string>>): FieldTemplate[] {
  return entriesOf(fields).flatMap(([name, text]) => {
    const template = compileTemplate(text);
    return typeof template === 'string' ? [] : [{ name, template }];
  });
}

function templateProblem(text: string): string | null {
  if (text === '') return 'expected a text, got nothing';
  const template = compileTemplate(text);
  if (typeof template === 'string') return template;
  const header = template.parts.find(({ from }) => from === 'header');
  return header === undefined ? null : `expected fields between { and }, got the header ${header.name}`;
}
