/** What a node has opened, closed the other way round. */
export interface Closer {
  readonly add: (close: () => void | Promise<void>) => void;
  /** All is closed, whatever fails on the way; rejects with the first failure. The same promise each time. */
  readonly close: () => Promise<void>;
}

export function createCloser(): Closer {
  const opened: (() => void | Promise<void>)[] = [];
  let closing: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of opened.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    add: (close) => void opened.push(close),
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}
