/** A way from the root of a document to something in it: `['rule', 0, 'fill', '#name']`. */
export type Way = readonly (string | number)[]

/** Something that is wrong in a recipe. */
export interface Problem {
  readonly way: Way
  readonly what: string
}

/** Lines and columns begin with 1. */
export interface Place {
  readonly line: number
  readonly column: number
}
