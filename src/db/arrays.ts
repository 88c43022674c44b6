/**
 * Writes values as a PostgreSQL array literal, one parameter whatever their number, so that one prepared statement
 * serves every batch. Only for values whose text needs no quoting: numbers, dates, instants.
 */
export function arrayLiteral(values: readonly (string | number)[]): string {
  for (const value of values)
    if (typeof value === 'string' && !/^[\w.:+-]+$/.test(value))
      throw new TypeError(`not a plain array element: ${value}`)
  return `{${values.join(',')}}`
}
