import type { BalancePlan, BrokerSet } from './balance-plan.js';

/**
 * The certificate in words, for the plan that it belongs to: why no plan is more even, moves fewer, or is better off after a failure.
 * What the plan does not claim is left out.
 */
export function certificateSentences({ certificate, after, moves, options }: BalancePlan): readonly string[] {
  const sentences: string[] = [];
  const { levels, confined, reachable } = certificate.evenness;
  if (confined.brokers.length > 0 && levels !== null && levels.every(({ capacity }) => capacity === 1)) {
    const all = after.leaders.reduce((sum, { leaders }) => sum + leaders, 0);
    const held = `${number(confined.partitions)} ${plural(confined.partitions, 'partition')}`;
    const open = `${number(reachable.partitions)} ${plural(reachable.partitions, 'partition')}`;
    if (confined.partitions === all) {
      sentences.push(
        `${capital(brokersOf(confined, 'leads', 'lead'))} all ${held}, ${oneOf(confined)} leads at least ${number(after.max)}.`,
      );
    } else {
      sentences.push(
        `${capital(brokersOf(confined))} must lead at least ${held} that can be led nowhere else, ${oneOf(confined)} leads at least ${number(after.max)}.`,
      );
    }
    if (after.min < after.max && reachable.partitions < all) {
      sentences.push(`${capital(brokersOf(reachable))} can lead at most ${open}, ${oneOf(reachable)} leads at most ${number(after.min)}.`);
    }
  } else if (levels !== null && levels.length > 0) {
    sentences.push('No plan has less load for the capacity of its brokers.');
  }
  if (certificate.moves !== null) {
    const compared = (options.tolerance ?? 0) > 0 ? 'No plan within these bounds' : 'No plan with these loads';
    const { fewest } = certificate.moves;
    const more = moves.length - fewest;
    const rest = more === 0 ? '' : `; what else is evened out takes ${number(more)} more`;
    if (moves.length === 0) sentences.push('No leader needs to move.');
    else if (fewest === 0) sentences.push(`For these loads no leader needs to move${rest}.`);
    else sentences.push(`${compared} moves fewer than ${number(fewest)} ${plural(fewest, 'leader')}${rest}.`);
  }
  if (certificate.failure !== null && after.worstFailure !== null) {
    const { failed, leaders } = after.worstFailure;
    const { confined: heirs } = certificate.failure;
    sentences.push(
      heirs.partitions === 0
        ? `No failure leaves a broker with more than ${number(leaders)} leaders, which ${brokersOf(heirs, 'has', 'have')} already.`
        : `When broker ${failed} fails, ${brokersOf(heirs)} must take over ${number(heirs.partitions)} ${plural(heirs.partitions, 'partition')}, ${oneOf(heirs)} then leads at least ${number(leaders)}; no other failure leaves more.`,
    );
  }
  return sentences;
}

/** "broker 4", "brokers 1-80 and 92" */
export function brokersOf({ brokers }: Pick<BrokerSet, 'brokers'>, one = '', many = ''): string {
  const ranges: string[] = [];
  for (let i = 0; i < brokers.length; ) {
    let end = i;
    while (end + 1 < brokers.length && brokers[end + 1] === brokers[end]! + 1) end++;
    if (end - i >= 2) ranges.push(`${brokers[i]}-${brokers[end]}`);
    else ranges.push(...brokers.slice(i, end + 1).map(String));
    i = end + 1;
  }
  const names = ranges.length > 1 ? `${ranges.slice(0, -1).join(', ')} and ${ranges.at(-1)}` : ranges[0]!;
  const verb = brokers.length > 1 ? many : one;
  return `${plural(brokers.length, 'broker')} ${names}${verb === '' ? '' : ` ${verb}`}`;
}

const oneOf = ({ brokers }: BrokerSet): string => (brokers.length > 1 ? 'so one of them' : 'so it');

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const plural = (count: number, noun: string): string => (count === 1 ? noun : `${noun}s`);

/** Thousands are set apart the same way wherever it runs. */
const number = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
