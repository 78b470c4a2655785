import type { ByteText } from '../bytes.ts'
import type { Edit } from '../plan.ts'
import type { Entry, Header } from './parse.ts'

type Splice = Pick<Edit, 'start' | 'end' | 'old' | 'new'>

/**
 * The splice that makes `value` the value of `entry`, which has one that is not empty: of what stands inside one pair of quotes, else of all that git
 * reads as the value. Quotes are added only where the new value needs them.
 */
export function newValue(text: ByteText, entry: Entry, value: ByteText): Splice {
  const { start, end, innerStart, innerEnd } = entry.span
  const inner = text.slice(innerStart, innerEnd)
  const quoted = innerStart === start + 1 && innerEnd === end - 1 && text[start] === '"' && text[innerEnd] === '"'
  if (quoted && inner === entry.value) return splice(text, innerStart, innerEnd, escaped(value))
  return splice(text, start, end, written(value))
}

/** The splice that makes `subsection` the name in the quotes of `header`. */
export function newSubsection(text: ByteText, header: Header, subsection: ByteText): Splice {
  const { innerStart, innerEnd } = header.span
  return splice(text, innerStart, innerEnd, subsection.replace(/[\\"]/g, '\\$&'))
}

function splice(text: ByteText, start: number, end: number, replacement: ByteText): Splice {
  return { start, end, old: text.slice(start, end), new: replacement }
}

/** As git writes a value itself (write_pair in config.c): in quotes where blanks at an end, `;` or `#` would be misread. */
function written(value: ByteText): ByteText {
  return /^\s|\s$|[;#\r]/.test(value) ? `"${escaped(value)}"` : escaped(value)
}

function escaped(value: ByteText): ByteText {
  return value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\b', '\\b')
}
