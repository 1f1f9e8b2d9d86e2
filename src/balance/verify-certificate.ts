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

  compareStatistics('before', plan.before, statisticsOf(state, state.before), problems);
  const after = statisticsOf(state, state.after);
  compareStatistics('after', plan.after, after, problems);
  checkOptions(plan, problems);
  checkEvenness(plan, state, problems);
  checkMoves(plan, state, problems);
  checkFailure(plan, state, after.worstFailure, problems);
  checkWeights(plan, state, problems);
  return { valid: problems.length === 0, problems };
}

interface Brokers {
  /** Live brokers; all arrays are by their position here. */
  readonly ids: readonly number[];
  readonly indexOf: ReadonlyMap<number, number>;
  readonly capacity: readonly number[];
  /** Not excluded: what the plan balances. */
  readonly balanced: readonly boolean[];
}

/** Leaders and heirs before or after, per partition a position in `Brokers`, -1 for none; and the leaders per broker. */
interface Lead {
  readonly leader: Int32Array;
  readonly heir: Int32Array;
  readonly load: Int32Array;
}

interface State {
  readonly brokers: Brokers;
  readonly partitions: readonly ClusterPartition[];
  readonly fixed: Uint8Array;
  /** Brokers of which the plan may choose: in sync, alive, not excluded; those of partition p at optionStart[p] .. optionStart[p + 1] - 1. */
  readonly optionStart: Int32Array;
  readonly option: Int32Array;
  readonly before: Lead;
  readonly after: Lead;
}

/** Puts the plan into effect on paper; what does not fit the cluster is a problem. */
function readPlan(cluster: Cluster, plan: BalancePlan, problems: string[]): State {
  const { partitions } = cluster;
  const live = cluster.brokers.filter(({ alive }) => alive !== false);
  const brokers: Brokers = {
    ids: live.map(({ id }) => id),
    indexOf: new Map(live.map(({ id }, index) => [id, index])),
    capacity: live.map(({ capacity }) => capacity ?? 1),
    balanced: live.map(({ excluded }) => excluded !== true),
  };
  const { indexOf, balanced } = brokers;
  const newLead = (): Lead => ({
    leader: new Int32Array(partitions.length),
    heir: new Int32Array(partitions.length),
    load: new Int32Array(live.length),
  });
  const before = newLead();
  const after = newLead();
  const fixed = new Uint8Array(partitions.length);
  const optionStart = new Int32Array(partitions.length + 1);
  const option = new Int32Array(partitions.reduce((sum, { isr }) => sum + Math.max(1, isr.length), 0));
  let options = 0;

  const excludedTopics = new Set(plan.options.excludedTopics);
  const moves = indexed('move', plan.moves, problems);
  const orders = indexed('order', plan.orders, problems);
  for (let p = 0; p < partitions.length; p++) {
    const partition = partitions[p]!;
    const { topic, replicas, isr } = partition;
    const move = moves.take(partition);
    const order = orders.take(partition);
    const leader = move?.to ?? partition.leader;
    fixed[p] = partition.fixed === true || excludedTopics.has(topic) ? 1 : 0;
    const choice = options;
    if (fixed[p] === 0) {
      for (const id of replicas) {
        const broker = isr.includes(id) ? indexOf.get(id) : undefined;
        if (broker !== undefined && balanced[broker] === true) option[options++] = broker;
      }
    }
    const to = indexOf.get(leader) ?? -1;
    before.leader[p] = indexOf.get(partition.leader) ?? -1;
    after.leader[p] = to;
    if (before.leader[p]! >= 0) before.load[before.leader[p]!]!++;
    if (to >= 0) after.load[to]!++;
    before.heir[p] = heirIn(replicas, isr, partition.leader, fixed[p] === 1, brokers);
    after.heir[p] = heirIn(order?.replicas ?? replicas, isr, leader, fixed[p] === 1, brokers);
    const hasChoice = options > choice;
    const mayLead = hasChoice ? option.subarray(choice, options).includes(to) : to >= 0 && isr.includes(leader);
    // A partition that nobody may lead counts where it is led.
    if (!hasChoice && to >= 0 && balanced[to] === true) option[options++] = to;
    optionStart[p + 1] = options;

    const fail = (what: string): unknown => problems.push(`${topic}-${partition.partition}: ${what}`);
    if (move !== undefined) {
      if (fixed[p] === 1) fail('it is fixed and is moved');
      if (move.from !== partition.leader) fail(`its leader is ${partition.leader}, not ${move.from}`);
      if (move.to === move.from) fail('it is moved to where it is');
    }
    // A plan that was cut short may leave partitions for later whose leader may not lead.
    if ((move !== undefined || (hasChoice && plan.options.maxMoves === undefined)) && !mayLead) fail(`${leader} may not lead it`);
    // Excluded brokers lead for want of others, which stand before them.
    const mustBeFirst = (move !== undefined || order !== undefined) && (to < 0 || balanced[to] === true);
    if (mustBeFirst && (order?.replicas ?? replicas)[0] !== leader) fail(`${leader} leads it but is not first in its order`);
    if (order !== undefined) {
      if (fixed[p] === 1) fail('it is fixed and gets another order');
      if (!isPermutation(order.replicas, replicas)) fail('it gets other replicas');
    }
  }
  moves.rest();
  orders.rest();
  return { brokers, partitions, fixed, optionStart, option, before, after };
}

/** Whom Kafka elects when the leader fails. Excluded brokers come last, but where the order may not be touched. */
function heirIn(
  order: readonly number[],
  isr: readonly number[],
  leader: number,
  isFixed: boolean,
  { indexOf, balanced }: Brokers,
): number {
  let excluded = -1;
  for (const id of order) {
    if (id === leader || !isr.includes(id)) continue;
    const broker = indexOf.get(id);
    if (broker === undefined) continue;
    if (balanced[broker] === true || isFixed) return broker;
    if (excluded < 0) excluded = broker;
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

function statisticsOf({ brokers }: State, lead: Lead): LeaderStatistics {
  let max = 0;
  let min = Number.POSITIVE_INFINITY;
  let sumOfSquares = 0;
  lead.load.forEach((leaders, broker) => {
    if (brokers.balanced[broker] !== true) return;
    max = Math.max(max, leaders);
    min = Math.min(min, leaders);
    sumOfSquares += leaders * leaders;
  });
  if (min > max) min = 0;
  const leaders = brokers.ids.map((broker, index) => ({ broker, leaders: lead.load[index]! })).sort((a, b) => a.broker - b.broker);
  return { leaders, max, min, spread: max - min, sumOfSquares, worstFailure: worstFailure(brokers, lead) };
}

/** Of the brokers that inherit nothing only the two that lead most matter, so a failure costs what it hands over. */
function worstFailure({ ids, balanced }: Brokers, { leader, heir, load }: Lead): WorstFailure | null {
  const start = new Int32Array(ids.length + 1);
  for (const broker of leader) if (broker >= 0) start[broker + 1]!++;
  for (let broker = 0; broker < ids.length; broker++) start[broker + 1]! += start[broker]!;
  const at = start.slice();
  const handedOver = new Int32Array(leader.length);
  for (let p = 0; p < leader.length; p++) if (leader[p]! >= 0) handedOver[at[leader[p]!]!++] = heir[p]!;

  const busiest = [...ids.keys()].filter((broker) => balanced[broker]).sort((a, b) => load[b]! - load[a]!);
  const now = load.slice();
  let worst: WorstFailure | null = null;
  const note = (failed: number, broker: number): void => {
    if (worst !== null && now[broker]! <= worst.leaders) return;
    worst = { failed: ids[failed]!, busiest: ids[broker]!, leaders: now[broker]! };
  };
  for (let failed = 0; failed < ids.length; failed++) {
    const other = busiest[0] === failed ? busiest[1] : busiest[0];
    if (other === undefined) continue;
    note(failed, other);
    const heirs = handedOver.subarray(start[failed], start[failed + 1]);
    for (const broker of heirs) {
      if (broker < 0 || balanced[broker] !== true) continue;
      now[broker]!++;
      note(failed, broker);
    }
    for (const broker of heirs) if (broker >= 0) now[broker] = load[broker]!;
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
  const anyMoves = cut || options.weights === true;
  if (moves.length > maxMoves) problems.push(`${moves.length} moves are more than ${maxMoves}`);
  if (certificate.evenness.levels === null && tolerance === 0 && !cut && goals[0] === 'cluster')
    problems.push('least loads are not proven');
  if (certificate.moves === null && !anyMoves && goals.length === 1 && goals[0] === 'cluster') problems.push('fewest moves are not proven');
  if (certificate.failure === null && afterFailure && after.worstFailure !== null) problems.push('the worst failure is not proven');
}

function checkEvenness(plan: BalancePlan, state: State, problems: string[]): void {
  const { brokers, partitions, optionStart, option, after } = state;
  const { levels, confined, reachable }: EvennessProof = plan.certificate.evenness;
  const top = membersOf(confined, brokers, problems);
  const bottom = membersOf(reachable, brokers, problems);
  const levelOf = levels === null ? null : readLevels(levels, brokers, problems);
  let held = 0;
  let open = 0;
  for (let p = 0; p < partitions.length; p++) {
    if (optionStart[p] === optionStart[p + 1]) continue;
    let isHeld = true;
    let isOpen = false;
    for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
      if (!top.has(option[slot]!)) isHeld = false;
      if (bottom.has(option[slot]!)) isOpen = true;
    }
    if (isHeld) held++;
    if (isOpen) open++;
    if (levelOf !== null && !hasLeastLevel(after.leader[p]!, p, state, levelOf)) {
      problems.push(`${nameOf(partitions[p]!)} could be led from a lower level`);
    }
  }
  if (held !== confined.partitions)
    problems.push(`${held} partitions have no option outside the highest brokers, not ${confined.partitions}`);
  if (open !== reachable.partitions)
    problems.push(`${open} partitions have an option among the lowest brokers, not ${reachable.partitions}`);

  const balanced = [...brokers.ids.keys()].filter((broker) => brokers.balanced[broker]);
  if (balanced.length > 0 && balanced.every((broker) => brokers.capacity[broker] === 1)) {
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
  if (levelOf === null) return;
  for (const broker of balanced) {
    const level = levelOf[broker];
    const leaders = after.load[broker]!;
    const capacity = brokers.capacity[broker]!;
    if (level === undefined) problems.push(`broker ${brokers.ids[broker]} has no level`);
    else if (isAbove(leaders, capacity, level) || isBelow(leaders + 1, capacity, level)) {
      problems.push(`broker ${brokers.ids[broker]} leads ${leaders}, which is not at its level`);
    }
  }
}

function checkMoves(plan: BalancePlan, state: State, problems: string[]): void {
  const proof: MovesProof | null = plan.certificate.moves;
  if (proof === null) return;
  const { brokers, partitions, optionStart, option, before, after } = state;
  if (proof.fewest !== plan.moves.length) problems.push(`${plan.moves.length} moves, proven are ${proof.fewest}`);
  const { levels } = plan.certificate.evenness;
  const levelOf = levels === null ? null : readLevels(levels, brokers, problems);
  const potential = new Float64Array(brokers.ids.length).fill(Number.NaN);
  for (const set of proof.potentials) for (const broker of membersOf(set, brokers, problems)) potential[broker] = set.potential;

  const bounded = new Set<number>();
  for (const { least, most, brokers: ids } of proof.bounds) {
    for (const broker of membersOf({ brokers: ids }, brokers, problems)) {
      const name = `broker ${brokers.ids[broker]}`;
      if (bounded.has(broker)) problems.push(`${name} has bounds twice`);
      bounded.add(broker);
      const leaders = after.load[broker]!;
      const value = potential[broker]!;
      if (leaders < least || leaders > most) problems.push(`${name} leads ${leaders}, outside ${least} to ${most}`);
      if (!(leaders === least || value <= proof.threshold)) problems.push(`${name} could lead fewer, which might save moves`);
      if (!(leaders === most || value >= proof.threshold)) problems.push(`${name} could lead more, which might save moves`);
      const level = levelOf?.[broker];
      const capacity = brokers.capacity[broker]!;
      // Bounds narrower than the levels would leave plans out of the comparison.
      if (level !== undefined && ((least > 0 && !isBelow(least, capacity, level)) || !isAbove(most + 1, capacity, level))) {
        problems.push(`${name}: its bounds are narrower than its level`);
      }
    }
  }
  for (const [broker, id] of brokers.ids.entries()) {
    if (brokers.balanced[broker] === true && !bounded.has(broker)) problems.push(`broker ${id} has no bounds`);
  }

  for (let p = 0; p < partitions.length; p++) {
    if (optionStart[p] === optionStart[p + 1]) continue;
    const worth = (broker: number): number => (broker === before.leader[p] ? 0 : 1) - potential[broker]!;
    const own = worth(after.leader[p]!);
    for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
      const broker = option[slot]!;
      if (own <= worth(broker) || (levelOf !== null && !hasLeastLevel(broker, p, state, levelOf))) continue;
      problems.push(`${nameOf(partitions[p]!)} might be led elsewhere with fewer moves`);
      break;
    }
  }
}

function checkFailure(plan: BalancePlan, state: State, worst: WorstFailure | null, problems: string[]): void {
  const proof: FailureProof | null = plan.certificate.failure;
  if (proof === null || worst === null) return;
  const { brokers, partitions, fixed, optionStart, option, after } = state;
  const failed = brokers.indexOf.get(proof.failed) ?? -1;
  const levelOf = readLevels(proof.levels, brokers, problems);
  const confined = membersOf(proof.confined, brokers, problems);
  const leaders = after.load.slice();
  const chosen = new Int32Array(brokers.ids.length);
  let held = 0;
  for (let p = 0; p < partitions.length; p++) {
    const heir = after.heir[p]!;
    if (after.leader[p] !== failed || heir < 0 || brokers.balanced[heir] !== true) continue;
    leaders[heir]!++;
    let isHeld = confined.has(heir);
    if (fixed[p] === 0) {
      chosen[heir]!++;
      for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
        if (option[slot] !== failed && !confined.has(option[slot]!)) isHeld = false;
      }
      if (!hasLeastLevel(heir, p, state, levelOf, failed)) {
        problems.push(`${nameOf(partitions[p]!)} could go to a lower level when ${proof.failed} fails`);
      }
    }
    if (isHeld) held++;
  }
  if (held !== proof.confined.partitions)
    problems.push(`${held} partitions are confined when ${proof.failed} fails, not ${proof.confined.partitions}`);
  levelOf.forEach((level, broker) => {
    const capacity = brokers.capacity[broker]!;
    const isTooHigh = chosen[broker]! > 0 && isAbove(leaders[broker]!, capacity, level);
    if (broker === failed || isTooHigh || isBelow(leaders[broker]! + 1, capacity, level)) {
      problems.push(`broker ${brokers.ids[broker]} has ${leaders[broker]} leaders when ${proof.failed} fails, which is not at its level`);
    }
  });
  if (confined.size === 0 || confined.has(failed)) problems.push('the failed broker cannot inherit from itself');
  if (brokers.capacity.every((capacity) => capacity === 1)) {
    let total = proof.confined.partitions;
    for (const broker of confined) total += after.load[broker]!;
    const least = Math.ceil(total / confined.size);
    if (least !== worst.leaders) problems.push(`the worst failure leaves ${worst.leaders} leaders on a broker, proven are ${least}`);
  }
}

/** Sums in another order differ in their last digits. */
const isAlmost = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

function checkWeights({ weights: report, options, certificate }: BalancePlan, state: State, problems: string[]): void {
  if (report === null) {
    if (options.weights === true) problems.push('the weights are missing');
    return;
  }
  const { brokers, partitions, optionStart, option, before, after } = state;
  const confined = membersOf(report.confined, brokers, problems);
  const levelOf = readLevels(certificate.evenness.levels ?? [], brokers, problems);
  const weightBefore = new Float64Array(brokers.ids.length);
  const weightAfter = new Float64Array(brokers.ids.length);
  let held = 0;
  let heaviest = 0;
  for (let p = 0; p < partitions.length; p++) {
    const weight = partitions[p]!.weight ?? 0;
    if (before.leader[p]! >= 0) weightBefore[before.leader[p]!]! += weight;
    if (after.leader[p]! >= 0) weightAfter[after.leader[p]!]! += weight;
    if (optionStart[p] === optionStart[p + 1]) continue;
    heaviest = Math.max(heaviest, weight);
    let isHeld = true;
    for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
      if (!confined.has(option[slot]!) && hasLeastLevel(option[slot]!, p, state, levelOf)) isHeld = false;
    }
    if (isHeld) held += weight;
  }
  if (!isAlmost(held, report.confined.weight)) problems.push(`a weight of ${held} is confined, not ${report.confined.weight}`);
  if (!isAlmost(heaviest, report.heaviestPartition)) problems.push(`the heaviest partition weighs ${heaviest}`);
  for (const [rows, weights] of [
    [report.before, weightBefore],
    [report.after, weightAfter],
  ] as const) {
    const balanced = brokers.ids.filter((_, broker) => brokers.balanced[broker]).sort((a, b) => a - b);
    if (rows.length !== balanced.length || rows.some(({ broker }, i) => broker !== balanced[i]))
      problems.push('the weights are of other brokers');
    for (const { broker, weight } of rows) {
      const found = weights[brokers.indexOf.get(broker) ?? -1];
      if (found === undefined || !isAlmost(found, weight)) problems.push(`broker ${broker} leads a weight of ${found}, not ${weight}`);
    }
  }
  const max = report.after.reduce((most, { weight }) => Math.max(most, weight), 0);
  if (!isAlmost(max, report.max)) problems.push(`the heaviest broker leads ${max}`);
  const proven = report.isExhaustive ? max : Math.max(heaviest, confined.size > 0 ? held / confined.size : 0);
  if (!(isAlmost(report.lowerBound, proven) || report.lowerBound <= proven))
    problems.push(`${report.lowerBound} is more than the bound ${proven}`);
  const gap = report.lowerBound > 0 ? max / report.lowerBound - 1 : 0;
  if (!isAlmost(gap, report.gap)) problems.push(`the gap is ${gap}, not ${report.gap}`);
}

function membersOf(set: Pick<BrokerSet, 'brokers'>, { indexOf, balanced }: Brokers, problems: string[]): ReadonlySet<number> {
  const members = new Set<number>();
  for (const id of set.brokers) {
    const broker = indexOf.get(id);
    if (broker === undefined || balanced[broker] !== true) problems.push(`broker ${id} of the certificate is not balanced`);
    else members.add(broker);
  }
  return members;
}

/** The level of each broker, with holes for those that have none. */
function readLevels(levels: readonly LevelSet[], brokers: Brokers, problems: string[]): readonly LevelSet[] {
  const levelOf: LevelSet[] = [];
  for (const level of levels) {
    if (!(level.capacity > 0)) problems.push(`a level has the capacity ${level.capacity}`);
    for (const broker of membersOf(level, brokers, problems)) {
      if (levelOf[broker] !== undefined) problems.push(`broker ${brokers.ids[broker]} has two levels`);
      levelOf[broker] = level;
    }
  }
  return levelOf;
}

/** Is no option of the partition, but `without`, at a lower level than the broker? One without a level might be. */
function hasLeastLevel(broker: number, p: number, { optionStart, option }: State, levelOf: readonly LevelSet[], without = -1): boolean {
  const own = levelOf[broker];
  if (own === undefined) return false;
  for (let slot = optionStart[p]!; slot < optionStart[p + 1]!; slot++) {
    if (option[slot] === without) continue;
    const other = levelOf[option[slot]!];
    if (other === undefined || other.leaders * own.capacity < own.leaders * other.capacity) return false;
  }
  return true;
}

const nameOf = ({ topic, partition }: ClusterPartition): string => `${topic}-${partition}`;

const isAbove = (leaders: number, capacity: number, level: LevelSet): boolean => leaders * level.capacity > level.leaders * capacity;

const isBelow = (leaders: number, capacity: number, level: LevelSet): boolean => leaders * level.capacity < level.leaders * capacity;
