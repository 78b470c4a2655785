import type { Literal } from './literal.ts'

/** A text in a file. */
export interface Text {
  readonly literal: Literal
  /** From 1. */
  readonly line: number
}

/** A text in a tree of keys and values. */
export interface TreeString extends Text {
  /** The keys that lead to it, each as it is read; of a key its own comes last. An index in a list is a number. */
  readonly path: readonly (string | number)[]
  readonly isKey: boolean
}

/** How deep a text may stand in a file: what is deeper was written by no package manager, and parsers go astray in it. */
export const deepest = 200

/** What a parser makes of a file. */
export interface Parsed<Item> {
  readonly items: readonly Item[]
  /** The first line, from 1, that the parser does not understand. */
  readonly badLine: number | undefined
}
