import { copy } from '../lib/lanes.ts';
import { dateOf } from '../lib/times.ts';
import { writeVarlong } from '../lib/varint.ts';
import {
  writeBoolean,
  writeDecimal,
  writeDouble,
  writeFloat,
  writeString,
  writeSymbol,
  writeTimestamp,
} from './avro.ts';
import { writeBareDecimal, writeBase64Decimal, writeCount, writeDays, writeInstant } from './json.ts';
import { writeJsonText } from './json-text.ts';
import {
  ARGUMENT,
  AVRO_BOOLEAN,
  AVRO_DATE,
  AVRO_DECIMAL,
  AVRO_DOUBLE,
  AVRO_ENUM,
  AVRO_FLOAT,
  AVRO_STRING,
  AVRO_TIMESTAMP,
  AVRO_WHOLE,
  BARE_DECIMAL,
  BASE64,
  COPY,
  COUNT,
  DAYS,
  DETAIL,
  INSTANT,
  JSON_TEXT,
  KIND,
} from './layout.ts';
import { writeWhole } from './numbers.ts';

/** A class, since only methods can be marked as inline. */
export class Field {
  /**
   * Writes a field's cell that is not empty and gives the end; 0 when it cannot be written. A call for each cell would
   * take longer than most of them do.
   */
  @inline
  static write(program: usize, field: usize, at: usize, start: usize, end: usize): usize {
    switch (load<u32>(field, KIND)) {
      case COPY:
        return copy(at, start, end - start);
      case JSON_TEXT:
        return writeJsonText(at, start, end, load<u32>(field, ARGUMENT));
      case BARE_DECIMAL:
        return writeBareDecimal(at, start, end);
      case INSTANT:
        return writeInstant(at, start, end);
      case DAYS:
        return writeDays(at, start);
      case COUNT:
        return writeCount(at, start, end, load<u32>(field, ARGUMENT), detailOf(program, field));
      case BASE64:
        return writeBase64Decimal(at, start, end, detailOf(program, field));
      case AVRO_STRING:
        return writeString(at, start, end, load<u32>(field, ARGUMENT));
      case AVRO_WHOLE:
        return writeWhole(at, start, end);
      case AVRO_FLOAT:
        return writeFloat(at, start, end, detailOf(program, field));
      case AVRO_DOUBLE:
        return writeDouble(at, start, end, detailOf(program, field));
      case AVRO_BOOLEAN:
        return writeBoolean(at, start);
      case AVRO_DATE:
        return writeVarlong(at, dateOf(start));
      case AVRO_TIMESTAMP:
        return writeTimestamp(at, start, end, load<u32>(field, ARGUMENT), detailOf(program, field));
      case AVRO_DECIMAL:
        return writeDecimal(at, start, end, detailOf(program, field));
      case AVRO_ENUM:
        return writeSymbol(at, start, end, load<u32>(field, ARGUMENT), detailOf(program, field));
      default:
        return 0;
    }
  }
}

function detailOf(program: usize, field: usize): usize {
  return program + load<u32>(field, DETAIL);
}
