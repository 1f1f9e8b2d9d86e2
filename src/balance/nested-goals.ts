import { createArcs, type Group } from './arcs.js';
import type { BalanceGoal } from './balance-plan.js';
import { leastLoadedWhereHomeless } from './fewest-moves.js';
import type { Instance, Options } from './instance.js';
import { type Links, minCostFlow } from './min-cost-flow.js';
import { ResidualGraph } from './residual-graph.js';

/**
 * Goal 3: several things even at once, in the order that the user gives.
 *
 * Leaders flow through a tree: from the place where a topic has its leaders on a broker to the broker, to its rack, to the hub. What is to
 * be even are the flows of one kind of link, and even means the least sum of squares. (Least in every convex cost at once, as for the
 * brokers alone, need not exist: topics and brokers cut the leaders up in two ways that do not nest. Where it does exist it is the same.)
 *
 * The goals are met one after the other by minimum cost flows. After each the dual prices say what any optimal flow may do: leaders change
 * places of the same price only, and links keep to the flows that fit their price. That is the problem that the next goal gets, so it
 * cannot spoil what came before. The last goal is the fewest moves.
 *
 * @param home - per partition the slot of today's leader, -1 where it is none of the options
 * @returns per partition the slot of the option that leads it
 */
export function nestedGoals(instance: Instance, home: Int32Array, goals: readonly BalanceGoal[]): Int32Array {
  const network = createNetwork(instance, goals);
  const arcs = createArcs(network.places, network.options, null, network.groups);
  const allowed = new Uint8Array(network.options.node.length).fill(1);
  let at = leastLoadedWhereHomeless(network.places, network.options, home);
  for (const goal of goals) {
    const graph = new ResidualGraph(arcs, at, null, allowed);
    const family = network.families[goal];
    const links: Links = {
      ...network.links,
      weight: network.links.weight.map((_, link) => (link >= family.first && link < family.end ? 1 : 0)),
    };
    const potential = network.startingPoint(goal, graph.load, links);
    solve(network, graph, links, potential);
    at = graph.at;
    tightenLinks(links, potential);
    allowSamePrice(allowed, network.options, at, potential);
  }
  const graph = new ResidualGraph(arcs, leastLoadedWhereHomeless(network.places, network.options, home, allowed), home, allowed);
  const links = { ...network.links, weight: new Int32Array(network.links.weight.length) };
  network.fill(graph.load, links);
  solve(network, graph, links, new Int32Array(network.nodes));
  return graph.at;
}

/** Places come first (brokers, or topics on brokers), then brokers, racks and the hub as far as the goals need them. */
interface Network {
  readonly places: number;
  readonly nodes: number;
  readonly options: Options;
  readonly groups: readonly Group[];
  readonly links: Links;
  /** The links that a goal wants even. */
  readonly families: Readonly<Record<BalanceGoal, { readonly first: number; readonly end: number }>>;
  /** Gives every link of the goal its even share, so that only what differs from it must flow, and the potentials that fit. */
  readonly startingPoint: (goal: BalanceGoal, load: Int32Array, links: Links) => Int32Array;
  /** Lets every link carry what comes in, as far as its bounds allow. */
  readonly fill: (load: Int32Array, links: Links) => void;
}

function createNetwork(instance: Instance, goals: readonly BalanceGoal[]): Network {
  const { size, rack } = instance;
  const cells = goals.includes('topic') ? topicCells(instance) : brokersAsCells(instance);
  const isSplit = goals.includes('topic');
  const places = isSplit ? cells.broker.length : size;
  const racks = goals.includes('rack') ? rack.reduce((most, r) => Math.max(most, r + 1), 0) : 0;
  const brokerNode = (b: number): number => (isSplit ? places + b : b);
  const rackNode = (r: number): number => brokerNode(size) + r;
  const hub = rackNode(racks);

  // Children before parents, so that filling can go in order.
  const from: number[] = [];
  const to: number[] = [];
  if (isSplit) {
    for (let place = 0; place < places; place++) {
      from.push(place);
      to.push(brokerNode(cells.broker[place]!));
    }
  }
  const brokerLinks = from.length;
  for (let b = 0; b < size; b++) {
    from.push(brokerNode(b));
    to.push(racks > 0 ? rackNode(rack[b]!) : hub);
  }
  const rackLinks = from.length;
  for (let r = 0; r < racks; r++) {
    from.push(rackNode(r));
    to.push(hub);
  }
  const count = from.length;
  const families = {
    topic: { first: 0, end: brokerLinks },
    cluster: { first: brokerLinks, end: rackLinks },
    rack: { first: rackLinks, end: count },
  };
  const nodes = hub + 1;
  const links: Links = {
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    flow: new Int32Array(count),
    low: new Int32Array(count),
    high: new Int32Array(count).fill(instance.partitions.length),
    weight: new Int32Array(count),
  };

  const fill = (load: Int32Array, target: Links): void => {
    const incoming = new Int32Array(nodes);
    incoming.set(load.subarray(0, places));
    for (let link = 0; link < count; link++) {
      const flow = Math.min(target.high[link]!, Math.max(target.low[link]!, incoming[target.from[link]!]!));
      target.flow[link] = flow;
      incoming[target.to[link]!]! += flow;
    }
  };

  const startingPoint = (goal: BalanceGoal, load: Int32Array, target: Links): Int32Array => {
    fill(load, target);
    const potential = new Int32Array(nodes);
    const share = (first: number, end: number): number => {
      let total = 0;
      for (let link = first; link < end; link++) total += target.flow[link]!;
      const even = Math.floor(total / Math.max(1, end - first));
      for (let link = first; link < end; link++) target.flow[link] = Math.min(target.high[link]!, Math.max(target.low[link]!, even));
      return even;
    };
    // With 2 * share across a link, one leader more or less than the share costs no less than it gives.
    if (goal === 'topic') {
      for (const { nodes: cell } of cells.groups) potential.fill(-2 * share(cell.first, cell.end), cell.first, cell.end);
    } else {
      const { first, end } = families[goal];
      potential.fill(2 * share(first, end), goal === 'cluster' ? rackNode(0) : hub);
    }
    return potential;
  };
  return { places, nodes, options: cells.options, groups: cells.groups, links, families, startingPoint, fill };
}

function solve(network: Network, graph: ResidualGraph, links: Links, potential: Int32Array): void {
  const excess = new Int32Array(network.nodes);
  excess.set(graph.load.subarray(0, network.places));
  let total = 0;
  for (let place = 0; place < network.places; place++) total += graph.load[place]!;
  for (let link = 0; link < links.flow.length; link++) {
    excess[links.from[link]!]! -= links.flow[link]!;
    excess[links.to[link]!]! += links.flow[link]!;
  }
  excess[network.nodes - 1]! -= total;
  if (!minCostFlow(graph, network.nodes, links, excess, potential)) throw new Error('leaders that do not fit where they are');
}

/** Which flows an optimal solution may have on each link, given its price: what `to` is worth over what `from` is. */
function tightenLinks(links: Links, potential: Int32Array): void {
  for (let link = 0; link < links.flow.length; link++) {
    const price = potential[links.to[link]!]! - potential[links.from[link]!]!;
    const clamp = (flow: number): number => Math.min(links.high[link]!, Math.max(links.low[link]!, flow));
    if (links.weight[link] === 1) {
      const low = clamp(Math.ceil((price - 1) / 2));
      const high = clamp(Math.floor((price + 1) / 2));
      links.low[link] = low;
      links.high[link] = high;
    } else if (price !== 0) {
      links.low[link] = links.flow[link]!;
      links.high[link] = links.flow[link]!;
    }
  }
}

/** Leaders may change only to options of the same price as the one that leads. */
function allowSamePrice(allowed: Uint8Array, { start, node }: Options, at: Int32Array, potential: Int32Array): void {
  for (let p = 0; p < at.length; p++) {
    for (let slot = start[p]!; slot < start[p + 1]!; slot++) {
      if (potential[node[slot]!] !== potential[node[at[p]!]!]) allowed[slot] = 0;
    }
  }
}

interface Cells {
  readonly options: Options;
  /** Broker per place. */
  readonly broker: readonly number[];
  /** A group per topic. */
  readonly groups: readonly Group[];
}

function brokersAsCells({ options, size, partitions }: Instance): Cells {
  const groups = [{ nodes: { first: 0, end: size }, partitions: { first: 0, end: partitions.length } }];
  return { options, broker: Array.from({ length: size }, (_, b) => b), groups };
}

/** A place per topic and broker that may lead one of its partitions, topic by topic. */
function topicCells({ options, partitions, size }: Instance): Cells {
  const node = new Int32Array(options.node.length);
  const broker: number[] = [];
  const groups: Group[] = [];
  const placeOf = new Int32Array(size);
  const topicOf = new Int32Array(size).fill(-1);
  for (let first = 0; first < partitions.length; ) {
    let end = first;
    const firstPlace = broker.length;
    while (end < partitions.length && partitions[end]!.topic === partitions[first]!.topic) {
      for (let slot = options.start[end]!; slot < options.start[end + 1]!; slot++) {
        const b = options.node[slot]!;
        if (topicOf[b] !== first) {
          topicOf[b] = first;
          placeOf[b] = broker.push(b) - 1;
        }
        node[slot] = placeOf[b]!;
      }
      end++;
    }
    groups.push({ nodes: { first: firstPlace, end: broker.length }, partitions: { first, end } });
    first = end;
  }
  return { options: { start: options.start, node }, broker, groups };
}
