/** The whole look of a report, light and dark as the reader's system is. */
export const reportStyle = `
:root { color-scheme: light dark; --page: #ffffff; --ink: #1b1f24; --soft: #5c6670; --line: #dfe3e8; --panel: #f6f8fa;
  --before: #aab4bf; --after: #1f6feb; --good: #1a7f37; --bad: #cf222e; --warning: #9a6700; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1419; --ink: #e6edf3; --soft: #9aa6b2; --line: #2b333c; --panel: #171d24;
    --before: #5d6873; --after: #58a6ff; --good: #4ac26b; --bad: #ff7b72; --warning: #d4a72c; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 1040px; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0; font-size: 26px; line-height: 1.2; }
h2 { margin: 40px 0 4px; font-size: 18px; }
p { margin: 4px 0 12px; max-width: 46em; }
.soft { color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 24px 0 0; padding: 0; }
.tiles div { padding: 12px 14px; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
.tiles dt { color: var(--soft); font-size: 13px; }
.tiles dd { margin: 2px 0 0; font-size: 22px; font-variant-numeric: tabular-nums; line-height: 1.25; overflow-wrap: anywhere; }
.tiles small { display: block; color: var(--soft); font-size: 13px; }
.legend { display: flex; gap: 16px; color: var(--soft); font-size: 13px; }
.legend i { display: inline-block; width: 12px; height: 12px; margin-right: 6px; border-radius: 2px; vertical-align: -1px; }
svg { display: block; width: 100%; min-width: 640px; height: auto; margin: 8px 0; }
svg text { fill: var(--soft); font-size: 12px; font-family: inherit; font-variant-numeric: tabular-nums; }
svg .value { fill: var(--ink); font-size: 11px; paint-order: stroke; stroke: var(--page); stroke-width: 3px; }
svg .grid { stroke: var(--line); }
svg .reference { stroke: var(--warning); stroke-dasharray: 5 4; }
svg .reference-label { fill: var(--warning); }
.before { fill: var(--before); background: var(--before); }
.after { fill: var(--after); background: var(--after); }
ul.proof { margin: 8px 0; padding-left: 24px; }
ul.proof li { margin: 4px 0; padding-left: 4px; max-width: 56em; }
.note { margin: 16px 0 0; padding: 10px 14px; border: 1px solid var(--line); border-left: 4px solid var(--warning); border-radius: 6px; background: var(--panel); }
.note p { margin: 0; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
th { color: var(--soft); font-size: 13px; font-weight: 600; }
td.number, th.number { padding-right: 28px; text-align: right; }
td.better { color: var(--good); }
footer { margin-top: 48px; color: var(--soft); font-size: 13px; }
@media print { body { max-width: none; padding: 0; } h2 { break-after: avoid; } svg { break-inside: avoid; } }
`.trim();
