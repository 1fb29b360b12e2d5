import type { ConfigDefinition, OptionDefinition } from '../../plugin/index.ts';
import { dottedName } from '../../values/dotted-name.ts';

/** A JSON Schema, of draft 7 as editors know it best. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** What YAML and JSON may have for a text. */
export const SCALAR: JsonSchema = { type: ['string', 'number', 'boolean'] };
/** Keys below it, with their dots written as indentation; nothing more is said of them. */
export const NESTED: JsonSchema = { type: 'object' };
/** `${env:NAME}`: what it stands for is not known while the file is written. */
const REFERENCE: JsonSchema = { type: 'string', pattern: String.raw`\$\{.+\}` };

/** What an option may be, as it is written in a file. */
function optionSchema(option: OptionDefinition): JsonSchema {
  const { doc, sensitive, required } = option;
  const facts = [required ? 'Required.' : null, sensitive ? 'Shown as [hidden].' : null];
  return {
    description: [doc, ...facts].filter((text) => text !== null).join(' '),
    ...valueSchema(option),
    ...defaultOf(option),
    ...(sensitive && { writeOnly: true }),
  };
}

function valueSchema({ format }: OptionDefinition): JsonSchema {
  if (typeof format !== 'string') return { anyOf: [{ enum: [...format] }, REFERENCE] };
  switch (format) {
    case 'nat':
      return { anyOf: [{ type: 'integer', minimum: 0 }, text(String.raw`^\d+$`), REFERENCE] };
    case 'int':
      return { anyOf: [{ type: 'integer' }, text(String.raw`^-?\d+$`), REFERENCE] };
    case 'number':
      return { anyOf: [{ type: 'number' }, text(String.raw`^-?[\d.]+([eE][+-]?\d+)?$`), REFERENCE] };
    case 'boolean':
      return { anyOf: [{ type: 'boolean' }, { enum: ['true', 'false'] }, REFERENCE] };
    case 'list':
      return { anyOf: [SCALAR, { type: 'array', items: SCALAR }] };
    case 'url':
      return { anyOf: [text('://'), REFERENCE] };
    default:
      return SCALAR;
  }
}

function text(pattern: string): JsonSchema {
  return { type: 'string', pattern };
}

function defaultOf({ default: value, format }: OptionDefinition): JsonSchema {
  const isNothing = value === null || value === undefined || value === '' || format === 'map';
  if (isNothing) return {};
  if (!Array.isArray(value)) return { default: value };
  return value.length === 0 ? {} : { default: value.join(',') };
}

/** A key, as a file has it, with what it may be; `isMap` where that is for every key below it. */
export interface KeySchema {
  readonly key: string;
  readonly isMap: boolean;
  readonly isRequired: boolean;
  readonly schema: JsonSchema;
}

/** The keys of a definition. */
export function keySchemas(definition: ConfigDefinition): KeySchema[] {
  return Object.entries(definition).map(([name, option]) => ({
    key: dottedName(name),
    isMap: option.format === 'map',
    isRequired: option.required === true,
    schema: optionSchema(option),
  }));
}
