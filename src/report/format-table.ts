import { cutToWidth, displayWidth } from "./display-width.ts";
import type { Style } from "./style.ts";

export interface TableColumn {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Gives way where a terminal is too narrow, the widest such column first. */
  readonly flexible?: boolean;
}

/** One cell: its plain text (already escaped), and how it is painted once it has its width. */
export interface TableCell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/**
 * Rows in aligned columns, two spaces apart, under dim titles. On a terminal flexible columns are cut so that every
 * row keeps to one line; in a pipe nothing is cut.
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly (TableCell | string)[])[],
  style: Style,
): string {
  const cells = rows.map((row) => columns.map((_, index) => asCell(row[index] ?? "")));
  const widths = fitWidths(columns, cells, style.columns);
  const titles = columns.map((column) => ({ text: column.title, paint: style.dim }));
  return [titles, ...cells].map((row) => formatRow(row, columns, widths)).join("\n");
}

function asCell(cell: TableCell | string): TableCell {
  return typeof cell === "string" ? { text: cell } : cell;
}

function fitWidths(
  columns: readonly TableColumn[],
  cells: readonly (readonly TableCell[])[],
  limit: number | null,
): number[] {
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...cells.map((row) => displayWidth(row[index]?.text ?? ""))),
  );
  if (limit === null) return widths;
  let over = widths.reduce((sum, width) => sum + width, 0) + gap.length * (columns.length - 1) - limit;
  while (over > 0) {
    const widest = widestFlexible(columns, widths);
    if (widest === null) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over -= 1;
  }
  return widths;
}

/** Null where every flexible column is as narrow as it may become. */
function widestFlexible(columns: readonly TableColumn[], widths: readonly number[]): number | null {
  let widest: number | null = null;
  for (const [index, column] of columns.entries()) {
    const width = widths[index] ?? 0;
    if (column.flexible !== true || width <= narrowest) continue;
    if (widest === null || width > (widths[widest] ?? 0)) widest = index;
  }
  return widest;
}

const narrowest = 8;

function formatRow(
  row: readonly TableCell[],
  columns: readonly TableColumn[],
  widths: readonly number[],
): string {
  const parts = row.map((cell, index) => {
    const width = widths[index] ?? 0;
    const text = cutToWidth(cell.text, width);
    const space = " ".repeat(width - displayWidth(text));
    const painted = cell.paint === undefined ? text : cell.paint(text);
    return columns[index]?.align === "right" ? space + painted : painted + space;
  });
  return parts.join(gap).trimEnd();
}

const gap = "  ";
