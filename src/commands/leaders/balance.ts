import type { LeadershipChange } from '../../admin/execute/leadership-change.js';
import type { BalanceGoal } from '../../balance/balance-plan.js';
import { UsageError } from '../../model/errors.js';
import { applyLeadershipChanges } from '../apply-leadership-changes.js';
import { parseBrokerIds } from '../broker-ids.js';
import { change, type Plan } from '../command.js';
import { writeJsonFile, writeNewFile } from '../json-file.js';
import { type Pace, paceOf, paceOptions } from '../pace.js';
import { isPartial, parseScope, scopeOptions } from '../topic-scope.js';
import { undoOfLeadershipChange } from '../undo-leadership-change.js';
import { conditionNotes } from './cluster-conditions.js';
import { leaderRowView } from './leader-row-view.js';
import { makePlan, type PlanOptions } from './make-plan.js';
import { parseWeight, weightOptions } from './partition-weights.js';
import { type PlanFacts, planDocument, planView } from './plan-document.js';
import { readPlanFile } from './read-plan-file.js';

interface Options extends PlanOptions {
  readonly pace: Pace;
  readonly planOut: string | null;
  readonly planFile: string | null;
  readonly reportFile: string | null;
}

export const balanceLeaders = change({
  needs: 'cluster',
  summary: 'Spread leaders over brokers as evenly as their replicas allow',
  details: `The plan moves as few leaders as that takes and no data: replicas are put in another order, and Kafka elects the first. (Only --move-replicas moves data.) The order of the others is chosen so that leaders spread evenly after any one broker fails too. The plan is proven, and taken back by leaders rollback.

Only the topics that are chosen are balanced; all others are neither moved nor counted.`,
  arguments: [],
  options: {
    ...scopeOptions,
    excludeBroker: { type: 'list', value: 'ID', names: 'brokers', describe: 'a broker that shall lead only what nobody else can' },
    perTopic: { type: 'boolean', describe: "then also each topic's leaders, as far as that keeps the whole even" },
    perRack: { type: 'boolean', describe: 'then also the leaders of the racks, as far as that keeps the whole even' },
    tolerance: { type: 'integer', value: 'K', describe: 'let the spread be up to K above the least possible, where that saves moves' },
    maxMoves: { type: 'integer', value: 'N', min: 1, describe: 'move at most N leaders: those that help most' },
    ...weightOptions,
    moveReplicas: {
      type: 'boolean',
      describe: 'move the fewest replicas, with their data, that let leaders be even where else they cannot',
    },
    ...paceOptions,
    planOut: { type: 'string', value: 'FILE', names: 'files', describe: 'write the plan there too' },
    plan: { type: 'string', value: 'FILE', names: 'files', describe: 'carry out the plan that --plan-out wrote' },
    report: { type: 'string', value: 'FILE', names: 'files', describe: 'write the plan as a page for the browser' },
  },
  examples: [
    'kafka-ts leaders balance',
    'kafka-ts leaders balance --dry-run --detailed-exitcode -o json',
    "kafka-ts leaders balance --match 'orders-*' --exclude-broker 3 --yes",
    'kafka-ts leaders balance --per-topic --dry-run --plan-out plan.json',
    'kafka-ts leaders balance --weight rate --sample 5m --dry-run',
    'kafka-ts leaders balance --move-replicas --batch 5',
    'kafka-ts leaders balance --dry-run --report balance.html',
    'kafka-ts leaders balance --plan plan.json --batch 50 --pause 10s --yes',
  ],
  parse: (
    _args,
    {
      topic,
      match,
      includeInternal,
      excludeBroker,
      perTopic,
      perRack,
      tolerance,
      maxMoves,
      weight,
      sample,
      moveReplicas,
      batch,
      pause,
      throttle,
      wait,
      planOut,
      plan,
      report,
    },
  ): Options => {
    const weighed = parseWeight({ weight, sample });
    const options = {
      scope: parseScope({ topic, match, includeInternal }),
      excludedBrokers: parseBrokerIds(excludeBroker),
      balance: {
        ...((perTopic || perRack) && { goals: goalsOf(perTopic, perRack) }),
        ...(tolerance !== undefined && { tolerance }),
        ...(maxMoves !== undefined && { maxMoves }),
        ...(weighed !== null && { weights: true }),
      },
      weight: weighed,
      movesReplicas: moveReplicas,
      pace: paceOf({ batch, pause, throttle, wait }),
      planOut: planOut ?? null,
      planFile: plan ?? null,
      reportFile: report ?? null,
    };
    if (options.balance.goals !== undefined && (tolerance !== undefined || maxMoves !== undefined)) {
      throw new UsageError('--tolerance and --max-moves do not go with --per-topic or --per-rack');
    }
    if (throttle !== undefined && !moveReplicas && plan === undefined) throw new UsageError('--throttle goes with --move-replicas');
    const isWhole = options.balance.goals === undefined && tolerance === undefined && maxMoves === undefined;
    if (weighed !== null && !isWhole) {
      throw new UsageError('--weight does not go with --per-topic, --per-rack, --tolerance or --max-moves');
    }
    if (moveReplicas && (weighed !== null || tolerance !== undefined || maxMoves !== undefined)) {
      throw new UsageError('--move-replicas does not go with --weight, --tolerance or --max-moves');
    }
    const isForNewPlan =
      moveReplicas ||
      isPartial(options.scope) ||
      excludeBroker.length > 0 ||
      Object.keys(options.balance).length > 0 ||
      planOut !== undefined;
    if (plan !== undefined && isForNewPlan) throw new UsageError('--plan says all about the plan; leave out the options that make one');
    return options;
  },
  plan: async (ports, options, run): Promise<Plan<LeadershipChange, PlanFacts>> => {
    const plan = options.planFile === null ? await makePlan(ports, options, run) : await readPlanFile(ports, options.planFile, run);
    const document = planDocument(plan.rows, plan.facts, null);
    if (options.planOut !== null) {
      writeJsonFile(options.planOut, document);
      run.note(`plan file: ${options.planOut}`);
    }
    if (options.reportFile !== null) {
      const { reportPage } = await import('./report/report-page.js');
      writeNewFile(options.reportFile, reportPage(document, plan.cluster));
      run.note(`report: ${options.reportFile}`);
    }
    if (options.planFile !== null) run.note(`kafka-ts: the plan is of ${plan.facts.takenAt}: before and after are as they were then`);
    for (const note of conditionNotes(plan.facts.conditions, options.planFile !== null)) run.note(`kafka-ts: ${note}`);
    if (plan.rows.length === 0) run.note('kafka-ts: nothing to do');
    return plan;
  },
  danger: () => 'moderate',
  apply: (ports, rows, { pace }, run) => applyLeadershipChanges(ports, rows, pace, run),
  undo: undoOfLeadershipChange,
  view: leaderRowView,
  document: { of: planDocument, view: planView },
});

/** Evenness of the whole comes first. */
const goalsOf = (perTopic: boolean, perRack: boolean): readonly BalanceGoal[] => [
  'cluster',
  ...(perTopic ? (['topic'] as const) : []),
  ...(perRack ? (['rack'] as const) : []),
];
