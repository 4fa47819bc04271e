import type { CellReport } from '../api/index.ts';

/** Lines of a table, each column as wide as it needs. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** How many failures the cells survive now, in words. */
export function survival(cells: readonly Pick<CellReport, 'survivesFailuresNow'>[]): string {
  if (cells.length === 0) return 'unknown';
  const least = Math.min(...cells.map(({ survivesFailuresNow }) => survivesFailuresNow));
  return least < 0 ? 'unavailable' : least === 1 ? '1 failure' : `${least} failures`;
}

export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}
