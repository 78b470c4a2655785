import { type AST, parseTOML } from 'toml-eslint-parser'
import type { Place, Way } from './problem.ts'

/**
 * Where each key and each item of a list stands in a TOML document, by its way from the root. smol-toml, which reads the values,
 * tells no places; this parser makes a syntax tree and is loaded only where a place is wanted.
 * @param text a document that smol-toml has read
 */
export function placesIn(text: string): (way: Way) => Place {
  const places = new Map<string, Place>()
  const note = (way: Way, { loc }: { readonly loc: AST.SourceLocation }) => {
    const key = JSON.stringify(way)
    // `[rule.choose]` names `rule` too: the first place is where it begins.
    if (!places.has(key)) places.set(key, { line: loc.start.line, column: loc.start.column + 1 })
  }
  const value = (way: Way, node: AST.TOMLContentNode) => {
    if (node.type === 'TOMLInlineTable') for (const pair of node.body) keyValue(way, pair)
    if (node.type !== 'TOMLArray') return
    for (const [index, element] of node.elements.entries()) {
      note([...way, index], element)
      value([...way, index], element)
    }
  }
  const keyValue = (way: Way, pair: AST.TOMLKeyValue) => {
    let at = way
    for (const key of pair.key.keys) {
      at = [...at, key.type === 'TOMLBare' ? key.name : key.value]
      note(at, key)
    }
    value(at, pair.value)
  }
  /** `[[rule]]`, `[rule.choose]`: the index of a list has no key of its own, it stands where the list's name does. */
  const header = ({ key, resolvedKey }: AST.TOMLTable) => {
    let names = 0
    for (const [index, step] of resolvedKey.entries()) {
      if (typeof step === 'string') names += 1
      note(resolvedKey.slice(0, index + 1), key.keys[names - 1] ?? key)
    }
  }
  for (const node of parseTOML(text.replace(/^\ufeff/, ''), { tomlVersion: 'latest' }).body[0].body) {
    if (node.type === 'TOMLKeyValue') keyValue([], node)
    else {
      header(node)
      for (const pair of node.body) keyValue(node.resolvedKey, pair)
    }
  }
  return (way) => {
    for (let length = way.length; length > 0; length -= 1) {
      const place = places.get(JSON.stringify(way.slice(0, length)))
      if (place) return place
    }
    return { line: 1, column: 1 }
  }
}
