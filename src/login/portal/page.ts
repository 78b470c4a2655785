import type { Handle, Scan } from './view.ts'

/**
 * - `done`: it has happened
 * - `gone`: the element or its window is no more, or cannot be reached just now: look again
 * - `differs`: the field holds something else than what was typed
 */
export type Outcome = 'done' | 'gone' | 'differs'

/** The browser as the engine sees it: all windows and frames, no type of its driver. One at a time: wait for each answer. */
export interface Page {
  /** Goes to `url` in the first window. Failures of the network are what the next scan shows. */
  open(url: string): Promise<void>
  /**
   * What all windows show, and what `selectors` (CSS) find in them; undefined when it cannot be told just now.
   * @throws AwsfedError `failed` when the browser has ended
   */
  scan(selectors: readonly string[]): Promise<Scan | undefined>
  /** Types `text` with real keys into a field that is emptied first; pages built with React or Angular notice. */
  fill(field: Handle, text: string): Promise<Outcome>
  click(element: Handle): Promise<Outcome>
  /** Presses Enter in a field. */
  enter(field: Handle): Promise<Outcome>
  /** Goes on from a field: some pages look at what was typed only then. */
  leave(field: Handle): Promise<Outcome>
  /** Ticks a checkbox, or chooses a radio. */
  check(field: Handle): Promise<Outcome>
  /** Chooses an option of a select by its index. */
  select(field: Handle, option: number): Promise<Outcome>
  /**
   * A picture (PNG) of the window that shows `element`, of the newest where it is undefined; what fields hold and what contains
   * one of `words` cannot be read in it (see maskDocument). Undefined when none can be taken just now.
   */
  picture(element: Handle | undefined, words: readonly string[]): Promise<Uint8Array | undefined>
}
