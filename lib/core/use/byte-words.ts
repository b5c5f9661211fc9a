const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

/** For instance `1.4 GB`; thousands, as disks are sold. */
export function byteWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const text = unit === 0 || value >= 99.5 ? Math.round(value).toLocaleString("en") : value.toFixed(1);
  return `${text} ${UNITS[unit]}`;
}
