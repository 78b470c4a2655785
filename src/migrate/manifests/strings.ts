import type { Literal } from './literal.ts'

/** A text in a tree of keys and values. */
export interface TreeString {
  /** The keys that lead to it, each as it is read; of a key its own comes last. An index in a list is a number. */
  readonly path: readonly (string | number)[]
  readonly isKey: boolean
  readonly literal: Literal
}

/** What a parser makes of a file. */
export interface Parsed<Item> {
  readonly items: readonly Item[]
  /** The first line, from 1, that the parser does not understand. */
  readonly badLine: number | undefined
}
