const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that may stand in HTML and SVG, in an attribute too. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** Thousands are set apart the same way wherever it runs. */
export const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
