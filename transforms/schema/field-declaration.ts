import type {
  AvroFieldSource,
  FieldType,
  FieldValue,
  InnerRecord,
  TimeUnit,
} from '../../src/plugin/index.ts';
import type { NumberForm } from './number-forms.ts';

/** A field as it is declared; what is not said here may be said by the schema file. */
export interface FieldDeclaration {
  readonly type?: FieldType;
  /** Its cell may be empty. */
  readonly optional?: boolean;
  /** Its column may be absent (true) or must be there (false), whatever its cells may be. */
  readonly absent?: boolean;
  /** The column of its cell, where that is called otherwise than the field; only schema files say so. */
  readonly column?: string;
  /** The text that is read instead of the cell of its column: a template of several cells. */
  readonly from?: string;
  /** Words that mean nothing, as an empty cell does. */
  readonly nullValues?: readonly string[];
  /** As text, to be read like a cell. */
  readonly default?: string;
  /** The default of a schema file, which is no cell's text; `default` wins over it. */
  readonly value?: FieldValue;
  readonly format?: string;
  /** Of a timestamp: the time zone of texts that name none. */
  readonly zone?: string;
  /** Of a timestamp: which of two times it is that clocks of the zone show twice. */
  readonly ambiguous?: 'earliest' | 'latest' | 'reject';
  /** Of a timestamp: what becomes of one that they leave out. */
  readonly nonexistent?: 'reject' | 'forward' | 'backward';
  readonly unit?: TimeUnit;
  readonly local?: boolean;
  /** Of a text: how characters that would end a cell or line are written. */
  readonly escapes?: 'backslash';
  readonly case?: 'lower' | 'upper';
  readonly trim?: boolean;
  readonly symbols?: readonly string[];
  /** Of an enum: its full name. */
  readonly enumName?: string;
  readonly precision?: number;
  readonly scale?: number;
  /** Of a number: the character between groups of three digits. */
  readonly thousands?: string;
  /** Of a number: how its digits are grouped, where they are. */
  readonly grouping?: 'thousands' | 'indian';
  /** Of a number: the character before the fraction, when it is not a point. */
  readonly decimal?: string;
  /** Of a number: how many of its last digits stand after a point that is not written. */
  readonly impliedDecimals?: number;
  /** Of a number: signs and codes that may stand before or after it. */
  readonly currency?: readonly string[];
  /** Of a number: forms that are taken besides plain ones. */
  readonly forms?: readonly NumberForm[];
  /** Of a boolean: the words for it, in letters of either case. */
  readonly trueValues?: readonly string[];
  readonly falseValues?: readonly string[];
  /** Of bytes: how many there are, where that is fixed. */
  readonly size?: number;
  readonly doc?: string;
  /** The records that it is in, the outermost first. */
  readonly within?: readonly InnerRecord[];
  readonly avro?: Omit<AvroFieldSource, 'shape'>;
}

/** What the options may say below a field's name. */
export type Setting = Exclude<
  keyof FieldDeclaration,
  'type' | 'column' | 'local' | 'enumName' | 'doc' | 'value' | 'size' | 'within' | 'avro'
>;
