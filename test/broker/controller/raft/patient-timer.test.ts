import { describe, expect, it } from 'vitest';
import { createPatientTimer } from '../../../../src/broker/controller/raft/patient-timer.js';
import { createWorld } from '../../../../src/environment/virtual.js';

function createTimer() {
  const world = createWorld('timer');
  const environment = world.createEnvironment('node');
  const expired: number[] = [];
  const timer = createPatientTimer(environment.clock, () => expired.push(Math.round(world.nowMs())));
  return { world, environment, timer, expired };
}

describe('patient timer', () => {
  it('expires once, after its time', async () => {
    const { world, timer, expired } = createTimer();
    timer.start(1000);
    await world.run(5000);
    expect(expired).toEqual([1000]);
  });

  it('waits for the whole time from the last restart on', async () => {
    const { world, timer, expired } = createTimer();
    timer.start(1000);
    await world.run(600);
    timer.restart();
    await world.run(600);
    timer.restart(700);
    await world.run(5000);
    expect(expired).toEqual([1700]);
  });

  it('hurries, unless it is restarted', async () => {
    const { world, timer, expired } = createTimer();
    timer.start(1000);
    await world.run(500);
    timer.hurry(100);
    timer.hurry(300);
    await world.run(50);
    timer.restart();
    await world.run(900);
    expect(expired).toEqual([]);
    timer.hurry(500);
    timer.hurry(20);
    await world.run(5000);
    expect(expired).toEqual([1470]);
  });

  it('is stopped, and started anew with another time', async () => {
    const { world, timer, expired } = createTimer();
    timer.start(1000);
    timer.start(2000);
    await world.run(1500);
    expect(expired).toEqual([]);
    timer.stop();
    await world.run(5000);
    expect(expired).toEqual([]);
  });

  it('hears what came while it ran out', async () => {
    const { world, environment, timer, expired } = createTimer();
    timer.start(1000);
    environment.clock.after(1000, () => timer.restart());
    await world.run(1500);
    expect(expired).toEqual([]);
  });

  it('is measured anew where the process stood still', async () => {
    const { world, environment, timer, expired } = createTimer();
    timer.start(1000);
    await world.run(500);
    environment.pause();
    await world.run(10_000);
    environment.resume();
    await world.run(900);
    expect(expired).toEqual([]);
    await world.run(200);
    expect(expired).toEqual([11_500]);
  });
});
