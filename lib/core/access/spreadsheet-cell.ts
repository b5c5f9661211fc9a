/**
 * A spreadsheet takes a cell that begins with one of these for a formula and may run it (OWASP, "CSV Injection"); the last
 * four are their full-width forms. An apostrophe before it makes it a text, there and for us.
 */
const FORMULA = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const GUARDED = /^'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** The cell that stands for a value in a CSV file. A value that looks guarded itself gets one more, so that none is lost. */
export function guardCell(value: string): string {
  return FORMULA.test(value) ? `'${value}` : value;
}

/** The very value that was written. */
export function unguardCell(cell: string): string {
  return GUARDED.test(cell) ? cell.slice(1) : cell;
}
