import { renderCsv } from './csv.js';
import { renderJson } from './json.js';
import { renderNames } from './names.js';
import type { View } from './view.js';
import { renderYaml } from './yaml.js';

export type Format = 'table' | 'wide' | 'json' | 'yaml' | 'csv' | 'name';

/** Loads what a format takes long to load. To be called once a cluster has been asked, when there is nothing to do but wait. */
export async function prepareRender(format: Format): Promise<void> {
  if (format === 'table' || format === 'wide') await import('./table.js');
}

/**
 * Rows as text that ends with a line end. A `document` is one row that JSON and YAML show as itself and not as a list.
 * YAML and tables are loaded when they are asked for: their packages take longer than the rest.
 */
export async function render<Row extends object, Line>(
  rows: readonly Row[],
  view: View<Row, Line>,
  options: { readonly format: Format; readonly hasColor: boolean; readonly isDocument?: boolean },
): Promise<string> {
  const { format, hasColor, isDocument = false } = options;
  const value = isDocument ? rows[0] : rows;
  switch (format) {
    case 'json':
      return renderJson(value);
    case 'yaml':
      return renderYaml(value);
    case 'csv':
      return renderCsv(rows, view);
    case 'name':
      return renderNames(rows, view);
    default:
      return (await import('./table.js')).renderTable(rows, view, { isWide: format === 'wide', hasColor });
  }
}
