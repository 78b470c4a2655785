import { type ByteText, bytesOf } from '../bytes.ts'
import { spliced } from '../splice.ts'
import { hashOf, type JournalEdit, type JournalFile } from './journal.ts'
import { Stands } from './word.ts'

/**
 * `text` with what a run wrote in it taken back. Of a text that has changed since, each edit where its new word stands still:
 * with what stood around it, or anywhere, where that word is this run's wherever it stands. `lost` are those that stand
 * nowhere: a person has changed that URL, or taken it away.
 */
export function restored(
  text: ByteText,
  { edits, oldHash }: Pick<JournalFile, 'edits' | 'oldHash'>,
): {
  readonly text: ByteText
  readonly lost: readonly JournalEdit[]
} {
  if (hashOf(bytesOf(text)) === oldHash) return { text, lost: [] }
  const placed = positions(edits)
  const exact = placed.every(({ edit, at }) => text.startsWith(edit.new, at)) && spliced(text, placed.map(backwards))
  if (exact !== false && hashOf(bytesOf(exact)) === oldHash) return { text: exact, lost: [] }
  const search = new Search(text, edits)
  const lost = placed.filter(({ edit, at }) => !search.byContext(edit, at)).filter(({ edit }) => !search.anywhere(edit))
  return { text: spliced(text, search.found), lost: lost.map(({ edit }) => edit) }
}

type Side = 'new' | 'old'
const sides = ['new', 'old'] as const

/** How much of the context has to be there, before and after. One side may have been rewritten, but for what adjoins. */
const contexts = [
  [64, 64],
  [64, 1],
  [1, 64],
] as const

/** Less than this tells nothing by itself: the last URL of a file has a line end behind it, whichever it is. */
const telling = 16

/** Looks for edits in a text. What one has found is none of the next one's. */
class Search {
  /** What takes back the edits that were found; where their old words stand again nothing is to be done. */
  readonly found: ReturnType<typeof backwards>[] = []
  readonly #text: ByteText
  readonly #edits: readonly JournalEdit[]
  readonly #stands: Stands
  readonly #taken = new Set<number>()

  constructor(text: ByteText, edits: readonly JournalEdit[]) {
    this.#text = text
    this.#edits = edits
    this.#stands = new Stands(
      text,
      edits.flatMap((edit) => sides.map((side) => edit[side])),
    )
  }

  /** Whether `edit` stands just once with what stood around it, or several times and one of them is `expected`. */
  byContext(edit: JournalEdit, expected: number): boolean {
    return sides.some((side) => this.#take(edit, side, this.#fitting(edit, edit[side], expected)))
  }

  /** Whether `edit` stands anywhere, and its word was nobody else's. */
  anywhere(edit: JournalEdit): boolean {
    return sides.some((side) => this.#isOwn(edit, side) && this.#take(edit, side, this.#free(edit[side])[0]))
  }

  #take(edit: JournalEdit, side: Side, at: number | undefined): boolean {
    if (at === undefined) return false
    // An empty word takes no place.
    if (edit[side] !== '') this.#taken.add(at)
    if (side === 'new') this.found.push(backwards({ edit, at }))
    return true
  }

  #fitting({ before, after }: JournalEdit, word: ByteText, expected: number): number | undefined {
    // Where nothing stood, only both sides together tell.
    if (word === '') {
      const at = this.#text.indexOf(before + after)
      return at < 0 || this.#text.indexOf(before + after, at + 1) >= 0 ? undefined : at + before.length
    }
    for (const [ahead, behind] of contexts) {
      if (Math.max(before.slice(-ahead).length, after.slice(0, behind).length) < telling) continue
      const fits = (at: number) => this.#hasBefore(at, before, ahead) && this.#hasAfter(at + word.length, after, behind)
      const found = this.#free(word).filter(fits)
      const at = onlyOne(found) ?? found.find((one) => one === expected)
      if (at !== undefined) return at
    }
    return undefined
  }

  /** Where there was less than `length`, the text began there. */
  #hasBefore(at: number, before: ByteText, length: number): boolean {
    return this.#text.endsWith(before.slice(-length), at) && (before.length >= length || at === before.length)
  }

  #hasAfter(at: number, after: ByteText, length: number): boolean {
    const end = at + after.length
    return this.#text.startsWith(after.slice(0, length), at) && (after.length >= length || end === this.#text.length)
  }

  #free(word: ByteText): number[] {
    return this.#stands.of(word).filter((at) => !this.#taken.has(at))
  }

  /** Whether the word was this run's wherever it stood; the new one with the same old one each time. */
  #isOwn(edit: JournalEdit, side: Side): boolean {
    const alike = this.#edits.filter((one) => one[side] === edit[side])
    return alike.length === edit.stands[side] && (side === 'old' || alike.every(({ old }) => old === edit.old))
  }
}

function onlyOne(places: readonly number[]): number | undefined {
  return places.length === 1 ? places[0] : undefined
}

/** Where the new bytes of each edit stand in the new file. */
function positions(edits: readonly JournalEdit[]): { edit: JournalEdit; at: number }[] {
  let shift = 0
  return edits.map((edit) => {
    const at = edit.start + shift
    shift += edit.new.length - edit.old.length
    return { edit, at }
  })
}

function backwards({ edit, at }: { edit: JournalEdit; at: number }) {
  return { start: at, end: at + edit.new.length, old: edit.new, new: edit.old }
}
