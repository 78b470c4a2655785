import { SaxesParser } from 'saxes'
import { AwsfedError, messageOf } from '../base/errors.ts'
import { printable, shortened } from '../base/text.ts'

/** An element of a parsed document. Comments and processing instructions are left out, as canonical XML does. */
export interface XmlElement {
  /** The local name. */
  readonly name: string
  /** The URI of its namespace; empty when it has none. */
  readonly namespace: string
  /** By qualified name; those without prefix are in no namespace. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: XmlElement[]
  /** The text directly in it, comments cut out; not that of its children. */
  text: string
}

// A real response has some 60 elements, 10 deep; one with 1,000 roles, 1,060.
const maximumDepth = 50
const maximumElements = 10_000

/**
 * Parses XML that comes from a stranger: no document type, hence no entities but XML's own five, bounded in depth and count.
 * @param what names the document in errors
 * @throws AwsfedError `failed`
 */
export function parseXml(text: string, what: string): XmlElement {
  const refuse = (why: string) =>
    new AwsfedError('failed', `${what} ${why}`, { hint: 'sign in where you can watch it: `awsfed login --window`' })
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  let count = 0
  const parser = new SaxesParser({ xmlns: true, position: false })
  parser.on('doctype', () => {
    throw refuse('declares a document type, which SAML never does')
  })
  parser.on('error', (error) => {
    throw refuse(`is not well-formed XML (${shortened(printable(error.message), 100)})`)
  })
  parser.on('opentag', (tag) => {
    count++
    if (count > maximumElements || open.length >= maximumDepth) throw refuse('has more elements than any sign-in has')
    const element: XmlElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes: new Map(Object.values(tag.attributes).map(({ name, value }) => [name, value])),
      children: [],
      text: '',
    }
    const parent = open.at(-1)
    if (parent) parent.children.push(element)
    else root ??= element
    open.push(element)
  })
  parser.on('closetag', () => {
    open.pop()
  })
  const add = (part: string) => {
    const element = open.at(-1)
    if (element) element.text += part
  }
  parser.on('text', add)
  parser.on('cdata', add)
  try {
    parser.write(text).close()
  } catch (error) {
    if (error instanceof AwsfedError) throw error
    // saxes throws by itself for a few faults, such as an XML version it does not know.
    throw refuse(`is not well-formed XML (${shortened(printable(messageOf(error)), 100)})`)
  }
  if (!root) throw refuse('holds no element')
  return root
}
