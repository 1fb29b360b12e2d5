import {
  writeBoolean,
  writeDecimal,
  writeDouble,
  writeFloat,
  writeString,
  writeSymbol,
  writeTimestamp,
} from './avro.ts';
import { copy } from './copy.ts';
import { writeBareDecimal, writeBase64Decimal, writeCount, writeDays, writeInstant } from './json.ts';
import { writeLong, writeWhole } from './numbers.ts';
import { writeJsonText } from './text.ts';
import { dateOf } from './times.ts';

/** `KINDS` of `../../cell-form.ts`, in its order. */
const COPY: u32 = 0;
const JSON_TEXT: u32 = 1;
const BARE_DECIMAL: u32 = 2;
const INSTANT: u32 = 3;
const DAYS: u32 = 4;
const COUNT: u32 = 5;
const BASE64: u32 = 6;
const AVRO_STRING: u32 = 7;
const AVRO_WHOLE: u32 = 8;
const AVRO_FLOAT: u32 = 9;
const AVRO_DOUBLE: u32 = 10;
const AVRO_BOOLEAN: u32 = 11;
const AVRO_DATE: u32 = 12;
const AVRO_TIMESTAMP: u32 = 13;
const AVRO_DECIMAL: u32 = 14;
const AVRO_ENUM: u32 = 15;

/** How a field is written; offsets are counted from the program. */
@unmanaged
export class Field {
  /** Where its bounds are in those of a row. */
  column: u32;
  kind: u32;
  /** What stands before the value. */
  before: u32;
  beforeLength: u32;
  /** 0: a row with an empty cell is not written. */
  mayBeEmpty: u32;
  /** All that is written for an empty cell. */
  empty: u32;
  emptyLength: u32;
  /** 1 where a quote stands behind the value, or else 0. */
  quotes: u32;
  /** Of text, the first of the letters that are changed, or 0; of a timestamp, the digits behind the second. */
  argument: u32;
  /** Of an enum, its words; of a decimal, `Decimals`; of a float or double, the powers of ten. */
  detail: u32;

  static at(address: usize): Field {
    return changetype<Field>(address);
  }

  /**
   * Writes a cell that is not empty and gives the end; 0 when it cannot be written. A call for each cell would take longer
   * than most of them do.
   */
  @inline
  write(at: usize, start: usize, end: usize, detail: usize): usize {
    switch (this.kind) {
      case COPY:
        return copy(at, start, end - start);
      case JSON_TEXT:
        return writeJsonText(at, start, end, this.argument);
      case BARE_DECIMAL:
        return writeBareDecimal(at, start, end);
      case INSTANT:
        return writeInstant(at, start, end);
      case DAYS:
        return writeDays(at, start);
      case COUNT:
        return writeCount(at, start, end, this.argument);
      case BASE64:
        return writeBase64Decimal(at, start, end, detail);
      case AVRO_STRING:
        return writeString(at, start, end, this.argument);
      case AVRO_WHOLE:
        return writeWhole(at, start, end);
      case AVRO_FLOAT:
        return writeFloat(at, start, end, detail);
      case AVRO_DOUBLE:
        return writeDouble(at, start, end, detail);
      case AVRO_BOOLEAN:
        return writeBoolean(at, start);
      case AVRO_DATE:
        return writeLong(at, dateOf(start));
      case AVRO_TIMESTAMP:
        return writeTimestamp(at, start, end, this.argument);
      case AVRO_DECIMAL:
        return writeDecimal(at, start, end, detail);
      case AVRO_ENUM:
        return writeSymbol(at, start, end, this.argument, detail);
      default:
        return 0;
    }
  }
}
