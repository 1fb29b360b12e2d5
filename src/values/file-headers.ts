/** The headers by which a record says which row of which file it is of; only a dead letter tells the line. */
export const FILE_HEADERS = {
  path: 'file.path',
  name: 'file.name',
  offset: 'file.offset',
  row: 'file.row',
  line: 'file.line',
  /** Path and row in one. */
  place: 'file',
} as const;
