/**
 * What went wrong with one value, and where in the message: thrown by readers and writers, given its path on the way up
 * through arrays and structs, and turned into a public error in compile.ts. It needs no stack of its own.
 */
export class Misfit {
  /** Such as `topics[2].name`; built from the inside out. */
  path = '';
  readonly detail: string;
  /** A value that the version cannot carry, as against one that is wrong in every version. */
  readonly isUnsupported: boolean;

  constructor(detail: string, isUnsupported = false) {
    this.detail = detail;
    this.isUnsupported = isUnsupported;
  }
}

/** Puts a field name in front of the path, where the error is one of ours; any other error is passed on as it is. */
export function inField(error: unknown, name: string): unknown {
  if (error instanceof Misfit) error.path = error.path === '' || error.path.startsWith('[') ? name + error.path : `${name}.${error.path}`;
  return error;
}

/** The same for the index of an array's element. */
export function inElement(error: unknown, index: number): unknown {
  if (error instanceof Misfit)
    error.path = error.path === '' || error.path.startsWith('[') ? `[${index}]${error.path}` : `[${index}].${error.path}`;
  return error;
}
