/** The first row, or null. */
export const first = <Row>(rows: readonly Row[]): Row | null => rows[0] ?? null

/** The row of a statement that always has one. */
export function only<Row>(rows: readonly Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a row that the transaction holds is gone')
  return row
}
