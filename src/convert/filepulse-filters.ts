import type { Conversion } from './conversion.ts';
import { conditionOf, fieldOf, templateOf } from './expression.ts';
import { CSV, DELIMITED } from './filepulse-rows.ts';
import { applyRules, type KeyRule, type KeyScope, lost, needless } from './key-rule.ts';

/** What becomes of a filter of FilePulse. */
interface FilterRule {
  /** For people, in Markdown. */
  readonly becomes: string;
  /** What becomes of its keys; null where there is no filter like it. */
  readonly keys: readonly KeyRule[] | null;
}

const OWN = 'headrace create transform NAME begins one of your own';

const PREDICATE = 'headrace create predicate NAME begins a predicate of your own';

const CASTS: Readonly<Record<string, string>> = {
  SHORT: 'int16',
  INTEGER: 'int32',
  LONG: 'int64',
  FLOAT: 'float32',
  DOUBLE: 'float64',
  BOOLEAN: 'boolean',
  STRING: 'string',
};

const APPEND: readonly KeyRule[] = [
  {
    key: 'field',
    becomes:
      '`$topic`: `topic` of `route`; `$key`: `key`; `$timestamp`: `timestamp`; `$headers.<name>`: `headers.<name>`; a field: a transformation `set`. The value may hold fields, with `lowercase` and `uppercase`, where a template may',
    convert: convertAppend,
  },
  { key: 'value', becomes: '', convert: () => {} },
  ...needless(['overwrite'], 'a field that is there gets the value'),
];

const CONVERT: readonly KeyRule[] = [
  {
    key: 'field',
    becomes: '`Cast$Value`; an empty cell rejects the row, unless a `schema` before it makes null of it',
    convert: (expression, scope) => {
      const name = fieldOf(expression);
      const type = CASTS[scope.value('to').toUpperCase()];
      if (name === null || type === undefined)
        return scope.lost(`no cast makes that: a field of transforms.validate.fields may, or ${OWN}`);
      const stage = stageOf(scope);
      scope.set(`${stage}type`, 'Cast$Value');
      scope.set(`${stage}spec`, `${name}:${type}`);
    },
  },
  { key: 'to', becomes: 'the type in `spec`', convert: () => {} },
  ...lost(
    ['default'],
    'what is no such value rejects the row: transforms.validate.fields.<name>.default is for empty cells',
  ),
  ...needless(['ignoreMissing'], 'a field that is not there is passed over'),
];

const DATE: readonly KeyRule[] = [
  {
    key: 'field',
    becomes:
      '`TimestampConverter$Value` to milliseconds, in UTC; `target: $timestamp` is `timestamp` of `route` as well',
    convert: convertDate,
  },
  { key: 'target', becomes: '', convert: () => {} },
  {
    key: 'formats',
    becomes: '`format`, the first of them',
    convert: (value, scope) => {
      if (value.includes(','))
        scope.lost('a field has one format here, the first; rows in another are rejected');
    },
  },
  {
    key: 'timezone',
    becomes: '`UTC` is what there is; others have no equal there, but `zone` of a field of `schema` has',
    convert: (zone, scope) => {
      if (/^(?:UTC|GMT|Z)$/i.test(zone)) scope.needless('dates are read in UTC');
      else
        scope.lost(
          'dates are read in UTC here: transforms.validate.fields.<name>: timestamp, with .zone and .format, knows others',
        );
    },
  },
  ...lost(['locale'], 'names of months and days are English'),
];

const EXCLUDE: readonly KeyRule[] = [
  {
    key: 'fields',
    becomes: '`ReplaceField$Value` with `exclude`',
    convert: (fields, scope) => replaceFields(scope, 'exclude', fields),
  },
];

const RENAME: readonly KeyRule[] = [
  {
    key: 'field',
    becomes: '`ReplaceField$Value` with `renames`',
    convert: (field, scope) => renameField(scope, field),
  },
  { key: 'target', becomes: '', convert: () => {} },
  ...needless(['ignoreMissing'], 'a field that is not there is passed over'),
];

const MOVE: readonly KeyRule[] = [
  {
    ...(RENAME[0] as KeyRule),
    key: 'source',
    becomes: '`ReplaceField$Value` with `renames`, where neither is a path',
  },
  ...RENAME.slice(1),
  ...needless(['overwrite'], 'the field has the new name alone'),
];

const DROP: readonly KeyRule[] = [
  {
    key: 'if',
    becomes:
      'the predicate: `equals`, `matches`, `starts_with`, `ends_with`, `contains` of a field and text, and `is_null`; no other has an equal',
    fallback: '',
    convert: convertDrop,
  },
  {
    key: 'invert',
    becomes: '`negate`',
    convert: () => {},
  },
];

/** By the names of FilePulse's classes. */
export const FILEPULSE_FILTERS: Readonly<Record<string, FilterRule>> = {
  CSVFilter: { becomes: 'the parser `csv`', keys: CSV },
  DelimitedRowFilter: { becomes: 'the parser `csv` without quotes', keys: DELIMITED },
  AppendFilter: { becomes: '`route` or `set`', keys: APPEND },
  ConvertFilter: { becomes: '`Cast$Value`', keys: CONVERT },
  DateFilter: { becomes: '`TimestampConverter$Value`', keys: DATE },
  ExcludeFilter: { becomes: '`ReplaceField$Value`', keys: EXCLUDE },
  RenameFilter: { becomes: '`ReplaceField$Value`', keys: RENAME },
  MoveFilter: { becomes: '`ReplaceField$Value`', keys: MOVE },
  DropFilter: { becomes: '`Filter` with a predicate `field`', keys: DROP },
  NullValueFilter: {
    becomes: `no equal: rows keep their values; ${OWN}, which sets the value to null`,
    keys: null,
  },
  FailFilter: { becomes: `no equal: rows pass; ${OWN}, which throws a RowError`, keys: null },
  ExcludeFieldsMatchingPatternFilter: {
    becomes: 'no equal: name the fields in `exclude` of `ReplaceField$Value`',
    keys: null,
  },
  NamingConventionRenameFilter: {
    becomes: 'no equal: name the fields in `renames` of `ReplaceField$Value`',
    keys: null,
  },
  JSONFilter: { becomes: 'no equal: the parser `jsonl` reads lines that are objects', keys: null },
  GrokFilter: { becomes: 'no equal: headrace create parser NAME begins a parser of your own', keys: null },
  MultiRowFilter: {
    becomes: 'no equal: headrace create parser NAME begins a parser of your own',
    keys: null,
  },
  GroupRowFilter: { becomes: `no equal: rows stay apart; ${OWN}`, keys: null },
  ExplodeFilter: { becomes: `no equal: ${OWN}, which returns several records`, keys: null },
  ExtractValueFilter: { becomes: `no equal: ${OWN}`, keys: null },
  SplitFilter: { becomes: `no equal: ${OWN}`, keys: null },
  JoinFilter: { becomes: `no equal: ${OWN}`, keys: null },
  MoveAllFieldsFilter: { becomes: 'no equal: `HoistField$Value` wraps a record in one field', keys: null },
  XmlToJsonFilter: { becomes: `no equal: ${OWN}`, keys: null },
  XmlToStructFilter: { becomes: `no equal: ${OWN}`, keys: null },
};

/** Filters that make the columns of a row. */
export const ROW_FILTERS = ['CSVFilter', 'DelimitedRowFilter'];

/** Converts a filter by its label. */
export function convertFilter(label: string, conversion: Conversion): void {
  const prefix = `filters.${label}.`;
  const { source } = conversion;
  const type = source.get(`${prefix}type`) ?? '';
  const name = className(type);
  const rule = FILEPULSE_FILTERS[name];
  const leftOut = (instead: string) => {
    conversion.note(`${prefix}type`, 'lost', instead.replaceAll('`', ''));
    conversion.noteRest(prefix);
  };
  if (rule === undefined)
    return leftOut(`${type || 'a filter without a type'} is not known, and left out: ${OWN}`);
  if (rule.keys === null) return leftOut(rule.becomes);
  const isForRows = ROW_FILTERS.includes(name);
  if (
    isForRows &&
    [...conversion.lines.keys()].some((key) => /^transforms\.parse\.(?:header|quote|delimiter)$/.test(key))
  )
    return leftOut('left out: another filter makes columns of rows already');
  if (source.has(`${prefix}if`) && !isForRows && name !== 'DropFilter')
    return leftOut(
      `left out, as it has a condition (if): a transformation with a predicate has one, and ${PREDICATE}`,
    );
  applyRules(rule.keys, conversion, prefix);
  tellParts(prefix, rule.keys, conversion);
  noteConditions(prefix, conversion);
}

function noteConditions(prefix: string, conversion: Conversion): void {
  const failure =
    'a row that fails is rejected: errors.tolerance and errors.deadletterqueue.topic.name say what becomes of it';
  const own = conversion.untold;
  const notes = {
    ignoreFailure: failure,
    withOnFailure: failure,
    if: 'every row is parsed',
    invert: 'every row is parsed',
  };
  for (const [key, why] of Object.entries(notes))
    if (own.includes(prefix + key)) conversion.note(prefix + key, 'lost', why);
}

/** What a filter has together is one line of the feed. */
function tellParts(prefix: string, keys: readonly KeyRule[], conversion: Conversion): void {
  const isOfFilter = (key: string) => key.startsWith(prefix);
  const line = [...conversion.lines.values()].find(({ from }) => [...from].some(isOfFilter));
  for (const key of conversion.untold) {
    if (key !== `${prefix}type` && !keys.some((rule) => prefix + rule.key === key)) continue;
    if (line !== undefined) conversion.partOf(line.key, key);
    else conversion.note(key, 'lost', `goes with filters.${prefix.split('.')[1]}`);
  }
}

/** Without its package. */
export function className(type: string): string {
  return type.split('.').at(-1) ?? '';
}

function convertAppend(target: string, scope: KeyScope): void {
  const field = target.trim().replace(/^\{\{\s*(.*?)\s*\}\}$/, '$1');
  const value = scope.value('value');
  const template = templateOf(value);
  const header = /^\$headers\.(.+)$/.exec(field)?.[1];
  if (field === '$topic' && template !== null) return scope.set('transforms.route.topic', template);
  if (header !== undefined && template !== null)
    return scope.set(`transforms.route.headers.${header}`, template);
  const named = /^\{([\w-]+)\}$/.exec(template ?? '')?.[1];
  if (field === '$key' && named !== undefined) return scope.set('transforms.route.key', named);
  if (field === '$timestamp' && named !== undefined) return scope.set('transforms.route.timestamp', named);
  const name = fieldOf(field);
  if (name !== null && template !== null) {
    const stage = stageOf(scope);
    scope.set(`${stage}type`, 'set');
    return scope.set(`${stage}fields.${name}`, template);
  }
  scope.lost(`nothing here makes that of a row: ${OWN}`);
}

function convertDrop(expression: string, scope: KeyScope): void {
  const condition = conditionOf(expression);
  if (condition === null)
    return scope.lost(`no predicate here asks that, so all rows are sent: ${PREDICATE}`);
  const stage = stageOf(scope);
  const label = stage.split('.')[1] as string;
  const predicate = scope.conversion.predicate(label);
  scope.set(`${stage}type`, 'Filter');
  scope.set(`${stage}predicate`, label);
  if (scope.isTrue('invert')) scope.set(`${stage}negate`, 'true');
  scope.set(`${predicate}type`, 'field');
  for (const [key, value] of Object.entries(condition)) scope.set(predicate + key, value);
}

function convertDate(expression: string, scope: KeyScope): void {
  const field = fieldOf(expression);
  const target = scope.value('target').trim();
  const isTime = target === '$timestamp';
  if (field === null || !(isTime || target === '' || fieldOf(target) === field))
    return scope.lost(`a date stays in its field here, or is the time of the record: ${OWN}`);
  const stage = stageOf(scope);
  scope.set(`${stage}type`, 'TimestampConverter$Value');
  scope.set(`${stage}field`, field);
  scope.set(`${stage}target.type`, 'unix');
  scope.set(`${stage}format`, scope.value('formats').split(',')[0]?.trim() ?? '');
  if (isTime) scope.set('transforms.route.timestamp', field);
}

function replaceFields(scope: KeyScope, option: 'exclude' | 'renames', value: string): void {
  const stage = stageOf(scope);
  scope.set(`${stage}type`, 'ReplaceField$Value');
  scope.set(`${stage}${option}`, value);
}

function renameField(scope: KeyScope, from: string): void {
  const [before, after] = [fieldOf(from), fieldOf(scope.value('target'))];
  if (before === null || after === null)
    return scope.lost(`only fields of the record itself are renamed: ${OWN}`);
  replaceFields(scope, 'renames', `${before}:${after}`);
}

/** The stage of the filter, under its own label. */
function stageOf(scope: KeyScope): string {
  return scope.foreignStage(scope.key.split('.')[1] ?? 'filter', 'filter');
}
