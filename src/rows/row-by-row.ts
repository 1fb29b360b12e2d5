/** The first row from `from` on that is not taken, or `to`: for stages that look at one row after another. */
export function rowByRow(from: number, to: number, takes: (row: number) => boolean): number {
  let row = from;
  while (row < to && takes(row)) row++;
  return row;
}
