import { FILE_HEADERS } from '../values/file-headers.ts';

/**
 * The headers of a dead letter: Connect's error headers
 * (https://cwiki.apache.org/confluence/display/KAFKA/KIP-298%3A+Error+Handling+in+Connect), where its row came from, and
 * our own.
 */
export const LETTER_HEADERS = {
  topic: '__connect.errors.topic',
  connector: '__connect.errors.connector.name',
  task: '__connect.errors.task.id',
  stage: '__connect.errors.stage',
  plugin: '__connect.errors.class.name',
  errorName: '__connect.errors.exception.class.name',
  message: '__connect.errors.exception.message',
  file: FILE_HEADERS,
  /** The row's full size in bytes, where the topic does not take all of it. */
  truncatedFrom: 'headrace.truncated.from',
  /** What the value is, where that is not the row's bytes. */
  content: 'headrace.value',
} as const;
