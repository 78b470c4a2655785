import type { ByteText } from '../bytes.ts'
import { type Line, linesOf } from './lines.ts'
import type { Literal } from './literal.ts'
import { deepest, type Parsed, type TreeString } from './strings.ts'
import { afterBlanks, blankFrom, NotUnderstood, scalarAt } from './yamlScalar.ts'

/** A key of a YAML file, or a value. */
export interface YamlString extends TreeString {
  /** Of a key: the offset of the first byte of its line that is no blank. */
  readonly lineStart: number
}

/**
 * The keys and values of a YAML file as package managers write them and people write pnpm-workspace.yaml: mappings and
 * lists in blocks, flow collections on one line, scalars on one line, block scalars (which are passed over), comments.
 * Anything else is a bad line: the file is refused, and never guessed at. (YAML 1.2.2; npm's `yaml` reads all of it, but
 * takes seconds for a lock of one megabyte.)
 */
export function yamlStrings(text: ByteText): Parsed<YamlString> {
  const reader = new Reader()
  for (const line of linesOf(text)) {
    try {
      reader.line(line)
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error
      return { items: reader.items, badLine: line.number }
    }
  }
  return { items: reader.items, badLine: undefined }
}

/** A mapping or list that is open where the reader stands. */
interface Open {
  readonly column: number
  readonly list: boolean
  /** The key or index that the next deeper thing belongs to. */
  step: string | number
  /** Whether that has its value already, so that nothing deeper may follow. */
  filled: boolean
  /** A key that was written with `?`, and waits for its `:`. */
  explicit: boolean
}

class Reader {
  readonly items: YamlString[] = []
  #open: Open[] = []
  /** Lines that are deeper than this belong to a block scalar. */
  #blockScalar: number | undefined
  #lineStart = 0
  #line = 0
  #begun = false

  line({ text: line, start: at, number }: Line): void {
    this.#line = number
    const column = afterBlanks(line, 0)
    if (this.#blockScalar !== undefined && (column > this.#blockScalar || column === line.length)) return
    this.#blockScalar = undefined
    if (column === line.length) return
    if (line[column] === '#') return
    if (/^(---|\.\.\.)([ \t]|$)/.test(line)) {
      if (this.#begun || !/^--- *( #.*)?$/.test(line)) throw new NotUnderstood()
      return
    }
    this.#lineStart = at + column
    while ((this.#open.at(-1)?.column ?? -1) > column) this.#close()
    this.#content(line, column, at)
  }

  /** What stands at `column` of `line`: an item of a list, a key, or the value of an explicit key. */
  #content(line: ByteText, column: number, at: number): void {
    const rest = line.slice(column)
    const marker = /^([-?:])( +|$)/.exec(rest)
    if (marker?.[1] === '-') {
      // A list may stand in the same column as the key that it belongs to.
      const open = this.#enter(column, true)
      open.step = typeof open.step === 'number' ? open.step + 1 : 0
      open.filled = false
      this.#inner(line, column, marker[0].length, at, open)
    } else if (marker?.[1] === '?') {
      const open = this.#enter(column, false)
      const key = scalarAt(line, column + marker[0].length, at, false)
      this.#key(key.literal, open)
      if (!blankFrom(line, key.end)) throw new NotUnderstood()
      open.explicit = true
    } else if (marker) {
      const open = this.#open.at(-1)
      if (!open?.explicit || open.column !== column) throw new NotUnderstood()
      open.explicit = false
      this.#inner(line, column, marker[0].length, at, open)
    } else {
      const open = this.#enter(column, false)
      const key = scalarAt(line, column, at, true)
      const colon = /^ *:(?= |$)/.exec(line.slice(key.end))
      if (!colon) throw new NotUnderstood()
      this.#key(key.literal, open)
      this.#value(line, key.end + colon[0].length, at, open)
    }
  }

  /** What follows a marker on its line: a mapping or list of its own, or a value. */
  #inner(line: ByteText, column: number, length: number, at: number, open: Open): void {
    const inner = column + length
    if (blankFrom(line, inner)) return
    if (/^[-?] /.test(line.slice(inner)) || this.#isKey(line, inner, at)) this.#content(line, inner, at)
    else this.#value(line, inner, at, open)
  }

  #isKey(line: ByteText, column: number, at: number): boolean {
    if (/^[[{|>]/.test(line.slice(column))) return false
    return /^ *:(?= |$)/.test(line.slice(scalarAt(line, column, at, true).end))
  }

  /** The mapping or list at `column`, opened where it is not. */
  #enter(column: number, list: boolean): Open {
    let last = this.#open.at(-1)
    if (last && last.column === column && last.list && !list) {
      this.#close()
      last = this.#open.at(-1)
    }
    if (last && last.column === column && last.list === list) {
      if (last.explicit) throw new NotUnderstood()
      return last
    }
    const fits = last
      ? !last.filled && !last.explicit && (column > last.column || (list && !last.list && column === last.column))
      : !this.#begun
    if (!fits || this.#open.length >= deepest) throw new NotUnderstood()
    if (last) last.filled = true
    const open = { column, list, step: list ? -1 : '', filled: true, explicit: false }
    this.#open.push(open)
    this.#begun = true
    return open
  }

  #close(): void {
    if (this.#open.pop()?.explicit) throw new NotUnderstood()
  }

  #key(literal: Literal, open: Open): void {
    open.step = literal.value
    open.filled = false
    this.items.push({ path: this.#path(), isKey: true, literal, lineStart: this.#lineStart, line: this.#line })
  }

  #path(): (string | number)[] {
    return this.#open.map(({ step }) => step)
  }

  #value(line: ByteText, from: number, at: number, open: Open): void {
    if (blankFrom(line, from)) return
    const column = from + (/^ */.exec(line.slice(from))?.[0].length ?? 0)
    open.filled = true
    if (/^[|>][0-9+-]{0,2} *( #.*)?$/.test(line.slice(column))) {
      this.#blockScalar = this.#open.at(-1)?.column ?? 0
      return
    }
    const end = this.#node(line, column, at, this.#path(), false)
    if (!blankFrom(line, end)) throw new NotUnderstood()
  }

  /** A scalar or a flow collection. Returns where it ends. */
  #node(line: ByteText, column: number, at: number, path: readonly (string | number)[], flow: boolean): number {
    const sign = line[column]
    if (sign === '[' || sign === '{') return this.#flow(line, column, at, path)
    const { literal, end } = scalarAt(line, column, at, false, flow)
    this.items.push({ path, isKey: false, literal, lineStart: this.#lineStart, line: this.#line })
    return end
  }

  #flow(line: ByteText, column: number, at: number, path: readonly (string | number)[]): number {
    if (path.length > deepest) throw new NotUnderstood()
    const map = line[column] === '{'
    const closing = map ? '}' : ']'
    let here = afterBlanks(line, column + 1)
    for (let index = 0; line[here] !== closing; index += 1) {
      if (map) {
        const key = scalarAt(line, here, at, true, true)
        const inner = [...path, key.literal.value]
        this.items.push({ path: inner, isKey: true, literal: key.literal, lineStart: this.#lineStart, line: this.#line })
        here = afterBlanks(line, key.end)
        if (line[here] !== ':' || line[here + 1] !== ' ') throw new NotUnderstood()
        here = this.#node(line, afterBlanks(line, here + 1), at, inner, true)
      } else {
        here = this.#node(line, here, at, [...path, index], true)
      }
      here = afterBlanks(line, here)
      if (line[here] === ',') here = afterBlanks(line, here + 1)
      else if (line[here] !== closing) throw new NotUnderstood()
    }
    return here + 1
  }
}
