import { topicPartitionName } from '../../../model/topic-partition.js';
import type { ClusterLeaders } from '../../read-leaders.js';
import { conditionNotes } from '../cluster-conditions.js';
import { heaviestText, holdBackText, type PlanDocument, replicaMovesText } from '../plan-document.js';
import { type ColumnChart, columnChart } from './column-chart.js';
import { escapeHtml, number } from './html.js';
import { type CountedBefore, type FailureFacts, type Range, type ReportFacts, reportFacts, type TopicFacts } from './report-facts.js';
import { reportStyle } from './report-style.js';

/** What a page can show and still be read; the plan file has all. */
const MOST_TOPICS = 100;
const MOST_CHANGES = 500;

/**
 * A plan as one HTML page that needs nothing else: no script, no font, no image from outside. It can be mailed, and read where there is
 * no network.
 *
 * @param cluster - what the plan was made for
 */
export function reportPage(plan: PlanDocument, cluster: ClusterLeaders): string {
  const facts = reportFacts(
    cluster,
    plan.changes.filter(({ outcome }) => outcome === 'planned'),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Leader balance of ${escapeHtml(plan.clusterId)}</title>
<style>
${reportStyle}
</style>
</head>
<body>
<header>
<h1>Leader balance</h1>
<p class="soft">Cluster ${escapeHtml(plan.clusterId)}, as it was at ${escapeHtml(plan.takenAt)}</p>
</header>
${tiles(plan)}
${notes(plan)}
${[brokersSection(facts), racksSection(facts), failuresSection(facts), proofSection(plan), topicsSection(facts), changesSection(plan)].join('\n')}
<footer>Made by kafka-ts leaders balance --report.</footer>
</body>
</html>
`;
}

const fromTo = (before: string, after: string): string => (before === after ? before : `${before} → ${after}`);

function tiles(plan: PlanDocument): string {
  const { before, after, moves, orders, changes } = plan;
  const worst = ({ worstFailure }: PlanDocument['before']) => (worstFailure === null ? 'none' : number(worstFailure.leaders));
  const tile = (name: string, value: string, small: string) =>
    value === '' ? '' : `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}<small>${escapeHtml(small)}</small></dd></div>`;
  return `<dl class="tiles">
${tile('Spread', fromTo(number(before.spread), number(after.spread)), 'most leaders less fewest')}
${tile('Busiest broker', fromTo(number(before.max), number(after.max)), 'leaders')}
${tile('After the worst failure', fromTo(worst(before), worst(after)), 'leaders on one broker')}
${tile('Leader moves', number(moves.length), `${number(orders.length)} new orders`)}
${tile('Replica moves', ...valueAndMore(replicaMovesText(plan)))}
${tile('Heaviest broker', ...valueAndMore(heaviestText(plan)))}
${tile('Partitions to change', number(changes.length), changes.length === 0 ? 'nothing to do' : 'each can be taken back')}
</dl>`;
}

/** Of a text such as `3, 2.1 GiB to copy` what stands before the first comma, and the rest. */
function valueAndMore(text: string): readonly [value: string, more: string] {
  const [value = '', ...more] = text.replaceAll('->', '→').split(', ');
  return [value, more.join(', ')];
}

function notes({ conditions, holdBack }: PlanDocument): string {
  const held = holdBackText(holdBack);
  const texts = [...(held === '' ? [] : [`Held back: ${held}.`]), ...conditionNotes(conditions)];
  return texts.map((text) => `<div class="note"><p>${escapeHtml(text)}</p></div>`).join('\n');
}

const legend = '<p class="legend"><span><i class="before"></i>before</span><span><i class="after"></i>after</span></p>';

const section = (title: string, text: string, body: string): string =>
  `<section>\n<h2>${escapeHtml(title)}</h2>\n<p class="soft">${escapeHtml(text)}</p>\n${body}\n</section>`;

const chart = (of: ColumnChart): string => `${legend}\n<div class="scroll">${columnChart(of)}</div>`;

const tellOf =
  (what: string) =>
  ({ label, before, after }: CountedBefore): string =>
    `${what} ${label}: ${number(before)} before, ${number(after)} after`;

function brokersSection({ brokers }: ReportFacts): string {
  const total = brokers.reduce((sum, { after }) => sum + after, 0);
  const share = total / Math.max(1, brokers.length);
  const label = `even share ${number(Math.round(share * 10) / 10)}`;
  return section(
    'Leaders per broker',
    `${number(total)} leaders on ${number(brokers.length)} live brokers.`,
    chart({ axis: 'broker', bars: brokers, reference: { value: share, label }, tell: tellOf('broker') }),
  );
}

function racksSection({ racks }: ReportFacts): string {
  if (racks.length < 2) return '';
  return section(
    'Leaders per rack',
    'What the brokers of each rack lead together.',
    chart({ axis: 'rack', bars: racks, tell: tellOf('rack') }),
  );
}

function failuresSection({ failures }: ReportFacts): string {
  if (failures.length === 0) return '';
  const told = new Map(failures.map((failure) => [String(failure.failed), failure]));
  const bars = failures.map(({ failed, before, after }) => ({ label: String(failed), before: before.leaders, after: after.leaders }));
  return section(
    'After a failure',
    'When a broker fails, Kafka elects for each of its partitions the first replica in the list that is in sync. How many leaders the busiest of the other brokers then has, for each broker that may fail:',
    chart({ axis: 'broker that fails', bars, tell: ({ label }) => failureText(told.get(label)) }),
  );
}

function failureText(failure: FailureFacts | undefined): string {
  if (failure === undefined) return '';
  const { failed, before, after } = failure;
  return `without broker ${failed}: ${number(before.leaders)} on broker ${before.broker} before, ${number(after.leaders)} on broker ${after.broker} after`;
}

function proofSection({ proof, certificate, moves }: PlanDocument): string {
  if (proof.length === 0) return '';
  const unproven = [
    ...(certificate.evenness.levels === null ? ['that no plan is more even'] : []),
    ...(certificate.moves?.fewest === moves.length ? [] : ['that no plan that is as even moves fewer leaders']),
  ];
  const rest =
    unproven.length === 0 ? '' : `<p class="soft">Not proven, as the options give it up: ${escapeHtml(unproven.join('; '))}.</p>`;
  return section(
    'The proof',
    'The plan carries a certificate that kafka-ts checked with code that shares nothing with what made the plan. In words:',
    `<ul class="proof">\n${proof.map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('\n')}\n</ul>${rest}`,
  );
}

function topicsSection({ topics }: ReportFacts): string {
  const shown = topics.slice(0, MOST_TOPICS);
  const rest = topics.length - shown.length;
  return section(
    'Topics',
    `The most and the fewest leaders of a topic that one of its brokers has; the least even topics first.${rest > 0 ? ` ${number(rest)} more are not shown.` : ''}`,
    table(
      ['Topic', '#Partitions', '#Before', '#After', '#Spread'],
      shown.map((topic) => topicRow(topic)),
    ),
  );
}

function topicRow({ topic, partitionCount, before, after }: TopicFacts): string {
  const spread = ({ max, min }: Range) => max - min;
  const range = ({ max, min }: Range) => (max === min ? number(max) : `${number(min)} to ${number(max)}`);
  const cells = [
    `<td>${escapeHtml(topic)}</td>`,
    `<td class="number">${number(partitionCount)}</td>`,
    `<td class="number">${range(before)}</td>`,
    `<td class="number">${range(after)}</td>`,
    `<td class="number${spread(after) < spread(before) ? ' better' : ''}">${fromTo(number(spread(before)), number(spread(after)))}</td>`,
  ];
  return `<tr>${cells.join('')}</tr>`;
}

function changesSection({ changes, replicaMoves }: PlanDocument): string {
  if (changes.length === 0) return section('Changes', 'Nothing to do.', '');
  const moving = new Set(replicaMoves.map(topicPartitionName));
  const shown = changes.slice(0, MOST_CHANGES);
  const rest = changes.length - shown.length;
  const leader = (id: number) => (id === -1 ? 'none' : String(id));
  return section(
    'Changes',
    `Partitions whose leader moves or whose replicas get another order.${rest > 0 ? ` ${number(rest)} more are not shown; --plan-out writes all.` : ''}`,
    table(
      ['Partition', '#Leader', '#New leader', 'Replicas', 'New replicas', 'What'],
      shown.map((change) => {
        const { topic, partition, leaderBefore, leaderAfter, replicasBefore, replicasAfter, outcome } = change;
        const what = moving.has(topicPartitionName(change)) ? 'replica moves' : leaderBefore === leaderAfter ? 'order' : 'leader moves';
        const cells = [
          `<td>${escapeHtml(`${topic}:${partition}`)}</td>`,
          `<td class="number">${leader(leaderBefore)}</td>`,
          `<td class="number">${leader(leaderAfter)}</td>`,
          `<td>${replicasBefore.join(' ')}</td>`,
          `<td>${replicasAfter.join(' ')}</td>`,
          `<td>${outcome === 'planned' ? what : escapeHtml(outcome)}</td>`,
        ];
        return `<tr>${cells.join('')}</tr>`;
      }),
    ),
  );
}

/** A head that begins with # is of numbers. */
function table(heads: readonly string[], rows: readonly string[]): string {
  const cells = heads.map((head) => (head.startsWith('#') ? `<th class="number">${head.slice(1)}</th>` : `<th>${head}</th>`));
  return `<div class="scroll"><table>\n<thead><tr>${cells.join('')}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>`;
}
