/** How a script names a form: by its place in the document, or by its name or id. */
export type FormName = { readonly index: number } | { readonly name: string }

/** More than this is no script that only submits a form. */
const longest = 2000
/** A page that submits its form later than so many milliseconds waits for something. */
const longestDelay = 5000

const word = String.raw`[A-Za-z_$][\w$]*`
const text = String.raw`(?:'[^'\\]*'|"[^"\\]*"|\`[^\`\\$]*\`)`
const parameters = String.raw`\(\s*(?:${word})?\s*\)`
const functionOf = String.raw`(?:function\s*(?:${word})?\s*${parameters}\s*\{(?<block>[\s\S]*)\}|(?:${parameters}|${word})\s*=>\s*(?:\{(?<arrow>[\s\S]*)\}|(?<expression>[^{][\s\S]*?)))`

/** What runs its inside when the page is loaded. */
const wrappers = [
  String.raw`\(\s*${functionOf}\s*\)\s*\(\s*\)`,
  String.raw`\(\s*${functionOf}\s*\(\s*\)\s*\)`,
  String.raw`(?:(?:window|self|document\.body)\.)?onload\s*=\s*${functionOf}`,
  String.raw`(?:(?:window|self|document)\.)?addEventListener\(\s*(['"])(?:load|DOMContentLoaded|pageshow)\1\s*,\s*${functionOf}\s*(?:,\s*(?:true|false|\{[^{}]*\})\s*)?\)`,
  String.raw`(?:\$|jQuery)\(\s*${functionOf}\s*\)`,
  String.raw`(?:\$|jQuery)\(\s*document\s*\)\.ready\(\s*${functionOf}\s*\)`,
  String.raw`(?:(?:window|self)\.)?setTimeout\(\s*${functionOf}\s*(?:,\s*(?<delay>\d+)\s*)?\)`,
  String.raw`(?:(?:window|self)\.)?setTimeout\(\s*(?<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*(?:,\s*(?<delay>\d+)\s*)?\)`,
].map((pattern) => new RegExp(`^${pattern}$`))

/** The ways to name a form, and `submit()`. */
const submit = new RegExp(
  [
    String.raw`^(?:(?:window|self)\.)?document\.(?:`,
    String.raw`forms\[\s*(?<index>\d+)\s*\]`,
    String.raw`|forms\[\s*(?<key>${text})\s*\]`,
    String.raw`|forms\.(?<form>${word})`,
    String.raw`|getElementById\(\s*(?<id>${text})\s*\)`,
    String.raw`|getElementsByName\(\s*(?<named>${text})\s*\)\[\s*0\s*\]`,
    String.raw`|(?<first>getElementsByTagName\(\s*(?:'form'|"form")\s*\)\[\s*0\s*\]|querySelector\(\s*(?:'form'|"form")\s*\))`,
    `|(?<property>${word})`,
    String.raw`)\.(?:submit|requestSubmit)\(\s*\)$`,
  ].join(''),
)

/**
 * The form that `script` submits as soon as the page is loaded; undefined when it does anything else, or does it in words that
 * are not known. It is not run: who is in doubt leaves the page to a browser.
 * @param script the text of a script element, or of a body's `onload`
 */
export function submittedBy(script: string): FormName | undefined {
  if (script.length > longest) return undefined
  let inside: string | undefined = withoutComments(script)
  for (let depth = 0; depth < 5 && inside !== undefined; depth++) {
    const statement = bare(inside)
    const form = submit.exec(statement)?.groups
    if (form) return formNamed(form)
    inside = insideOf(statement)
  }
  return undefined
}

/** Comments, and what hides scripts from XML and from browsers of the nineties. */
function withoutComments(script: string): string {
  return script
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/^\s*(?:<!--|-->|(?:\/\/)?\s*(?:<!\[CDATA\[|\]\]>)).*$/gm, ' ')
    .replace(/(^|[\s;{}])\/\/.*$/gm, '$1')
}

/** Without what stands before and after a statement. */
function bare(statement: string): string {
  return statement
    .trim()
    .replace(/^javascript:/i, '')
    .replace(/^\s*(['"])use strict\1\s*;?/, '')
    .replace(/[\s;]*(?:\breturn\s+(?:true|false)\s*)?[\s;]*$/, '')
    .replace(/^\s*(?:return|void)\s+/, '')
    .trim()
}

function insideOf(statement: string): string | undefined {
  for (const wrapper of wrappers) {
    const groups = wrapper.exec(statement)?.groups
    if (!groups) continue
    if (Number(groups.delay ?? 0) > longestDelay) return undefined
    return groups.block ?? groups.arrow ?? groups.expression ?? groups.quoted?.slice(1, -1).replace(/\\(.)/g, '$1')
  }
  return undefined
}

function formNamed(groups: Readonly<Record<string, string | undefined>>): FormName {
  if (groups.first !== undefined) return { index: 0 }
  if (groups.index !== undefined) return { index: Number(groups.index) }
  const quoted = groups.key ?? groups.id ?? groups.named
  return { name: quoted?.slice(1, -1) ?? groups.form ?? groups.property ?? '' }
}
