import type {
  BalancePlan,
  BrokerSet,
  EvennessProof,
  FailureProof,
  LeaderStatistics,
  LevelSet,
  MovesProof,
  WorstFailure,
} from './balance-plan.js';
import type { Cluster, ClusterPartition } from './cluster.js';

export interface Verification {
  readonly valid: boolean;
  /** What does not hold, in words; empty where all does. */
  readonly problems: readonly string[];
}

/**
 * Checks that a plan fits the cluster, does what it says, and is as good as its certificate claims (certificate.ts has the argument).
 * Shares no code with what makes plans. Takes time linear in the number of replicas.
 *
 * @param cluster - what the plan was made for
 */
export function verifyCertificate(cluster: Cluster, plan: BalancePlan): Verification {
  const problems: string[] = [];
  const state = readPlan(cluster, plan, problems);
  if (problems.length > 0) return { valid: false, problems };

  compareStatistics('before', plan.before, statisticsOf(state, 'before'), problems);
  const after = statisticsOf(state, 'after');
  compareStatistics('after', plan.after, after, problems);
  checkOptions(plan, problems);
  checkEvenness(plan, state, problems);
  checkMoves(plan, state, problems);
  checkFailure(plan, state, after.worstFailure, problems);
  return { valid: problems.length === 0, problems };
}

interface BrokerState {
  readonly id: number;
  readonly capacity: number;
  /** Alive and not excluded: what the plan balances. */
  readonly balanced: boolean;
  before: number;
  after: number;
}

interface PartitionState {
  readonly name: string;
  readonly fixed: boolean;
  /** Brokers of which the plan may choose: in sync, alive, not excluded. Empty where it has no say. */
  readonly options: readonly BrokerState[];
  readonly from: BrokerState | null;
  readonly to: BrokerState | null;
  readonly heirBefore: BrokerState | null;
  readonly heirAfter: BrokerState | null;
}

interface State {
  readonly brokers: ReadonlyMap<number, BrokerState>;
  readonly partitions: readonly PartitionState[];
}

/** Puts the plan into effect on paper; what does not fit the cluster is a problem. */
function readPlan(cluster: Cluster, plan: BalancePlan, problems: string[]): State {
  const brokers = new Map<number, BrokerState>();
  for (const { id, alive, excluded, capacity } of cluster.brokers) {
    if (alive !== false) brokers.set(id, { id, capacity: capacity ?? 1, balanced: excluded !== true, before: 0, after: 0 });
  }
  const excludedTopics = new Set(plan.options.excludedTopics);
  const moves = indexed('move', plan.moves, problems);
  const orders = indexed('order', plan.orders, problems);
  const partitions = cluster.partitions.map((partition) => {
    const move = moves.take(partition);
    const order = orders.take(partition);
    const name = `${partition.topic}-${partition.partition}`;
    const fixed = partition.fixed === true || excludedTopics.has(partition.topic);
    const live = partition.replicas.flatMap((id) => (partition.isr.includes(id) ? (brokers.get(id) ?? []) : []));
    const choice = fixed ? [] : live.filter(({ balanced }) => balanced);

    if (move !== undefined) {
      if (fixed) problems.push(`${name} is fixed and is moved`);
      if (move.from !== partition.leader) problems.push(`${name} is led by ${partition.leader}, not by ${move.from}`);
      if (move.to === move.from) problems.push(`${name} is moved to where it is`);
      const eligible = choice.length > 0 ? choice : live;
      if (!eligible.some(({ id }) => id === move.to)) problems.push(`${move.to} may not lead ${name}`);
    }
    const leader = move?.to ?? partition.leader;
    // A plan that was cut short may leave such partitions for later.
    const isCut = plan.options.maxMoves !== undefined;
    if (!isCut && choice.length > 0 && !choice.some(({ id }) => id === leader))
      problems.push(`${name} stays with ${leader}, which may not lead it`);
    const first = (order?.replicas ?? partition.replicas)[0];
    // Excluded brokers lead for want of others, which stand before them.
    const mustBeFirst = (move !== undefined || order !== undefined) && brokers.get(leader)?.balanced !== false;
    if (mustBeFirst && first !== leader) problems.push(`${name}: ${leader} leads but is not first in its order`);
    if (order !== undefined) {
      if (fixed) problems.push(`${name} is fixed and gets another order`);
      if (!isPermutation(order.replicas, partition.replicas)) problems.push(`${name} gets other replicas`);
    }
    const from = brokers.get(partition.leader) ?? null;
    const to = brokers.get(leader) ?? null;
    if (from !== null) from.before++;
    if (to !== null) to.after++;
    // A partition that nothing but its leader can lead, though it is not in sync, counts where it is.
    const options = choice.length > 0 ? choice : to?.balanced === true ? [to] : [];
    return {
      name,
      fixed,
      options,
      from,
      to,
      heirBefore: heirIn(partition.replicas, partition, partition.leader, fixed, brokers),
      heirAfter: heirIn(order?.replicas ?? partition.replicas, partition, leader, fixed, brokers),
    };
  });
  moves.rest();
  orders.rest();
  return { brokers, partitions };
}

/** Whom Kafka elects when the leader fails. Excluded brokers come last, but where the order may not be touched. */
function heirIn(
  order: readonly number[],
  { isr }: ClusterPartition,
  leader: number,
  fixed: boolean,
  brokers: ReadonlyMap<number, BrokerState>,
): BrokerState | null {
  let excluded: BrokerState | null = null;
  for (const id of order) {
    const broker = brokers.get(id);
    if (broker === undefined || id === leader || !isr.includes(id)) continue;
    if (broker.balanced || fixed) return broker;
    excluded ??= broker;
  }
  return excluded;
}

function isPermutation(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && b.every((id) => a.includes(id));
}

/** Rows by partition, each taken once; what is left over belongs to no partition. */
function indexed<Row extends { readonly topic: string; readonly partition: number }>(
  what: string,
  rows: readonly Row[],
  problems: string[],
) {
  const byTopic = new Map<string, Map<number, Row>>();
  for (const row of rows) {
    const ofTopic = byTopic.get(row.topic) ?? new Map<number, Row>();
    if (ofTopic.has(row.partition)) problems.push(`${row.topic}-${row.partition} has more than one ${what}`);
    byTopic.set(row.topic, ofTopic.set(row.partition, row));
  }
  return {
    take: ({ topic, partition }: ClusterPartition): Row | undefined => {
      const ofTopic = byTopic.get(topic);
      const row = ofTopic?.get(partition);
      ofTopic?.delete(partition);
      return row;
    },
    rest: (): void => {
      for (const [topic, rest] of byTopic) {
        for (const partition of rest.keys()) problems.push(`${topic}-${partition} has a ${what} and is not in the cluster`);
      }
    },
  };
}

function statisticsOf({ brokers, partitions }: State, when: 'before' | 'after'): LeaderStatistics {
  const all = [...brokers.values()].sort((a, b) => a.id - b.id);
  const loads = all.filter(({ balanced }) => balanced).map((broker) => broker[when]);
  let max = 0;
  let min = loads.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  let sumOfSquares = 0;
  for (const load of loads) {
    max = Math.max(max, load);
    min = Math.min(min, load);
    sumOfSquares += load * load;
  }
  const leaders = all.map((broker) => ({ broker: broker.id, leaders: broker[when] }));
  return { leaders, max, min, spread: max - min, sumOfSquares, worstFailure: worstFailure(all, partitions, when) };
}

/** Of a broker that inherits nothing only the two that lead most matter, so each failure costs what it hands over. */
function worstFailure(all: readonly BrokerState[], partitions: readonly PartitionState[], when: 'before' | 'after'): WorstFailure | null {
  const heirs = new Map<BrokerState, BrokerState[]>();
  for (const { from, to, heirBefore, heirAfter } of partitions) {
    const leader = when === 'before' ? from : to;
    const heir = when === 'before' ? heirBefore : heirAfter;
    if (leader === null || heir === null || !heir.balanced) continue;
    const known = heirs.get(leader);
    if (known === undefined) heirs.set(leader, [heir]);
    else known.push(heir);
  }
  const busiest = all.filter(({ balanced }) => balanced).sort((a, b) => b[when] - a[when]);
  let worst: WorstFailure | null = null;
  for (const failed of all) {
    const other = busiest[0] === failed ? busiest[1] : busiest[0];
    if (other === undefined) continue;
    if (worst === null || other[when] > worst.leaders) worst = { failed: failed.id, busiest: other.id, leaders: other[when] };
    const inherited = new Map<BrokerState, number>();
    for (const heir of heirs.get(failed) ?? []) {
      const leaders = (inherited.get(heir) ?? 0) + 1;
      inherited.set(heir, leaders);
      if (heir[when] + leaders > worst.leaders) worst = { failed: failed.id, busiest: heir.id, leaders: heir[when] + leaders };
    }
  }
  return worst;
}

function compareStatistics(when: string, claimed: LeaderStatistics, found: LeaderStatistics, problems: string[]): void {
  for (const field of ['max', 'min', 'spread', 'sumOfSquares'] as const) {
    if (claimed[field] !== found[field]) problems.push(`${when}: ${field} is ${found[field]}, not ${claimed[field]}`);
  }
  const same =
    claimed.leaders.length === found.leaders.length &&
    found.leaders.every(({ broker, leaders }, i) => claimed.leaders[i]!.broker === broker && claimed.leaders[i]!.leaders === leaders);
  if (!same) problems.push(`${when}: the leaders per broker are others`);
  if (claimed.worstFailure?.leaders !== found.worstFailure?.leaders) {
    problems.push(
      `${when}: the worst failure leaves ${found.worstFailure?.leaders} leaders on a broker, not ${claimed.worstFailure?.leaders}`,
    );
  }
}

/** A proof may be left out only where the options give up what it would prove. */
function checkOptions({ options, moves, after, certificate }: BalancePlan, problems: string[]): void {
  const { goals = ['cluster'], tolerance = 0, maxMoves = Number.POSITIVE_INFINITY, afterFailure = true } = options;
  const cut = maxMoves !== Number.POSITIVE_INFINITY;
  if (moves.length > maxMoves) problems.push(`${moves.length} moves are more than ${maxMoves}`);
  if (certificate.evenness.levels === null && tolerance === 0 && !cut && goals[0] === 'cluster')
    problems.push('least loads are not proven');
  if (certificate.moves === null && !cut && goals.length === 1 && goals[0] === 'cluster') problems.push('fewest moves are not proven');
  if (certificate.failure === null && afterFailure && after.worstFailure !== null) problems.push('the worst failure is not proven');
}

function checkEvenness(plan: BalancePlan, { brokers, partitions }: State, problems: string[]): void {
  const { levels, confined, reachable }: EvennessProof = plan.certificate.evenness;
  const balanced = [...brokers.values()].filter((broker) => broker.balanced);

  const top = membersOf(confined, brokers, problems);
  const bottom = membersOf(reachable, brokers, problems);
  const held = partitions.filter(({ options }) => options.length > 0 && options.every((broker) => top.has(broker))).length;
  if (held !== confined.partitions)
    problems.push(`${held} partitions have no option outside the highest brokers, not ${confined.partitions}`);
  const open = partitions.filter(({ options }) => options.some((broker) => bottom.has(broker))).length;
  if (open !== reachable.partitions)
    problems.push(`${open} partitions have an option among the lowest brokers, not ${reachable.partitions}`);

  if (balanced.length > 0 && balanced.every(({ capacity }) => capacity === 1)) {
    const leastMax = Math.ceil(confined.partitions / top.size);
    const greatestMin = Math.floor(reachable.partitions / bottom.size);
    if (levels !== null && plan.after.max !== leastMax) problems.push(`the maximum is ${plan.after.max}, proven is ${leastMax}`);
    if (levels !== null && plan.after.min !== greatestMin) problems.push(`the minimum is ${plan.after.min}, proven is ${greatestMin}`);
    const { tolerance, maxMoves, goals = ['cluster'] } = plan.options;
    const isWhole = maxMoves === undefined && goals.length === 1 && goals[0] === 'cluster';
    if (isWhole && tolerance !== undefined && !(plan.after.spread <= leastMax - greatestMin + tolerance)) {
      problems.push(`the spread is more than ${tolerance} above the least`);
    }
  }
  if (levels === null) return;
  const levelOf = readLevels(levels, brokers, problems);
  for (const broker of balanced) {
    const level = levelOf.get(broker);
    if (level === undefined) problems.push(`broker ${broker.id} has no level`);
    else if (isAbove(broker, broker.after, level) || isBelow(broker, broker.after + 1, level)) {
      problems.push(`broker ${broker.id} leads ${broker.after}, which is not at its level`);
    }
  }
  for (const { name, options, to } of partitions) {
    if (options.length > 0 && !hasLeastLevel(to, options, levelOf)) problems.push(`${name} could be led from a lower level`);
  }
}

function checkMoves(plan: BalancePlan, { brokers, partitions }: State, problems: string[]): void {
  const proof: MovesProof | null = plan.certificate.moves;
  if (proof === null) return;
  if (proof.fewest !== plan.moves.length) problems.push(`${plan.moves.length} moves, proven are ${proof.fewest}`);
  const { levels } = plan.certificate.evenness;
  const levelOf = levels === null ? null : readLevels(levels, brokers, problems);
  const potential = new Map<BrokerState, number>();
  for (const set of proof.potentials) for (const id of set.brokers) potential.set(brokers.get(id)!, set.potential);

  const bounded = new Set<BrokerState>();
  for (const { least, most, brokers: ids } of proof.bounds) {
    for (const id of ids) {
      const broker = brokers.get(id);
      if (broker === undefined || !broker.balanced || bounded.has(broker)) {
        problems.push(`broker ${id} may have no bounds, or has them twice`);
        continue;
      }
      bounded.add(broker);
      const value = potential.get(broker) ?? Number.NaN;
      if (broker.after < least || broker.after > most) problems.push(`broker ${id} leads ${broker.after}, outside ${least} to ${most}`);
      if (!(broker.after === least || value <= proof.threshold)) problems.push(`broker ${id} could lead fewer, which might save moves`);
      if (!(broker.after === most || value >= proof.threshold)) problems.push(`broker ${id} could lead more, which might save moves`);
      const level = levelOf?.get(broker);
      // Bounds narrower than the levels would leave plans out of the comparison.
      if (level !== undefined && ((least > 0 && !isBelow(broker, least, level)) || !isAbove(broker, most + 1, level))) {
        problems.push(`broker ${id}: its bounds are narrower than its level`);
      }
    }
  }
  for (const broker of brokers.values()) if (broker.balanced && !bounded.has(broker)) problems.push(`broker ${broker.id} has no bounds`);

  for (const { name, options, from, to } of partitions) {
    if (options.length === 0) continue;
    const comparable = levelOf === null ? options : options.filter((broker) => hasLeastLevel(broker, options, levelOf));
    const worth = (broker: BrokerState | null): number => (broker === from ? 0 : 1) - (potential.get(broker!) ?? Number.NaN);
    if (!comparable.every((broker) => worth(to) <= worth(broker))) problems.push(`${name} might be led elsewhere with fewer moves`);
  }
}

function checkFailure(plan: BalancePlan, { brokers, partitions }: State, worst: WorstFailure | null, problems: string[]): void {
  const proof: FailureProof | null = plan.certificate.failure;
  if (proof === null || worst === null) return;
  const levelOf = readLevels(proof.levels, brokers, problems);
  const confined = membersOf(proof.confined, brokers, problems);
  /** Per broker what it must inherit in any order, and what was chosen for it. */
  const inherited = new Map<BrokerState, { fixed: number; chosen: number }>();
  let held = 0;
  for (const { name, fixed, options, to, heirAfter: heir } of partitions) {
    if (to?.id !== proof.failed || heir === null || !heir.balanced) continue;
    const count = inherited.get(heir) ?? { fixed: 0, chosen: 0 };
    inherited.set(heir, count);
    count[fixed ? 'fixed' : 'chosen']++;
    const choice = fixed ? [heir] : options.filter(({ id }) => id !== proof.failed);
    if (choice.every((broker) => confined.has(broker))) held++;
    if (!fixed && !hasLeastLevel(heir, choice, levelOf)) problems.push(`${name} could go to a lower level when ${proof.failed} fails`);
  }
  if (held !== proof.confined.partitions)
    problems.push(`${held} partitions are confined when ${proof.failed} fails, not ${proof.confined.partitions}`);
  for (const [broker, level] of levelOf) {
    const { fixed, chosen } = inherited.get(broker) ?? { fixed: 0, chosen: 0 };
    const leaders = broker.after + fixed + chosen;
    if (broker.id === proof.failed || (chosen > 0 && isAbove(broker, leaders, level)) || isBelow(broker, leaders + 1, level)) {
      problems.push(`broker ${broker.id} has ${leaders} leaders when ${proof.failed} fails, which is not at its level`);
    }
  }
  if (confined.size === 0 || [...confined].some(({ id }) => id === proof.failed))
    problems.push('the failed broker cannot inherit from itself');
  if ([...brokers.values()].every(({ capacity }) => capacity === 1)) {
    const total = [...confined].reduce((sum, { after }) => sum + after, proof.confined.partitions);
    const least = Math.ceil(total / confined.size);
    if (least !== worst.leaders) problems.push(`the worst failure leaves ${worst.leaders} leaders on a broker, proven are ${least}`);
  }
}

function membersOf(set: BrokerSet, brokers: ReadonlyMap<number, BrokerState>, problems: string[]): ReadonlySet<BrokerState> {
  const members = new Set<BrokerState>();
  for (const id of set.brokers) {
    const broker = brokers.get(id);
    if (broker === undefined || !broker.balanced) problems.push(`broker ${id} of the certificate is not balanced`);
    else members.add(broker);
  }
  return members;
}

function readLevels(
  levels: readonly LevelSet[],
  brokers: ReadonlyMap<number, BrokerState>,
  problems: string[],
): ReadonlyMap<BrokerState, LevelSet> {
  const levelOf = new Map<BrokerState, LevelSet>();
  for (const level of levels) {
    if (!(level.capacity > 0)) problems.push(`a level has the capacity ${level.capacity}`);
    for (const id of level.brokers) {
      const broker = brokers.get(id);
      if (broker === undefined || !broker.balanced || levelOf.has(broker)) problems.push(`broker ${id} may have no level, or has two`);
      else levelOf.set(broker, level);
    }
  }
  return levelOf;
}

function hasLeastLevel(broker: BrokerState | null, options: readonly BrokerState[], levelOf: ReadonlyMap<BrokerState, LevelSet>): boolean {
  const own = broker === null ? undefined : levelOf.get(broker);
  return own !== undefined && options.every((option) => !isLower(levelOf.get(option), own));
}

/** An option without a level might be lower than any. */
const isLower = (a: LevelSet | undefined, b: LevelSet): boolean => a === undefined || a.leaders * b.capacity < b.leaders * a.capacity;

const isAbove = ({ capacity }: BrokerState, leaders: number, level: LevelSet): boolean =>
  leaders * level.capacity > level.leaders * capacity;

const isBelow = ({ capacity }: BrokerState, leaders: number, level: LevelSet): boolean =>
  leaders * level.capacity < level.leaders * capacity;
